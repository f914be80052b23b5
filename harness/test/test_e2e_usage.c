// racegate as its users call it: wrong words, broken cases, and what it lists and shows.
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdbool.h>
#include <string.h>

static void wrong_usage_is_2(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "chekc");
	exits(&c, 2);
	CHECK_HAS(c.err, "did you mean 'check'?");
	CHECK_TEXT(c.out, "");
	call_with(&c, NULL, (const char *const[]){ NULL });
	exits(&c, 2);
	CHECK_HAS(c.err, "usage:");
	CALL(&c, "check", "--runns", "3");
	exits(&c, 2);
	CHECK_HAS(c.err, "did you mean --runs?");
	CALL(&c, "check", "missing.c");
	exits(&c, 2);
	CHECK_HAS(c.err, "missing.c: no such file");
	scratch_write(c.dir, "mine.c", says_ok_c);
	CALL(&c, "check", "--cases", ".", "--", "mine.c"); // dropped, the whole catalogue is left
	exits(&c, 2);
	CHECK_HAS(c.err, "check: takes no program after --");
	CHECK_TEXT(c.out, "");
	CALL(&c, "run");
	exits(&c, 2);
	CALL(&c, "run", "--", "./nothing-here");
	exits(&c, 2);
	CALL(&c, "run", "--", "/tmp");
	exits(&c, 2);
	CALL(&c, "report");
	exits(&c, 2);
	CALL(&c, "report", "no-session");
	exits(&c, 2);
	CALL(&c, "report", "x", "--format", "pdf");
	exits(&c, 2);
	CALL(&c, "show", "no-such-case");
	exits(&c, 2);
	CALL(&c, "--help");
	exits(&c, 0);
	CHECK_HAS(c.out, "usage:");
	CALL(&c, "check", "--help");
	exits(&c, 0);
	CHECK_HAS(c.out, "--runs");
	CALL(&c, "--version");
	exits(&c, 0);
	call_end(&c);
}

static void a_broken_case_is_2_with_its_place(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "cases/f/one/case.yaml", "title: T\nclas: data-race\n");
	scratch_write(c.dir, "cases/f/one/racy.c", says_ok_c);
	scratch_write(c.dir, "cases/f/one/fixed.c", says_ok_c);
	CALL(&c, "check");
	exits(&c, 2);
	CHECK_HAS(c.err, "cases/f/one/case.yaml:2:1: unknown key 'clas'");
	CALL(&c, "check", "cases/f");
	exits(&c, 2);
	CALL(&c, "check", "one");
	exits(&c, 2);
	CALL(&c, "list");
	exits(&c, 2);
	CHECK_HAS(c.err, "case.yaml:2:1");
	scratch_write(c.dir, "cases/f/one/case.yaml",
		      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n");
	CALL(&c, "list");
	exits(&c, 2);
	CHECK_HAS(c.err, "cases/f/one/case.yaml:1:33: nested deeper than 32 levels");
	call_end(&c);
}

static void the_catalogue_is_listed_and_shown(void)
{
	struct call c;
	json_t *json;
	const json_t *entry;
	size_t i;
	bool found = false;

	call_begin(&c);
	CALL(&c, "list", "--json");
	exits(&c, 0);
	json = json_of(c.out);
	CU_ASSERT(json_array_size(json) > 0);
	json_array_foreach (json, i, entry) {
		const char *id = json_string_value(json_object_get(entry, "id"));

		CU_ASSERT(id && strchr(id, '/') && json_object_get(entry, "expect"));
		found |= id && !strcmp(id, "shared-state/account-balance");
	}
	CU_ASSERT_TRUE(found);
	json_decref(json);
	CALL(&c, "list", "--family", "shared-state");
	exits(&c, 0);
	CHECK_HAS(c.out, "account-balance");
	CALL(&c, "list", "no-such-thing");
	exits(&c, 2);
	CALL(&c, "show", "account-balance");
	exits(&c, 0);
	CHECK_HAS(c.out, "shared-state/account-balance");
	CHECK_HAS(c.out, "balance += 1");
	CHECK_HAS(c.out, "+\tpthread_mutex_lock");
	CHECK_HAS(c.out, "helgrind");
	CHECK_AT("no colour into a file", !strchr(c.out, '\033'));
	call_end(&c);
}

static void cases_are_listed_and_shown_by_their_folders(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "new", "queues/ring", "--cases", "mine");
	exits(&c, 0);
	CALL(&c, "new", "locks/leak", "--cases", "mine");
	exits(&c, 0);
	CALL(&c, "new", "pools/own", "--cases", "other"); // in no catalogue that is asked
	exits(&c, 0);
	CALL(&c, "list", "--cases", "mine", "mine/queues/", "other");
	exits(&c, 0);
	CHECK_HAS(c.out, "ring");
	CHECK_HAS(c.out, "own");
	CHECK_AT("only what was named", !strstr(c.out, "leak"));
	CALL(&c, "list", "--cases", "mine", "mine", "--family", "locks");
	exits(&c, 0);
	CHECK_HAS(c.out, "leak");
	CHECK_AT("only the family", !strstr(c.out, "ring"));
	CALL(&c, "show", "--cases", "mine", "mine/locks", "other/pools/own");
	exits(&c, 0);
	CHECK_HAS(c.out, "locks/leak");
	CHECK_HAS(c.out, "pools/own");
	scratch_write(c.dir, "plain.c", says_ok_c);
	scratch_write(c.dir, "mine/locks/odd/case.yaml", "title: T\nclas: x\n");
	for (int i = 0; i < 2; i++) {
		const char *command = i ? "show" : "list";

		CALL(&c, command, "--cases", "mine", "plain.c");
		exits(&c, 2);
		CHECK_HAS(c.err, "plain.c: is a C file");
		CALL(&c, command, "--cases", "mine", "mine/locks");
		exits(&c, 2);
		CHECK_HAS(c.err, "mine/locks/odd/case.yaml:2:1: unknown key");
		CALL(&c, command, "--cases", "mine", "mine/queues"); // no broken case in there
		exits(&c, 0);
		CALL(&c, command, "--cases", "mine", ".");
		exits(&c, 2);
	}
	call_end(&c);
}

static void a_new_case_is_written_once(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "new", "queues/ring-2", "--cases", "mine");
	exits(&c, 0);
	CHECK_HAS(c.out, "racegate check --cases mine queues/ring-2");
	CALL(&c, "show", "--cases", "mine", "ring-2");
	exits(&c, 0);
	CHECK_HAS(c.out, "+\t\tpthread_mutex_lock");
	CALL(&c, "new", "queues/ring-2", "--cases", "mine");
	exits(&c, 2);
	CHECK_HAS(c.err, "mine/queues/ring-2/case.yaml: already exists");
	CALL(&c, "new", "Queues/ring", "--cases", "mine");
	exits(&c, 2);
	CALL(&c, "new", "--cases", "mine");
	exits(&c, 2);
	call_end(&c);
}

static void a_scoreboard_needs_sessions_with_cases(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "scoreboard");
	exits(&c, 2);
	CALL(&c, "scoreboard", ".");
	exits(&c, 2);
	CHECK_HAS(c.err, "not a session folder");
	CALL(&c, "scoreboard", ".", "./");
	exits(&c, 2);
	CHECK_HAS(c.err, "the same session");
	call_end(&c);
}

void suite_e2e_usage(void)
{
	static const struct test_case cases[] = {
		{ "wrong usage is 2", wrong_usage_is_2 },
		{ "a broken case is 2 with its place", a_broken_case_is_2_with_its_place },
		{ "the catalogue is listed and shown", the_catalogue_is_listed_and_shown },
		{ "cases are listed and shown by their folders",
		  cases_are_listed_and_shown_by_their_folders },
		{ "a new case is written once", a_new_case_is_written_once },
		{ "a scoreboard needs sessions with cases",
		  a_scoreboard_needs_sessions_with_cases },
	};

	test_suite("e2e_usage", cases, ARRAY_SIZE(cases));
}
