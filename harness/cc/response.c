#include "cc/response.h"

#include "base/fs.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_FILES = 2000 }; // gcc's own bound

void response_split(const char *text, struct words *out)
{
	struct strbuf word = STRBUF_INIT;

	while (*(text += strspn(text, " \t\n\r\f\v"))) {
		char quote = '\0';

		strbuf_reset(&word);
		for (; *text && (quote || !isspace((unsigned char)*text)); text++)
			if (*text == '\\' && text[1])
				strbuf_addch(&word, *++text);
			else if (quote ? *text == quote : *text == '\'' || *text == '"')
				quote = quote ? '\0' : *text;
			else
				strbuf_addch(&word, *text);
		words_add(out, word.buf);
	}
	strbuf_release(&word);
}

static int expand(const char *const *words, size_t nr, unsigned *files, struct words *out,
		  struct err *err)
{
	for (size_t i = 0; i < nr; i++) {
		struct strbuf text = STRBUF_INIT;
		struct words inner = { 0 };
		struct err unread = ERR_INIT;
		int rc = 0;

		if (words[i][0] != '@' || !fs_is_file(words[i] + 1) ||
		    fs_read(words[i] + 1, 0, &text, &unread)) {
			words_add(out, words[i]);
		} else if (++*files > MOST_FILES) {
			rc = err_input(err, "%s: response files name each other without end",
				       words[i]);
		} else {
			response_split(text.buf, &inner);
			rc = expand((const char *const *)inner.items, inner.nr, files, out, err);
		}
		words_release(&inner);
		strbuf_release(&text);
		if (rc)
			return -1;
	}
	return 0;
}

int response_expand(const char *const *words, struct words *out, struct err *err)
{
	unsigned files = 0;
	size_t nr = 0;

	while (words[nr])
		nr++;
	return expand(words, nr, &files, out, err);
}
