// What a program takes from its libraries.
#ifndef RACEGATE_IMPORTS_H
#define RACEGATE_IMPORTS_H

#include <stdbool.h>

// Whether the program at `path` imports the function. False of what is no ELF file, or static.
bool imports_function(const char *path, const char *function);

#endif
