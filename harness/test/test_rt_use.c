#include "test/rt_use.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENOUGH_TO_TRUST = 2000, ENOUGH_TO_FIND = 5000, AT_ONCE = 25 };

static const enum rt_policy_id by_chance[] = { RT_POLICY_RANDOM, RT_POLICY_PCT, RT_POLICY_POS };

static const char *words_of(const struct explored *e, const char *program, const char *use)
{
	static char words[8400];

	snprintf(words, sizeof(words), "%s %s: %s", program, use, explored_words(e));
	return words;
}

// ci/mutants.sh runs the suites many hundred times, each with fewer iterations.
static uint64_t use_iterations(void)
{
	const char *fewer = getenv("RACEGATE_TEST_ITERATIONS");

	return fewer ? strtoull(fewer, NULL, 10) : ENOUGH_TO_TRUST;
}

void use_has_outcomes(const char *program, const char *use, const char *const *outcomes,
		      unsigned nr)
{
	struct explored e;
	uint64_t sum = 0;

	explored_start(&e, program, use);
	for (size_t i = 0; i < ARRAY_SIZE(by_chance); i++)
		explored_run(&e, by_chance[i], 1, use_iterations());
	for (unsigned i = 0; i < nr; i++) {
		CHECK_AT(words_of(&e, program, use), explored_outcome(&e, outcomes[i]) > 0);
		sum += explored_outcome(&e, outcomes[i]);
	}
	CHECK_AT(words_of(&e, program, use), sum == e.iterations);
	CHECK_AT(words_of(&e, program, use), e.nr_findings == 0);
	explored_end(&e);
}

void use_is_right(const char *program, const char *use, const char *outcome)
{
	use_has_outcomes(program, use, &outcome, 1);
}

void use_always(const char *program, const char *use, const char *outcome,
		enum rt_finding_kind kind)
{
	enum { ITERATIONS = 20 };
	struct explored e;

	explored_start(&e, program, use);
	for (size_t i = 0; i < ARRAY_SIZE(by_chance); i++)
		for (unsigned k = 0; k < ITERATIONS; k++) {
			const struct rt_result *r = &e.warm.shared->result;

			explored_run(&e, by_chance[i], k, 1);
			CHECK_AT(use, (r->nr_findings ? r->findings[0].kind : RT_FOUND_NR) == kind);
		}
	CHECK_AT(words_of(&e, program, use), explored_outcome(&e, outcome) == e.iterations);
	explored_end(&e);
}

// A process of its own for each policy: nothing that another one found counts.
struct rt_finding use_found(const char *program, const char *use, enum rt_finding_kind kind)
{
	struct rt_finding found = { .kind = RT_FOUND_NR };

	for (size_t i = 0; i < ARRAY_SIZE(by_chance); i++) {
		struct explored e;

		explored_start(&e, program, use);
		while (e.iterations < ENOUGH_TO_FIND && !explored_finding(&e, kind))
			explored_run(&e, by_chance[i], e.iterations, AT_ONCE);
		CHECK_AT(words_of(&e, program, use), explored_finding(&e, kind) != NULL);
		if (explored_finding(&e, kind))
			found = *explored_finding(&e, kind);
		explored_end(&e);
	}
	return found;
}

void use_is_found(const char *program, const char *use, enum rt_finding_kind kind)
{
	use_found(program, use, kind);
}

void use_comes_to(const char *program, const char *use, const char *outcome)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_chance); i++) {
		struct explored e;

		explored_start(&e, program, use);
		while (e.iterations < ENOUGH_TO_FIND && !explored_outcome(&e, outcome))
			explored_run(&e, by_chance[i], e.iterations, AT_ONCE);
		CHECK_AT(words_of(&e, program, use), explored_outcome(&e, outcome) > 0);
		explored_end(&e);
	}
}
