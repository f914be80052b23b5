#include "explore/selfcheck.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

// What differs once in two runs is missed so often with a probability of 1/256.
enum { TRIES = 8 };

struct trace {
	struct rt_event *events; // owned
	uint32_t nr;
};

static int take_trace(struct running *running, struct request request, struct trace *trace,
		      struct err *err)
{
	const struct rt_shared *shared = running->warm.shared;
	int rc;

	request.rt.trace = true;
	rc = warm_request(&running->warm, &request, err);
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
static char *event_text(const struct running *running, const struct rt_event *event)
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
	char *name = thread_name(event->thread);
	char *place = translate_place(&running->translator, event->pc);
	char *text = xasprintf("%s %s at %s", name,
			       event->op < RT_OP_NR ? verbs[event->op] : "does something", place);

	free(place);
	free(name);
	return text;
}

// Where two runs differ first, owned; NULL: nowhere.
static char *difference(const struct running *running, const struct trace *a, const struct trace *b)
{
	const struct trace *longer = a->nr > b->nr ? a : b;
	uint32_t common = a->nr < b->nr ? a->nr : b->nr, i = 0;
	char *one, *other = NULL, *text;

	while (i < common && same_event(&a->events[i], &b->events[i]))
		i++;
	if (i == longer->nr)
		return NULL;
	one = event_text(running, &longer->events[i]);
	if (i < common)
		other = event_text(running, longer == a ? &b->events[i] : &a->events[i]);
	if (!other)
		text = xasprintf("at step %u %s in one run, and another is over",
				 longer->events[i].step, one);
	else if (!strcmp(one, other))
		text = xasprintf("at step %u %s, each time another address", longer->events[i].step,
				 one);
	else
		text = xasprintf("at step %u %s in one run, %s in another", longer->events[i].step,
				 one, other);
	free(one);
	free(other);
	return text;
}

/*
 * Follows the schedule until a run differs from the first of them, a few times.
 * 0 with the place in `*text`, NULL when all were the same.
 */
static int find_difference(struct running *running, const struct request *request, char **text,
			   struct err *err)
{
	struct trace first = { 0 };
	int rc = take_trace(running, *request, &first, err);

	*text = NULL;
	for (int i = 0; !rc && !*text && i < TRIES; i++) {
		struct trace again;

		rc = take_trace(running, *request, &again, err);
		if (!rc)
			*text = difference(running, &first, &again);
		free(again.events);
	}
	free(first.events);
	return rc;
}

static char *left_text(const struct running *running)
{
	const struct rt_result *r = &running->warm.shared->result;
	char *place = translate_place(&running->translator,
				      r->diverged_site.nr_stack ? r->diverged_site.stack[0] : 0);
	char *text = xasprintf("the program leaves its schedule at step %llu, %s",
			       (unsigned long long)r->diverged_at, place);

	free(place);
	return text;
}

int selfcheck(struct running *running, const struct request *request, uint64_t event_hash,
	      uint64_t outcome, char **text, struct err *err)
{
	const struct rt_result *r = &running->warm.shared->result;
	bool left = r->ending == RT_END_DIVERGED, other = r->event_hash != event_hash;
	char *place, *where;

	*text = NULL;
	if (!left && !other && (!outcome || r->outcome == outcome))
		return 0;
	where = left ? left_text(running) : NULL;
	if (find_difference(running, request, &place, err)) {
		free(where);
		return -1;
	}
	if (place)
		*text = xasprintf("the same schedule gave %s: %s",
				  left || other ? "other events" : "another outcome", place);
	else if (where)
		*text = xstrdup(where);
	else if (other)
		*text = xasprintf("the same schedule gave other events than when it was written "
				  "down, and since then the same ones %d times",
				  TRIES + 1);
	else
		*text = xstrdup("the same schedule gave another outcome by the same steps");
	free(where);
	free(place);
	return 0;
}
