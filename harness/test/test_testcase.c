/*
 * Every kind of mistake in a case: each must be told with file:line:column of
 * the right place and with what is expected there.
 */
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "catalog/testcase.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char base_yaml[] = "title: Two writers\n"                // 1
				"class: data-race\n"                  // 2
				"seed: {file: a.txt, section: One}\n" // 3
				"why: >\n"                            // 4
				"  Nothing keeps them apart.\n"       // 5
				"fix: A mutex.\n"                     // 6
				"threads: 2\n"                        // 7
				"scale: {default: 100, small: 3}\n"   // 8
				"timeout: 5 s\n"                      // 9
				"outcomes:\n"                         // 10
				"  - {result: \"sum 0\", racy: acceptable, fixed: acceptable, "
				"meaning: right}\n" // 11
				"  - {result: \"sum *\", racy: interesting, fixed: forbidden, "
				"meaning: lost}\n" // 12
				"expect:\n"        // 13
				"  racy: {native: diverges, tsan: detects, tsan-gcc: detects, "
				"helgrind: detects}\n" // 14
				"  fixed: {native: silent, tsan: silent, tsan-gcc: silent, "
				"helgrind: silent, drd: silent}\n" // 15
				"limitations:\n"                   // 16
				"  - variant: racy\n"              // 17
				"    tools: [drd]\n"               // 18
				"    limitation: misses\n"         // 19
				"    reason: It cannot see it.\n"  // 20
				"tags: [mutex, counter]\n";        // 21

static const char base_racy[] = "int sum;\nint main(void)\n{\n\tsum++; // RACE: sum\n}\n";
static const char base_fixed[] = "int main(void)\n{\n\treturn 0;\n}\n";

static char *make_case(const char *yaml)
{
	char *dir = scratch_make();

	scratch_write(dir, "fam/one/case.yaml", yaml);
	scratch_write(dir, "fam/one/racy.c", base_racy);
	scratch_write(dir, "fam/one/fixed.c", base_fixed);
	return dir;
}

static int load(const char *dir, struct testcase *tc, struct err *err)
{
	char *path = xasprintf("%s/fam/one", dir);
	int rc = testcase_load(path, tc, err);

	free(path);
	return rc;
}

// The case in `dir` must be refused with ERR_INPUT at `place` of `file`, in words that have `says`.
static void refused_in(const char *dir, const char *file, const char *place, const char *says)
{
	struct err err = ERR_INIT;
	struct testcase tc;
	char *start = xasprintf("%s/fam/one/%s:%s: ", dir, file, place);
	char *seen;

	if (!load(dir, &tc, &err)) {
		CHECK_AT(says, !"it was accepted");
		testcase_release(&tc);
	}
	CHECK_NUMBER(err.class, ERR_INPUT);
	seen = xstrndup(err.text, strlen(start));
	CHECK_TEXT_AT(err.text, seen, start);
	CHECK_HAS(err.text, says);
	free(seen);
	free(start);
}

static void refused(const char *yaml, const char *place, const char *says)
{
	char *dir = make_case(yaml);

	refused_in(dir, "case.yaml", place, says);
	scratch_drop(dir);
}

// The base with `from` replaced by `to`.
static void broken(const char *from, const char *to, const char *place, const char *says)
{
	char *yaml = text_replace(base_yaml, from, to);

	refused(yaml, place, says);
	free(yaml);
}

static void a_valid_case_says_all_that_its_file_says(void)
{
	char *dir = make_case(base_yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CU_ASSERT_EQUAL_FATAL(load(dir, &tc, &err), 0);
	CHECK_TEXT(tc.id, "fam/one");
	CHECK_TEXT(tc.family, "fam");
	CHECK_TEXT(tc.title, "Two writers");
	CHECK_TEXT(tc.seed_file, "a.txt");
	CHECK_TEXT(tc.seed_section, "One");
	CHECK_TEXT(tc.fix, "A mutex.");
	CHECK_HAS(tc.why, "Nothing keeps them apart.");
	CHECK_TEXT(class_name(tc.class), "data-race");
	CHECK_NUMBER(tc.kinds, KIND_BIT(KIND_DATA_RACE));
	CHECK_NUMBER(tc.threads, 2);
	CHECK_NUMBER(tc.processes, 1);
	CHECK_NUMBER(tc.scale_default, 100);
	CHECK_NUMBER(tc.scale_small, 3);
	CHECK_NUMBER(tc.scale_tsan, 100);
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
	char *yaml = text_replace(base_yaml, from, to), *dir = make_case(yaml);
	struct err err = ERR_INIT;

	if (load(dir, tc, &err))
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
	testcase_release(&tc);
	accepted("threads: 2\n", "threads: 2\nprocesses: 3\n", &tc);
	CHECK_NUMBER(tc.processes, 3);
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

static void broken_yaml_is_told_at_its_place(void)
{
	broken("class: data-race", "class: [data-race", "3:5", "not valid YAML");
	broken("threads: 2", "threads: 2\n\tscale: 3", "8:1", "not valid YAML");
	broken("seed: {file: a.txt, section: One}", "seed: {file: a.txt", "4:4", "not valid YAML");
	broken("title: Two writers", "title: \"Two writers", "11:15", "not valid YAML");
	broken("fix: A mutex.", "fix: A mutex: two.", "6:13", "not valid YAML");
	broken("tags: [mutex", "tags: [*mutex", "21:8", "not valid YAML");
}

static void empty_and_odd_files_are_refused(void)
{
	refused("", "1:1", "is empty");
	refused("# only words\n", "1:1", "is empty");
	refused("just a text\n", "1:1", "expected keys with values");
	refused("- a\n- b\n", "1:1", "expected keys with values");
	refused("{}\n", "1:1", "lacks the key 'title'");
	refused("\x7f"
		"ELF\x02\x01\x01",
		"1:1", "not valid YAML");
}

static void bytes_that_are_no_text_are_told_at_their_place(void)
{
	broken("fix: A mutex.", "fix: A \xff mutex.", "6:8", "not valid YAML");
	broken("fix: A mutex.", "fix: A \x01 mutex.", "6:8", "not valid YAML");
}

static void unknown_keys_are_told_with_the_known_ones(void)
{
	broken("title:", "titel:", "1:1",
	       "unknown key 'titel' in the file; expected one of: title, class");
	broken("threads: 2", "threads: 2\nthreds: 3", "8:1", "unknown key 'threds'");
	broken("section: One", "chapter: One", "3:21",
	       "unknown key 'chapter' in seed; expected one of: file, section");
	broken("small: 3", "tiny: 3", "8:23", "expected one of: default, small, tsan");
	broken("meaning: lost", "means: lost", "12:60",
	       "expected one of: result, racy, fixed, meaning");
	broken("helgrind: detects", "hellgrind: detects", "14:62",
	       "unknown key 'hellgrind' in racy; expected one of: native, tsan, tsan-gcc, "
	       "helgrind, drd");
	broken("  fixed: {native", "  mended: {native", "15:3", "expected one of: racy, fixed");
	broken("    reason:", "    because:", "20:5",
	       "expected one of: variant, tools, limitation, reason");
}

static void wrong_words_are_told_with_the_right_ones(void)
{
	broken("class: data-race", "class: data-rice", "2:8",
	       "'data-rice' is none of its values; expected one of: data-race, atomicity");
	broken("class: data-race", "class: Data-Race", "2:8", "expected one of");
	broken("racy: interesting", "racy: intresting", "12:29",
	       "expected one of: acceptable, interesting, forbidden");
	broken("native: diverges", "native: diverge", "14:18",
	       "expected one of: detects, diverges, silent");
	broken("native: diverges", "native: misses", "14:18",
	       "expected one of: detects, diverges, silent");
	broken("tools: [drd]", "tools: [drrd]", "18:13",
	       "expected one of: native, tsan, tsan-gcc, helgrind, drd");
	broken("variant: racy", "variant: rasy", "17:14", "expected one of: racy, fixed");
	broken("limitation: misses", "limitation: detects", "19:17",
	       "expected one of: misses, false-alarm, unsupported, sometimes");
	broken("seed:", "kinds: [data-race, data-rice]\nseed:", "3:20",
	       "expected one of: data-race, lock-order");
}

static void keys_that_stand_twice_are_told_at_the_second(void)
{
	broken("threads: 2", "threads: 2\nthreads: 3", "8:1", "'threads' stands twice");
	broken("small: 3", "small: 3, small: 4", "8:33", "'small' stands twice in scale");
	broken("native: diverges", "native: diverges, native: silent", "14:28",
	       "'native' stands twice");
}

static void missing_keys_are_told_where_they_are_missing(void)
{
	static const char *const lines[] = {
		"title: Two writers\n", "class: data-race\n", "seed: {file: a.txt, section: One}\n",
		"fix: A mutex.\n",      "threads: 2\n",       "scale: {default: 100, small: 3}\n",
		"timeout: 5 s\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char *key = xstrndup(lines[i], strcspn(lines[i], ":"));
		char *says = xasprintf("lacks the key '%s'", key);

		broken(lines[i], "", "1:1", says);
		free(key);
		free(says);
	}
	broken(", section: One", "", "3:7", "seed lacks the key 'section'");
	broken("default: 100, ", "", "8:8", "scale lacks the key 'default'");
	broken(", meaning: lost", "", "12:5", "outcomes[1] lacks the key 'meaning'");
	broken("    reason: It cannot see it.\n", "", "17:5",
	       "limitations[0] lacks the key 'reason'");
}

static void values_of_a_wrong_type_are_told(void)
{
	broken("threads: 2", "threads: two", "7:10", "'two' is not a whole number");
	broken("threads: 2", "threads: 2.5", "7:10", "not a whole number");
	broken("threads: 2", "threads: [2]", "7:10", "expected a single value");
	broken("threads: 2", "threads:", "7:9", "not a whole number");
	broken("title: Two writers", "title: {a: b}", "1:8", "expected a single value");
	broken("seed: {file: a.txt, section: One}", "seed: a.txt", "3:7",
	       "expected keys with values");
	broken("tags: [mutex, counter]", "tags: mutex", "21:7", "expected a list");
	broken("tags: [mutex, counter]", "tags: [mutex, [counter]]", "21:15",
	       "expected a single value");
	broken("tools: [drd]", "tools: drd", "18:12", "expected a list");
	broken("tools: [drd]", "tools: []", "18:12", "expected at least 1");
	broken("fix: A mutex.", "fix: \"\"", "6:6", "is empty");
	broken("fix: A mutex.", "fix:", "6:5", "is empty");
	broken("racy: interesting", "racy: [interesting]", "12:29", "expected a single value");
}

static void numbers_out_of_range_are_told(void)
{
	broken("threads: 2", "threads: -1", "7:10", "out of range");
	broken("threads: 2", "threads: 0", "7:10", "expected 1 to 256");
	broken("threads: 2", "threads: 257", "7:10", "expected 1 to 256");
	broken("threads: 2", "threads: 99999999999999999999", "7:10", "out of range");
	broken("default: 100", "default: 4294967296", "8:18", "out of range");
	broken("default: 100", "default: 0", "8:18", "expected at least 1");
	broken("small: 3", "small: 0", "8:30", "expected at least 1");
	broken("threads: 2", "threads: 2\nprocesses: 4000", "8:12", "expected");
}

static void bad_times_are_told(void)
{
	static const char *const bad[] = { "5",     "s",     "5 h",    "-5 s",  "0 s",
					   "nan s", "inf s", "61 min", "5 s s", "soon" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char *line = xasprintf("timeout: %s", bad[i]);

		broken("timeout: 5 s", line, "9:10", "expected a number and a unit");
		free(line);
	}
}

static void outcomes_must_be_a_table_that_can_grade(void)
{
	broken("\"sum *\"", "\"sum 0\"", "12:14", "'sum 0' is listed twice");
	broken("fixed: acceptable", "fixed: forbidden", "11:3",
	       "none is acceptable in the fixed variant");
	refused("title: a\nclass: data-race\noutcomes: []\n", "3:11", "expected at least 1");
}

static void every_variant_and_tool_stands_once(void)
{
	broken("tools: [drd]", "tools: [drd, tsan]", "18:18", "racy/tsan stands twice");
	broken("tools: [drd]", "tools: [drd, drd]", "18:18", "racy/drd stands twice");
	broken("variant: racy", "variant: fixed", "18:13", "fixed/drd stands twice");
	broken(", helgrind: detects}", "}", "14:9", "racy/helgrind: has neither an expectation");
	broken(", drd: silent}", "}", "15:10", "fixed/drd: has neither an expectation");
	broken("tags:",
	       "  - {variant: racy, tools: [drd], limitation: sometimes, reason: x}\ntags:",
	       "21:29", "racy/drd stands twice");
}

static void answers_that_cannot_be_are_refused(void)
{
	broken("tsan: detects", "tsan: diverges", "14:34", "only native runs diverge");
	broken("{native: silent", "{native: diverges", "15:19", "a fixed variant must be silent");
	broken("tsan: silent", "tsan: detects", "15:33", "a fixed variant must be silent");
	broken(", drd: silent}\nlimitations:\n",
	       "}\nlimitations:\n  - {variant: fixed, tools: [drd], limitation: misses, reason: "
	       "x}\n",
	       "17:5", "nothing can be missed in a fixed variant");
}

static void a_false_alarm_that_comes_sometimes_has_no_place_in_a_fixed_variant(void)
{
	// `sometimes` is about a bug that is there. A tool that sometimes cries wolf is judged
	// like one that is silent, and would fail by luck.
	broken(", drd: silent}\nlimitations:\n",
	       "}\nlimitations:\n  - {variant: fixed, tools: [drd], limitation: sometimes, reason: "
	       "x}\n",
	       "17:5", "fixed/drd");
}

static void in_sources(const char *name, const char *text, const char *file, const char *place,
		       const char *says)
{
	char *dir = make_case(base_yaml), *path = xasprintf("fam/one/%s", name);

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
		   "has no RACE mark");
}

static void a_case_without_case_yaml_is_told_at_its_place(void)
{
	in_sources("case.yaml", NULL, "case.yaml", "1:1", "No such file");
}

static void a_bug_that_is_no_data_race_needs_no_mark(void)
{
	char *yaml = text_replace(base_yaml, "class: data-race", "class: deadlock"),
	     *dir = make_case(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	scratch_write(dir, "fam/one/racy.c", "int main(void) { return 0; }\n");
	CU_ASSERT_EQUAL_FATAL(load(dir, &tc, &err), 0);
	CHECK_NUMBER(tc.kinds, KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG));
	testcase_release(&tc);
	free(yaml);
	scratch_drop(dir);
}

static void says_it_without_control_characters(const char *from, const char *to)
{
	char *yaml = text_replace(base_yaml, from, to), *dir = make_case(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CU_ASSERT_EQUAL(load(dir, &tc, &err), -1);
	CHECK_HAS(err.text, "[31m");
	CHECK_AT(err.text, !strchr(err.text, '\033'));
	free(yaml);
	scratch_drop(dir);
}

static void messages_hold_no_control_characters(void)
{
	says_it_without_control_characters("class: data-race", "class: \"\\e[31mred\"");
	says_it_without_control_characters("title:", "\"\\e[31mtitle\":");
	says_it_without_control_characters(
		"outcomes:\n",
		"outcomes:\n"
		"  - {result: \"\\e[31m\", racy: acceptable, fixed: acceptable, meaning: x}\n"
		"  - {result: \"\\e[31m\", racy: acceptable, fixed: acceptable, meaning: x}\n");
}

static void names_go_both_ways(void)
{
	for (int i = 0; i < ANSWER_NR; i++)
		CHECK_NUMBER(answer_from_name(answer_name(i)), i);
	for (int i = 0; i < GRADE_NR; i++)
		CHECK_NUMBER(grade_from_name(grade_name(i)), i);
	for (int i = 0; i < VARIANT_NR; i++)
		CHECK_NUMBER(variant_from_name(variant_name(i)), i);
	CHECK_NUMBER(answer_from_name("detect"), -1);
	CHECK_NUMBER(grade_from_name(""), -1);
	CHECK_NUMBER(variant_from_name("Racy"), -1);
}

void suite_testcase(void);

void suite_testcase(void)
{
	static const struct test_case cases[] = {
		{ "a valid case says all that its file says",
		  a_valid_case_says_all_that_its_file_says },
		{ "what may be left out may be left out", what_may_be_left_out_may_be_left_out },
		{ "times have units", times_have_units },
		{ "broken YAML is told at its place", broken_yaml_is_told_at_its_place },
		{ "empty and odd files are refused", empty_and_odd_files_are_refused },
		{ "bytes that are no text are told at their place",
		  bytes_that_are_no_text_are_told_at_their_place },
		{ "unknown keys are told with the known ones",
		  unknown_keys_are_told_with_the_known_ones },
		{ "wrong words are told with the right ones",
		  wrong_words_are_told_with_the_right_ones },
		{ "keys that stand twice are told at the second",
		  keys_that_stand_twice_are_told_at_the_second },
		{ "missing keys are told where they are missing",
		  missing_keys_are_told_where_they_are_missing },
		{ "values of a wrong type are told", values_of_a_wrong_type_are_told },
		{ "numbers out of range are told", numbers_out_of_range_are_told },
		{ "bad times are told", bad_times_are_told },
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
		{ "messages hold no control characters", messages_hold_no_control_characters },
		{ "names go both ways", names_go_both_ways },
	};

	test_suite("testcase", cases, ARRAY_SIZE(cases));
}
