// What can be asked of the explorer: on the command line, and by a case.
#include "base/mem.h"
#include "cli/options.h"
#include "test/case_maker.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

#define ALL (~(option_set)0)

static int parse(struct options *o, option_set allowed, const char *name, const char *value,
		 struct err *err)
{
	static char command[] = "explore";
	char *argv[] = { command, xstrdup(name), value ? xstrdup(value) : NULL, NULL };
	int rc;

	*err = (struct err)ERR_INIT;
	rc = options_parse(o, allowed, value ? 3 : 2, argv, err);
	// The option may keep what it was given: it is one of the table's, then.
	if (o->settings.strategy && value && !strcmp(o->settings.strategy, value))
		o->settings.strategy = !strcmp(value, "random") ? "random"
				       : !strcmp(value, "pct")  ? "pct"
				       : !strcmp(value, "pos")  ? "pos"
								: "dfs";
	free(argv[1]);
	free(argv[2]);
	return rc;
}

static void each_sets_its_member(void)
{
	struct options o;
	struct err err;

	CHECK_NUMBER(parse(&o, ALL, "--schedules", "12345", &err), 0);
	CHECK_NUMBER(o.settings.schedules, 12345);
	CU_ASSERT_PTR_NULL(o.settings.strategy);
	CHECK_NUMBER(o.settings.depth, 0);
	CHECK_NUMBER(parse(&o, ALL, "--depth=16", NULL, &err), 0);
	CHECK_NUMBER(o.settings.depth, 16);
	CHECK_NUMBER(o.settings.schedules, 0);
	CHECK_NUMBER(parse(&o, ALL, "--strategy", "random", &err), 0);
	CHECK_TEXT(o.settings.strategy, "random");
	CHECK_NUMBER(parse(&o, ALL, "--strategy", "pct", &err), 0);
	CHECK_TEXT(o.settings.strategy, "pct");
	CHECK_NUMBER(parse(&o, ALL, "--strategy", "pos", &err), 0);
	CHECK_TEXT(o.settings.strategy, "pos");
	CU_ASSERT_FALSE(o.settings.preemptions_given);
	CHECK_NUMBER(parse(&o, ALL, "--strategy", "dfs", &err), 0);
	CHECK_TEXT(o.settings.strategy, "dfs");
	CHECK_NUMBER(parse(&o, ALL, "--preemptions", "0", &err), 0);
	CHECK_NUMBER(o.settings.preemptions, 0);
	CU_ASSERT_TRUE(o.settings.preemptions_given);
	CHECK_NUMBER(parse(&o, ALL, "--preemptions", "1000", &err), 0);
	CHECK_NUMBER(o.settings.preemptions, 1000);
	CHECK_NUMBER(parse(&o, ALL, "--timeline", NULL, &err), 0);
	CU_ASSERT_TRUE(o.timeline);
	CHECK_NUMBER(parse(&o, ALL, "--tool", "explore", &err), 0);
	CU_ASSERT_TRUE(o.settings.tools[TOOL_EXPLORE] && o.settings.tools_given &&
		       !o.settings.tools[TOOL_NATIVE]);
}

static void wrong_values_are_told(void)
{
	static const struct {
		const char *name, *value, *says;
	} rows[] = {
		{ "--schedules", "0", "--schedules: '0' is not an integer from 1 to" },
		{ "--schedules", "-1", "--schedules: '-1' is not an integer" },
		{ "--schedules", "many", "--schedules: 'many' is not an integer" },
		{ "--schedules", "99999999999999999999", "is not an integer" },
		{ "--depth", "0", "--depth: '0' is not an integer from 1 to 16" },
		{ "--depth", "17", "--depth: '17' is not an integer from 1 to 16" },
		{ "--depth", "2.5", "--depth: '2.5' is not an integer" },
		{ "--max-steps", "0", "--max-steps: '0' is not an integer" },
		{ "--preemptions", "-1", "--preemptions: '-1' is not an integer from 0 to 1000" },
		{ "--preemptions", "1001", "--preemptions: '1001' is not an integer" },
		{ "--strategy", "best",
		  "--strategy: 'best' is not a strategy; choose from random, pct, pos, dfs" },
		{ "--strategy", "", "--strategy: '' is not a strategy" },
		{ "--strategy", "PCT", "--strategy: 'PCT' is not a strategy" },
		{ "--timeline=yes", NULL, "--timeline: takes no value" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct options o;
		struct err err;

		CHECK_AT(rows[i].says, parse(&o, ALL, rows[i].name, rows[i].value, &err) == -1);
		CHECK_NUMBER(err.class, ERR_INPUT);
		CHECK_HAS(err.text, rows[i].says);
	}
}

static void other_commands_do_not_know_them(void)
{
	static const char *const names[][2] = {
		{ "--schedules", "5" },   { "--strategy", "pct" },       { "--depth", "2" },
		{ "--preemptions", "2" }, { "--max-steps", "10000000" }, { "--timeline", NULL }
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct options o;
		struct err err;

		CHECK_NUMBER(parse(&o, OPTION_BIT(RUNS), names[i][0], names[i][1], &err), -1);
		CHECK_HAS(err.text, "unknown option");
	}
}

#define RACY  "native: diverges, tsan: detects"
#define FIXED "native: silent, tsan: silent"

// The valid case with words on the explorer; owned.
static char *yaml_with(const char *in_racy, const char *in_fixed)
{
	char *racy = xasprintf("%s%s", RACY, in_racy), *fixed = xasprintf("%s%s", FIXED, in_fixed);
	char *one = text_replace(base_yaml, RACY, racy), *both = text_replace(one, FIXED, fixed);

	free(one);
	free(racy);
	free(fixed);
	return both;
}

static void answers(const char *in_racy, const char *in_fixed, enum answer racy, enum answer fixed)
{
	char *yaml = yaml_with(in_racy, in_fixed), *dir = case_make(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CHECK_NUMBER(case_load(dir, &tc, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(tc.expect[VARIANT_RACY][TOOL_EXPLORE].answer, racy);
	CHECK_NUMBER(tc.expect[VARIANT_FIXED][TOOL_EXPLORE].answer, fixed);
	testcase_release(&tc);
	scratch_drop(dir);
	free(yaml);
}

static void a_case_may_say_nothing_of_the_explorer(void)
{
	answers("", "", ANSWER_NONE, ANSWER_NONE);
	answers(", explore: detects", ", explore: silent", ANSWER_DETECTS, ANSWER_SILENT);
	answers(", explore: diverges", ", explore: silent", ANSWER_DIVERGES, ANSWER_SILENT);
}

static void not_allowed(const char *in_racy, const char *in_fixed, const char *place,
			const char *says)
{
	char *yaml = yaml_with(in_racy, in_fixed);

	refused(yaml, place, says);
	free(yaml);
}

static void a_case_names_it_for_both_variants_or_none(void)
{
	not_allowed(", explore: detects", "", "15:10",
		    "fixed/explore: is missing from both expect and limitations");
	not_allowed("", ", explore: silent", "14:9",
		    "racy/explore: is missing from both expect and limitations");
	not_allowed(", explore: detects", ", explore: detects", "15:50",
		    "fixed/explore: a fixed variant must be silent");
	not_allowed(", explore: detects", ", explore: diverges", "15:50",
		    "fixed/explore: a fixed variant must be silent");
	not_allowed(", explore: finds", ", explore: silent", "14:52", "finds");
	not_allowed(", explorer: detects", "", "14:43", "explorer");
}

static void a_limitation_answers_for_it_as_well(void)
{
	char *one = yaml_with(", explore: detects", ""),
	     *yaml = text_replace(one, "tags:",
				  "  - {variant: fixed, tools: [explore], limitation: "
				  "unsupported, reason: It forks.}\ntags:"),
	     *dir = case_make(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CHECK_NUMBER(case_load(dir, &tc, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(tc.expect[VARIANT_FIXED][TOOL_EXPLORE].answer, ANSWER_UNSUPPORTED);
	CHECK_TEXT(tc.expect[VARIANT_FIXED][TOOL_EXPLORE].reason, "It forks.");
	testcase_release(&tc);
	scratch_drop(dir);
	free(yaml);
	free(one);
}

void suite_explore_options(void)
{
	static const struct test_case cases[] = {
		{ "each sets its member", each_sets_its_member },
		{ "wrong values are told", wrong_values_are_told },
		{ "other commands do not know them", other_commands_do_not_know_them },
		{ "a case may say nothing of the explorer",
		  a_case_may_say_nothing_of_the_explorer },
		{ "a case names it for both variants or none",
		  a_case_names_it_for_both_variants_or_none },
		{ "a limitation answers for it as well", a_limitation_answers_for_it_as_well },
	};

	test_suite("explore_options", cases, ARRAY_SIZE(cases));
}
