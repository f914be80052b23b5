#include "base/words.h"

#include "base/mem.h"

#include <stdbool.h>
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

void words_quote(const char *word, struct strbuf *line)
{
	bool plain = *word && !strpbrk(word, " \t\n\"\\");

	if (line->len)
		strbuf_addch(line, ' ');
	if (plain) {
		strbuf_addstr(line, word);
		return;
	}
	strbuf_addch(line, '"');
	for (; *word; word++) {
		if (strchr("\n\"\\", *word))
			strbuf_addch(line, '\\');
		strbuf_addch(line, *word == '\n' ? 'n' : *word);
	}
	strbuf_addch(line, '"');
}

void words_unquote(struct words *words, const char *line)
{
	static const char blanks[] = " \t";

	while (*(line += strspn(line, blanks))) {
		struct strbuf word = STRBUF_INIT;
		bool quoted = false;

		for (; *line && (quoted || !strchr(blanks, *line)); line++)
			if (*line == '"')
				quoted = !quoted;
			else if (*line == '\\' && line[1])
				strbuf_addch(&word, *++line == 'n' ? '\n' : *line);
			else
				strbuf_addch(&word, *line);
		words_take(words, strbuf_detach(&word));
	}
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
