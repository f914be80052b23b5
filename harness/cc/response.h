// Response files: "@FILE" stands for the words in FILE, as compilers read them.
#ifndef RACEGATE_CC_RESPONSE_H
#define RACEGATE_CC_RESPONSE_H

#include "base/err.h"
#include "base/words.h"

// Adds the words of a response file's text: quotes and backslashes as in gcc, no variables.
void response_split(const char *text, struct words *out);

/*
 * Adds `words`, each @FILE replaced by what it says, in turn. A file that cannot
 * be read stands for itself, as with gcc. ERR_INPUT when they never end.
 */
int response_expand(const char *const *words, struct words *out, struct err *err);

#endif
