// Where racegate's words go: streams that are closed or full, names that would move a terminal.
#include "test/shell.h"

#include <string.h>

static void what_cannot_be_printed_is_3(void)
{
	static const char *const calls[] = { "--version", "--help",       "help",
					     "doctor",    "check --help", "list" };
	struct call c;

	call_begin(&c);
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		char *script = xasprintf("$R %s >/dev/full", calls[i]), *out;

		CHECK_NUMBER(shell(&c, script, &out), 3);
		CHECK_HAS(out, "racegate: cannot write to standard output: No space left");
		free(out);
		free(script);
		script = xasprintf("$R %s >&-", calls[i]);
		CHECK_NUMBER(shell(&c, script, NULL), 3);
		free(script);
	}
	call_end(&c);
}

// A report, a usage line or an error would be lines of it, and it would be sent to the terminal.
static void no_file_of_a_session_is_a_standard_stream(void)
{
	static const struct {
		const char *streams;
		int code;
	} rows[] = { { "<&-", 0 }, { ">&-", 3 }, { "2>&-", 0 }, { "<&- >&- 2>&-", 3 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct call c;
		char *script, *out;

		call_begin(&c);
		scratch_write(c.dir, "ok.c", says_ok_c);
		script = xasprintf("$R check ok.c --tool native --runs 2 --out s %s",
				   rows[i].streams);
		CHECK_NUMBER(shell(&c, script, NULL), rows[i].code);
		CHECK_NUMBER(shell(&c, "grep -v '^{.*}$' s/runs.jsonl", &out), 1);
		CHECK_TEXT_AT(rows[i].streams, out, "");
		free(out);
		CHECK_NUMBER(shell(&c, "$R report s", NULL), 0);
		free(script);
		call_end(&c);
	}
}

static void a_name_that_cannot_be_shown_is_refused(void)
{
	static const char *const names[] = { "a\\nb.c", "a\\033]0;x\\007b.c", "a\\377b.c",
					     "a\\342\\200\\256b.c" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct call c;
		char *script, *out;

		call_begin(&c);
		scratch_write(c.dir, "ok.c", says_ok_c);
		script = xasprintf("n=\"$(printf '%s')\"; cp ok.c \"$n\"\n"
				   "$R check \"$n\" --tool native --out s",
				   names[i]);
		CHECK_NUMBER(shell(&c, script, &out), 2);
		CHECK_HAS(out, "the name has a line break, a control character or bytes that");
		CHECK_AT("nothing is sent", !strpbrk(out, "\033\007\377") && !strstr(out, "\342"));
		CHECK_NUMBER(shell(&c, "test -e s", NULL), 1);
		free(out);
		free(script);
		call_end(&c);
	}
}

static void what_moves_a_terminal_is_shown(void)
{
	static const char *const calls[] = { "$R \"$e\"",        "$R check \"$e\"",
					     "$R report \"$e\"", "$R run -- \"./$e\"",
					     "$R replay \"$e\"", "$R list \"--$e\"" };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		struct call c;
		char *script, *out;

		call_begin(&c);
		script = xasprintf("e=\"$(printf 'x\\033[2Jy\\342\\200\\256')\"; %s", calls[i]);
		CHECK_NUMBER(shell(&c, script, &out), 2);
		CHECK_HAS(out, "x\\x1b[2Jy\\xe2\\x80\\xae");
		CHECK_AT(calls[i], !strpbrk(out, "\033\342"));
		free(out);
		free(script);
		call_end(&c);
	}
}

void suite_e2e_streams(void)
{
	static const struct test_case cases[] = {
		{ "what cannot be printed is 3", what_cannot_be_printed_is_3 },
		{ "no file of a session is a standard stream",
		  no_file_of_a_session_is_a_standard_stream },
		{ "a name that cannot be shown is refused",
		  a_name_that_cannot_be_shown_is_refused },
		{ "what moves a terminal is shown", what_moves_a_terminal_is_shown },
	};

	test_suite("e2e_streams", cases, ARRAY_SIZE(cases));
}
