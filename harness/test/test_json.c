// Members of JSON objects that are there, absent or of another type.
#include "base/json.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>

static void what_is_there_is_read(void)
{
	json_t *json = json_pack("{s:s,s:I}", "name", "drd", "runs", (json_int_t)1 << 40);

	CHECK_TEXT(text_of(json, "name"), "drd");
	CHECK_NUMBER(number_of(json, "runs"), 1LL << 40);
	json_decref(json);
}

static void what_is_not_there_reads_as_nothing(void)
{
	json_t *json = json_pack("{s:s,s:i,s:n}", "name", "12", "runs", 3, "reason");

	CHECK_TEXT(text_of(json, "title"), "");
	CHECK_TEXT(text_of(json, "runs"), "");
	CHECK_TEXT(text_of(json, "reason"), "");
	CHECK_TEXT(text_of(NULL, "name"), "");
	CHECK_NUMBER(number_of(json, "seed"), 0);
	CHECK_NUMBER(number_of(json, "name"), 0);
	CHECK_NUMBER(number_of(NULL, "runs"), 0);
	json_decref(json);
}

// U+202E turns what follows it: a name may have it, a terminal must not get it.
static void what_is_printed_is_ascii(void)
{
	// NOLINTNEXTLINE(misc-misleading-bidirectional): that is what it is about
	json_t *json = json_pack("{s:s}", "name", "a\342\200\256b\033"), *again;
	struct strbuf out = STRBUF_INIT;

	strbuf_add_json(&out, json_incref(json), JSON_INDENT(1));
	CHECK_HAS(out.buf, "\"a\\u202Eb\\u001B\"");
	for (const char *p = out.buf; *p; p++)
		CU_ASSERT((*p >= ' ' && *p <= '~') || *p == '\n');
	again = json_loads(out.buf, 0, NULL);
	CU_ASSERT_TRUE(json_equal(json, again));
	json_decref(again);
	json_decref(json);
	strbuf_release(&out);
}

void suite_json(void)
{
	static const struct test_case cases[] = {
		{ "what is printed is ASCII", what_is_printed_is_ascii },
		{ "what is there is read", what_is_there_is_read },
		{ "what is not there reads as nothing", what_is_not_there_reads_as_nothing },
	};

	test_suite("json", cases, ARRAY_SIZE(cases));
}
