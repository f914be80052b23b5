#include "model/guarantee.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void guarantee_release(struct guarantee *guarantee)
{
	free(guarantee->search);
	*guarantee = (struct guarantee){ 0 };
}

static void add_stats(struct policy_stats *to, const struct policy_stats *from)
{
	to->iterations += from->iterations;
	if (from->steps > to->steps)
		to->steps = from->steps;
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

	add_stats(&guarantee->random, &from->random);
	add_stats(&guarantee->pos, &from->pos);
	for (size_t d = 0; d < ARRAY_SIZE(guarantee->pct); d++)
		add_stats(&guarantee->pct[d], &from->pct[d]);
	add_cut(&guarantee->long_ones, &from->long_ones);
	add_cut(&guarantee->slow_ones, &from->slow_ones);
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
static void add_sampled(const struct policy_stats *stats, const char *name, struct strbuf *words)
{
	if (stats->iterations)
		strbuf_addf(words,
			    "%s%llu schedules of %s: what they did not show has a rate below "
			    "%.2g there (95 %%)",
			    separator(words), (unsigned long long)stats->iterations, name,
			    3.0 / (double)stats->iterations);
}

/*
 * PCT hits a bug of depth d in one iteration with probability at least
 * 1/(n k^(d-1)) (Burckhardt et al., ASPLOS 2010); m iterations all miss it with
 * at most (1 - that)^m.
 */
static double missed(const struct policy_stats *stats, int depth)
{
	double hit = 1 / ((double)stats->threads * pow((double)stats->steps, depth - 1));

	return pow(1 - hit, (double)stats->iterations);
}

static void add_pct(const struct guarantee *guarantee, struct strbuf *words)
{
	static const double next_to_nothing = 0.99;
	uint64_t few = 0;
	int least = 0;

	for (int d = 1; d <= GUARANTEE_MOST_DEPTH; d++) {
		const struct policy_stats *s = &guarantee->pct[d];

		if (!s->iterations)
			continue;
		if (missed(s, d) > next_to_nothing) {
			few += s->iterations;
			least = least ? least : d;
			continue;
		}
		strbuf_addf(words,
			    "%s%llu of PCT, n %llu, k %llu: a bug of depth %d is missed with "
			    "probability at most %.2g",
			    separator(words), (unsigned long long)s->iterations,
			    (unsigned long long)s->threads, (unsigned long long)s->steps, d,
			    missed(s, d));
	}
	if (few)
		strbuf_addf(words, "%s%llu of PCT are too few to bound bugs of depth %d or more",
			    separator(words), (unsigned long long)few, least);
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
	add_sampled(&guarantee->random, "random walk", &words);
	add_sampled(&guarantee->pos, "POS", &words);
	add_pct(guarantee, &words);
	say_cut(&guarantee->long_ones, "steps (--max-steps N allows more, --scale N needs fewer)",
		&words);
	say_cut(&guarantee->slow_ones, "s (it waits or loops where nothing is controlled)", &words);
	return strbuf_detach(&words);
}

static json_t *stats_to_json(const struct policy_stats *stats)
{
	return json_pack("[I,I,I]", (json_int_t)stats->iterations, (json_int_t)stats->steps,
			 (json_int_t)stats->threads);
}

static uint64_t number_at(const json_t *json, size_t i)
{
	json_int_t number = json_integer_value(json_array_get(json, i));

	return number < 0 ? 0 : (uint64_t)number;
}

static struct policy_stats stats_from_json(const json_t *json)
{
	struct policy_stats stats = { number_at(json, 0), number_at(json, 1), number_at(json, 2) };

	// Nothing happens in no step of no thread.
	return stats.steps && stats.threads ? stats : (struct policy_stats){ 0 };
}

json_t *guarantee_to_json(const struct guarantee *guarantee)
{
	json_t *json = json_pack("{s:o,s:o}", "random", stats_to_json(&guarantee->random), "pos",
				 stats_to_json(&guarantee->pos));
	json_t *pct = json_array();
	size_t most = GUARANTEE_MOST_DEPTH;

	while (most && !guarantee->pct[most].iterations)
		most--;
	for (size_t d = 1; d <= most; d++)
		json_array_append_new(pct, stats_to_json(&guarantee->pct[d]));
	json_object_set_new(json, "pct", pct);
	json_object_set_new(json, "cut",
			    json_pack("[I,I,I,I]", (json_int_t)guarantee->long_ones.schedules,
				      (json_int_t)guarantee->long_ones.limit,
				      (json_int_t)guarantee->slow_ones.schedules,
				      (json_int_t)guarantee->slow_ones.limit));
	if (guarantee->search)
		json_object_set_new(json, "search", json_string(guarantee->search));
	return json;
}

void guarantee_from_json(const json_t *json, struct guarantee *guarantee)
{
	const json_t *pct = json_object_get(json, "pct");
	const json_t *cut = json_object_get(json, "cut");
	const char *search = json_string_value(json_object_get(json, "search"));

	*guarantee = (struct guarantee){
		.random = stats_from_json(json_object_get(json, "random")),
		.pos = stats_from_json(json_object_get(json, "pos")),
		.long_ones = { number_at(cut, 0), number_at(cut, 1) },
		.slow_ones = { number_at(cut, 2), number_at(cut, 3) },
		.search = search ? xstrdup(search) : NULL,
	};
	for (size_t d = 1; d < ARRAY_SIZE(guarantee->pct); d++)
		guarantee->pct[d] = stats_from_json(json_array_get(pct, d - 1));
}
