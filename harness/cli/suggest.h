// "Did you mean …?"
#ifndef RACEGATE_SUGGEST_H
#define RACEGATE_SUGGEST_H

#include <stddef.h>

// The name that differs least from `word`, or NULL when none is near (Levenshtein distance over 2).
const char *suggest(const char *word, const char *const *names, size_t nr);

#endif
