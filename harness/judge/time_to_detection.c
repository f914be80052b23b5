#include "judge/time_to_detection.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void time_to_detection_of(const struct campaign_list *campaigns, struct time_to_detection *ttd)
{
	uint64_t *firsts = xcalloc(campaigns->nr + 1, sizeof(*firsts));
	size_t middle = campaigns->nr / 2;

	*ttd = (struct time_to_detection){ .campaigns = campaigns->nr, .median = NAN };
	for (size_t i = 0; i < campaigns->nr; i++) {
		const struct campaign_count *c = &campaigns->items[i];

		ttd->schedules += c->schedules;
		if (!c->first)
			continue;
		firsts[ttd->detected++] = c->first;
		ttd->few += c->first <= DETECTION_FEW;
	}
	qsort(firsts, ttd->detected, sizeof(*firsts), by_size);
	if (ttd->detected > middle)
		ttd->median = campaigns->nr % 2
				      ? (double)firsts[middle]
				      : ((double)firsts[middle - 1] + (double)firsts[middle]) / 2;
	if (ttd->detected)
		ttd->most = firsts[ttd->detected - 1];
	free(firsts);
}
