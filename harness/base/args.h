/*
 * A list of strings that it owns: the arguments or the environment of a program.
 *
 *	struct args argv = { 0 };
 *	args_add(&argv, "cc");
 *	args_split(&argv, "-O2  -g");
 *	args_end(&argv); // argv.items may go to exec now, argv.nr is 3
 */
#ifndef RACEGATE_ARGS_H
#define RACEGATE_ARGS_H

#include "base/strbuf.h"

#include <stddef.h>

struct args {
	char **items;
	size_t nr, alloc;
};

void args_add(struct args *args, const char *word); // a copy of it
void args_take(struct args *args, char *owned);
// Splits a user's text (NULL: nothing) at spaces and tabs. There is no quoting: files and scripts
// are there for that.
void args_split(struct args *args, const char *text);
/*
 * Writes an argument on one line so that args_unquote() can read it back: as it
 * is when it is plain, else in double quotes with \\n, \\t, \\" and \\\\. It may
 * hold any byte but 0.
 */
void args_quote(const char *word, struct strbuf *out);
// Adds the arguments in a text that args_quote() wrote, separated by spaces. Returns 0, or -1 for
// any other text: an open quote, another letter after a backslash.
int args_unquote(struct args *args, const char *text);
// Puts NULL after the last argument; it does not count, and the next argument takes its place.
void args_end(struct args *args);
void args_release(struct args *args); // ready for use again

#endif
