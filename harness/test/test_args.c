// Argument lists for calling programs.
#include "base/args.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void a_text_is_split_at_blanks_and_tabs(void)
{
	static const struct {
		const char *text;
		size_t nr;
		const char *args[3];
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
		struct args args = { 0 };

		args_split(&args, rows[i].text);
		CHECK_NUMBER(args.nr, rows[i].nr);
		for (size_t k = 0; k < args.nr && k < ARRAY_SIZE(rows[i].args); k++)
			CHECK_TEXT(args.items[k], rows[i].args[k]);
		args_release(&args);
	}
}

static void arguments_keep_the_order_in_which_they_were_added(void)
{
	struct args args = { 0 };
	char own[] = "cc";

	args_add(&args, own);
	own[0] = 'x'; // it was copied
	args_split(&args, "-c -g");
	args_take(&args, xstrdup("a.c"));
	CHECK_NUMBER(args.nr, 4);
	CHECK_TEXT(args.items[0], "cc");
	CHECK_TEXT(args.items[2], "-g");
	CHECK_TEXT(args.items[3], "a.c");
	args_release(&args);
	CHECK_NUMBER(args.nr, 0);
	args_add(&args, "again");
	CHECK_TEXT(args.items[0], "again");
	args_release(&args);
}

static void the_end_does_not_count(void)
{
	struct args args = { 0 };

	args_end(&args);
	CHECK_NUMBER(args.nr, 0);
	CU_ASSERT_PTR_NULL(args.items[0]);
	for (size_t nr = 1; nr <= 40; nr++) { // over several growths
		args_add(&args, "w");
		args_end(&args);
		CHECK_NUMBER(args.nr, nr);
		CHECK_TEXT(args.items[nr - 1], "w");
		CU_ASSERT_PTR_NULL(args.items[nr]);
	}
	args_release(&args);
}

void suite_args(void)
{
	static const struct test_case cases[] = {
		{ "a text is split at blanks and tabs", a_text_is_split_at_blanks_and_tabs },
		{ "arguments keep the order in which they were added",
		  arguments_keep_the_order_in_which_they_were_added },
		{ "the end does not count", the_end_does_not_count },
	};

	test_suite("args", cases, ARRAY_SIZE(cases));
}
