// Which accesses race: who knows of whom, plain and atomic ones, parts of a word and what lies
// across two.
#include "test/rt_use.h"

static void accesses_race_or_do_not(void)
{
	static const struct {
		const char *use;
		bool races;
	} rows[] = {
		{ "main-tells", false },     { "main-goes-on", true },
		{ "unlocked", true },        { "reused", false },
		{ "unheard-reader", true },  { "main-reads", true },
		{ "written-again", true },   { "load-and-read", false },
		{ "load-and-write", true },  { "store-and-read", true },
		{ "store-and-write", true }, { "neighbours", false },
		{ "within", true },          { "parted", true },
		{ "across-inside", true },   { "across-outside", false },
		{ "seven-inside", true },    { "seven-outside", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		use_always("memory", rows[i].use,
			   "exit 0: ", rows[i].races ? RT_FOUND_RACE : RT_FOUND_NR);
}

void suite_rt_shadow(void)
{
	static const struct test_case cases[] = {
		{ "accesses race or do not", accesses_race_or_do_not },
	};

	test_suite("rt_shadow", cases, ARRAY_SIZE(cases));
}
