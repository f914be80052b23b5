// Names of an enum's values, in their order.
#ifndef RACEGATE_NAMES_H
#define RACEGATE_NAMES_H

#include <stddef.h>

// Index of `name` (NULL: none) among `nr` names; -1 when it is not one of them.
int name_index(const char *const *names, size_t nr, const char *name);

#endif
