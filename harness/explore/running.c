#include "explore/running.h"

#include "base/hash.h"
#include "base/lines.h"
#include "base/strbuf.h"
#include "model/ending.h"
#include "model/limit.h"

#include <stdlib.h>

enum { MAX_OUTPUT = 4096, MOST_ERRORS = 512 };

void running_release(struct running *running)
{
	translator_release(&running->translator);
	warm_release(&running->warm);
}

struct request running_request(const struct running *running, enum rt_policy_id policy)
{
	return (struct request){ .rt = { .policy = policy,
					 .iterations = 1,
					 .uncounted = true,
					 .max_steps = running->max_steps,
					 .threads = running->threads,
					 .wall_ms = running->wall_ms,
					 .most_spurious = running->terms.few_spurious
								  ? running->terms.spurious
								  : UINT32_MAX,
					 .due_timeouts = running->terms.due_timeouts } };
}

struct request running_replay(const struct running *running, const struct schedule *schedule)
{
	struct request request = running_request(running, RT_POLICY_REPLAY);

	request.rt.nr_schedule_in = (uint32_t)schedule->nr;
	request.schedule_in = schedule->entries;
	return request;
}

static int by_step(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void request_watch(struct request *request, const struct rt_finding *findings, uint32_t nr)
{
	struct rt_request *rt = &request->rt;

	rt->nr_watches = 0;
	for (uint32_t i = 0; i < nr; i++)
		for (uint32_t k = 0; k < findings[i].nr_sites && rt->nr_watches < RT_MAX_WATCHES;
		     k++)
			rt->watches[rt->nr_watches++] = findings[i].sites[k].step;
	qsort(rt->watches, rt->nr_watches, sizeof(*rt->watches), by_step);
}

const struct rt_finding *running_found(const struct running *running, uint64_t fingerprint)
{
	const struct rt_result *r = &running->warm.shared->result;

	for (uint32_t i = 0; i < r->nr_findings; i++)
		if (r->findings[i].fingerprint == fingerprint)
			return &r->findings[i];
	return NULL;
}

bool running_shows(const struct running *running, uint64_t hash, bool outcome)
{
	if (outcome)
		return running->warm.shared->result.outcome == hash;
	return running_found(running, hash) != NULL;
}

// To the judge a livelock, too, is a run that did not end.
static enum ending_how ending_of(enum rt_ending ending)
{
	switch (ending) {
	case RT_END_EXIT:
		return ENDING_EXIT;
	case RT_END_SIGNAL:
		return ENDING_SIGNAL;
	case RT_END_STUCK:
		return ENDING_HANG;
	case RT_END_LIMIT:
	case RT_END_STEPS:
	case RT_END_WALL:
	case RT_END_THREADS:
		return ENDING_LIMIT;
	case RT_END_RUNNING:
	case RT_END_LIVELOCK:
	case RT_END_DIVERGED:
		break;
	}
	return ENDING_TIMEOUT;
}

char *running_errors(const struct running *running)
{
	const struct rt_result *r = &running->warm.shared->result;
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;

	if (r->ending == RT_END_EXIT && (r->code || r->threads < 2))
		warm_output(running->warm.err, MAX_OUTPUT, &err);
	if (err.len && err.buf[err.len - 1] == '\n')
		err.len--;
	if (err.len > MOST_ERRORS)
		strbuf_add_escaped(&text, err.buf + err.len - MOST_ERRORS, MOST_ERRORS);
	else
		strbuf_add_escaped(&text, err.buf, err.len);
	strbuf_release(&err);
	return text.len ? strbuf_detach(&text) : NULL;
}

const char *running_limit(const struct running *running)
{
	const struct rt_result *r = &running->warm.shared->result;

	if (ending_of(r->ending) != ENDING_LIMIT)
		return NULL;
	return r->ending == RT_END_STEPS     ? LIMIT_STEPS
	       : r->ending == RT_END_WALL    ? LIMIT_TIME
	       : r->ending == RT_END_THREADS ? LIMIT_THREADS
					     : r->limit;
}

uint64_t running_lines(const struct running *running)
{
	const struct rt_result *r = &running->warm.shared->result;
	struct strbuf out = STRBUF_INIT, ending = STRBUF_INIT;
	struct lines lines = { 0 };
	uint64_t hash;

	warm_output(running->warm.out, SIZE_MAX, &out);
	lines_add(&lines, out.buf, out.len);
	ending_add_text(ending_of(r->ending), (int)r->code, r->limit, &ending);
	hash = hash_str(lines_hash(&lines), ending.buf);
	strbuf_release(&ending);
	strbuf_release(&out);
	return hash ? hash : 1;
}

char *running_outcome(const struct running *running)
{
	const struct rt_result *r = &running->warm.shared->result;
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;

	warm_output(running->warm.out, MAX_OUTPUT, &out);
	if (out.len && out.buf[out.len - 1] == '\n')
		out.len--;
	strbuf_add_escaped(&text, out.buf, out.len);
	strbuf_release(&out);
	if (r->out_len > MAX_OUTPUT)
		outcome_add_cut(r->out_len, r->outcome, &text);
	ending_add_text(ending_of(r->ending), (int)r->code, running_limit(running), &text);
	return strbuf_detach(&text);
}

bool running_prepare_more(struct running *running)
{
	unsigned *threads = &running->threads;

	if (running->warm.shared->result.ending != RT_END_THREADS || *threads >= RT_MAX_THREADS)
		return false;
	*threads = *threads * 4 < RT_MAX_THREADS ? *threads * 4 : RT_MAX_THREADS;
	return true;
}

// One iteration that is not counted; how it ended, or -1.
static int try_once(struct running *running, struct err *err)
{
	do {
		const struct request request = running_request(running, RT_POLICY_RANDOM);

		if (warm_request(&running->warm, &request, err))
			return -1;
	} while (running_prepare_more(running));
	return (int)running->warm.shared->result.ending;
}

int running_find_max_steps(struct running *running, uint64_t may_steps, struct err *err)
{
	const uint64_t usual = running->max_steps;
	int ending = try_once(running, err);

	if (ending == RT_END_STEPS) {
		running->max_steps = may_steps;
		ending = try_once(running, err);
		if (ending == RT_END_STEPS || ending == RT_END_WALL)
			running->max_steps = usual;
	}
	return ending < 0 ? -1 : 0;
}
