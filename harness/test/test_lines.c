// Texts of the same lines have the same hash, in whatever order and pieces they come.
#include "base/lines.h"
#include "base/mem.h"
#include "test/support.h"

#include <string.h>

static uint64_t hash_in_pieces(const char *text, size_t piece)
{
	struct lines lines = { 0 };

	for (size_t len = strlen(text); len; text += piece, len -= piece) {
		piece = piece < len ? piece : len;
		lines_add(&lines, text, piece);
	}
	return lines_hash(&lines);
}

static void the_order_of_lines_does_not_matter_and_all_else_does(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "", "", true },
		{ "a\nb\n", "b\na\n", true },
		{ "a\nb", "a\nb", true },
		{ "a\nb\n", "a\nb", false },
		{ "a\nb\n", "b\na", false },
		{ "a\nb\nc\n", "c\na\nb\n", true },
		{ "a\n\nb\n", "\na\nb\n", true },
		{ "a\nb\n", "a\nb\nb\n", false },
		{ "a\na\nb\n", "a\nb\nb\n", false },
		{ "a\nb\n", "ab\n", false },
		{ "ab\ncd\n", "ac\nbd\n", false },
		{ "a\n", "", false },
		{ "\n", "", false },
		{ "a\n\n", "a\n", false },
		{ "worker a\nworker b\n", "worker worker a\nb\n", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_AT(rows[i].a, (hash_in_pieces(rows[i].a, 100) ==
				     hash_in_pieces(rows[i].b, 100)) == rows[i].same);
}

static void pieces_do_not_matter(void)
{
	static const char text[] = "one\n\ntwo and more\nthree";

	for (size_t piece = 1; piece < sizeof(text); piece++)
		CU_ASSERT_EQUAL(hash_in_pieces(text, piece), hash_in_pieces(text, sizeof(text)));
}

// A plain sum of similar hashes would be the same for many sets of lines.
static void numbers_that_add_up_to_the_same_are_told_apart(void)
{
	CU_ASSERT_NOT_EQUAL(hash_in_pieces("1\n4\n", 9), hash_in_pieces("2\n3\n", 9));
	CU_ASSERT_NOT_EQUAL(hash_in_pieces("10\n01\n", 9), hash_in_pieces("11\n00\n", 9));
}

void suite_lines(void)
{
	static const struct test_case cases[] = {
		{ "the order of lines does not matter, and all else does",
		  the_order_of_lines_does_not_matter_and_all_else_does },
		{ "pieces do not matter", pieces_do_not_matter },
		{ "numbers that add up to the same are told apart",
		  numbers_that_add_up_to_the_same_are_told_apart },
	};

	test_suite("lines", cases, ARRAY_SIZE(cases));
}
