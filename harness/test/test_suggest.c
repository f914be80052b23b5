#include "base/mem.h"
#include "cli/suggest.h"
#include "test/support.h"

static const char *const names[] = { "check", "list", "report", "run", "show", "doctor" };

static void the_nearest_name_is_suggested(void)
{
	static const struct {
		const char *word, *name;
	} rows[] = {
		{ "chek", "check" }, { "check", "check" },  { "reprot", "report" },
		{ "lst", "list" },   { "ruun", "run" },     { "docter", "doctor" },
		{ "shwo", "show" },  { "checks", "check" }, { "explore", NULL },
		{ "xyzzy", NULL },   { "Check", "check" },  { "rub", "run" },
		{ "rot", NULL },     { "--rot", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_TEXT_AT(rows[i].word, suggest(rows[i].word, names, ARRAY_SIZE(names)),
			      rows[i].name);
}

static void long_and_no_words_are_borne(void)
{
	CU_ASSERT_PTR_NULL(suggest("a-word-that-is-longer-than-any-name-could-ever-be", names,
				   ARRAY_SIZE(names)));
	CU_ASSERT_PTR_NULL(suggest("", names, ARRAY_SIZE(names)));
	CU_ASSERT_PTR_NULL(suggest("run", names, 0));
}

void suite_suggest(void)
{
	static const struct test_case cases[] = {
		{ "the nearest name is suggested", the_nearest_name_is_suggested },
		{ "long and no words are borne", long_and_no_words_are_borne },
	};

	test_suite("suggest", cases, ARRAY_SIZE(cases));
}
