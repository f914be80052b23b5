// The self-check: a schedule is followed again before anything is said about it.
#include "base/mem.h"
#include "explore/campaign.h"

#include <stdlib.h>
#include <string.h>

void campaign_load(struct campaign *c, const struct schedule *schedule)
{
	struct rt_shared *shared = c->warm.shared;

	memcpy(shared->schedule_in, schedule->entries, schedule->nr * sizeof(*schedule->entries));
	shared->nr_schedule_in = (uint32_t)schedule->nr;
}

int campaign_once(struct campaign *c, enum rt_policy_id policy, struct err *err)
{
	struct rt_request *request = &c->warm.shared->request;

	request->policy = policy;
	request->iterations = 1;
	request->uncounted = true;
	return warm_request(&c->warm, err);
}

const struct rt_finding *campaign_found(const struct campaign *c, uint64_t fingerprint)
{
	const struct rt_result *r = &c->warm.shared->result;

	for (uint32_t i = 0; i < r->nr_findings; i++)
		if (r->findings[i].fingerprint == fingerprint)
			return &r->findings[i];
	return NULL;
}

bool campaign_shows(const struct campaign *c, uint64_t hash, bool outcome)
{
	if (outcome)
		return c->warm.shared->result.outcome == hash;
	return campaign_found(c, hash) != NULL;
}

static int by_step(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void campaign_sort_watches(struct rt_request *request, uint32_t nr)
{
	request->nr_watches = nr;
	qsort(request->watches, nr, sizeof(*request->watches), by_step);
}

// The steps of which only the step is known: the older access of a race.
static void set_watches(struct campaign *c, const struct rt_finding *finding)
{
	struct rt_request *request = &c->warm.shared->request;

	uint32_t nr = 0;

	for (; finding && nr < finding->nr_sites && nr < RT_MAX_WATCHES; nr++)
		request->watches[nr] = finding->sites[nr].step;
	campaign_sort_watches(request, nr);
}

int confirm(struct campaign *c, struct shown *shown, const struct rt_finding *finding,
	    struct err *err)
{
	const struct rt_result *r = &c->warm.shared->result;
	uint64_t outcome = 0;

	free(shown->divergence);
	shown->divergence = NULL;
	shown->confirmed = false;
	campaign_load(c, &shown->schedule);
	set_watches(c, NULL);
	for (int again = 0; again < 2; again++) {
		if (campaign_once(c, RT_POLICY_REPLAY, err))
			return -1;
		// An outcome that differs without another event came from outside, and may decide
		// what is found.
		if (campaign_divergence(c, shown->schedule.event_hash, outcome, &shown->divergence,
					err))
			return -1;
		if (!shown->divergence && !campaign_shows(c, shown->hash, !finding))
			shown->divergence = xstrdup("the same schedule did not show it again");
		if (shown->divergence)
			return 0;
		outcome = r->outcome;
		// Now the steps are known as this schedule counts them.
		if (finding)
			set_watches(c, campaign_found(c, finding->fingerprint));
	}
	shown->confirmed = true;
	shown->preemptions = (unsigned)r->preemptions;
	return 0;
}
