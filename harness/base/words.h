/*
 * A list of words that it owns: the arguments or the environment of a program.
 *
 *	struct words argv = { 0 };
 *	words_add(&argv, "cc");
 *	words_split(&argv, "-O2  -g");
 *	words_end(&argv); // argv.items may go to exec now, argv.nr is 3
 */
#ifndef RACEGATE_WORDS_H
#define RACEGATE_WORDS_H

#include "base/strbuf.h"

#include <stddef.h>

struct words {
	char **items;
	size_t nr, alloc;
};

void words_add(struct words *words, const char *word); // a copy of it
void words_take(struct words *words, char *owned);
// Adds what stands between the blanks and tabs of a user's text (NULL: nothing). There is no
// quoting: that is left to files and scripts.
void words_split(struct words *words, const char *text);
/*
 * The word as one that words_unquote() takes apart again, on one line: itself
 * when it is plain, else in double quotes with \\n, \\t, \\" and \\\\. It may hold
 * any bytes but 0.
 */
void words_quote(const char *word, struct strbuf *out);
// Adds the words of a text that words_quote() wrote, with blanks between them. 0, or -1 when it
// is none: a quote is not closed, another letter follows a backslash.
int words_unquote(struct words *words, const char *text);
// Puts NULL behind the last word; it does not count, and the next word takes its place.
void words_end(struct words *words);
void words_release(struct words *words); // ready for use again

#endif
