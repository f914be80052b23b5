#include "base/mem.h"
#include "claims/claim.h"
#include "claims/claims_options.h"
#include "claims/measure.h"
#include "claims/workers.h"
#include "test/support.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 8 };

// As little work as there can be: what is measured does not matter here, only that it is.
static const struct scale tiny = {
	.second_ns = 1000,
	.loop_steps = 10,
	.turn_steps = 3,
	.lock_steps = 10,
	.makes = 2,
	.round_trips = 3,
};

static void every_variant_is_measured(void)
{
	for (size_t i = 0; i < nr_claims; i++) {
		struct sample *samples = xcalloc(2 * claims[i]->nr_variants, sizeof(*samples));
		struct err err = ERR_INIT;

		CHECK_NUMBER(claim_measure(claims[i], &tiny, 2, samples, &err), 0);
		CHECK_TEXT(err.text, "");
		for (size_t k = 0; k < 2 * claims[i]->nr_variants; k++)
			CU_ASSERT(samples[k].seconds > 0 && samples[k].cpus >= 0);
		free(samples);
	}
}

static int cannot(const struct scale *scale, const void *arg, struct sample *sample,
		  struct err *err)
{
	(void)scale;
	(void)arg;
	(void)sample;
	return err_harness(err, "no more threads");
}

static void what_cannot_be_measured_says_where(void)
{
	static const struct claim_variant variants[] = { { "ten threads", 0, 0, cannot, NULL } };
	static const struct claim claim = { .name = "c", .variants = variants, .nr_variants = 1 };
	struct sample samples[5];
	struct err err = ERR_INIT;

	CHECK_NUMBER(claim_measure(&claim, &tiny, 5, samples, &err), -1);
	CHECK_TEXT(err.text, "c, ten threads: no more threads");
	CHECK_NUMBER(err.class, ERR_HARNESS);
}

static void count(void *ctx, unsigned index)
{
	atomic_fetch_add((atomic_int *)ctx, 1 << index);
}

static void each_worker_works_once(void)
{
	static const enum how ways[] = { IN_TURN, IN_THREADS, IN_PROCESSES };
	struct err err = ERR_INIT;
	atomic_int *seen = shared_alloc(sizeof(*seen), &err);
	struct sample sample;

	CU_ASSERT_PTR_NOT_NULL(seen);
	for (size_t i = 0; seen && i < ARRAY_SIZE(ways); i++) {
		*seen = 0;
		CHECK_NUMBER(workers_run(ways[i], 3, count, seen, &sample, &err), 0);
		CHECK_NUMBER(*seen, 7);
		CU_ASSERT(sample.seconds > 0);
		CHECK_NUMBER(workers_run(ways[i], 3, count, seen, NULL, &err), 0);
		CHECK_NUMBER(*seen, 14);
	}
	if (seen)
		shared_free(seen, sizeof(*seen));
}

static void leave(void *ctx, unsigned index)
{
	if (index == *(const unsigned *)ctx)
		_exit(5);
}

static void die(void *ctx, unsigned index)
{
	(void)ctx;
	(void)index;
	raise(SIGKILL);
}

static void a_worker_that_ends_badly_is_an_error(void)
{
	struct err err = ERR_INIT;
	unsigned who = 1;

	CHECK_NUMBER(workers_run(IN_PROCESSES, 3, leave, &who, NULL, &err), -1);
	CHECK_TEXT(err.text, "a child exited with code 5");
	CHECK_NUMBER(workers_run(IN_PROCESSES, 1, die, NULL, NULL, &err), -1);
	CHECK_TEXT(err.text, "a child was killed by signal 9");
	CHECK_NUMBER(workers_run(IN_THREADS, WORKERS_MAX + 1, die, NULL, NULL, &err), -1);
	CHECK_HAS(err.text, "are more than 8");
}

static int parse(struct claims_options *options, const char *const *words, struct err *err)
{
	char *argv[MOST];
	int argc = 0;

	*err = (struct err)ERR_INIT;
	argv[argc++] = (char *)"claims";
	while (*words)
		argv[argc++] = (char *)*words++;
	argv[argc] = NULL;
	return claims_options_parse(options, argc, argv, err);
}

#define PARSE(...) parse(&o, (const char *const[]){ __VA_ARGS__, NULL }, &err)

static void options_say_what_is_measured(void)
{
	struct claims_options o;
	struct err err;

	CHECK_NUMBER(parse(&o, (const char *const[]){ NULL }, &err), 0);
	CHECK_NUMBER(o.repetitions, 5);
	CHECK_NUMBER(o.chosen, (1u << nr_claims) - 1);
	CU_ASSERT(!o.json && !o.help);
	CHECK_NUMBER(PARSE("--claim", "io-bound", "--claim=pool-rounds", "--repetitions", "9"), 0);
	CHECK_NUMBER(o.chosen, 1u << 1 | 1u << 3);
	CHECK_NUMBER(o.repetitions, 9);
	CHECK_NUMBER(PARSE("--json", "-h"), 0);
	CU_ASSERT(o.json && o.help);
}

static void wrong_options_are_named(void)
{
	static const struct {
		const char *words[3];
		const char *message;
	} rows[] = {
		{ { "--repetitions", "4" }, "--repetitions: '4' is not an integer from 5 to 101" },
		{ { "--repetitions", "1000" }, "'1000' is not an integer" },
		{ { "--repetitions", "5x" }, "'5x' is not an integer" },
		{ { "--repetitions", "" }, "'' is not an integer" },
		{ { "--repetitions" }, "--repetitions: needs a value" },
		{ { "--claim", "io" }, "unknown claim 'io'; choose from cpu-bound, io-bound, " },
		{ { "--claim" }, "--claim: needs a value" },
		{ { "--jsonl" }, "--jsonl: unknown option" },
		{ { "-x" }, "-x: unknown option" },
		{ { "--json=1" }, "--json=1: " },
		{ { "io-bound" }, "'io-bound': unexpected argument" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct claims_options o;
		struct err err;

		CHECK_NUMBER(parse(&o, rows[i].words, &err), -1);
		CHECK_HAS(err.text, rows[i].message);
		CHECK_NUMBER(err.class, ERR_INPUT);
	}
}

void suite_claims_run(void)
{
	static const struct test_case cases[] = {
		// First: Valgrind finds stacks of threads that were "lost" in a child that is
		// killed.
		{ "a worker that ends badly is an error", a_worker_that_ends_badly_is_an_error },
		{ "every variant is measured", every_variant_is_measured },
		{ "what cannot be measured says where", what_cannot_be_measured_says_where },
		{ "each worker works once", each_worker_works_once },
		{ "options say what is measured", options_say_what_is_measured },
		{ "wrong options are named", wrong_options_are_named },
	};

	test_suite("claims_run", cases, ARRAY_SIZE(cases));
}
