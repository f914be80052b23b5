/*
 * What a case says when it is valid, and what it must not say: each mistake
 * must be told with file:line:column of the right place and with what is
 * expected there.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "test/case_maker.h"
#include "test/support.h"

#include <stdlib.h>
#include <unistd.h>

static void a_valid_case_says_all_that_its_file_says(void)
{
	char *dir = case_make(base_yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CU_ASSERT_EQUAL_FATAL(case_load(dir, &tc, &err), 0);
	CHECK_TEXT(tc.id, "fam/one");
	CHECK_TEXT(tc.family, "fam");
	CHECK_TEXT(tc.title, "Two writers");
	CHECK_TEXT(tc.seed_file, "a.txt");
	CHECK_TEXT(tc.seed_section, "One");
	CHECK_NUMBER(tc.seed_relation, RELATION_DOCUMENTED);
	CU_ASSERT_PTR_NULL(tc.seed_note);
	CHECK_TEXT(tc.fix, "A mutex.");
	CHECK_HAS(tc.why, "Nothing keeps them apart.");
	CHECK_TEXT(class_name(tc.class), "data-race");
	CHECK_NUMBER(tc.kinds, KIND_BIT(KIND_DATA_RACE));
	CHECK_NUMBER(tc.threads, 2);
	CHECK_NUMBER(tc.processes, 1);
	CHECK_NUMBER(tc.scale_default, 100);
	CHECK_NUMBER(tc.scale_small, 3);
	CHECK_NUMBER(tc.scale_tsan, 100);
	CHECK_NUMBER(tc.scale_explore, 3);
	CHECK_NUMBER(tc.timeout_ns, 5 * NS_PER_S);
	CHECK_NUMBER(tc.nr_outcomes, 2);
	CHECK_TEXT(tc.outcomes[1].result, "sum *");
	CHECK_NUMBER(tc.outcomes[1].racy, GRADE_INTERESTING);
	CHECK_NUMBER(tc.outcomes[1].fixed, GRADE_FORBIDDEN);
	CHECK_TEXT(tc.outcomes[1].meaning, "lost");
	CHECK_NUMBER(tc.nr_tags, 2);
	CHECK_TEXT(tc.tags[1], "counter");
	CHECK_NUMBER(tc.marks.nr, 1);
	CHECK_NUMBER(tc.marks.items[0].line, 4);
	CHECK_TEXT(answer_name(tc.expect[VARIANT_RACY][TOOL_NATIVE].answer), "diverges");
	CHECK_TEXT(answer_name(tc.expect[VARIANT_RACY][TOOL_DRD].answer), "misses");
	CHECK_TEXT(tc.expect[VARIANT_RACY][TOOL_DRD].reason, "It cannot see it.");
	CHECK_TEXT(answer_name(tc.expect[VARIANT_FIXED][TOOL_DRD].answer), "silent");
	CU_ASSERT_PTR_NULL(tc.expect[VARIANT_FIXED][TOOL_DRD].reason);
	testcase_release(&tc);
	scratch_drop(dir);
}

static void accepted(const char *from, const char *to, struct testcase *tc)
{
	char *yaml = text_replace(base_yaml, from, to), *dir = case_make(yaml);
	struct err err = ERR_INIT;

	if (case_load(dir, tc, &err))
		*tc = (struct testcase){ 0 };
	CHECK_TEXT(err.text, "");
	free(yaml);
	scratch_drop(dir);
}

static void what_may_be_left_out_may_be_left_out(void)
{
	struct testcase tc;

	accepted("tags: [mutex, counter]\n", "", &tc);
	CHECK_NUMBER(tc.nr_tags, 0);
	testcase_release(&tc);
	accepted("small: 3}", "small: 3, tsan: 7}", &tc);
	CHECK_NUMBER(tc.scale_tsan, 7);
	CHECK_NUMBER(tc.scale_explore, 3);
	testcase_release(&tc);
	accepted("small: 3}", "small: 3, explore: 2}", &tc);
	CHECK_NUMBER(tc.scale_explore, 2);
	CHECK_NUMBER(tc.scale_small, 3);
	testcase_release(&tc);
	accepted("threads: 2\n", "threads: 2\nprocesses: 3\n", &tc);
	CHECK_NUMBER(tc.processes, 3);
	testcase_release(&tc);
	accepted("seed: {file: a.txt, section: One}\n", "", &tc);
	CU_ASSERT_PTR_NULL(tc.seed_file);
	testcase_release(&tc);
	accepted("section: One}", "section: One, relation: inspired-by, note: Not so.}", &tc);
	CHECK_NUMBER(tc.seed_relation, RELATION_INSPIRED_BY);
	CHECK_TEXT(tc.seed_note, "Not so.");
	testcase_release(&tc);
	accepted("seed:", "kinds: [data-race, lock-order]\nseed:", &tc);
	CHECK_NUMBER(tc.kinds, KIND_BIT(KIND_DATA_RACE) | KIND_BIT(KIND_LOCK_ORDER));
	testcase_release(&tc);
}

static void times_have_units(void)
{
	static const struct {
		const char *text;
		long long ns;
	} rows[] = {
		{ "timeout: 5s", 5000000000 },
		{ "timeout: 250 ms", 250000000 },
		{ "timeout: 2 min", 120000000000 },
		{ "timeout: 0.5 s", 500000000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct testcase tc;

		accepted("timeout: 5 s", rows[i].text, &tc);
		CHECK_NUMBER(tc.timeout_ns, rows[i].ns);
		testcase_release(&tc);
	}
}

static void outcomes_must_be_a_table_that_can_grade(void)
{
	broken("\"sum *\"", "\"sum 0\"", "12:14", "'sum 0' is listed twice");
	broken("fixed: acceptable", "fixed: forbidden", "11:3",
	       "none is acceptable for the fixed variant");
	refused("title: a\nclass: data-race\noutcomes: []\n", "3:11", "expected at least 1");
}

static void every_variant_and_tool_stands_once(void)
{
	broken("tools: [drd]", "tools: [drd, tsan]", "18:18", "racy/tsan is listed twice");
	broken("tools: [drd]", "tools: [drd, drd]", "18:18", "racy/drd is listed twice");
	broken("variant: racy", "variant: fixed", "18:13", "fixed/drd is listed twice");
	broken(", helgrind: detects}", "}", "14:9", "racy/helgrind: is missing from both");
	broken(", drd: silent}", "}", "15:10", "fixed/drd: is missing from both");
	broken("tags:",
	       "  - {variant: racy, tools: [drd], limitation: sometimes, reason: x}\ntags:",
	       "21:29", "racy/drd is listed twice");
}

static void answers_that_cannot_be_are_refused(void)
{
	broken("section: One", "section: One, relation: copied", "3:45", "copied");
	broken("tsan: detects", "tsan: diverges", "14:34", "only native and explore diverge");
	broken("{native: silent", "{native: diverges", "15:19", "a fixed variant must be silent");
	broken("tsan: silent", "tsan: detects", "15:33", "a fixed variant must be silent");
	broken(", drd: silent}\nlimitations:\n",
	       "}\nlimitations:\n  - {variant: fixed, tools: [drd], limitation: misses, reason: "
	       "x}\n",
	       "17:5", "a fixed variant has no bug to miss");
}

static void a_false_alarm_that_comes_sometimes_has_no_place_in_a_fixed_variant(void)
{
	// `sometimes` is about a bug that is there. A tool that sometimes reports a false positive
	// is judged like one that is silent, and would fail by luck.
	broken(", drd: silent}\nlimitations:\n",
	       "}\nlimitations:\n  - {variant: fixed, tools: [drd], limitation: sometimes, reason: "
	       "x}\n",
	       "17:5", "fixed/drd");
}

static void in_sources(const char *name, const char *text, const char *file, const char *place,
		       const char *says)
{
	char *dir = case_make(base_yaml), *path = xasprintf("fam/one/%s", name);

	if (text) {
		scratch_write(dir, path, text);
	} else {
		char *full = xasprintf("%s/%s", dir, path);

		unlink(full);
		free(full);
	}
	refused_in(dir, file, place, says);
	free(path);
	scratch_drop(dir);
}

static void sources_must_be_there_and_marked(void)
{
	in_sources("racy.c", NULL, "racy.c", "1:1", "No such file");
	in_sources("fixed.c", NULL, "fixed.c", "1:1", "No such file");
	in_sources("racy.c", "int main(void) { return 0; }\n", "racy.c", "1:1",
		   "no line is marked");
	in_sources("racy.c", "int a; // RACE: a\n int b; // RACE:  \n", "racy.c", "2:9",
		   "names no object");
	in_sources("fixed.c", "int main(void)\n{\n} // RACE: x\n", "fixed.c", "3:1",
		   "must have no RACE mark");
}

static void a_case_without_case_yaml_is_told_at_its_place(void)
{
	in_sources("case.yaml", NULL, "case.yaml", "1:1", "No such file");
}

static void a_bug_that_is_no_data_race_needs_no_mark(void)
{
	char *yaml = text_replace(base_yaml, "class: data-race", "class: deadlock"),
	     *dir = case_make(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	scratch_write(dir, "fam/one/racy.c", "int main(void) { return 0; }\n");
	CU_ASSERT_EQUAL_FATAL(case_load(dir, &tc, &err), 0);
	CHECK_NUMBER(tc.kinds, KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG));
	testcase_release(&tc);
	free(yaml);
	scratch_drop(dir);
}

static void names_go_both_ways(void)
{
	for (int i = 0; i < VARIANT_NR; i++)
		CHECK_NUMBER(variant_from_name(variant_name(i)), i);
	CHECK_NUMBER(variant_from_name("Racy"), -1);
}

void suite_testcase(void)
{
	static const struct test_case cases[] = {
		{ "a valid case says all that its file says",
		  a_valid_case_says_all_that_its_file_says },
		{ "what may be left out may be left out", what_may_be_left_out_may_be_left_out },
		{ "times have units", times_have_units },
		{ "outcomes must be a table that can grade",
		  outcomes_must_be_a_table_that_can_grade },
		{ "every variant and tool stands once", every_variant_and_tool_stands_once },
		{ "answers that cannot be are refused", answers_that_cannot_be_are_refused },
		{ "a false alarm that comes sometimes has no place in a fixed variant",
		  a_false_alarm_that_comes_sometimes_has_no_place_in_a_fixed_variant },
		{ "sources must be there and marked", sources_must_be_there_and_marked },
		{ "a case without case.yaml is told at its place",
		  a_case_without_case_yaml_is_told_at_its_place },
		{ "a bug that is no data race needs no mark",
		  a_bug_that_is_no_data_race_needs_no_mark },
		{ "names go both ways", names_go_both_ways },
	};

	test_suite("testcase", cases, ARRAY_SIZE(cases));
}
