/*
 * Depth-first search with a bound on preemptions: on tiny programs it runs just
 * the schedules that can be counted without it, finds what needs so many
 * preemptions and no fewer, and says "complete" when that is true and not else.
 */
#include "test/searched.h"

static uint64_t choose(unsigned n, unsigned k)
{
	uint64_t c = 1;

	for (unsigned i = 1; i <= k; i++)
		c = k > n ? 0 : c * (n - k + i) / i;
	return c;
}

/*
 * Main creates a thread, which makes a steps, makes b steps itself, and joins it.
 * From the creation on there are two that can run. A scheduling point stands
 * before each step, so that whoever is chosen goes on to its next point:
 *
 *   - the thread is chosen n = a + 2 times: from its beginning to its first point,
 *     over each of its a steps, over its end;
 *   - main, up to where it has to wait, m = b + 2 times: over each of its b steps,
 *     over the read of the variable that names the thread, over the join. When the
 *     thread has not ended by then, only that can run; else only main can.
 *
 * So a schedule is a word of m times M and n times T, and without a bound there are
 * C(m + n, m) of them. Before the word main has run, from the creation to the
 * first of these decisions. With that as one more M in front, the word has i blocks
 * of M and j of T in turn, M first: j = i or j = i - 1. Each change from a block to
 * the next is a preemption, except that out of the last block of its thread, which
 * ends or waits there; that is the last change of the word. So i + j - 2 of them
 * are. m + 1 times M can be cut into i blocks in C(m, i - 1) ways and n times T into
 * j in C(n - 1, j - 1).
 */
static uint64_t words(unsigned m, unsigned n, unsigned preemptions)
{
	unsigned i = (preemptions + 3) / 2, j = preemptions + 2 - i;

	return choose(m, i - 1) * choose(n - 1, j - 1);
}

static void two_threads_have_as_many_schedules_as_words(void)
{
	static const struct {
		const char *arg;
		unsigned m, n;
	} rows[] = { { "0x0", 2, 2 }, { "1x0", 2, 3 }, { "2x1", 3, 4 }, { "0x3", 5, 2 } };

	for (size_t k = 0; k < ARRAY_SIZE(rows); k++) {
		const unsigned m = rows[k].m, n = rows[k].n;
		uint64_t sum = 0;
		unsigned last = 0;
		struct run r;

		for (unsigned p = 0; words(m, n, p); p++) {
			sum += words(m, n, p);
			last = p;
			run(&r, "tiny", rows[k].arg, (int)p);
			says_complete(&r, p, sum,
				      words(m, n, p + 1) ? "" : ", and no schedule has more");
			run_end(&r);
		}
		CHECK_NUMBER(sum, choose(m + n, m));
		run(&r, "tiny", rows[k].arg, NO_BOUND);
		says_complete(&r, last, sum, ", and no schedule has more");
		CHECK_NUMBER(r.campaign.known.outcomes.nr, 1);
		CHECK_NUMBER(count(&r, ""), sum);
		run_end(&r);
	}
}

/*
 * The same by going through them, for main and two threads. Main: over the second
 * creation, read, join, read, join, and over its exit. A thread: as above.
 */
enum { CREATE, READ, JOIN_A, JOIN_B, EXIT, MAIN_OPS, THREADS = 3 };

struct model {
	unsigned at[THREADS], ends[THREADS]; // how often each was chosen, and can be
	bool created, waits;
};

static const int main_ops[] = { CREATE, READ, JOIN_A, READ, JOIN_B, EXIT };

static bool can_run(const struct model *m, unsigned thread)
{
	if (thread == 2 && !m->created)
		return false;
	return m->at[thread] < m->ends[thread] && !(thread == 0 && m->waits);
}

static bool ended(const struct model *m, unsigned thread)
{
	return m->at[thread] == m->ends[thread];
}

static void do_main(struct model *m)
{
	int op = main_ops[m->at[0]];

	if ((op == JOIN_A && !ended(m, 1)) || (op == JOIN_B && !ended(m, 2))) {
		m->waits = true;
		return;
	}
	m->created |= op == CREATE;
	m->at[0]++;
}

static void do_thread(struct model *m, unsigned thread)
{
	int awaited = main_ops[m->at[0]];

	m->at[thread]++;
	if (ended(m, thread) && awaited == (thread == 1 ? JOIN_A : JOIN_B))
		m->waits = false;
}

// Schedules with at most so many preemptions when `before` has run.
static uint64_t schedules(const struct model *m, unsigned before, unsigned preemptions)
{
	uint64_t sum = 0;

	if (ended(m, 0))
		return 1;
	for (unsigned t = 0; t < THREADS; t++) {
		const unsigned cost = t != before && can_run(m, before);
		struct model next = *m;

		if (!can_run(m, t) || cost > preemptions)
			continue;
		if (t)
			do_thread(&next, t);
		else
			do_main(&next);
		sum += schedules(&next, t, preemptions - cost);
	}
	return sum;
}

static void three_threads_have_as_many_schedules_as_a_model(void)
{
	static const struct {
		const char *arg;
		unsigned a, b;
		int most;
	} rows[] = { { "0+0", 0, 0, 4 }, { "2+1", 2, 1, 2 }, { "1+3", 1, 3, 1 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int k = 0; k <= rows[i].most; k++) {
			const struct model m = { .ends = { ARRAY_SIZE(main_ops), rows[i].a + 2,
							   rows[i].b + 2 } };
			struct run r;

			run(&r, "tiny", rows[i].arg, k);
			says_complete(&r, (unsigned)k, schedules(&m, 0, (unsigned)k), "");
			run_end(&r);
		}
}

// What is said of each budget: whole bounds only.
static void a_budget_too_small_is_never_called_complete(void)
{
	enum { M = 3, N = 3 };
	const uint64_t none = words(M, N, 0), one = none + words(M, N, 1),
		       two = one + words(M, N, 2);

	for (uint64_t budget = 1; budget <= two; budget++) {
		struct run r;
		char *whole = complete(1, one, "");

		run_limited(&r, "tiny", "1x1", 2, budget, 1000000);
		CHECK_NUMBER(r.campaign.known.done, budget);
		if (budget < none)
			says_why_not(&r, "the number of schedules was limited");
		else if (budget < one)
			CHECK_HAS(r.guarantee, "complete up to 0 preemptions");
		else if (budget < two)
			CHECK_HAS(r.guarantee, whole);
		else
			says_complete(&r, 2, two, "");
		if (budget > one && budget < two)
			CHECK_HAS(r.guarantee, "; up to 2 not: ");
		free(whole);
		run_end(&r);
	}
}

static void two_preemptions_are_found_with_two(void)
{
	const struct known_outcome *seen;
	struct run r;

	run(&r, "twice", NULL, 1);
	says_complete(&r, 1, r.campaign.known.done, "");
	CHECK_NUMBER(r.campaign.known.outcomes.nr, 1);
	CU_ASSERT_PTR_NULL(outcome(&r, "seen"));
	run_end(&r);
	run(&r, "twice", NULL, 2);
	says_complete(&r, 2, r.campaign.known.done, "");
	seen = outcome(&r, "seen");
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_TRUE(seen->shown.confirmed);
	CHECK_NUMBER(seen->shown.preemptions, 2);
	CHECK_HAS(seen->shown.schedule.found_by, "by dfs, ");
	// Each schedule is counted once, however often it was run.
	CHECK_NUMBER(count(&r, "seen") + count(&r, "not seen"), r.campaign.known.done);
	run_end(&r);
}

static void a_deadlock_by_lock_order_is_found_with_one(void)
{
	const struct known_outcome *hang;
	struct run r;

	run(&r, "abba", NULL, 0);
	says_complete(&r, 0, r.campaign.known.done, "");
	CHECK_NUMBER(r.campaign.known.findings.nr, 0);
	run_end(&r);
	run(&r, "abba", NULL, 1);
	says_complete(&r, 1, r.campaign.known.done, "");
	CHECK_NUMBER(r.campaign.known.findings.nr, 1);
	CHECK_NUMBER(r.campaign.known.findings.items[0].finding.kind, KIND_DEADLOCK);
	hang = outcome(&r, "[hang]");
	CU_ASSERT_PTR_NOT_NULL_FATAL(hang);
	CU_ASSERT_TRUE(hang->shown.confirmed);
	CHECK_NUMBER(hang->shown.preemptions, 1);
	run_end(&r);
}

/*
 * Two sleep and main wakes one of them, for nothing. Without preemptions: main
 * waits until both sleep; either begins (2 ways). Main wakes one, and waits for A
 * to end. When that is A, it wakes B and ends, and main and B can run: main goes on
 * to wait for B, or B ends first (2 ways). When it is B, it wakes A and ends, and
 * then only A can run. So A comes first in 2 * 2 schedules, B in 2 * 1.
 */
static void whoever_waits_may_be_woken(void)
{
	struct run r;

	run(&r, "tiny", "wake-one", 0);
	says_complete(&r, 0, 6, "");
	CHECK_NUMBER(count(&r, "1"), 4);
	CHECK_NUMBER(count(&r, "2"), 2);
	run_end(&r);
}

/*
 * Main sleeps first, as long as nobody preempts it, then the thread. Their time
 * comes at once; who has blocked last has no right to go on first.
 */
static void whoever_wakes_may_go_first(void)
{
	struct run r;

	run(&r, "tiny", "sleepers", 0);
	says_complete(&r, 0, 2, "");
	CHECK_NUMBER(count(&r, "1"), 1);
	CHECK_NUMBER(count(&r, "2"), 1);
	run_end(&r);
}

static void an_early_time_out_costs_like_a_preemption(void)
{
	struct run r;

	run(&r, "condvar", "timed", 0);
	says_complete(&r, 0, r.campaign.known.done, "");
	CHECK_NUMBER(count(&r, "item"), r.campaign.known.done);
	run_end(&r);
	run(&r, "condvar", "timed", 1);
	says_complete(&r, 1, r.campaign.known.done, "");
	CU_ASSERT(count(&r, "Connection timed out") > 0);
	run_end(&r);
}

void suite_bounded(void)
{
	static const struct test_case cases[] = {
		{ "two threads have as many schedules as words",
		  two_threads_have_as_many_schedules_as_words },
		{ "three threads have as many schedules as a model",
		  three_threads_have_as_many_schedules_as_a_model },
		{ "a budget too small is never called complete",
		  a_budget_too_small_is_never_called_complete },
		{ "two preemptions are found with two", two_preemptions_are_found_with_two },
		{ "a deadlock by lock order is found with one",
		  a_deadlock_by_lock_order_is_found_with_one },
		{ "whoever waits may be woken", whoever_waits_may_be_woken },
		{ "whoever wakes may go first", whoever_wakes_may_go_first },
		{ "an early time-out costs like a preemption",
		  an_early_time_out_costs_like_a_preemption },
	};

	test_suite("bounded", cases, ARRAY_SIZE(cases));
}
