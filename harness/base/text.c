#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static int column_of(const struct strbuf *out)
{
	const char *line = strrchr(out->buf, '\n');
	int column = 0;

	for (const char *p = line ? line + 1 : out->buf; *p; p++) {
		if (*p == '\033') // colours take no room
			p += strcspn(p, "m");
		else if (((unsigned char)*p & 0xC0) != 0x80)
			column++;
	}
	return column;
}

int text_width(const char *text, size_t len)
{
	int width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xC0) != 0x80;
	return width;
}

void text_wrap(struct strbuf *out, const char *text, int indent, int width)
{
	int column = column_of(out);
	bool first = true;

	while (*(text += strspn(text, " \n"))) {
		size_t len = strcspn(text, " \n");
		int word = text_width(text, len);

		if (!first && column + 1 + word > width) {
			strbuf_addf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			strbuf_addch(out, ' ');
			column++;
		}
		strbuf_add(out, text, len);
		column += word;
		text += len;
		first = false;
	}
	strbuf_addch(out, '\n');
}

void text_indent(struct strbuf *out, const char *text, int indent)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		strbuf_addf(out, "%*s%.*s\n", indent, "", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

bool text_ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len >= tail && !strcmp(text + len - tail, end);
}
