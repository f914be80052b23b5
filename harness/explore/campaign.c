#include "explore/campaign.h"

#include "base/args.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "explore/confirm.h"
#include "explore/no_return.h"
#include "model/ending.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	// Small at first, so that each policy has its slot among the first schedules.
	FIRST_BATCH = 5,
	BATCH = 50,
	FIRST_THREADS = 8,
	// A program whose every outcome is another one: the first few tell the story. The others
	// are followed again, which is quick, but keep the schedules that they were found with.
	MINIMISED_OUTCOMES = 8,
	KEPT_ENTRIES = 4 << 20, // of those together
};

struct slot campaign_slot(const struct campaign_options *options, uint64_t batch)
{
	struct slot slot = portfolio_slot((unsigned)(batch % portfolio_size()));

	if (options->policy)
		slot = (struct slot){ options->policy,
				      options->policy->least_depth + (unsigned)(batch % 4) };
	if (options->depth)
		slot.depth = options->depth;
	if (slot.depth > slot.policy->most_depth)
		slot.depth = slot.policy->most_depth;
	return slot;
}

static uint64_t size_of(uint64_t batch)
{
	const uint64_t round = batch / portfolio_size();

	return round < 4 && FIRST_BATCH << round < BATCH ? FIRST_BATCH << round : BATCH;
}

static bool is_known(struct rt_known *table, uint64_t hash)
{
	const struct rt_known *entry = rt_known_entry(table, hash);

	return entry && entry->hash;
}

static void make_known(struct rt_known *table, uint64_t hash)
{
	struct rt_known *entry = rt_known_entry(table, hash);

	if (entry && !entry->hash)
		*entry = (struct rt_known){ hash, 1 };
}

// The last iteration's schedule, found by this policy.
static struct schedule take_schedule(const struct campaign *c, const struct policy *policy)
{
	const struct rt_shared *shared = c->running.warm.shared;
	struct strbuf arguments = STRBUF_INIT;
	struct schedule schedule;

	for (size_t i = 1; c->options->argv[i]; i++) {
		if (i > 1)
			strbuf_addch(&arguments, ' ');
		args_quote(c->options->argv[i], &arguments);
	}
	schedule = (struct schedule){
		.program = xstrdup(c->program_hash),
		.target = xstrdup(c->options->target),
		.arguments = strbuf_detach(&arguments),
		.built = xstrdup(c->options->built),
		.found_by = xasprintf("by %s, seed %016llx, iteration %llu", policy->name,
				      (unsigned long long)shared->result.seed,
				      (unsigned long long)c->known.done),
		.threads = c->running.threads,
		.event_hash = shared->result.event_hash,
	};
	schedule_set(&schedule, shared->schedule_out, shared->result.nr_schedule_out);
	return schedule;
}

// `as_found`: the schedule stays as it is.
static int prove_shown(struct campaign *c, struct shown *shown, const struct rt_finding *finding,
		       bool as_found, struct err *err)
{
	if (confirm(&c->running, shown, finding, err))
		return -1;
	if (!shown->confirmed || as_found)
		return 0;
	if (minimise(&c->minimiser, shown->hash, !finding, &shown->schedule, err))
		return -1;
	shown->minimised = true;
	return confirm(&c->running, shown, finding, err);
}

static int take_finding(struct campaign *c, const struct schedule *schedule,
			const struct rt_finding *raw, struct err *err)
{
	const struct rt_shared *shared = c->running.warm.shared;
	struct known_finding *f = VEC_PUSH(&c->known.findings);
	const struct rt_finding *again;
	int rc = 0;

	*f = (struct known_finding){ .shown = { .hash = raw->fingerprint,
						.iteration = c->known.done,
						.schedule = schedule_copy(schedule) },
				     .kind = raw->kind };
	make_known(c->running.warm.shared->findings, raw->fingerprint);
	if (prove_shown(c, &f->shown, raw, c->options->as_found, err)) {
		if (!f->shown.confirmed) {
			shown_release(&f->shown);
			c->known.findings.nr--;
			return -1;
		}
		rc = -1;
	}
	// As the last iteration saw it: its steps are those of its schedule.
	again = running_found(&c->running, raw->fingerprint);
	finding_from_rt(&c->running.translator, again ? again : raw, shared->result.watched,
			shared->request.nr_watches, &f->finding);
	f->shown.schedule.shows = finding_shown_text(&f->finding);
	return rc;
}

// The text of the outcome, told apart from those of others that only look the same.
static char *outcome_of(const struct campaign *c)
{
	const struct rt_result *r = &c->running.warm.shared->result;
	struct strbuf text = STRBUF_INIT;
	char *plain = running_outcome(&c->running);

	strbuf_addstr(&text, plain);
	for (size_t i = 0; i < c->known.outcomes.nr; i++) {
		const struct known_outcome *o = &c->known.outcomes.items[i];

		if (o->text && o->shown.hash != r->outcome && !strcmp(o->text, plain)) {
			outcome_add_cut(r->out_len, r->outcome, &text);
			break;
		}
	}
	free(plain);
	return strbuf_detach(&text);
}

static int take_outcome(struct campaign *c, const struct schedule *schedule, struct err *err)
{
	const struct rt_result *r = &c->running.warm.shared->result;
	struct known *known = &c->known;
	char *text = outcome_of(c);
	struct known_outcome *o = VEC_PUSH(&known->outcomes);
	const bool others = known->outcomes.nr > MINIMISED_OUTCOMES;

	*o = (struct known_outcome){ .shown = { .hash = r->outcome, .iteration = known->done },
				     .text = text,
				     .lines = running_lines(&c->running),
				     .ended = r->ending == RT_END_EXIT,
				     .code = r->ending == RT_END_EXIT ? (int)r->code : 0,
				     .err = running_errors(&c->running),
				     .limit = xstrdup(running_limit(&c->running)),
				     .ending = r->ending };
	make_known(c->running.warm.shared->outcomes, o->shown.hash);
	// That a limit was reached shows nothing that would be worth to be followed again.
	if (o->limit || (others && (known->doubtful || known->outcomes.nr > RT_MAX_KNOWN ||
				    known->kept_entries > KEPT_ENTRIES)))
		return 0;
	o->shown.schedule = schedule_copy(schedule);
	known->kept_entries += others ? schedule->nr : 0;
	o->shown.schedule.shows = xasprintf("outcome %s", o->text);
	if (!prove_shown(c, &o->shown, NULL, others || c->options->as_found, err)) {
		known->doubtful |= !o->shown.confirmed;
		return 0;
	}
	// Counted it is, but not followed again.
	if (!o->shown.confirmed)
		schedule_release(&o->shown.schedule);
	return -1;
}

// What the last iteration, by this policy, showed for the first time.
static int take_shown(struct campaign *c, const struct policy *policy, bool outcomes,
		      struct err *err)
{
	struct rt_shared *shared = c->running.warm.shared;
	const uint32_t nr = shared->result.nr_findings;
	struct rt_finding *found = xcalloc(nr + 1, sizeof(*found));
	struct schedule schedule;
	int rc = 0;

	if (!c->running.translator.maps)
		translator_init(&c->running.translator, c->running.warm.pid);
	// What proves one of them overwrites the result: all is taken first.
	memcpy(found, shared->result.findings, nr * sizeof(*found));
	schedule = take_schedule(c, policy);
	if (outcomes && !is_known(shared->outcomes, shared->result.outcome))
		rc = take_outcome(c, &schedule, err);
	for (uint32_t i = 0; !rc && i < nr; i++)
		if (!is_known(shared->findings, found[i].fingerprint))
			rc = take_finding(c, &schedule, &found[i], err);
	schedule_release(&schedule);
	free(found);
	return rc;
}

static int take_news(struct campaign *c, const struct policy *policy, struct err *err)
{
	return take_shown(c, policy, true, err);
}

int campaign_take_findings(struct campaign *c, const struct policy *policy, struct err *err)
{
	return take_shown(c, policy, false, err);
}

static void raise_to(uint64_t *most, uint64_t value)
{
	if (value > *most)
		*most = value;
}

// The last request's iterations were of this policy.
static void note_sizes(struct campaign *c, struct policy_stats *stats)
{
	const struct rt_result *r = &c->running.warm.shared->result;
	struct known *known = &c->known;

	raise_to(&known->most_steps, r->most_steps);
	raise_to(&known->most_threads, r->most_threads);
	raise_to(&stats->threads, r->most_threads);
	stats->irregular += r->irregular;
	known->all_steps += r->all_steps;
	known->processes |= r->processes;
}

bool campaign_note(struct campaign *c, struct policy_stats *stats)
{
	note_sizes(c, stats);
	return running_prepare_more(&c->running);
}

struct request campaign_request(const struct campaign *c, const struct slot *slot, uint64_t number)
{
	struct request request = running_request(&c->running, slot->policy->id);

	request.rt.depth = slot->depth;
	request.rt.seed = c->options->seed;
	request.rt.first = number;
	request.rt.steps = c->known.most_steps;
	request.rt.early_timeouts = request.rt.spurious = true;
	return request;
}

/*
 * What processes do is nobody's decision, and what their schedules show besides, a
 * few show: a campaign that is limited has no more of them. They take milliseconds.
 */
static uint64_t schedules_of(const struct campaign *c)
{
	enum { WITH_PROCESSES = 200 };
	const struct campaign_options *o = c->options;
	const bool few = c->known.processes && o->all_steps && o->iterations > WITH_PROCESSES;

	return few ? WITH_PROCESSES : o->iterations;
}

// `size` schedules of a policy, counted in its statistics.
static int run_batch(struct campaign *c, const struct slot *slot, uint64_t size,
		     struct policy_stats *stats, struct err *err)
{
	const struct rt_result *r = &c->running.warm.shared->result;
	struct known *known = &c->known;
	const uint64_t most = schedules_of(c);
	const uint64_t end = known->done + size < most ? known->done + size : most;

	while (known->done < end) {
		struct request request = campaign_request(c, slot, known->done + 1);
		bool again = false;
		int rc;

		request.rt.iterations = (uint32_t)(end - known->done);
		request.rt.uncounted = false;
		rc = warm_request(&c->running.warm, &request, err);
		if (!rc)
			again = campaign_note(c, stats);
		known->done += r->iterations - again;
		policy_stats_draw(stats, request.rt.steps, r->iterations - again);
		if (!rc && !again)
			rc = take_news(c, slot->policy, err);
		if (rc)
			return -1;
	}
	return 0;
}

// PCT wants to know n and k: the iteration that measures them is no sample of it.
static int measure_sizes(struct campaign *c, struct err *err)
{
	const struct slot slot = { policy_get(RT_POLICY_RANDOM), 0 };
	struct policy_stats none = { 0 };

	return run_batch(c, &slot, 1, &none, err);
}

static uint64_t all_steps_of(const struct campaign_options *options)
{
	return options->all_steps ? options->all_steps : UINT64_MAX;
}

// Runs the schedule of a search, with more threads when it needs them.
static int run_searched(struct campaign *c, struct bounded_search *search, struct request *request,
			struct err *err)
{
	do {
		request->rt.threads = c->running.threads;
		if (warm_request(&c->running.warm, request, err)) {
			search->done.gaps |= GAP_STOPPED;
			return -1;
		}
		note_sizes(c, &c->known.dfs);
		search->budget.steps += c->running.warm.shared->result.all_steps;
	} while (running_prepare_more(&c->running));
	return 0;
}

static int search_depth_first(struct campaign *c, struct bounded_search search, struct err *err)
{
	const struct campaign_options *o = c->options;
	struct request request = running_request(&c->running, RT_POLICY_DFS);
	int rc = 0;

	search.most = o->bounded ? o->preemptions : UINT_MAX;
	while (!rc && bounded_next(&search, &request)) {
		rc = run_searched(c, &search, &request, err);
		if (rc || !bounded_learn(&search, c->running.warm.shared))
			continue;
		c->known.dfs.iterations++;
		c->known.done++;
		rc = take_news(c, policy_get(RT_POLICY_DFS), err);
	}
	c->known.bounded = search.done;
	bounded_release(&search);
	return rc;
}

/*
 * After the first round, when what random schedules find soon is found, a small
 * share goes to a search that can say "complete" of small programs.
 */
static int search_a_little(struct campaign *c, struct err *err)
{
	enum { ONE_IN = 10 };
	const struct campaign_options *o = c->options;
	const uint64_t left = o->iterations - c->known.done;
	const struct bounded_search search = {
		.budget = { .most_trials = o->search < left ? o->search : left,
			    .most_steps = all_steps_of(o) / ONE_IN },
		.cheap = true,
	};

	if (!search.budget.most_trials || c->known.processes ||
	    c->running.warm.shared->nr_uncontrolled)
		return 0;
	return search_depth_first(c, search, err);
}

static int run_policies(struct campaign *c, struct err *err)
{
	const struct campaign_options *o = c->options;
	const struct budget all = { .most_trials = o->iterations, .most_steps = all_steps_of(o) };
	int rc = 0;

	if (campaign_searches(o))
		return search_depth_first(c, (struct bounded_search){ .budget = all }, err);
	if (o->may_steps)
		rc = running_find_max_steps(&c->running, o->may_steps, err);
	if (!rc && o->policy && o->policy->most_depth)
		rc = measure_sizes(c, err);
	for (uint64_t number = 0;
	     !rc && c->known.done < schedules_of(c) && c->known.all_steps < all.most_steps;
	     number++) {
		const struct slot slot = campaign_slot(o, number);

		if (!o->policy && number == portfolio_size())
			rc = search_a_little(c, err);
		if (!rc)
			rc = run_batch(c, &slot, size_of(number),
				       guarantee_stats(&c->known.guarantee, slot.policy->title,
						       slot.depth),
				       err);
	}
	return rc;
}

int campaign_start(struct campaign *c, const struct campaign_options *options, struct err *err)
{
	*c = (struct campaign){ .options = options,
				.running = { .warm = WARM_INIT,
					     .threads = FIRST_THREADS,
					     .max_steps = options->max_steps,
					     .wall_ms = options->wall_ms,
					     .terms = options->terms },
				.minimiser.trials.running = &c->running };
	c->program_hash = schedule_program_hash(options->argv[0], err);
	c->running.warm.stop = options->stop;
	return c->program_hash ? warm_start(&c->running.warm, options->argv, err) : -1;
}

int campaign_run(struct campaign *c, const struct campaign_options *options, struct err *err)
{
	int rc;

	if (campaign_start(c, options, err))
		return -1;
	rc = run_policies(c, err);
	if (!rc)
		rc = no_return_mark(&c->running, &c->known, options->seed, err);
	return campaign_stop(c, rc, err);
}

int campaign_stop(const struct campaign *c, int rc, struct err *err)
{
	if (!c->running.warm.stopped)
		return rc;
	*err = (struct err)ERR_INIT;
	return 0;
}

void campaign_release(struct campaign *c)
{
	known_release(&c->known);
	minimiser_release(&c->minimiser);
	running_release(&c->running);
	free(c->program_hash);
}
