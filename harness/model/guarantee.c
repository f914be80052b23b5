#include "model/guarantee.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void guarantee_release(struct guarantee *guarantee)
{
	for (size_t i = 0; i < guarantee->policies.nr; i++)
		free(guarantee->policies.items[i].policy);
	free(guarantee->policies.items);
	free(guarantee->search);
	free(guarantee->left_out);
	free(guarantee->own);
	*guarantee = (struct guarantee){ 0 };
}

struct policy_stats *guarantee_stats(struct guarantee *guarantee, const char *policy,
				     unsigned depth)
{
	struct policy_stats *items = guarantee->policies.items;
	size_t at = 0;

	for (; at < guarantee->policies.nr && items[at].depth <= depth; at++)
		if (items[at].depth == depth && !strcmp(items[at].policy, policy))
			return &items[at];
	(void)VEC_PUSH(&guarantee->policies);
	items = &guarantee->policies.items[at];
	memmove(items + 1, items, (guarantee->policies.nr - 1 - at) * sizeof(*items));
	*items = (struct policy_stats){ .policy = xstrdup(policy), .depth = depth };
	return items;
}

static void raise_steps(struct policy_stats *stats, uint64_t steps)
{
	if (steps <= stats->steps)
		return;
	stats->steps = steps;
	stats->drawn = 0;
}

void policy_stats_draw(struct policy_stats *stats, uint64_t steps, uint64_t iterations)
{
	raise_steps(stats, steps);
	stats->iterations += iterations;
	if (steps == stats->steps)
		stats->drawn += iterations;
}

bool guarantee_samples(const struct guarantee *guarantee, uint64_t schedules)
{
	for (size_t i = 0; i < guarantee->policies.nr; i++)
		if (guarantee->policies.items[i].iterations)
			return guarantee->policies.items[i].iterations == schedules;
	return false;
}

static void add_stats(struct guarantee *guarantee, const struct policy_stats *from)
{
	struct policy_stats *to = guarantee_stats(guarantee, from->policy, from->depth);

	raise_steps(to, from->steps);
	to->iterations += from->iterations;
	if (from->steps == to->steps)
		to->drawn += from->drawn;
	to->irregular += from->irregular;
	if (from->threads > to->threads)
		to->threads = from->threads;
}

static void add_cut(struct guarantee_cut *to, const struct guarantee_cut *from)
{
	to->schedules += from->schedules;
	if (from->limit > to->limit)
		to->limit = from->limit;
}

void guarantee_add(struct guarantee *guarantee, const struct guarantee *from)
{
	char *both;

	for (size_t i = 0; i < from->policies.nr; i++)
		add_stats(guarantee, &from->policies.items[i]);
	guarantee->whole |= from->whole;
	add_cut(&guarantee->long_ones, &from->long_ones);
	add_cut(&guarantee->slow_ones, &from->slow_ones);
	if (!guarantee->left_out)
		guarantee->left_out = xstrdup(from->left_out);
	if (!guarantee->own)
		guarantee->own = xstrdup(from->own);
	// Searches that went the same way say the same.
	if (!from->search || (guarantee->search && strstr(guarantee->search, from->search)))
		return;
	both = guarantee->search ? xasprintf("%s; %s", guarantee->search, from->search)
				 : xstrdup(from->search);
	free(guarantee->search);
	guarantee->search = both;
}

static const char *separator(const struct strbuf *words)
{
	return words->len ? "; " : "";
}

/*
 * Of a policy without a bound of its own only the rule of three can be said: what
 * m samples did not show has, with 95 % confidence, a rate below 3/m.
 */
static void add_sampled(const struct policy_stats *stats, struct strbuf *words)
{
	strbuf_addf(words,
		    "%s%llu schedules of %s: what they did not show has a rate below "
		    "%.2g there (95 %%)",
		    separator(words), (unsigned long long)stats->iterations, stats->policy,
		    3.0 / (double)stats->iterations);
}

// Iterations that PCT's theorem holds for: depth 1 takes no k.
static uint64_t bounding(const struct policy_stats *stats)
{
	return stats->depth > 1 ? stats->drawn : stats->iterations;
}

/*
 * PCT hits a bug of depth d in one iteration with probability at least
 * 1/(n k^(d-1)) (Burckhardt et al., ASPLOS 2010), if no iteration has more than the k
 * steps that it was drawn with; m iterations all miss it with at most (1 - that)^m.
 */
static double missed(const struct policy_stats *stats)
{
	double hit = 1 / ((double)stats->threads * pow((double)stats->steps, stats->depth - 1));

	return pow(1 - hit, (double)bounding(stats));
}

static bool bounds_little(const struct policy_stats *stats)
{
	static const double next_to_nothing = 0.99;

	return stats->depth && stats->iterations && missed(stats) > next_to_nothing;
}

static bool bounds_something(const struct policy_stats *stats)
{
	return stats->depth && stats->iterations && !bounds_little(stats);
}

static void add_bounded(const struct policy_stats *stats, struct strbuf *words)
{
	strbuf_addf(words,
		    "%s%llu of %s, n %llu, k %llu: a bug of depth %u is missed with probability "
		    "at most %.2g",
		    separator(words), (unsigned long long)bounding(stats), stats->policy,
		    (unsigned long long)stats->threads, (unsigned long long)stats->steps,
		    stats->depth, missed(stats));
}

// What the bounds of `first`'s policy leave out, when it is the first of them that has one.
static void add_left_out(const struct guarantee *guarantee, size_t first, struct strbuf *words)
{
	const struct policy_stats *items = guarantee->policies.items;
	uint64_t smaller = 0, irregular = 0;

	for (size_t i = 0; i < guarantee->policies.nr; i++) {
		if (!bounds_something(&items[i]) || strcmp(items[i].policy, items[first].policy))
			continue;
		if (i < first)
			return;
		smaller += items[i].iterations - bounding(&items[i]);
		irregular += items[i].irregular;
	}
	if (smaller)
		strbuf_addf(words, "%s%llu more of %s %s drawn with a smaller k and %s not count",
			    separator(words), (unsigned long long)smaller, items[first].policy,
			    smaller == 1 ? "was" : "were", smaller == 1 ? "does" : "do");
	if (irregular)
		strbuf_addf(words,
			    "%s%llu of %s had rests, early time-outs or spurious wake-ups, which "
			    "are outside its theorem",
			    separator(words), (unsigned long long)irregular, items[first].policy);
}

// Those of `first`'s policy, when it is the first of them that bounds little.
static void add_too_few(const struct guarantee *guarantee, size_t first, struct strbuf *words)
{
	const struct policy_stats *items = guarantee->policies.items;
	uint64_t few = 0;

	for (size_t i = 0; i < guarantee->policies.nr; i++) {
		if (!bounds_little(&items[i]) || strcmp(items[i].policy, items[first].policy))
			continue;
		if (i < first)
			return;
		few += items[i].iterations;
	}
	strbuf_addf(words, "%s%llu of %s are too few to bound bugs of depth %u or more",
		    separator(words), (unsigned long long)few, items[first].policy,
		    items[first].depth);
}

static void add_policies(const struct guarantee *guarantee, struct strbuf *words)
{
	const struct policy_stats *items = guarantee->policies.items;

	for (size_t i = 0; i < guarantee->policies.nr; i++)
		if (items[i].iterations && !bounds_little(&items[i]))
			(items[i].depth ? add_bounded : add_sampled)(&items[i], words);
	for (size_t i = 0; i < guarantee->policies.nr; i++)
		if (bounds_something(&items[i]))
			add_left_out(guarantee, i, words);
	for (size_t i = 0; i < guarantee->policies.nr; i++)
		if (bounds_little(&items[i]))
			add_too_few(guarantee, i, words);
}

// Why they were ended, and what to do.
static void say_cut(const struct guarantee_cut *cut, const char *why, struct strbuf *words)
{
	if (cut->schedules)
		strbuf_addf(words, "%s%llu schedule%s ended after %llu %s", separator(words),
			    (unsigned long long)cut->schedules,
			    cut->schedules == 1 ? " was" : "s were", (unsigned long long)cut->limit,
			    why);
}

char *guarantee_text(const struct guarantee *guarantee)
{
	struct strbuf words = STRBUF_INIT;

	strbuf_addstr(&words, guarantee->search ? guarantee->search : "");
	add_policies(guarantee, &words);
	say_cut(&guarantee->long_ones, "steps (--max-steps N allows more, --scale N needs fewer)",
		&words);
	say_cut(&guarantee->slow_ones, "s (it waits or loops where nothing is controlled)", &words);
	if (guarantee->left_out)
		strbuf_addf(&words, "%sleft out by request: %s", separator(&words),
			    guarantee->left_out);
	if (guarantee->own)
		strbuf_addf(&words, "%snot controlled, because the program has its own: %s",
			    separator(&words), guarantee->own);
	return strbuf_detach(&words);
}

static json_t *stats_to_json(const struct policy_stats *stats)
{
	return json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I}", "policy", stats->policy, "depth",
			 (json_int_t)stats->depth, "iterations", (json_int_t)stats->iterations,
			 "steps", (json_int_t)stats->steps, "drawn", (json_int_t)stats->drawn,
			 "threads", (json_int_t)stats->threads, "irregular",
			 (json_int_t)stats->irregular);
}

static uint64_t natural(json_int_t number)
{
	return number < 0 ? 0 : (uint64_t)number;
}

static void stats_from_json(const json_t *json, struct guarantee *guarantee)
{
	const struct policy_stats stats = {
		.policy = (char *)text_of(json, "policy"),
		.depth = (unsigned)natural(number_of(json, "depth")),
		.iterations = natural(number_of(json, "iterations")),
		.steps = natural(number_of(json, "steps")),
		.drawn = natural(number_of(json, "drawn")),
		.threads = natural(number_of(json, "threads")),
		.irregular = natural(number_of(json, "irregular")),
	};

	// Nothing happens in no step of no thread.
	if (*stats.policy && stats.steps && stats.threads && stats.drawn <= stats.iterations)
		add_stats(guarantee, &stats);
}

json_t *guarantee_to_json(const struct guarantee *guarantee)
{
	json_t *policies = json_array();
	json_t *json = json_pack(
		"{s:o,s:[I,I,I,I]}", "policies", policies, "cut",
		(json_int_t)guarantee->long_ones.schedules, (json_int_t)guarantee->long_ones.limit,
		(json_int_t)guarantee->slow_ones.schedules, (json_int_t)guarantee->slow_ones.limit);

	for (size_t i = 0; i < guarantee->policies.nr; i++)
		json_array_append_new(policies, stats_to_json(&guarantee->policies.items[i]));
	if (guarantee->whole)
		json_object_set_new(json, "whole", json_true());
	if (guarantee->search)
		json_object_set_new(json, "search", json_string(guarantee->search));
	set_text(json, "left_out", guarantee->left_out);
	set_text(json, "own", guarantee->own);
	return json;
}

static uint64_t cut_at(const json_t *cut, size_t i)
{
	return natural(json_integer_value(json_array_get(cut, i)));
}

void guarantee_from_json(const json_t *json, struct guarantee *guarantee)
{
	const json_t *cut = json_object_get(json, "cut"), *stats;
	size_t i;

	*guarantee = (struct guarantee){
		.long_ones = { cut_at(cut, 0), cut_at(cut, 1) },
		.slow_ones = { cut_at(cut, 2), cut_at(cut, 3) },
		.whole = json_is_true(json_object_get(json, "whole")),
		.search = xstrdup(json_string_value(json_object_get(json, "search"))),
		.left_out = xstrdup(json_string_value(json_object_get(json, "left_out"))),
		.own = xstrdup(json_string_value(json_object_get(json, "own"))),
	};
	json_array_foreach (json_object_get(json, "policies"), i, stats) {
		stats_from_json(stats, guarantee);
	}
}
