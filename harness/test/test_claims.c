#include "base/mem.h"
#include "claims/claim.h"
#include "claims/figures.h"
#include "claims/grade.h"
#include "claims/output.h"
#include "test/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MADE_UP = 5, WIDTH = 80 };

// Made-up figures of a claim: the same in each round, unless a test changes them.
static struct sample *make_up(const struct claim *claim, const double *seconds, double cpus)
{
	struct sample *samples = xcalloc(ROUNDS_MADE_UP * claim->nr_variants, sizeof(*samples));

	for (size_t i = 0; i < ROUNDS_MADE_UP * claim->nr_variants; i++)
		samples[i] = (struct sample){ seconds[i % claim->nr_variants], cpus };
	return samples;
}

static void a_median_needs_no_order(void)
{
	static const double odd[] = { 5, 1, 4, 2, 3 }, even[] = { 4, 1, 2, 3, 9, 0 };
	struct span span = span_of(odd, ARRAY_SIZE(odd));

	CU_ASSERT_EQUAL(span.median, 3);
	CU_ASSERT_EQUAL(span.min, 1);
	CU_ASSERT_EQUAL(span.max, 5);
	CU_ASSERT_EQUAL(odd[0], 5);
	CU_ASSERT_EQUAL(span_of(even, ARRAY_SIZE(even)).median, 2.5);
	CU_ASSERT_EQUAL(span_of(odd, 1).median, 5);
}

// How many values the interval leaves out at each end, from the binomial distribution.
static void the_interval_leaves_out_what_it_may(void)
{
	static const size_t left_out[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3 };
	double values[20];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		values[i] = (double)i;
	for (size_t nr = 1; nr < ARRAY_SIZE(left_out); nr++) {
		struct span span = span_of(values, nr);

		CHECK_NUMBER(span.low, left_out[nr]);
		CHECK_NUMBER(span.high, nr - 1 - left_out[nr]);
	}
}

static void the_interval_holds_the_median(void)
{
	double values[101];

	for (size_t nr = 1; nr <= ARRAY_SIZE(values); nr++) {
		struct span span;

		for (size_t i = 0; i < nr; i++)
			values[i] = (double)(i * 7919 % 101);
		span = span_of(values, nr);
		CU_ASSERT(span.min <= span.low && span.low <= span.median);
		CU_ASSERT(span.median <= span.high && span.high <= span.max);
	}
}

static void an_interval_decides_only_on_one_side_of_the_bounds(void)
{
	static const struct {
		double low, high;
		enum decision half, no_gain;
	} rows[] = {
		{ 0.50, 0.52, DECISION_HOLDS, DECISION_FAILS },
		{ 0.50, 0.67, DECISION_HOLDS, DECISION_FAILS },
		{ 0.50, 0.70, DECISION_OPEN, DECISION_OPEN },
		{ 0.70, 0.80, DECISION_OPEN, DECISION_OPEN },
		{ 0.50, 1.00, DECISION_OPEN, DECISION_OPEN },
		{ 0.80, 1.00, DECISION_OPEN, DECISION_OPEN },
		{ 0.83, 1.00, DECISION_FAILS, DECISION_HOLDS },
		{ 1.00, 1.30, DECISION_FAILS, DECISION_HOLDS },
	};
	static const struct bounds half = HALF, no_gain = NO_GAIN;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct span ratio = { .low = rows[i].low, .high = rows[i].high };

		CHECK_NUMBER(bounds_decide(&half, &ratio), rows[i].half);
		CHECK_NUMBER(bounds_decide(&no_gain, &ratio), rows[i].no_gain);
	}
}

// In turn, two threads, the same under one lock, two processes.
static struct claim_grade grade_cpu_bound(const double *seconds, double had_cpus, int cpus)
{
	struct sample *samples = make_up(&claim_cpu_bound, seconds, had_cpus);
	struct claim_grade grade;

	grade_claim(&claim_cpu_bound, samples, ROUNDS_MADE_UP, cpus, &grade);
	free(samples);
	return grade;
}

static char *explanation(const struct claim_grade *grade, int cpus)
{
	struct strbuf text = STRBUF_INIT;

	grade_explain(&claim_cpu_bound, grade, cpus, &text);
	return strbuf_detach(&text);
}

static void the_seeds_own_figures_hold(void)
{
	struct claim_grade grade =
		grade_cpu_bound((const double[]){ 46.8, 43.9, 43.9, 23.3 }, 2, 2);
	char *why = explanation(&grade, 2);

	CHECK_NUMBER(grade.decision, DECISION_HOLDS);
	CU_ASSERT_DOUBLE_EQUAL(grade.variants[3].ratio.median, 23.3 / 46.8, 1e-9);
	CHECK_TEXT(why, claim_cpu_bound.why);
	free(why);
}

static void one_part_that_fails_decides(void)
{
	struct claim_grade grade = grade_cpu_bound((const double[]){ 0.2, 0.1, 0.2, 0.1 }, 2, 2);
	char *why = explanation(&grade, 2);

	CHECK_NUMBER(grade.parts[0].decision, DECISION_FAILS);
	CHECK_NUMBER(grade.parts[1].decision, DECISION_HOLDS);
	CHECK_NUMBER(grade.parts[2].decision, DECISION_HOLDS);
	CHECK_NUMBER(grade.decision, DECISION_FAILS);
	CHECK_TEXT(why, claim_cpu_bound.parts[0].why_not);
	free(why);

	// Even beside one that is open.
	grade = grade_cpu_bound((const double[]){ 0.2, 0.1, 0.15, 0.1 }, 2, 2);
	CHECK_NUMBER(grade.parts[1].decision, DECISION_OPEN);
	CHECK_NUMBER(grade.decision, DECISION_FAILS);
}

static void one_cpu_decides_nothing_about_two(void)
{
	struct claim_grade grade = grade_cpu_bound((const double[]){ 0.2, 0.2, 0.2, 0.2 }, 1, 1);
	char *why = explanation(&grade, 1);

	CHECK_NUMBER(grade.parts[0].open, OPEN_FEW_CPUS);
	CHECK_NUMBER(grade.parts[1].decision, DECISION_HOLDS);
	CHECK_NUMBER(grade.parts[2].open, OPEN_FEW_CPUS);
	CHECK_NUMBER(grade.decision, DECISION_OPEN);
	CHECK_HAS(why, "\"processes halve the time\" needs 2 CPUs to tell, and 1 can be used");
	free(why);
}

// Two processes that had to share their CPUs with others say nothing about processes.
static void busy_cpus_decide_nothing_about_gains(void)
{
	struct claim_grade grade =
		grade_cpu_bound((const double[]){ 0.2, 0.19, 0.2, 0.19 }, 1.1, 2);
	char *why = explanation(&grade, 2);

	CHECK_NUMBER(grade.parts[0].open, OPEN_CPUS_BUSY);
	CHECK_NUMBER(grade.parts[2].open, OPEN_CPUS_BUSY);
	CHECK_NUMBER(grade.decision, DECISION_OPEN);
	CHECK_HAS(why, "it had 1.1: others used the rest");
	free(why);

	// Who gained all the same has shown it.
	grade = grade_cpu_bound((const double[]){ 0.2, 0.12, 0.2, 0.12 }, 1.5, 2);
	CHECK_NUMBER(grade.parts[0].decision, DECISION_FAILS);
	CHECK_NUMBER(grade.parts[2].decision, DECISION_HOLDS);
}

static void what_slows_down_whole_rounds_changes_no_ratio(void)
{
	struct sample *samples =
		make_up(&claim_cpu_bound, (const double[]){ 0.2, 0.1, 0.2, 0.1 }, 2);
	struct claim_grade grade;

	for (size_t i = 0; i < 2 * claim_cpu_bound.nr_variants; i++)
		samples[i].seconds *= 10;
	grade_claim(&claim_cpu_bound, samples, ROUNDS_MADE_UP, 2, &grade);
	CU_ASSERT_DOUBLE_EQUAL(grade.parts[2].ratio.high, 0.5, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(grade.variants[0].seconds.max, 2, 1e-9);
	CHECK_NUMBER(grade.parts[2].decision, DECISION_HOLDS);
	free(samples);
}

static void one_wild_round_of_five_leaves_it_open(void)
{
	struct sample *samples =
		make_up(&claim_cpu_bound, (const double[]){ 0.2, 0.1, 0.2, 0.1 }, 2);
	struct claim_grade grade;
	char *why;

	samples[2 * claim_cpu_bound.nr_variants + 3].seconds = 0.3;
	grade_claim(&claim_cpu_bound, samples, ROUNDS_MADE_UP, 2, &grade);
	CHECK_NUMBER(grade.parts[2].open, OPEN_BETWEEN);
	grade.decision = DECISION_OPEN; // as if it were the only part
	why = explanation(&grade, 2);
	CHECK_HAS(why, "the ratio of \"processes halve the time\", 0.50 to 1.50, is not clear of "
		       "0.67 and 0.83");
	free(why);
	free(samples);
}

static void more_rounds_than_promised_fail(void)
{
	struct sample *samples =
		make_up(&claim_pool_rounds, (const double[]){ 2, 4.38, 6.0, 4.8 }, 0);
	struct claim_grade grade;

	grade_claim(&claim_pool_rounds, samples, ROUNDS_MADE_UP, 1, &grade);
	CHECK_NUMBER(grade.parts[0].decision, DECISION_HOLDS);
	CHECK_NUMBER(grade.parts[1].decision, DECISION_FAILS);
	CHECK_NUMBER(grade.parts[2].decision, DECISION_OPEN);
	free(samples);
}

// Columns on a terminal: Chinese characters take two.
static size_t columns_of(const char *line, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c & 0xC0) != 0x80)
			columns += c >= 0xE3 ? 2 : 1;
	}
	return columns;
}

static void check_width(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (columns_of(text, len) > WIDTH)
			printf("%.*s\n", (int)len, text);
		CU_ASSERT(columns_of(text, len) <= WIDTH);
		text += len + (text[len] == '\n');
	}
}

static struct measured made_up(const struct claim *claim, double scale, double cpus)
{
	double seconds[CLAIM_MAX_VARIANTS];
	struct measured measured = { .claim = claim, .repetitions = ROUNDS_MADE_UP, .cpus = 2 };

	for (size_t i = 0; i < claim->nr_variants; i++)
		seconds[i] = scale * (double)(i + 1) / claim->per_second;
	measured.samples = make_up(claim, seconds, cpus);
	grade_claim(claim, measured.samples, ROUNDS_MADE_UP, 2, &measured.grade);
	return measured;
}

static void every_table_fits_a_terminal(void)
{
	static const double scales[] = { 0.01, 1, 100, 1234 };

	for (size_t i = 0; i < nr_claims; i++)
		for (size_t k = 0; k < ARRAY_SIZE(scales); k++) {
			struct measured measured = made_up(claims[i], scales[k], 1);
			struct strbuf text = STRBUF_INIT;

			claim_text(&measured, &text);
			check_width(text.buf);
			CHECK_HAS(text.buf, decision_text(measured.grade.decision));
			CHECK_HAS(text.buf, claims[i]->seeds[0].file);
			strbuf_release(&text);
			measured_release(&measured);
		}
}

static void json_has_every_figure(void)
{
	for (size_t i = 0; i < nr_claims; i++) {
		struct measured measured = made_up(claims[i], 1, 1);
		json_t *json = claim_json(&measured), *variant, *part;

		variant = json_array_get(json_object_get(json, "variants"), 1);
		part = json_array_get(json_object_get(json, "parts"), 0);
		CHECK_TEXT(json_string_value(json_object_get(json, "name")), claims[i]->name);
		CHECK_NUMBER(json_array_size(json_object_get(json, "variants")),
			     claims[i]->nr_variants);
		CHECK_NUMBER(json_array_size(json_object_get(json, "parts")), claims[i]->nr_parts);
		CHECK_NUMBER(json_array_size(json_object_get(variant, "measured")), ROUNDS_MADE_UP);
		CU_ASSERT(json_is_real(json_object_get(json_object_get(variant, "ratio"), "low")));
		CU_ASSERT(json_is_real(json_object_get(part, "holds")));
		CHECK_TEXT(json_string_value(json_object_get(json, "verdict")),
			   decision_text(measured.grade.decision));
		json_decref(json);
		measured_release(&measured);
	}
}

static void what_was_not_measured_has_no_verdict(void)
{
	struct measured measured = { .claim = &claim_io_bound, .error = xstrdup("no threads") };
	struct strbuf text = STRBUF_INIT;
	json_t *json = claim_json(&measured);

	claim_text(&measured, &text);
	CHECK_HAS(text.buf, "not measured: no threads");
	CU_ASSERT_PTR_NULL(strstr(text.buf, "holds"));
	CHECK_TEXT(json_string_value(json_object_get(json, "error")), "no threads");
	CU_ASSERT_PTR_NULL(json_object_get(json, "verdict"));
	json_decref(json);
	strbuf_release(&text);
	measured_release(&measured);
}

static void every_claim_is_sound(void)
{
	for (size_t i = 0; i < nr_claims; i++) {
		const struct claim *claim = claims[i];

		CU_ASSERT_PTR_EQUAL(claim_find(claim->name), claim);
		CU_ASSERT(claim->nr_seeds > 0 && claim->nr_variants > 1 && claim->nr_parts > 0);
		CU_ASSERT_FATAL(claim->nr_variants <= CLAIM_MAX_VARIANTS);
		CU_ASSERT_FATAL(claim->nr_parts <= CLAIM_MAX_PARTS);
		for (size_t k = 0; k < claim->nr_variants; k++) {
			CU_ASSERT_FATAL(claim->variants[k].base < claim->nr_variants);
			CU_ASSERT(claim->variants[k].seed_seconds <= 0 ||
				  claim->variants[claim->variants[k].base].seed_seconds > 0);
		}
		for (size_t k = 0; k < claim->nr_parts; k++) {
			const struct claim_part *part = &claim->parts[k];

			CU_ASSERT(part->of < claim->nr_variants && part->to < claim->nr_variants);
			CU_ASSERT(part->bounds.side == AT_MOST
					  ? part->bounds.holds < part->bounds.fails
					  : part->bounds.holds > part->bounds.fails);
		}
	}
	CU_ASSERT_PTR_NULL(claim_find("claim"));
}

void suite_claims(void)
{
	static const struct test_case cases[] = {
		{ "a median needs no order", a_median_needs_no_order },
		{ "the interval leaves out what it may", the_interval_leaves_out_what_it_may },
		{ "the interval holds the median", the_interval_holds_the_median },
		{ "an interval decides only on one side of the bounds",
		  an_interval_decides_only_on_one_side_of_the_bounds },
		{ "the seed's own figures hold", the_seeds_own_figures_hold },
		{ "one part that fails decides", one_part_that_fails_decides },
		{ "one CPU decides nothing about two", one_cpu_decides_nothing_about_two },
		{ "busy CPUs decide nothing about gains", busy_cpus_decide_nothing_about_gains },
		{ "what slows down whole rounds changes no ratio",
		  what_slows_down_whole_rounds_changes_no_ratio },
		{ "one wild round of five leaves it open", one_wild_round_of_five_leaves_it_open },
		{ "more rounds than promised fail", more_rounds_than_promised_fail },
		{ "every table fits a terminal", every_table_fits_a_terminal },
		{ "JSON has every figure", json_has_every_figure },
		{ "what was not measured has no verdict", what_was_not_measured_has_no_verdict },
		{ "every claim is sound", every_claim_is_sound },
	};

	test_suite("claims", cases, ARRAY_SIZE(cases));
}
