#include "explore/campaign.h"

#include "base/args.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "explore/deviations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	// Small at first, so that each policy has its turn among the first schedules.
	FIRST_BATCH = 5,
	BATCH = 50,
	FIRST_THREADS = 8,
	// A program whose every outcome is another one: the first few tell the story. The others
	// are followed again, which is quick, but keep the schedules that they were found with.
	MINIMISED_OUTCOMES = 8,
	KEPT_ENTRIES = 4 << 20, // of those together
};

// What the policies get in turn, unless one was asked for.
static const struct turn {
	enum rt_policy_id policy;
	unsigned depth;
} portfolio[] = {
	{ RT_POLICY_RANDOM, 0 }, { RT_POLICY_POS, 0 }, { RT_POLICY_PCT, 2 },
	{ RT_POLICY_POS, 0 },    { RT_POLICY_PCT, 3 }, { RT_POLICY_RANDOM, 0 },
	{ RT_POLICY_PCT, 1 },    { RT_POLICY_POS, 0 }, { RT_POLICY_PCT, 4 },
};

static struct turn turn_of(const struct campaign_options *options, uint64_t batch)
{
	static const enum rt_policy_id policies[STRATEGY_NR] = {
		[STRATEGY_RANDOM] = RT_POLICY_RANDOM,
		[STRATEGY_PCT] = RT_POLICY_PCT,
		[STRATEGY_POS] = RT_POLICY_POS,
	};
	struct turn turn = portfolio[batch % ARRAY_SIZE(portfolio)];

	if (options->strategy != STRATEGY_ALL)
		turn = (struct turn){ policies[options->strategy], 1 + (unsigned)(batch % 4) };
	if (options->depth)
		turn.depth = options->depth;
	return turn;
}

static uint64_t size_of(uint64_t batch)
{
	const uint64_t round = batch / ARRAY_SIZE(portfolio);

	return round < 4 && FIRST_BATCH << round < BATCH ? FIRST_BATCH << round : BATCH;
}

static struct policy_stats *stats_of(struct campaign *c, const struct turn *turn)
{
	if (turn->policy == RT_POLICY_PCT)
		return &c->guarantee.pct[turn->depth];
	return turn->policy == RT_POLICY_POS ? &c->guarantee.pos : &c->guarantee.random;
}

static void learn(struct rt_known *table, uint64_t hash)
{
	struct rt_known *entry = rt_known_entry(table, hash);

	if (entry && !entry->hash)
		*entry = (struct rt_known){ hash, 1 };
}

static uint64_t known_count(struct rt_known *table, uint64_t hash)
{
	const struct rt_known *entry = rt_known_entry(table, hash);

	return entry && entry->hash ? entry->count : 0;
}

uint64_t campaign_count(const struct campaign *c, const struct shown *outcome)
{
	uint64_t count = known_count(c->warm.shared->outcomes, outcome->hash);

	return count ? count : 1; // the table was full: each time it was taken for a new one
}

uint64_t campaign_hits(const struct campaign *c, const struct shown *finding)
{
	uint64_t count = known_count(c->warm.shared->findings, finding->hash);

	return count ? count : 1;
}

static void take_schedule(struct campaign *c, const struct turn *turn, struct shown *shown)
{
	const struct rt_shared *shared = c->warm.shared;
	struct strbuf words = STRBUF_INIT;

	for (size_t i = 1; c->options->argv[i]; i++) {
		if (i > 1)
			strbuf_addch(&words, ' ');
		args_quote(c->options->argv[i], &words);
	}
	shown->schedule = (struct schedule){
		.program = xstrdup(c->program_hash),
		.target = xstrdup(c->options->target),
		.arguments = strbuf_detach(&words),
		.built = xstrdup(c->options->built),
		.found_by = xasprintf(
			"by %s, seed %016llx, iteration %llu", campaign_policy_name(turn->policy),
			(unsigned long long)shared->result.seed, (unsigned long long)c->done),
		.threads = c->prepared,
		.event_hash = shared->result.event_hash,
		.nr = shared->result.nr_schedule_out,
	};
	shown->schedule.entries = xcalloc(shown->schedule.nr + 1, sizeof(struct rt_entry));
	memcpy(shown->schedule.entries, shared->schedule_out,
	       shown->schedule.nr * sizeof(struct rt_entry));
	shown->iteration = c->done;
}

// `as_found`: the schedule stays as it is.
static int prove(struct campaign *c, struct shown *shown, const struct rt_finding *finding,
		 bool as_found, struct err *err)
{
	if (confirm(c, shown, finding, err))
		return -1;
	if (!shown->confirmed || as_found)
		return 0;
	if (minimise(c, shown->hash, !finding, &shown->schedule, err))
		return -1;
	shown->minimised = true;
	return confirm(c, shown, finding, err);
}

static void shown_release(struct shown *shown)
{
	schedule_release(&shown->schedule);
	free(shown->divergence);
}

static int take_finding(struct campaign *c, const struct turn *turn, const struct rt_finding *raw,
			struct err *err)
{
	struct campaign_finding *f = VEC_PUSH(&c->findings);
	const struct rt_finding *again;
	struct rt_finding copy = *raw;
	int rc = 0;

	*f = (struct campaign_finding){ .shown.hash = raw->fingerprint, .kind = raw->kind };
	take_schedule(c, turn, &f->shown);
	learn(c->warm.shared->findings, raw->fingerprint);
	if (prove(c, &f->shown, &copy, c->options->as_found, err)) {
		if (!f->shown.confirmed) {
			shown_release(&f->shown);
			c->findings.nr--;
			return -1;
		}
		rc = -1;
	}
	// As the last iteration saw it: its steps are those of its schedule.
	again = campaign_found(c, copy.fingerprint);
	translate(&c->translator, again ? again : &copy, c->warm.shared->result.watched,
		  c->warm.shared->request.nr_watches, &f->finding);
	f->shown.schedule.shows = campaign_words(&f->finding);
	return rc;
}

static int take_outcome(struct campaign *c, const struct turn *turn, struct err *err)
{
	struct campaign_outcome *o = VEC_PUSH(&c->outcomes);
	const bool others = c->outcomes.nr > MINIMISED_OUTCOMES;

	*o = (struct campaign_outcome){ .shown.hash = c->warm.shared->result.outcome,
					.text = campaign_outcome_text(c),
					.ended = c->warm.shared->result.ending == RT_END_EXIT,
					.ending = c->warm.shared->result.ending };
	learn(c->warm.shared->outcomes, o->shown.hash);
	o->shown.iteration = c->done;
	if (others &&
	    (c->doubtful || c->outcomes.nr > RT_MAX_KNOWN || c->kept_entries > KEPT_ENTRIES))
		return 0;
	take_schedule(c, turn, &o->shown);
	c->kept_entries += others ? o->shown.schedule.nr : 0;
	o->shown.schedule.shows = xasprintf("outcome %s", o->text);
	if (!prove(c, &o->shown, NULL, others || c->options->as_found, err)) {
		c->doubtful |= !o->shown.confirmed;
		return 0;
	}
	// Counted it is, but not followed again.
	if (!o->shown.confirmed)
		schedule_release(&o->shown.schedule);
	return -1;
}

// All that the last iteration showed for the first time.
static int take_news(struct campaign *c, const struct turn *turn, struct err *err)
{
	struct rt_shared *shared = c->warm.shared;
	const uint64_t outcome = shared->result.outcome;
	uint32_t nr = shared->result.nr_findings;
	struct rt_finding *found = xcalloc(nr + 1, sizeof(*found));
	struct shown keep = { 0 };
	int rc = 0;

	if (!c->translator.maps)
		translator_init(&c->translator, c->warm.pid);
	// What proves one of them overwrites the result: all is taken first.
	memcpy(found, shared->result.findings, nr * sizeof(*found));
	take_schedule(c, turn, &keep);
	if (!known_count(shared->outcomes, outcome))
		rc = take_outcome(c, turn, err);
	for (uint32_t i = 0; !rc && i < nr; i++) {
		if (known_count(shared->findings, found[i].fingerprint))
			continue;
		memcpy(shared->schedule_out, keep.schedule.entries,
		       keep.schedule.nr * sizeof(*keep.schedule.entries));
		shared->result.nr_schedule_out = (uint32_t)keep.schedule.nr;
		shared->result.event_hash = keep.schedule.event_hash;
		rc = take_finding(c, turn, &found[i], err);
	}
	schedule_release(&keep.schedule);
	free(found);
	return rc;
}

int campaign_take_news(struct campaign *c, enum rt_policy_id policy, struct err *err)
{
	const struct turn turn = { policy, 0 };

	return take_news(c, &turn, err);
}

void campaign_note_sizes(struct campaign *c, struct policy_stats *stats)
{
	const struct rt_result *r = &c->warm.shared->result;

	if (r->most_steps > c->most_steps)
		c->most_steps = r->most_steps;
	c->all_steps += r->all_steps;
	if (r->most_threads > c->most_threads)
		c->most_threads = r->most_threads;
	if (r->most_steps > stats->steps)
		stats->steps = r->most_steps;
	if (r->most_threads > stats->threads)
		stats->threads = r->most_threads;
	c->processes |= r->processes;
}

bool campaign_prepare_more(struct campaign *c)
{
	if (c->warm.shared->result.ending != RT_END_THREADS || c->prepared >= RT_MAX_THREADS)
		return false;
	c->prepared = c->prepared * 4 < RT_MAX_THREADS ? c->prepared * 4 : RT_MAX_THREADS;
	return true;
}

/*
 * What processes do is nobody's decision, and what their schedules show besides, a
 * few show: a campaign that is limited has no more of them. They take milliseconds.
 */
static uint64_t schedules_of(const struct campaign *c)
{
	enum { WITH_PROCESSES = 200 };
	const struct campaign_options *o = c->options;
	const bool few = c->processes && o->all_steps && o->iterations > WITH_PROCESSES;

	return few ? WITH_PROCESSES : o->iterations;
}

// `size` schedules of a policy, counted in `stats`.
static int batch(struct campaign *c, const struct turn *turn, uint64_t size,
		 struct policy_stats *stats, struct err *err)
{
	const struct campaign_options *o = c->options;
	struct rt_request *request = &c->warm.shared->request;
	const struct rt_result *r = &c->warm.shared->result;
	const uint64_t most = schedules_of(c);
	const uint64_t end = c->done + size < most ? c->done + size : most;

	while (c->done < end) {
		*request = (struct rt_request){
			.policy = turn->policy,
			.depth = turn->depth,
			.iterations = (uint32_t)(end - c->done),
			.seed = o->seed + (c->done + 1) * 0x9e3779b97f4a7c15,
			.max_steps = o->max_steps,
			.steps = c->most_steps,
			.threads = c->prepared,
			.wall_ms = o->wall_ms,
			.early_timeouts = true,
			.spurious = true,
		};
		if (warm_request(&c->warm, err)) {
			c->done += r->iterations;
			stats->iterations += r->iterations;
			return -1;
		}
		campaign_note_sizes(c, stats);
		if (campaign_prepare_more(c)) {
			c->done += r->iterations - 1;
			stats->iterations += r->iterations - 1;
			continue;
		}
		c->done += r->iterations;
		stats->iterations += r->iterations;
		if (take_news(c, turn, err))
			return -1;
	}
	return 0;
}

// PCT wants to know n and k: the iteration that measures them is no sample of it.
static int measure(struct campaign *c, struct err *err)
{
	const struct turn turn = { RT_POLICY_RANDOM, 0 };
	struct policy_stats nobodys = { 0 };

	return batch(c, &turn, 1, &nobodys, err);
}

static uint64_t all_steps_of(const struct campaign_options *options)
{
	return options->all_steps ? options->all_steps : UINT64_MAX;
}

/*
 * After the first round, when what random schedules find soon is found, a small
 * share goes to a search that can say "complete" of small programs.
 */
static int search_a_little(struct campaign *c, struct err *err)
{
	enum { ONE_IN = 10 };
	const struct campaign_options *o = c->options;
	const uint64_t left = o->iterations - c->done;
	const struct bounded_limits limits = { .schedules = o->search < left ? o->search : left,
					       .steps = all_steps_of(o) / ONE_IN,
					       .cheap = true };

	if (!limits.schedules || c->processes || c->warm.shared->nr_uncontrolled)
		return 0;
	return bounded_search(c, &limits, err);
}

static int explore(struct campaign *c, struct err *err)
{
	const struct campaign_options *o = c->options;
	const uint64_t all_steps = all_steps_of(o);
	int rc = 0;

	if (o->strategy == STRATEGY_DFS)
		return bounded_search(
			c, &(struct bounded_limits){ o->iterations, all_steps, false }, err);
	if (o->strategy == STRATEGY_PCT)
		rc = measure(c, err);
	for (uint64_t number = 0; !rc && c->done < schedules_of(c) && c->all_steps < all_steps;
	     number++) {
		const struct turn turn = turn_of(o, number);

		if (o->strategy == STRATEGY_ALL && number == ARRAY_SIZE(portfolio))
			rc = search_a_little(c, err);
		if (!rc)
			rc = batch(c, &turn, size_of(number), stats_of(c, &turn), err);
	}
	return rc;
}

int campaign_run(struct campaign *c, const struct campaign_options *options, struct err *err)
{
	int rc;

	*c = (struct campaign){ .options = options, .warm = WARM_INIT, .prepared = FIRST_THREADS };
	c->program_hash = schedule_program_hash(options->argv[0], err);
	c->warm.stop = options->stop;
	if (!c->program_hash || warm_start(&c->warm, options->argv, err))
		return -1;
	rc = explore(c, err);
	if (!rc)
		rc = campaign_no_return(c, err);
	if (!c->warm.stopped)
		return rc;
	*err = (struct err)ERR_INIT;
	return 0;
}

void campaign_release(struct campaign *c)
{
	for (size_t i = 0; i < c->findings.nr; i++) {
		finding_release(&c->findings.items[i].finding);
		shown_release(&c->findings.items[i].shown);
	}
	for (size_t i = 0; i < c->outcomes.nr; i++) {
		free(c->outcomes.items[i].text);
		shown_release(&c->outcomes.items[i].shown);
	}
	free(c->findings.items);
	free(c->outcomes.items);
	survey_free(c->survey);
	free(c->program_hash);
	translator_release(&c->translator);
	warm_release(&c->warm);
}
