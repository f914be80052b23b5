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
