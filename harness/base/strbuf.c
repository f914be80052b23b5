#include "base/strbuf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char strbuf_empty[1];

void strbuf_release(struct strbuf *sb)
{
	if (sb->alloc)
		free(sb->buf);
	*sb = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	sb->buf[0] = '\0';
}

char *strbuf_detach(struct strbuf *sb)
{
	char *text = sb->alloc ? sb->buf : xstrdup("");

	*sb = (struct strbuf)STRBUF_INIT;
	return text;
}

static char *reserve(struct strbuf *sb, size_t extra)
{
	size_t need = sb->len + extra + 1;

	if (need > sb->alloc) {
		size_t alloc = need > sb->alloc * 2 ? need : sb->alloc * 2;

		sb->buf = xrealloc(sb->alloc ? sb->buf : NULL, alloc, 1);
		sb->alloc = alloc;
	}
	return sb->buf + sb->len;
}

void strbuf_add(struct strbuf *sb, const void *bytes, size_t len)
{
	if (!len)
		return;
	memcpy(reserve(sb, len), bytes, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		vsnprintf(reserve(sb, (size_t)n), (size_t)n + 1, fmt, again);
		sb->len += (size_t)n;
	}
	va_end(again);
}

void strbuf_addpad(struct strbuf *sb, const char *text, int width)
{
	int column = 0;

	for (; *text && (column < width || ((unsigned char)*text & 0xC0) == 0x80); text++) {
		if (((unsigned char)*text & 0xC0) != 0x80)
			column++;
		strbuf_addch(sb, *text);
	}
	for (; column < width; column++)
		strbuf_addch(sb, ' ');
}

void strbuf_trim(struct strbuf *sb)
{
	while (sb->len && sb->buf[sb->len - 1] == ' ')
		sb->buf[--sb->len] = '\0';
}

// The length of the UTF-8 character that starts at `p` (RFC 3629: no overlong forms, surrogates
// or values above U+10FFFF), or 0.
static size_t utf8_length(const unsigned char *p, size_t left)
{
	size_t n = p[0] < 0x80   ? 1
		   : p[0] < 0xC2 ? 0
		   : p[0] < 0xE0 ? 2
		   : p[0] < 0xF0 ? 3
		   : p[0] < 0xF5 ? 4
				 : 0;

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if (n == 3 && ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] >= 0xA0)))
		return 0;
	if (n == 4 && ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] >= 0x90)))
		return 0;
	return n;
}

// Of a character that a terminal would obey: control characters, also those of C1, and what
// turns the direction of text (U+061C, U+200E, U+200F, U+202A to E, U+2066 to 9).
static bool is_control(const unsigned char *p, size_t n)
{
	if (n == 1)
		return p[0] < 0x20 || p[0] == 0x7F;
	if (n == 2)
		return (p[0] == 0xC2 && p[1] < 0xA0) || (p[0] == 0xD8 && p[1] == 0x9C);
	if (n != 3 || p[0] != 0xE2)
		return false;
	return (p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xAA && p[2] <= 0xAE))) ||
	       (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9);
}

// The length of a character that is shown as it is, or 0.
static size_t plain_length(const unsigned char *p, size_t left)
{
	size_t n = utf8_length(p, left);

	return n && is_control(p, n) ? 0 : n;
}

// The length of a colour's escape sequence ("\033[1;31m") at `p`, or 0.
static size_t colour_length(const char *p, size_t left)
{
	size_t n = 2;

	if (left < 3 || p[0] != '\033' || p[1] != '[')
		return 0;
	while (n < left && ((p[n] >= '0' && p[n] <= '9') || p[n] == ';'))
		n++;
	return n < left && p[n] == 'm' ? n + 1 : 0;
}

void strbuf_add_shown(struct strbuf *sb, const char *text, size_t len, bool colour)
{
	for (size_t i = 0; i < len;) {
		size_t n = plain_length((const unsigned char *)text + i, len - i);

		if (!n && (text[i] == '\n' || text[i] == '\t'))
			n = 1;
		if (!n && colour)
			n = colour_length(text + i, len - i);
		if (n)
			strbuf_add(sb, text + i, n);
		else
			strbuf_addf(sb, "\\x%02x", (unsigned char)text[i]);
		i += n ? n : 1;
	}
}

void strbuf_add_escaped(struct strbuf *sb, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < len;) {
		size_t n = plain_length(p + i, len - i);

		if (n && p[i] != '\\') {
			strbuf_add(sb, p + i, n);
			i += n;
		} else if (p[i] == '\\') {
			strbuf_addstr(sb, "\\\\");
			i++;
		} else if (p[i] == '\n' || p[i] == '\t' || p[i] == '\r') {
			strbuf_addf(sb, "\\%c", p[i] == '\n' ? 'n' : p[i] == '\t' ? 't' : 'r');
			i++;
		} else {
			strbuf_addf(sb, "\\x%02x", p[i]);
			i++;
		}
	}
}

void strbuf_add_xml(struct strbuf *sb, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		switch (c) {
		case '&':
			strbuf_addstr(sb, "&amp;");
			break;
		case '<':
			strbuf_addstr(sb, "&lt;");
			break;
		case '>':
			strbuf_addstr(sb, "&gt;");
			break;
		case '"':
			strbuf_addstr(sb, "&quot;");
			break;
		default:
			// XML 1.0 has no way to write other control characters, U+FFFE and U+FFFF.
			if (!strncmp(text, "\xef\xbf\xbe", 3) ||
			    !strncmp(text, "\xef\xbf\xbf", 3)) {
				strbuf_addf(sb, "\\xef\\xbf\\x%02x", (unsigned char)text[2]);
				text += 2;
			} else if (c >= 0x20 || c == '\n' || c == '\t')
				strbuf_addch(sb, (char)c);
			else
				strbuf_addf(sb, "\\x%02x", c);
		}
	}
}
