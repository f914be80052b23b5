#include "judge/until.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void until_of(const struct campaign_list *campaigns, struct until *until)
{
	uint64_t *firsts = xcalloc(campaigns->nr + 1, sizeof(*firsts));
	size_t middle = campaigns->nr / 2;

	*until = (struct until){ .campaigns = campaigns->nr, .median = NAN };
	for (size_t i = 0; i < campaigns->nr; i++) {
		const struct campaign_count *c = &campaigns->items[i];

		until->schedules += c->schedules;
		if (!c->first)
			continue;
		firsts[until->caught++] = c->first;
		until->few += c->first <= UNTIL_FEW;
	}
	qsort(firsts, until->caught, sizeof(*firsts), by_size);
	if (until->caught > middle)
		until->median = campaigns->nr % 2
					? (double)firsts[middle]
					: ((double)firsts[middle - 1] + (double)firsts[middle]) / 2;
	if (until->caught)
		until->most = firsts[until->caught - 1];
	free(firsts);
}
