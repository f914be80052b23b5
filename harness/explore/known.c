#include "explore/known.h"

#include <stdlib.h>

void shown_release(struct shown *shown)
{
	schedule_release(&shown->schedule);
	free(shown->divergence);
}

void known_release(struct known *known)
{
	for (size_t i = 0; i < known->findings.nr; i++) {
		finding_release(&known->findings.items[i].finding);
		shown_release(&known->findings.items[i].shown);
	}
	for (size_t i = 0; i < known->outcomes.nr; i++) {
		free(known->outcomes.items[i].text);
		free(known->outcomes.items[i].err);
		free(known->outcomes.items[i].limit);
		shown_release(&known->outcomes.items[i].shown);
	}
	free(known->findings.items);
	free(known->outcomes.items);
	guarantee_release(&known->guarantee);
}

uint64_t known_count(const struct rt_known *table, uint64_t hash)
{
	const struct rt_known *entry = rt_known_entry((struct rt_known *)table, hash);

	return entry && entry->hash ? entry->count : 1;
}
