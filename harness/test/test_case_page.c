// A case as people read it: the page of every case, the lines of a list.
#include "base/mem.h"
#include "catalog/catalog.h"
#include "cli/case_page.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static const char yaml[] =
	"title: One counter, two threads\nclass: data-race\n"
	"seed: {file: book.txt, section: Locks}\n"
	"why: w\nfix: f\nthreads: 2\nscale: {default: 1, small: 1}\ntimeout: 5 s\n"
	"outcomes:\n  - {result: ok, racy: acceptable, fixed: acceptable, meaning: all is well}\n"
	"  - {result: lost, racy: interesting, fixed: forbidden, meaning: one is lost}\n"
	"expect:\n"
	"  racy: {native: diverges, helgrind: detects, explore: detects}\n"
	"  fixed: {native: silent, tsan: silent, tsan-gcc: silent, helgrind: silent, explore: "
	"silent, drd: "
	"silent}\n"
	"limitations:\n"
	"  - {variant: racy, tools: [tsan, tsan-gcc], limitation: misses, reason: it is blind}\n"
	"  - {variant: racy, tools: [drd], limitation: sometimes, reason: it blinks}\n";

static const char racy[] =
	"/*\n * A counter.\n *\n *   1. one reads it    0\n"
	" *   2. the other one, which is a worker as well, reads it too before it is written    0\n"
	" *      and keeps it\n"
	" *\n * Both write, and each of the two writes what it has read and added one to, which "
	"is\n"
	" * the same.\n */\n"
	"static int n;\n\nint main(void)\n{\n\tn++;   // RACE: n\n\treturn n; // RACE: n\n}\n";

static const char fixed[] = "/*\n * Another comment.\n */\n"
			    "static _Atomic int n;\n\nint main(void)\n{\n\tn++;\n\treturn n;\n}\n";

static void make(const char *text, char **dir, struct testcase *tc)
{
	struct err err = ERR_INIT;
	char *path;

	*dir = scratch_make();
	scratch_write(*dir, "locks/count/case.yaml", text);
	scratch_write(*dir, "locks/count/racy.c", racy);
	scratch_write(*dir, "locks/count/fixed.c", fixed);
	path = xasprintf("%s/locks/count", *dir);
	if (testcase_load(path, tc, &err)) {
		CHECK_TEXT(err.text, "");
		CU_FAIL_FATAL("the case does not load");
	}
	free(path);
}

static struct strbuf page_of(const struct testcase *tc, const struct ink *ink)
{
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL(case_page(tc, ink, &out, &err), 0);
	return out;
}

static void a_page_tells_all_of_a_case(void)
{
	static const char *const parts[] = {
		"locks/count  [data-race]\nOne counter, two threads\n",
		"\nSeed:     documented in book.txt, Locks\nFindings: ",
		"Findings: data-race\n",
		"  A counter.\n\n    1. one reads it    0\n"
		"    2. the other one, which is a worker as well, reads it too before it is\n"
		"       written\n       0\n       and keeps it\n\n"
		"  Both write, and each of the two writes what it has read and added one to,\n"
		"  which is the same.\n\nThe racing lines\n",
		"  racy.c:15  n  n++;\n  racy.c:16  n  return n;\n",
		"  --- racy.c\n  +++ fixed.c\n  @@\n  -static int n;\n  +static _Atomic int n;\n\n",
		"  -\tn++;   // RACE: n\n  -\treturn n; // RACE: n\n  +\tn++;\n  +\treturn n;\n",
		"  lost\n      racy: interesting, fixed: forbidden; one is lost\n",
		"  tool      racy         fixed\n  native    diverges     silent\n",
		"  drd       sometimes    silent\n",
		"  misses (racy: tsan, tsan-gcc): it is blind\n",
		"  sometimes (racy: drd): it blinks\n",
		"racegate check locks/count\n",
		"racegate explore locks/count/racy\n",
	};
	struct testcase tc;
	struct strbuf out;
	char *dir;

	make(yaml, &dir, &tc);
	out = page_of(&tc, &ink_none);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		CHECK_HAS(out.buf, parts[i]);
	CU_ASSERT_PTR_NULL(strstr(out.buf, "Another comment"));
	CU_ASSERT_PTR_NULL(strchr(out.buf, '\033'));
	strbuf_release(&out);
	testcase_release(&tc);
	scratch_drop(dir);
}

static void check_head(const char *seed, const char *head)
{
	char *changed = text_replace(yaml, "seed: {file: book.txt, section: Locks}\n", seed);
	struct testcase tc;
	struct strbuf out;
	char *dir;

	make(changed, &dir, &tc);
	out = page_of(&tc, &ink_none);
	CHECK_HAS(out.buf, head);
	strbuf_release(&out);
	testcase_release(&tc);
	scratch_drop(dir);
	free(changed);
}

static void a_page_says_what_the_document_has_to_do_with_the_case(void)
{
	check_head("seed: {file: book.txt, section: Locks, relation: inspired-by}\n",
		   "two threads\n\nSeed:     inspired by book.txt, Locks\nFindings:");
	check_head("seed: {file: book.txt, section: Locks, note: It says that 1 + 1 is 3.}\n",
		   "in book.txt, Locks\n          It says that 1 + 1 is 3.\nFindings:");
	check_head("", "two threads\n\nFindings:");
}

static void colour_is_in_the_diff_and_ends_where_it_began(void)
{
	struct testcase tc;
	struct strbuf out;
	char *dir;

	make(yaml, &dir, &tc);
	out = page_of(&tc, &ink_ansi);
	CHECK_HAS(out.buf, "\033[31m-static int n;\033[0m\n");
	CHECK_HAS(out.buf, "\033[32m+static _Atomic int n;\033[0m\n");
	CHECK_HAS(out.buf, "\033[1mlocks/count\033[0m");
	for (const char *line = out.buf, *end; (end = strchr(line, '\n')); line = end + 1) {
		bool on = false;

		for (const char *p = line; p < end; p++)
			if (*p == '\033')
				on = strncmp(p, "\033[0m", 4) != 0;
		CU_ASSERT(!on);
	}
	strbuf_release(&out);
	testcase_release(&tc);
	scratch_drop(dir);
}

static void a_source_that_cannot_be_read_is_an_error(void)
{
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct testcase tc;
	char *dir;

	make(yaml, &dir, &tc);
	scratch_drop(dir);
	CU_ASSERT_EQUAL(case_page(&tc, &ink_none, &out, &err), -1);
	CHECK_HAS(err.text, "racy.c");
	strbuf_release(&out);
	testcase_release(&tc);
}

static void a_row_shows_who_catches_it(void)
{
	struct strbuf out = STRBUF_INIT;
	struct testcase tc;
	char *dir;

	make(yaml, &dir, &tc);
	case_row(&tc, &ink_none, &out);
	CHECK_TEXT(out.buf, "  count                    data-race   native               "
			    "helgrind~drd explore\n      One counter, two threads\n");
	strbuf_reset(&out);
	free(tc.id);
	tc.id = xstrdup("locks/a-name-that-is-longer-than-its-column");
	case_row(&tc, &ink_none, &out);
	CHECK_HAS(out.buf, "  a-name-that-is-longer-than-its-column\n");
	strbuf_release(&out);
	testcase_release(&tc);
	scratch_drop(dir);
}

static size_t width_of(const char *line, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)line[i] & 0xC0) != 0x80;
	return width;
}

// All but the lines of code, which stand as they are in the sources.
static void check_page(const char *id, const char *page)
{
	bool code = false;

	for (const char *line = page, *end; (end = strchr(line, '\n')); line = end + 1) {
		if (line == page || line[-1] == '\n') {
			if (!strncmp(line, "The fix as a diff", 17) ||
			    !strncmp(line, "The racing lines", 16))
				code = true;
			else if (*line != ' ' && line != end)
				code = false;
		}
		CHECK_AT(id, code || width_of(line, (size_t)(end - line)) <= 80);
		CHECK_AT(id, line == end || code || end[-1] != ' ');
	}
}

static void the_page_of_every_case_fits_80_columns(void)
{
	struct catalog catalog;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(catalog_load("cases", &catalog, &err), 0);
	CU_ASSERT(catalog.nr > 0);
	for (size_t i = 0; i < catalog.nr; i++) {
		struct strbuf page = page_of(catalog.items[i], &ink_none), row = STRBUF_INIT;

		check_page(catalog.items[i]->id, page.buf);
		case_row(catalog.items[i], &ink_none, &row);
		check_page(catalog.items[i]->id, row.buf);
		strbuf_release(&row);
		strbuf_release(&page);
	}
	catalog_release(&catalog);
}

void suite_case_page(void)
{
	static const struct test_case cases[] = {
		{ "a page tells all of a case", a_page_tells_all_of_a_case },
		{ "a page says what the document has to do with the case",
		  a_page_says_what_the_document_has_to_do_with_the_case },
		{ "colour is in the diff and ends where it began",
		  colour_is_in_the_diff_and_ends_where_it_began },
		{ "a source that cannot be read is an error",
		  a_source_that_cannot_be_read_is_an_error },
		{ "a row shows who catches it", a_row_shows_who_catches_it },
		{ "the page of every case fits 80 columns",
		  the_page_of_every_case_fits_80_columns },
	};

	test_suite("case_page", cases, ARRAY_SIZE(cases));
}
