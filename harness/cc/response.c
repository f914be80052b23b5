#include "cc/response.h"

#include "base/fs.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_FILES = 2000 }; // gcc's own bound

void response_split(const char *text, struct args *out)
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
		args_add(out, word.buf);
	}
	strbuf_release(&word);
}

static int expand(const char *const *args, size_t nr, unsigned *files, struct args *out,
		  struct err *err)
{
	for (size_t i = 0; i < nr; i++) {
		struct strbuf text = STRBUF_INIT;
		struct args inner = { 0 };
		struct err unread = ERR_INIT;
		int rc = 0;

		if (args[i][0] != '@' || !fs_is_file(args[i] + 1) ||
		    fs_read(args[i] + 1, 0, &text, &unread)) {
			args_add(out, args[i]);
		} else if (++*files > MOST_FILES) {
			rc = err_input(err, "%s: response files include each other endlessly",
				       args[i]);
		} else {
			response_split(text.buf, &inner);
			rc = expand((const char *const *)inner.items, inner.nr, files, out, err);
		}
		args_release(&inner);
		strbuf_release(&text);
		if (rc)
			return -1;
	}
	return 0;
}

int response_expand(const char *const *args, struct args *out, struct err *err)
{
	unsigned files = 0;
	size_t nr = 0;

	while (args[nr])
		nr++;
	return expand(args, nr, &files, out, err);
}
