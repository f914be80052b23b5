// What is said of a schedule that does not give the same run again: at which step it differs.
#include "base/mem.h"
#include "explore/campaign.h"

#include <stdlib.h>
#include <string.h>

// What differs once in two runs is missed so often with a probability of 1/256.
enum { TRIES = 8 };

struct trace {
	struct rt_event *events; // owned
	uint32_t nr;
};

static int take_trace(struct campaign *c, struct trace *trace, struct err *err)
{
	struct rt_shared *shared = c->warm.shared;
	int rc;

	shared->request.trace = true;
	rc = campaign_once(c, RT_POLICY_REPLAY, err);
	shared->request.trace = false;
	*trace = (struct trace){ .nr = shared->result.nr_events };
	trace->events = xcalloc(trace->nr + 1, sizeof(*trace->events));
	memcpy(trace->events, shared->events, trace->nr * sizeof(*trace->events));
	return rc;
}

static bool same_event(const struct rt_event *a, const struct rt_event *b)
{
	return a->thread == b->thread && a->op == b->op && a->pc == b->pc &&
	       a->address == b->address && a->size == b->size;
}

// "T1 reads at f.c:12".
static char *event_words(const struct campaign *c, const struct rt_event *event)
{
	static const char *const verbs[RT_OP_NR] = {
		[RT_OP_READ] = "reads",
		[RT_OP_WRITE] = "writes",
		[RT_OP_ATOMIC_READ] = "reads an atomic",
		[RT_OP_ATOMIC_WRITE] = "writes an atomic",
		[RT_OP_LOCK] = "locks",
		[RT_OP_UNLOCK] = "unlocks",
		[RT_OP_WAIT] = "waits",
		[RT_OP_WAKE] = "wakes others",
		[RT_OP_CREATE] = "creates",
		[RT_OP_JOIN] = "joins",
		[RT_OP_FREE] = "frees",
		[RT_OP_YIELD] = "yields",
		[RT_OP_SLEEP] = "sleeps",
		[RT_OP_END] = "ends",
		[RT_OP_CALL] = "calls",
		[RT_OP_SPURIOUS] = "wakes without a signal",
	};
	char *name = event->thread ? xasprintf("T%u", event->thread) : xstrdup("main");
	char *place = translate_place(&c->translator, event->pc);
	char *words = xasprintf("%s %s at %s", name,
				event->op < RT_OP_NR ? verbs[event->op] : "does something", place);

	free(place);
	free(name);
	return words;
}

// Where two runs differ first, owned; NULL: nowhere.
static char *difference(const struct campaign *c, const struct trace *a, const struct trace *b)
{
	const struct trace *longer = a->nr > b->nr ? a : b;
	uint32_t common = a->nr < b->nr ? a->nr : b->nr, i = 0;
	char *one, *other = NULL, *words;

	while (i < common && same_event(&a->events[i], &b->events[i]))
		i++;
	if (i == longer->nr)
		return NULL;
	one = event_words(c, &longer->events[i]);
	if (i < common)
		other = event_words(c, longer == a ? &b->events[i] : &a->events[i]);
	if (!other)
		words = xasprintf("at step %u %s in one run, and another is over",
				  longer->events[i].step, one);
	else if (!strcmp(one, other))
		words = xasprintf("at step %u %s, each time another address",
				  longer->events[i].step, one);
	else
		words = xasprintf("at step %u %s in one run, %s in another", longer->events[i].step,
				  one, other);
	free(one);
	free(other);
	return words;
}

/*
 * Follows the schedule until a run differs from the first of them, a few times.
 * 0 with the place in `*words`, NULL when they all were the same.
 */
static int find_difference(struct campaign *c, char **words, struct err *err)
{
	struct trace first = { 0 };
	int rc = take_trace(c, &first, err);

	*words = NULL;
	for (int i = 0; !rc && !*words && i < TRIES; i++) {
		struct trace again;

		rc = take_trace(c, &again, err);
		if (!rc)
			*words = difference(c, &first, &again);
		free(again.events);
	}
	free(first.events);
	return rc;
}

static char *left_words(const struct campaign *c)
{
	const struct rt_result *r = &c->warm.shared->result;
	char *place = translate_place(&c->translator,
				      r->diverged_site.nr_stack ? r->diverged_site.stack[0] : 0);
	char *words = xasprintf("the program leaves its schedule at step %llu, %s",
				(unsigned long long)r->diverged_at, place);

	free(place);
	return words;
}

int campaign_divergence(struct campaign *c, uint64_t event_hash, uint64_t outcome, char **words,
			struct err *err)
{
	const struct rt_result *r = &c->warm.shared->result;
	bool left = r->ending == RT_END_DIVERGED, other = r->event_hash != event_hash;
	char *place, *where;

	*words = NULL;
	if (!left && !other && (!outcome || r->outcome == outcome))
		return 0;
	where = left ? left_words(c) : NULL;
	if (find_difference(c, &place, err)) {
		free(where);
		return -1;
	}
	if (place)
		*words = xasprintf("the same schedule gave %s: %s",
				   left || other ? "other events" : "another outcome", place);
	else if (where)
		*words = xstrdup(where);
	else if (other)
		*words = xasprintf("the same schedule gave other events than when it was written "
				   "down, and since then the same ones %d times",
				   TRIES + 1);
	else
		*words = xstrdup("the same schedule gave another outcome by the same steps");
	free(where);
	free(place);
	return 0;
}
