// Lists of words for calling programs.
#include "base/mem.h"
#include "base/words.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void a_text_is_split_at_blanks_and_tabs(void)
{
	static const struct {
		const char *text;
		size_t nr;
		const char *words[3];
	} rows[] = {
		{ NULL, 0, { NULL } },
		{ "", 0, { NULL } },
		{ " \t ", 0, { NULL } },
		{ "-O2", 1, { "-O2" } },
		{ "  -O2\t -g ", 2, { "-O2", "-g" } },
		{ "-DA=\"b c\"", 2, { "-DA=\"b", "c\"" } }, // no quoting
		{ "a\nb c d", 3, { "a\nb", "c", "d" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct words words = { 0 };

		words_split(&words, rows[i].text);
		CHECK_NUMBER(words.nr, rows[i].nr);
		for (size_t k = 0; k < words.nr && k < ARRAY_SIZE(rows[i].words); k++)
			CHECK_TEXT(words.items[k], rows[i].words[k]);
		words_release(&words);
	}
}

static void words_of_all_sources_follow_each_other(void)
{
	struct words words = { 0 };
	char own[] = "cc";

	words_add(&words, own);
	own[0] = 'x'; // it was copied
	words_split(&words, "-c -g");
	words_take(&words, xstrdup("a.c"));
	CHECK_NUMBER(words.nr, 4);
	CHECK_TEXT(words.items[0], "cc");
	CHECK_TEXT(words.items[2], "-g");
	CHECK_TEXT(words.items[3], "a.c");
	words_release(&words);
	CHECK_NUMBER(words.nr, 0);
	words_add(&words, "again");
	CHECK_TEXT(words.items[0], "again");
	words_release(&words);
}

static void the_end_does_not_count(void)
{
	struct words words = { 0 };

	words_end(&words);
	CHECK_NUMBER(words.nr, 0);
	CU_ASSERT_PTR_NULL(words.items[0]);
	for (size_t nr = 1; nr <= 40; nr++) { // over several growths
		words_add(&words, "w");
		words_end(&words);
		CHECK_NUMBER(words.nr, nr);
		CHECK_TEXT(words.items[nr - 1], "w");
		CU_ASSERT_PTR_NULL(words.items[nr]);
	}
	words_release(&words);
}

void suite_words(void)
{
	static const struct test_case cases[] = {
		{ "a text is split at blanks and tabs", a_text_is_split_at_blanks_and_tabs },
		{ "words of all sources follow each other",
		  words_of_all_sources_follow_each_other },
		{ "the end does not count", the_end_does_not_count },
	};

	test_suite("words", cases, ARRAY_SIZE(cases));
}
