/*
 * Situations in which racegate could say "clean" without having looked. In each of them the exit
 * code must not be 0. The programs race, or differ, and do away with what shows it.
 */
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Checks fixtures/blind/NAME; its exit code must be `code`, and what is said has `says`.
static void blind(const char *name, const char *flags, const char *tool, const char *runs, int code,
		  const char *says)
{
	char *path = xasprintf("blind/%s", name), *option = xasprintf("--cflags=%s", flags);
	struct call c;

	call_begin(&c);
	scratch_copy(test_fixture(path), c.dir, name);
	CALL(&c, "check", name, "--tool", tool, "--runs", runs, "--out", "s", option);
	exits(&c, code);
	CHECK_AT(flags, c.code != 0 && (strstr(c.out, says) || strstr(c.err, says)));
	call_end(&c);
	free(path);
	free(option);
}

/*
 * Each run makes a number of its own out of the time in nanoseconds, and shows it far behind
 * where results are cut for showing. That all are the same: of numbers (1e-9)^3, of zero bytes
 * 4096^-7; of newlines that are there or not 2^-31.
 */
static void results_that_differ_late_are_not_the_same(void)
{
	static const struct {
		const char *flags, *runs;
	} rows[] = {
		{ "-DLENGTH=5000 -DHOW=1", "4" },    { "-DLENGTH=5000 -DHOW=2", "8" },
		{ "-DLENGTH=5000 -DHOW=3", "32" },   { "-DLENGTH=1100000 -DHOW=1", "4" },
		{ "-DLENGTH=1100000 -DHOW=2", "8" }, { "-DLENGTH=10 -DHOW=3", "32" },
		{ "-DLENGTH=10 -DHOW=2", "8" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		blind("differs_late.c", rows[i].flags, "native", rows[i].runs, 1, "divergence: ");
}

static void runs_that_a_program_takes_out_of_the_session_are_missed(void)
{
	blind("loses_runs.c", "-DHOW=1", "native", "3", 3, "This session is incomplete");
	blind("loses_runs.c", "-DHOW=2", "native", "3", 3, "runs.jsonl");
	blind("loses_runs.c", "-DHOW=3", "native", "3", 3, "This session is incomplete");
}

// Whatever a racing program does to its tool's log: never clean.
static void a_race_cannot_be_hidden(const char *tool, int from, int to)
{
	for (int how = from; how <= to; how++) {
		char *flags = xasprintf("--cflags=-DHOW=%d", how);
		struct call c;

		call_begin(&c);
		scratch_copy(test_fixture("blind/hides_race.c"), c.dir, "p.c");
		CALL(&c, "check", "p.c", "--tool", tool, "--runs", "1", "--out", "s", flags,
		     "--args", "s/work");
		CHECK_AT(flags, c.code == 1 || c.code == 3);
		CHECK_AT(flags, c.code == 1 || strstr(c.out, "tampered"));
		call_end(&c);
		free(flags);
	}
}

static void a_race_cannot_be_hidden_from_tsan(void)
{
	a_race_cannot_be_hidden("tsan", 1, 8);
}

static void a_race_cannot_be_hidden_from_valgrind(void)
{
	a_race_cannot_be_hidden("helgrind", 1, 7);
	a_race_cannot_be_hidden("drd", 4, 5);
}

/*
 * What the user suppresses is not reported, and that is said. None of 3 TSan runs sees the race
 * once in 10^9.
 */
static void suppressions_are_obeyed_and_named(void)
{
	static const struct {
		const char *tool, *variable, *text, *says;
	} rows[] = {
		{ "tsan", "TSAN_OPTIONS=suppressions=%s/supp", "race:writer\n",
		  "suppressed by race:writer (TSAN_OPTIONS)" },
		{ "helgrind", "VALGRIND_OPTS=--suppressions=%s/supp",
		  "{\n  my-race\n  Helgrind:Race\n  fun:writer\n}\n",
		  "suppressed by my-race (VALGRIND_OPTS)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *env[512];
		size_t nr = 0;
		struct call c;
		char *variable;

		call_begin(&c);
		scratch_copy(test_fixture("blind/plain_race.c"), c.dir, "p.c");
		scratch_write(c.dir, "supp", rows[i].text);
		variable = text_replace(rows[i].variable, "%s", c.dir);
		for (char **e = environ; *e && nr < ARRAY_SIZE(env) - 2; e++)
			env[nr++] = *e;
		env[nr++] = variable;
		env[nr] = NULL;
		call_with(&c, env,
			  (const char *const[]){ "check", "p.c", "--tool", rows[i].tool, "--runs",
						 "3", "--out", "s", NULL });
		exits(&c, 0);
		CHECK_HAS(c.out, "Your setting: ");
		CHECK_HAS(c.out, rows[i].says);
		free(variable);
		call_end(&c);
	}
}

void suite_e2e_blind(void)
{
	static const struct test_case cases[] = {
		{ "results that differ late are not the same",
		  results_that_differ_late_are_not_the_same },
		{ "suppressions are obeyed and named", suppressions_are_obeyed_and_named },
		{ "a race cannot be hidden from TSan", a_race_cannot_be_hidden_from_tsan },
		{ "a race cannot be hidden from Valgrind", a_race_cannot_be_hidden_from_valgrind },
		{ "runs that a program takes out of the session are missed",
		  runs_that_a_program_takes_out_of_the_session_are_missed },
	};

	test_suite("e2e_blind", cases, ARRAY_SIZE(cases));
}
