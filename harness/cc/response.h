// Response files: "@FILE" stands for the arguments in FILE, as compilers read them.
#ifndef RACEGATE_CC_RESPONSE_H
#define RACEGATE_CC_RESPONSE_H

#include "base/args.h"
#include "base/err.h"

// Adds the arguments in a response file's text: quotes and backslashes as in gcc, no variables.
void response_split(const char *text, struct args *out);

/*
 * Adds `args`, each @FILE replaced by what it says, in turn. A file that cannot
 * be read is kept as it is, as in gcc. ERR_INPUT for endless recursion.
 */
int response_expand(const char *const *args, struct args *out, struct err *err);

#endif
