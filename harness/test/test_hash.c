#include "base/hash.h"
#include "base/mem.h"
#include "test/support.h"

// Vectors of the FNV-1a page.
static void known_texts_have_their_known_hashes(void)
{
	CU_ASSERT_EQUAL(hash_bytes(HASH_INIT, "", 0), UINT64_C(0xcbf29ce484222325));
	CU_ASSERT_EQUAL(hash_bytes(HASH_INIT, "a", 1), UINT64_C(0xaf63dc4c8601ec8c));
	CU_ASSERT_EQUAL(hash_bytes(HASH_INIT, "foobar", 6), UINT64_C(0x85944171f73967e8));
}

static void where_a_text_ends_counts(void)
{
	uint64_t ab_c = hash_str(hash_str(HASH_INIT, "ab"), "c");
	uint64_t a_bc = hash_str(hash_str(HASH_INIT, "a"), "bc");

	CU_ASSERT_NOT_EQUAL(ab_c, a_bc);
	CU_ASSERT_EQUAL(hash_str(HASH_INIT, NULL), hash_str(HASH_INIT, ""));
	CU_ASSERT_NOT_EQUAL(hash_str(HASH_INIT, ""), HASH_INIT);
}

void suite_hash(void)
{
	static const struct test_case cases[] = {
		{ "known texts have their known hashes", known_texts_have_their_known_hashes },
		{ "where a text ends counts", where_a_text_ends_counts },
	};

	test_suite("hash", cases, ARRAY_SIZE(cases));
}
