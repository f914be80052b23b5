// Which program a log is about, and whether the tool could see what it did.
#ifndef RACEGATE_LOG_PROGRAM_H
#define RACEGATE_LOG_PROGRAM_H

#include "base/strbuf.h"
#include "tool/tool.h"

#include <stdbool.h>

// The name that the program was started with, or its file's; NULL: the log does not say. Owned.
char *log_program(enum report_format format, const char *path, const struct strbuf *log);

/*
 * Whether the tool examines such a program: not one that belongs to the system, whose findings are
 * nobody's, and under Valgrind not one that is statically linked: its calls of pthread functions
 * are not seen. What cannot be opened from here is taken for an ordinary one.
 */
bool log_examines(enum report_format format, const char *program);

#endif
