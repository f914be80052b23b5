#include "cli/suggest.h"

#include <string.h>

enum { LONGEST = 32, NEAR = 2 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

static unsigned distance(const char *a, const char *b)
{
	unsigned row[LONGEST + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > LONGEST || lb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *suggest(const char *word, const char *const *names, size_t nr)
{
	const char *best = NULL;
	/* A short word of which half the letters differ is another word. */
	size_t letters = strlen(word + strspn(word, "-"));
	unsigned least = (letters / 2 < NEAR ? (unsigned)letters / 2 : NEAR) + 1;

	for (size_t i = 0; i < nr; i++) {
		unsigned d = distance(word, names[i]);

		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}
