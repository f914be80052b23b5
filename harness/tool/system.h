/*
 * Programs of the system that start the programs under test or help to build them: shells,
 * make, interpreters, compilers. They are not what is to be checked.
 */
#ifndef RACEGATE_TOOL_SYSTEM_H
#define RACEGATE_TOOL_SYSTEM_H

#include <stdbool.h>

/*
 * Whether it is such a program: a known name in a folder of the system ("/usr/bin/make"), or a
 * script that one of them interprets. What cannot be opened is none.
 */
bool system_program(const char *path);

// The option with which Valgrind leaves those alone that start nothing of interest. Owned.
char *system_skip_option(void);

// Where exec finds `name` on PATH; NULL: nowhere. With a slash it is itself. Owned.
char *system_find(const char *name);

#endif
