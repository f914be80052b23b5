// The files of a new case, copied from the template; nothing that is there is ever changed.
#ifndef RACEGATE_SCAFFOLD_H
#define RACEGATE_SCAFFOLD_H

#include "base/err.h"

/*
 * Whether `name` may name a case: FAMILY/CASE, each of lower case letters,
 * digits and hyphens, with a letter or digit at both ends; ERR_INPUT otherwise.
 */
int scaffold_check_name(const char *name, struct err *err);

/*
 * Writes ROOT/NAME/{case.yaml,racy.c,fixed.c} from the files in `template`,
 * and ROOT/include/start_line.h from `start_line` when there is none. If one
 * of the three files already exists, nothing is written: ERR_INPUT, with the
 * file's name. What a failure left half done is removed.
 */
int scaffold_case(const char *root, const char *name, const char *template, const char *start_line,
		  struct err *err);

#endif
