#include "model/guarantee.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void claim_release(struct claim *claim)
{
	free(claim->search);
	*claim = (struct claim){ 0 };
}

static void add_share(struct claim_share *to, const struct claim_share *from)
{
	to->iterations += from->iterations;
	if (from->steps > to->steps)
		to->steps = from->steps;
	if (from->threads > to->threads)
		to->threads = from->threads;
}

static void add_cut(struct claim_cut *to, const struct claim_cut *from)
{
	to->schedules += from->schedules;
	if (from->limit > to->limit)
		to->limit = from->limit;
}

void claim_add(struct claim *claim, const struct claim *from)
{
	char *both;

	add_share(&claim->random, &from->random);
	add_share(&claim->pos, &from->pos);
	for (size_t d = 0; d < ARRAY_SIZE(claim->pct); d++)
		add_share(&claim->pct[d], &from->pct[d]);
	add_cut(&claim->long_ones, &from->long_ones);
	add_cut(&claim->slow_ones, &from->slow_ones);
	// Searches that went the same way say the same.
	if (!from->search || (claim->search && strstr(claim->search, from->search)))
		return;
	both = claim->search ? xasprintf("%s; %s", claim->search, from->search)
			     : xstrdup(from->search);
	free(claim->search);
	claim->search = both;
}

static const char *next(const struct strbuf *words)
{
	return words->len ? "; " : "";
}

/*
 * Of a policy without a bound of its own only the rule of three can be said: what
 * m samples did not show has, with 95 % confidence, a rate below 3/m.
 */
static void add_sampled(const struct claim_share *share, const char *name, struct strbuf *words)
{
	if (share->iterations)
		strbuf_addf(words,
			    "%s%llu schedules of %s: what they did not show has a rate below "
			    "%.2g there (95 %%)",
			    next(words), (unsigned long long)share->iterations, name,
			    3.0 / (double)share->iterations);
}

/*
 * PCT hits a bug of depth d in one iteration with probability at least
 * 1/(n k^(d-1)) (Burckhardt et al., ASPLOS 2010); m iterations all miss it with
 * at most (1 - that)^m.
 */
static double missed(const struct claim_share *share, int depth)
{
	double hit = 1 / ((double)share->threads * pow((double)share->steps, depth - 1));

	return pow(1 - hit, (double)share->iterations);
}

static void add_pct(const struct claim *claim, struct strbuf *words)
{
	static const double next_to_nothing = 0.99;
	uint64_t few = 0;
	int least = 0;

	for (int d = 1; d <= CLAIM_MOST_DEPTH; d++) {
		const struct claim_share *s = &claim->pct[d];

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
			    next(words), (unsigned long long)s->iterations,
			    (unsigned long long)s->threads, (unsigned long long)s->steps, d,
			    missed(s, d));
	}
	if (few)
		strbuf_addf(words, "%s%llu of PCT are too few to bound bugs of depth %d or more",
			    next(words), (unsigned long long)few, least);
}

// Why they were ended, and what to do.
static void say_cut(const struct claim_cut *cut, const char *why, struct strbuf *words)
{
	if (cut->schedules)
		strbuf_addf(words, "%s%llu schedule%s ended after %llu %s", next(words),
			    (unsigned long long)cut->schedules,
			    cut->schedules == 1 ? " was" : "s were", (unsigned long long)cut->limit,
			    why);
}

char *claim_words(const struct claim *claim)
{
	struct strbuf words = STRBUF_INIT;

	strbuf_addstr(&words, claim->search ? claim->search : "");
	add_sampled(&claim->random, "random walk", &words);
	add_sampled(&claim->pos, "POS", &words);
	add_pct(claim, &words);
	say_cut(&claim->long_ones, "steps (--max-steps N allows more, --scale N needs fewer)",
		&words);
	say_cut(&claim->slow_ones, "s (it waits or loops where nothing is controlled)", &words);
	return strbuf_detach(&words);
}

static json_t *share_to_json(const struct claim_share *share)
{
	return json_pack("[I,I,I]", (json_int_t)share->iterations, (json_int_t)share->steps,
			 (json_int_t)share->threads);
}

static uint64_t number_at(const json_t *json, size_t i)
{
	json_int_t number = json_integer_value(json_array_get(json, i));

	return number < 0 ? 0 : (uint64_t)number;
}

static struct claim_share share_from_json(const json_t *json)
{
	struct claim_share share = { number_at(json, 0), number_at(json, 1), number_at(json, 2) };

	// Nothing happens in no step of no thread.
	return share.steps && share.threads ? share : (struct claim_share){ 0 };
}

json_t *claim_to_json(const struct claim *claim)
{
	json_t *json = json_pack("{s:o,s:o}", "random", share_to_json(&claim->random), "pos",
				 share_to_json(&claim->pos));
	json_t *pct = json_array();
	size_t most = CLAIM_MOST_DEPTH;

	while (most && !claim->pct[most].iterations)
		most--;
	for (size_t d = 1; d <= most; d++)
		json_array_append_new(pct, share_to_json(&claim->pct[d]));
	json_object_set_new(json, "pct", pct);
	json_object_set_new(json, "cut",
			    json_pack("[I,I,I,I]", (json_int_t)claim->long_ones.schedules,
				      (json_int_t)claim->long_ones.limit,
				      (json_int_t)claim->slow_ones.schedules,
				      (json_int_t)claim->slow_ones.limit));
	if (claim->search)
		json_object_set_new(json, "search", json_string(claim->search));
	return json;
}

void claim_from_json(const json_t *json, struct claim *claim)
{
	const json_t *pct = json_object_get(json, "pct");
	const json_t *cut = json_object_get(json, "cut");
	const char *search = json_string_value(json_object_get(json, "search"));

	*claim = (struct claim){
		.random = share_from_json(json_object_get(json, "random")),
		.pos = share_from_json(json_object_get(json, "pos")),
		.long_ones = { number_at(cut, 0), number_at(cut, 1) },
		.slow_ones = { number_at(cut, 2), number_at(cut, 3) },
		.search = search ? xstrdup(search) : NULL,
	};
	for (size_t d = 1; d < ARRAY_SIZE(claim->pct); d++)
		claim->pct[d] = share_from_json(json_array_get(pct, d - 1));
}
