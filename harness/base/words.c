#include "base/words.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void words_take(struct words *words, char *owned)
{
	*VEC_PUSH(words) = owned;
}

void words_add(struct words *words, const char *word)
{
	words_take(words, xstrdup(word));
}

void words_split(struct words *words, const char *text)
{
	static const char blanks[] = " \t";

	while (text && *(text += strspn(text, blanks))) {
		size_t len = strcspn(text, blanks);

		words_take(words, xstrndup(text, len));
		text += len;
	}
}

// What stands for a byte behind a backslash.
static const char escapes[][2] = { { '\n', 'n' }, { '\t', 't' }, { '"', '"' }, { '\\', '\\' } };

void words_quote(const char *word, struct strbuf *out)
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

// Takes what stands in quotes, from behind the first to behind the last; NULL: there is no last.
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

int words_unquote(struct words *words, const char *text)
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
		words_take(words, strbuf_detach(&word));
	}
	return 0;
}

void words_end(struct words *words)
{
	VEC_PUSH(words);
	words->nr--;
}

void words_release(struct words *words)
{
	for (size_t i = 0; i < words->nr; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct words){ 0 };
}
