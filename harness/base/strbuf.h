/*
 * A growing string. `buf` is always a terminated string (never NULL) and may
 * hold NUL bytes inside; `len` does not count the terminator.
 */
#ifndef RACEGATE_STRBUF_H
#define RACEGATE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf {
	char *buf;
	size_t len, alloc;
};

extern char strbuf_empty[];
#define STRBUF_INIT                                                                                \
	{                                                                                          \
		.buf = strbuf_empty                                                                \
	}

void strbuf_release(struct strbuf *sb); // ready for use again
void strbuf_reset(struct strbuf *sb);   // empties it, keeps the memory
char *strbuf_detach(struct strbuf *sb); // caller owns the result; sb is empty again

void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_addstr(struct strbuf *sb, const char *text);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Adds `text` up to `width` columns and pads with spaces (counts UTF-8 characters as one column).
void strbuf_addpad(struct strbuf *sb, const char *text, int width);
void strbuf_trim(struct strbuf *sb); // removes trailing white space

/*
 * Adds bytes that a program wrote so that they can be shown and stored
 * anywhere: control characters, backslashes and bytes that are not UTF-8
 * become \n, \t, \\ or \xHH.
 */
void strbuf_add_escaped(struct strbuf *sb, const void *bytes, size_t len);
/*
 * Adds text for a terminal or a log: what either would obey, and bytes that are not UTF-8, become
 * \xHH; lines and tabs stay, and with `colour` so do the sequences of colours.
 */
void strbuf_add_shown(struct strbuf *sb, const char *text, size_t len, bool colour);
// Adds text for XML content or a quoted attribute.
void strbuf_add_xml(struct strbuf *sb, const char *text);

#endif
