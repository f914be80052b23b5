#include "base/args.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void args_take(struct args *args, char *owned)
{
	*VEC_PUSH(args) = owned;
}

void args_add(struct args *args, const char *word)
{
	args_take(args, xstrdup(word));
}

void args_split(struct args *args, const char *text)
{
	static const char blanks[] = " \t";

	while (text && *(text += strspn(text, blanks))) {
		size_t len = strcspn(text, blanks);

		args_take(args, xstrndup(text, len));
		text += len;
	}
}

// The letter after the backslash for each escaped byte.
static const char escapes[][2] = { { '\n', 'n' }, { '\t', 't' }, { '"', '"' }, { '\\', '\\' } };

void args_quote(const char *word, struct strbuf *out)
{
	if (*word && !strpbrk(word, " \t\n\"\\")) {
		strbuf_addstr(out, word);
		return;
	}
	strbuf_addch(out, '"');
	for (; *word; word++) {
		char c = *word;

		for (size_t i = 0; i < ARRAY_SIZE(escapes); i++)
			if (*word == escapes[i][0]) {
				strbuf_addch(out, '\\');
				c = escapes[i][1];
			}
		strbuf_addch(out, c);
	}
	strbuf_addch(out, '"');
}

// Reads from after the opening quote to after the closing one; NULL: there is none.
static const char *unquote(const char *text, struct strbuf *word)
{
	for (; *text && *text != '"'; text++) {
		size_t i = 0;

		if (*text != '\\') {
			strbuf_addch(word, *text);
			continue;
		}
		text++;
		while (i < ARRAY_SIZE(escapes) && escapes[i][1] != *text)
			i++;
		if (i == ARRAY_SIZE(escapes))
			return NULL;
		strbuf_addch(word, escapes[i][0]);
	}
	return *text ? text + 1 : NULL;
}

int args_unquote(struct args *args, const char *text)
{
	while (*(text += strspn(text, " "))) {
		struct strbuf word = STRBUF_INIT;
		size_t len = strcspn(text, " ");

		if (*text == '"') {
			text = unquote(text + 1, &word);
		} else {
			strbuf_add(&word, text, len);
			text += len;
		}
		if (!text || (*text && *text != ' ')) {
			strbuf_release(&word);
			return -1;
		}
		args_take(args, strbuf_detach(&word));
	}
	return 0;
}

void args_end(struct args *args)
{
	VEC_PUSH(args);
	args->nr--;
}

void args_release(struct args *args)
{
	for (size_t i = 0; i < args->nr; i++)
		free(args->items[i]);
	free(args->items);
	*args = (struct args){ 0 };
}
