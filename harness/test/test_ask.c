/*
 * Directed campaigns: whether threads come to the places of a report, and what orders
 * them there. In each schedule of ordered.c both threads come to both places, so no
 * answer is a matter of chance, but for who is first.
 */
#include "explore/ask.h"
#include "test/campaigned.h"

enum { ASKED = 100 };

// The line of the fixture that has the comment.
static int line_of(const char *comment)
{
	struct strbuf source = STRBUF_INIT;
	struct err err = ERR_INIT;
	const char *found;
	int line = 1;

	CU_ASSERT_EQUAL_FATAL(fs_read(test_fixture("explore/ordered.c"), 0, &source, &err), 0);
	found = strstr(source.buf, comment);
	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	for (const char *p = source.buf; p < found; p++)
		line += *p == '\n';
	strbuf_release(&source);
	return line;
}

// What the campaign answers about two places, or one (`other` NULL), named by their comments.
static struct witness answer(const char *use, const char *one, const char *other)
{
	struct witness question = { .places = { { "ordered.c", line_of(one) } } };
	struct witness_list asked = { .items = &question, .nr = 1 };
	struct run run;

	if (other)
		question.places[1] = (struct witness_place){ "ordered.c", line_of(other) };
	run_with(&run, "ordered", use,
		 (struct campaign_options){ .iterations = ASKED, .seed = 1, .asked = &asked });
	run_end(&run);
	CHECK_NUMBER(question.schedules, ASKED);
	return question;
}

static void rests_on(const char *use, enum means means)
{
	const struct witness w = answer(use, "// put", "// get");

	CHECK_AT(use, w.met > 0);
	CHECK_AT(use, w.contested == 0);
	for (int m = 0; m < MEANS_NR; m++)
		CHECK_AT(use, (w.means[m] > 0) == (m == (int)means));
}

static void the_means_is_named_that_alone_orders_two_accesses(void)
{
	rests_on("atomics", MEANS_ATOMICS);
	rests_on("c11-mutex", MEANS_C11);
	rests_on("once", MEANS_C11);
	rests_on("robust", MEANS_RECOVERY);
}

static void what_pthreads_order_rests_on_nothing_else(void)
{
	rests_on("mutex", MEANS_NR);
	rests_on("both", MEANS_NR);
}

static void fences_are_named_beside_the_atomics_that_they_order(void)
{
	const struct witness w = answer("fences", "// put", "// get");

	CHECK_NUMBER(w.met, ASKED);
	CHECK_NUMBER(w.contested, 0);
	CHECK_NUMBER(w.means[MEANS_ATOMICS], ASKED);
	CHECK_NUMBER(w.means[MEANS_FENCES], ASKED);
}

static void a_race_that_the_explorer_finds_is_said(void)
{
	const struct witness w = answer("relaxed", "// put", "// get");

	CHECK_NUMBER(w.met, ASKED);
	CHECK_NUMBER(w.contested, ASKED);
}

static void a_lock_of_a_cancelled_thread_is_known_where_it_is_given_back(void)
{
	const struct witness w = answer("cancelled", "// give", NULL);

	CU_ASSERT_TRUE(w.met > 0);
	CHECK_NUMBER(w.contested, 0);
	CHECK_NUMBER(w.means[MEANS_CANCELLATION], w.met);
}

static void one_place_of_a_race_is_enough(void)
{
	const struct witness w = answer("atomics", "// get", NULL);

	CHECK_NUMBER(w.met, ASKED);
	CHECK_NUMBER(w.means[MEANS_ATOMICS], ASKED);
}

static void a_place_where_nobody_comes_is_not_met(void)
{
	const struct witness w = answer("mutex", "// give", "// put");

	CHECK_NUMBER(w.met, 0);
	CHECK_NUMBER(w.contested, 0);
}

void suite_ask(void)
{
	static const struct test_case cases[] = {
		{ "the means is named that alone orders two accesses",
		  the_means_is_named_that_alone_orders_two_accesses },
		{ "what pthreads order rests on nothing else",
		  what_pthreads_order_rests_on_nothing_else },
		{ "fences are named beside the atomics that they order",
		  fences_are_named_beside_the_atomics_that_they_order },
		{ "a race that the explorer finds is said",
		  a_race_that_the_explorer_finds_is_said },
		{ "a lock of a cancelled thread is known where it is given back",
		  a_lock_of_a_cancelled_thread_is_known_where_it_is_given_back },
		{ "one place of a race is enough", one_place_of_a_race_is_enough },
		{ "a place where nobody comes is not met", a_place_where_nobody_comes_is_not_met },
	};

	test_suite("ask", cases, ARRAY_SIZE(cases));
}
