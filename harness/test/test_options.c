#include "base/mem.h"
#include "cli/options.h"
#include "test/support.h"

#include <string.h>

#define ALL (~(option_set)0)
enum { MOST = 12 };

// Parses the words, which end with NULL; getopt may reorder them.
static int parse(struct options *o, option_set allowed, const char *const *words, char *argv[MOST],
		 struct err *err)
{
	int argc = 0;

	*err = (struct err)ERR_INIT;
	argv[argc++] = (char *)"check";
	while (*words)
		argv[argc++] = (char *)*words++;
	argv[argc] = NULL;
	return options_parse(o, allowed, argc, argv, err);
}

#define PARSE(o, ...) parse(o, ALL, (const char *const[]){ __VA_ARGS__, NULL }, argv, &err)

static void every_option_sets_its_member(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "--tool", "tsan,drd"), 0);
	CU_ASSERT(o.settings.tools_given && o.settings.tools[TOOL_TSAN] &&
		  o.settings.tools[TOOL_DRD]);
	CU_ASSERT(!o.settings.tools[TOOL_NATIVE] && !o.settings.tools[TOOL_TSAN_GCC] &&
		  !o.settings.tools[TOOL_HELGRIND]);
	CHECK_NUMBER(PARSE(&o, "--tool=native", "--tool=tsan-gcc"), 0);
	CU_ASSERT(o.settings.tools[TOOL_NATIVE] && o.settings.tools[TOOL_TSAN_GCC]);
	CHECK_NUMBER(PARSE(&o, "--runs", "17", "--scale=9", "--jobs", "3", "--seed", "0xff"), 0);
	CHECK_NUMBER(o.settings.runs, 17);
	CHECK_NUMBER(o.settings.scale, 9);
	CHECK_NUMBER(o.settings.jobs, 3);
	CHECK_NUMBER(o.settings.seed, 255);
	CU_ASSERT_TRUE(o.settings.seed_given);
	CHECK_NUMBER(PARSE(&o, "--budget", "1.5", "--timeout", "0.25", "--shard", "2/3"), 0);
	CU_ASSERT_EQUAL(o.settings.budget, 1.5);
	CU_ASSERT_EQUAL(o.settings.timeout, 0.25);
	CHECK_NUMBER(o.shard, 2);
	CHECK_NUMBER(o.shards, 3);
	CHECK_NUMBER(
		PARSE(&o, "--out", "d", "--cflags", "-O2 -g", "--ldflags", "-lm", "--args", "1 2"),
		0);
	CHECK_TEXT(o.settings.out, "d");
	CHECK_TEXT(o.settings.cflags, "-O2 -g");
	CHECK_TEXT(o.settings.ldflags, "-lm");
	CHECK_TEXT(o.settings.args, "1 2");
	CHECK_NUMBER(
		PARSE(&o, "--cases", "c", "--family", "f", "--format", "json", "--output", "x"), 0);
	CHECK_TEXT(o.cases, "c");
	CHECK_TEXT(o.family, "f");
	CHECK_TEXT(o.format, "json");
	CHECK_TEXT(o.output, "x");
	CHECK_NUMBER(PARSE(&o, "--json", "--quiet", "--no-perturb", "--help"), 0);
	CU_ASSERT(o.json && o.settings.quiet && o.settings.no_perturb && o.help);
	CHECK_NUMBER(PARSE(&o, "-q", "-o", "y"), 0);
	CU_ASSERT_TRUE(o.settings.quiet);
	CHECK_TEXT(o.output, "y");
	CHECK_NUMBER(PARSE(&o, "-oz", "-h"), 0);
	CHECK_TEXT(o.output, "z");
	CU_ASSERT_TRUE(o.help);
}

static void nothing_said_is_nothing_set(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(parse(&o, ALL, (const char *const[]){ NULL }, argv, &err), 0);
	CHECK_NUMBER(o.nr_names, 0);
	CU_ASSERT_PTR_NULL(o.program);
	CU_ASSERT(!o.settings.tools_given && !o.settings.seed_given && !o.settings.runs &&
		  !o.json && !o.settings.out && !o.settings.jobs && !o.shards);
}

static void names_stand_anywhere(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "a", "--runs", "3", "b", "-q", "c"), 0);
	CU_ASSERT_EQUAL_FATAL(o.nr_names, 3);
	CHECK_TEXT(o.names[0], "a");
	CHECK_TEXT(o.names[1], "b");
	CHECK_TEXT(o.names[2], "c");
	CHECK_NUMBER(o.settings.runs, 3);
}

static void what_follows_two_dashes_is_the_programs(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "--runs", "3", "--", "./a.out", "--runs", "x", "--", "-q"), 0);
	CHECK_NUMBER(o.nr_names, 0);
	CHECK_NUMBER(o.settings.runs, 3);
	CU_ASSERT_FALSE(o.settings.quiet);
	CU_ASSERT_PTR_NOT_NULL_FATAL(o.program);
	CHECK_TEXT(o.program[0], "./a.out");
	CHECK_TEXT(o.program[1], "--runs");
	CHECK_TEXT(o.program[3], "--");
	CHECK_TEXT(o.program[4], "-q");
	CU_ASSERT_PTR_NULL(o.program[5]);
	CHECK_NUMBER(PARSE(&o, "--"), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(o.program);
	CU_ASSERT_PTR_NULL(o.program[0]);
}

static void wrong_values_are_told(void)
{
	static const char *const rows[][3] = {
		{ "--runs", "0", "--runs: '0' is not an integer from 1 to" },
		{ "--runs", "-1", "is not an integer" },
		{ "--runs", "many", "'many' is not an integer" },
		{ "--runs", "3x", "is not an integer" },
		{ "--runs", "", "is not an integer" },
		{ "--runs", "1.5", "is not an integer" },
		{ "--runs", "99999999999999999999", "is not an integer" },
		{ "--runs", "10000001", "to 10000000" },
		{ "--scale", "0", "--scale" },
		{ "--scale", "9223372036854775808", "--scale" },
		{ "--jobs", "0", "from 1 to 256" },
		{ "--jobs", "257", "from 1 to 256" },
		{ "--seed", "-1", "--seed" },
		{ "--seed", "18446744073709551616", "--seed" },
		{ "--budget", "0", "--budget: '0' is not a positive number of seconds" },
		{ "--budget", "-3", "--budget" },
		{ "--budget", "nan", "--budget" },
		{ "--budget", "inf", "--budget" },
		{ "--budget", "1e9", "--budget" },
		{ "--timeout", "5s", "--timeout" },
		{ "--timeout", "", "--timeout" },
		{ "--tool", "tsaan",
		  "'tsaan' is not a tool; choose from native, tsan, tsan-gcc, helgrind, drd, "
		  "explore" },
		{ "--tool", "tsan,,nope", "'nope' is not a tool" },
		{ "--shard", "0/2", "I from 1 to N" },
		{ "--shard", "3/2", "I from 1 to N" },
		{ "--shard", "1", "I from 1 to N" },
		{ "--shard", "1/", "I from 1 to N" },
		{ "--shard", "1/2x", "I from 1 to N" },
		{ "--shard", "-1/2", "I from 1 to N" },
		{ "--shard", "a/b", "I from 1 to N" },
	};
	char *argv[MOST];
	struct options o;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CHECK_AT(rows[i][2], PARSE(&o, rows[i][0], rows[i][1]) == -1);
		CHECK_NUMBER(err.class, ERR_INPUT);
		CHECK_HAS(err.text, rows[i][2]);
	}
}

static void a_list_of_no_tools_is_told(void)
{
	static const char *const bad[] = { "", ",", ",," };
	char *argv[MOST];
	struct options o;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_NUMBER(PARSE(&o, "--tool", bad[i]), -1);
		CHECK_HAS(err.text, "--tool");
	}
}

// What a report prints as its seed must be taken back as that seed.
static void seeds_are_read_as_they_are_printed(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "--seed", "0x0000000000000010"), 0);
	CHECK_NUMBER(o.settings.seed, 16);
	CHECK_NUMBER(PARSE(&o, "--seed", "10"), 0);
	CHECK_NUMBER(o.settings.seed, 10);
}

static void a_leading_zero_is_no_other_base(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "--runs", "010"), 0);
	CHECK_NUMBER(o.settings.runs, 10);
}

static void missing_values_are_told(void)
{
	static const char *const bad[] = { "--runs", "--tool", "--out", "-o" };
	char *argv[MOST];
	struct options o;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_NUMBER(PARSE(&o, bad[i]), -1);
		CHECK_HAS(err.text, bad[i]);
		CHECK_HAS(err.text, "needs a value");
	}
}

static void unknown_options_are_told_with_the_nearest(void)
{
	static const char *const rows[][2] = {
		{ "--runns", "--runns: unknown option; did you mean --runs?" },
		{ "--sed=3", "--sed: unknown option; did you mean --seed?" },
		{ "--colour", "--colour: unknown option; see --help" },
		{ "-x", "-x: unknown option" },
	};
	char *argv[MOST];
	struct options o;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CHECK_AT(rows[i][0], PARSE(&o, rows[i][0], "name") == -1);
		CHECK_NUMBER(err.class, ERR_INPUT);
		CHECK_HAS(err.text, rows[i][1]);
	}
}

static void a_cluster_names_the_letter_that_is_wrong(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "-xq"), -1);
	CHECK_HAS(err.text, "-x: unknown option");
	CHECK_NUMBER(PARSE(&o, "name", "-qx"), -1);
	CHECK_HAS(err.text, "-x: unknown option");
}

static void a_value_for_an_option_without_one_is_told(void)
{
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(PARSE(&o, "--quiet=yes"), -1);
	CHECK_HAS(err.text, "--quiet: takes no value");
}

static void options_of_other_commands_are_unknown(void)
{
	const option_set only = OPTION_BIT(JSON) | OPTION_BIT(HELP);
	char *argv[MOST];
	struct options o;
	struct err err;

	CHECK_NUMBER(parse(&o, only, (const char *const[]){ "--json", NULL }, argv, &err), 0);
	CHECK_NUMBER(parse(&o, only, (const char *const[]){ "--runs", "3", NULL }, argv, &err), -1);
	CHECK_HAS(err.text, "--runs: unknown option");
	CHECK_NUMBER(parse(&o, only, (const char *const[]){ "-q", NULL }, argv, &err), -1);
	CHECK_HAS(err.text, "-q: unknown option");
	CHECK_NUMBER(parse(&o, only, (const char *const[]){ "-o", "x", NULL }, argv, &err), -1);
	CHECK_HAS(err.text, "unknown option");
}

void suite_options(void)
{
	static const struct test_case cases[] = {
		{ "every option sets its member", every_option_sets_its_member },
		{ "nothing said is nothing set", nothing_said_is_nothing_set },
		{ "names stand anywhere", names_stand_anywhere },
		{ "what follows two dashes is the program's",
		  what_follows_two_dashes_is_the_programs },
		{ "wrong values are told", wrong_values_are_told },
		{ "a list of no tools is told", a_list_of_no_tools_is_told },
		{ "seeds are read as they are printed", seeds_are_read_as_they_are_printed },
		{ "a leading zero is no other base", a_leading_zero_is_no_other_base },
		{ "missing values are told", missing_values_are_told },
		{ "unknown options are told with the nearest",
		  unknown_options_are_told_with_the_nearest },
		{ "a cluster names the letter that is wrong",
		  a_cluster_names_the_letter_that_is_wrong },
		{ "a value for an option without one is told",
		  a_value_for_an_option_without_one_is_told },
		{ "options of other commands are unknown", options_of_other_commands_are_unknown },
	};

	test_suite("options", cases, ARRAY_SIZE(cases));
}
