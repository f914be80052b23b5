#include "base/mem.h"
#include "base/strbuf.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void an_empty_buffer_is_a_string(void)
{
	struct strbuf sb = STRBUF_INIT;
	char *text;

	CHECK_TEXT(sb.buf, "");
	strbuf_add(&sb, "", 0);
	strbuf_reset(&sb);
	CHECK_TEXT(sb.buf, "");
	text = strbuf_detach(&sb);
	CHECK_TEXT(text, "");
	free(text);
	strbuf_release(&sb);
	strbuf_release(&sb);
}

static void it_grows_and_stays_terminated(void)
{
	struct strbuf sb = STRBUF_INIT;

	for (int i = 0; i < 10000; i++)
		strbuf_addch(&sb, (char)('a' + i % 26));
	CHECK_NUMBER(sb.len, 10000);
	CHECK_NUMBER(strlen(sb.buf), 10000);
	strbuf_reset(&sb);
	CHECK_TEXT(sb.buf, "");
	strbuf_addf(&sb, "%d-%s", 42, "x");
	CHECK_TEXT(sb.buf, "42-x");
	strbuf_release(&sb);
	CHECK_TEXT(sb.buf, "");
}

static void it_holds_nul_bytes(void)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_add(&sb, "a\0b", 3);
	strbuf_addstr(&sb, "c");
	CHECK_NUMBER(sb.len, 4);
	CU_ASSERT(!memcmp(sb.buf, "a\0bc", 5));
	strbuf_release(&sb);
}

static void a_formatted_text_of_any_length_fits(void)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addf(&sb, "%5000d|", 7);
	CHECK_NUMBER(sb.len, 5001);
	strbuf_addf(&sb, "%s", "");
	CHECK_NUMBER(sb.len, 5001);
	strbuf_release(&sb);
}

static void detached_text_is_the_callers(void)
{
	struct strbuf sb = STRBUF_INIT;
	char *text;

	strbuf_addstr(&sb, "mine");
	text = strbuf_detach(&sb);
	strbuf_addstr(&sb, "other");
	CHECK_TEXT(text, "mine");
	CHECK_TEXT(sb.buf, "other");
	free(text);
	strbuf_release(&sb);
}

static void padding_counts_characters_and_cuts(void)
{
	static const struct {
		const char *text;
		int width;
		const char *padded;
	} rows[] = {
		{ "ab", 4, "ab  " }, { "abcd", 4, "abcd" }, { "abcdef", 4, "abcd" },
		{ "", 2, "  " },     { "éà", 3, "éà " },    { "éàü", 2, "éà" },
		{ "x", 0, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf sb = STRBUF_INIT;

		strbuf_addpad(&sb, rows[i].text, rows[i].width);
		CHECK_TEXT(sb.buf, rows[i].padded);
		strbuf_release(&sb);
	}
}

#define BYTES(literal) literal, sizeof(literal) - 1

static void escaped_bytes_can_be_shown_anywhere(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *shown;
	} rows[] = {
		{ BYTES("plain"), "plain" },
		{ BYTES("a\nb\tc\r"), "a\\nb\\tc\\r" },
		{ BYTES("back\\slash"), "back\\\\slash" },
		{ BYTES("\0"), "\\x00" },
		{ BYTES("\033[31m"), "\\x1b[31m" },
		{ BYTES("\x7f"), "\\x7f" },
		{ BYTES("é€😀"), "é€😀" },
		{ BYTES("\xc2\x9b"
			"31m"),
		  "\\xc2\\x9b31m" }, // C1 control: moves terminals too
		{ BYTES("\xff\xfe"), "\\xff\\xfe" },
		{ BYTES("\xc3"), "\\xc3" }, // cut in the middle
		{ BYTES("\xe2\x82"), "\\xe2\\x82" },
		{ BYTES("\xc0\xaf"), "\\xc0\\xaf" }, // overlong
		{ BYTES("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
		{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },          // surrogate
		{ BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" }, // above U+10FFFF
		{ BYTES("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80" },
		{ BYTES("\x80"), "\\x80" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf sb = STRBUF_INIT;

		strbuf_add_escaped(&sb, rows[i].bytes, rows[i].len);
		CHECK_TEXT(sb.buf, rows[i].shown);
		strbuf_release(&sb);
	}
}

static void xml_text_cannot_be_markup(void)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_add_xml(&sb, "<a b=\"c\">&amp;'\x01\n");
	CHECK_TEXT(sb.buf, "&lt;a b=&quot;c&quot;&gt;&amp;amp;'\\x01\n");
	strbuf_release(&sb);
}

static void xml_text_holds_no_character_that_xml_has_not(void)
{
	struct strbuf sb = STRBUF_INIT;

	// U+FFFE and U+FFFF are characters of UTF-8 and none of XML.
	strbuf_add_xml(&sb, "a\xef\xbf\xbe"
			    "b\xef\xbf\xbf"
			    "c\xef\xbf\xbd");
	CHECK_TEXT(sb.buf, "a\\xef\\xbf\\xbe"
			   "b\\xef\\xbf\\xbf"
			   "c\xef\xbf\xbd");
	strbuf_release(&sb);
}

void suite_strbuf(void)
{
	static const struct test_case cases[] = {
		{ "an empty buffer is a string", an_empty_buffer_is_a_string },
		{ "it grows and stays terminated", it_grows_and_stays_terminated },
		{ "it holds NUL bytes", it_holds_nul_bytes },
		{ "a formatted text of any length fits", a_formatted_text_of_any_length_fits },
		{ "detached text is the caller's", detached_text_is_the_callers },
		{ "padding counts characters and cuts", padding_counts_characters_and_cuts },
		{ "escaped bytes can be shown anywhere", escaped_bytes_can_be_shown_anywhere },
		{ "XML text cannot be markup", xml_text_cannot_be_markup },
		{ "XML text holds no character that XML has not",
		  xml_text_holds_no_character_that_xml_has_not },
	};

	test_suite("strbuf", cases, ARRAY_SIZE(cases));
}
