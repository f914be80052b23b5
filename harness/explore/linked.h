// Programs that somebody built for the explorer.
#ifndef RACEGATE_LINKED_H
#define RACEGATE_LINKED_H

#include "base/err.h"

#include <stdbool.h>

// Whether the file is a program that has the explorer's runtime, of any version.
bool linked_at_all(const char *path);
// ERR_INPUT with what to do when the program cannot be explored as it is.
int linked_check(const char *path, struct err *err);

#endif
