/*
 * A project of several files built with CC=racegate-cc, explored and replayed as
 * its owner would have it. The seeds are fixed.
 */
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUILD_MS = 120000 };

// Runs a program in the folder; its exit code, what it said in *said (owned).
static int run_in(const char *dir, const char *const *argv, char **said)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	spec.cwd = dir;
	if (child_capture(&spec, BUILD_MS, &output, &status, &err))
		CU_FAIL_FATAL("a program of the test cannot be started");
	*said = strbuf_detach(&output);
	return status >> 8;
}

// `make CC=racegate-cc`, not as a part of the make that may run the tests; what it says is shown.
static void build(const char *dir, const char *compiler)
{
	char *driver = realpath("build/racegate-cc", NULL), *cc = xasprintf("CC=%s", driver);
	char *choice = xasprintf("RACEGATE_CC=%s", compiler), *said;
	const char *const argv[] = { "env",  "-u",   "MAKEFLAGS", "-u", "RACEGATE_TOOL",
				     choice, "make", "-s",        cc,   NULL };
	int code = run_in(dir, argv, &said);

	CHECK_NUMBER(code, 0);
	CHECK_TEXT(said, ""); // no warning either
	free(said);
	free(choice);
	free(cc);
	free(driver);
}

static void copy_project(const char *dir)
{
	static const char *const files[] = { "Makefile", "account.c", "account.h",
					     "ledger.c", "ledger.h",  "main.c" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *name = xasprintf("project/%s", files[i]);

		scratch_copy(test_fixture(name), dir, files[i]);
		free(name);
	}
}

static void change(const char *dir, const char *file, const char *from, const char *to)
{
	char *text = scratch_read(dir, file), *changed = text_replace(text, from, to);

	scratch_write(dir, file, changed);
	free(changed);
	free(text);
}

// The schedule of the finding in which `function` takes part, as the report of "s" names it; owned.
static char *schedule_of(struct call *c, const char *function)
{
	json_t *report = report_of(c, "s");
	const json_t *finding;
	char *path = NULL;
	size_t i;

	json_array_foreach (json_object_get(report, "findings"), i, finding) {
		const char *title = json_string_value(json_object_get(finding, "title"));
		const json_t *name = json_object_get(finding, "first_schedule");

		if (!path && title && strstr(title, function) && json_is_string(name))
			path = xasprintf("s/%s", json_string_value(name));
	}
	json_decref(report);
	CHECK_AT(function, path != NULL);
	return path ? path : xstrdup("none");
}

// Both compilers: its races, in the static and in the shared library, are found and followed.
static void a_project_is_built_explored_and_replayed(void)
{
	static const char *const compilers[] = { "clang", "gcc" };

	for (size_t i = 0; i < ARRAY_SIZE(compilers); i++) {
		struct call c;
		char *path, *other;

		call_begin(&c);
		copy_project(c.dir);
		build(c.dir, compilers[i]);
		CALL(&c, "explore", "bank", "--seed", "1", "--schedules", "200", "--out", "s",
		     "--quiet", "--", "5", "for a \"friend\"");
		exits(&c, 1);
		CHECK_HAS(c.out, "balance: account_pay (account.c:");
		CHECK_HAS(c.out, "heap block from ledger_open: ledger_write");
		CHECK_HAS(c.out, "10 in 2 entries for a \"friend\"");
		CHECK_HAS(c.out, "5 in 2 entries for a \"friend\"");
		path = schedule_of(&c, "account_pay");
		other = schedule_of(&c, "ledger_write");
		CALL(&c, "replay", path);
		exits(&c, 1);
		CHECK_HAS(c.out, "found    data-race: balance: account_pay");
		CHECK_HAS(c.out, "entries for a \"friend\"\n");
		CALL(&c, "replay", "--timeline", other);
		exits(&c, 1);
		CHECK_HAS(c.out, "*entries += 1;");
		free(other);
		free(path);
		call_end(&c);
	}
}

static void a_schedule_of_another_build_is_refused(void)
{
	// The program itself stays as it is when its shared library changes.
	static const char *const changes[][3] = {
		{ "account.c", "balance += amount", "balance += 2 * amount" },
		{ "ledger.c", "*entries += 1", "*entries += 2" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct call c;
		char *path;

		call_begin(&c);
		copy_project(c.dir);
		build(c.dir, "clang");
		CALL(&c, "explore", "./bank", "--seed", "1", "--schedules", "20", "--out", "s",
		     "--quiet");
		exits(&c, 1);
		path = schedule_of(&c, "account_pay");
		CALL(&c, "replay", path);
		exits(&c, 1);
		change(c.dir, changes[i][0], changes[i][1], changes[i][2]);
		build(c.dir, "clang");
		CALL(&c, "replay", path);
		exits(&c, 2);
		CHECK_HAS(c.err, "the schedule belongs to another build");
		free(path);
		call_end(&c);
	}
}

static void a_repaired_project_is_clean(void)
{
	struct call c;

	call_begin(&c);
	copy_project(c.dir);
	change(c.dir, "account.c", "static int balance", "static _Atomic int balance");
	change(c.dir, "ledger.c", "*entries += 1", "__atomic_fetch_add(entries, 1, 5)");
	build(c.dir, "clang");
	CALL(&c, "explore", "bank", "--seed", "1", "--schedules", "200", "--out", "s", "--quiet");
	exits(&c, 0);
	CHECK_HAS(c.out, "1 pass, 0 fail;");
	CALL(&c, "report", "s");
	exits(&c, 0);
	call_end(&c);
}

static void gcc_builds_what_racegate_builds_itself(void)
{
	struct call c;
	char *racy = racy_c(), *path;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	CALL(&c, "explore", "racy.c", "--cc", "gcc", "--seed", "1", "--schedules", "100", "--out",
	     "s", "--quiet");
	exits(&c, 1);
	CHECK_HAS(c.out, "gcc");
	CHECK_HAS(c.out, "replay: racegate replay --timeline --cc gcc s/");
	path = schedule_of(&c, "add");
	CALL(&c, "replay", path, "--cc", "gcc");
	exits(&c, 1);
	CALL(&c, "replay", path); // by clang it is another program
	exits(&c, 2);
	CHECK_HAS(c.err, "give replay what explore was given: --cc gcc\n");
	CALL(&c, "explore", "racy.c", "--cc", "no-such-compiler", "--out", "t", "--quiet");
	exits(&c, 3);
	CHECK_HAS(c.out, "no-such-compiler is not installed");
	free(path);
	free(racy);
	call_end(&c);
}

static void a_schedule_names_the_flags_that_replay_needs(void)
{
	struct call c;
	char *racy = racy_c(), *path;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	CALL(&c, "explore", "racy.c", "--cflags", "-O1 -DUNUSED", "--seed", "1", "--schedules",
	     "100", "--out", "s", "--quiet");
	exits(&c, 1);
	CHECK_HAS(c.out, "racegate replay --timeline --cflags \"-O1 -DUNUSED\" s/");
	path = schedule_of(&c, "add");
	CALL(&c, "replay", "--cflags", "-O1 -DUNUSED", path);
	exits(&c, 1);
	CALL(&c, "replay", path);
	exits(&c, 2);
	CHECK_HAS(c.err, "give replay what explore was given: --cflags \"-O1 -DUNUSED\"\n");
	free(path);
	free(racy);
	call_end(&c);
}

static void what_cannot_be_explored_says_why(void)
{
	char *plain = realpath("build/fixtures/prog_correct", NULL);
	struct call c;
	char *path;

	call_begin(&c);
	copy_project(c.dir);
	build(c.dir, "clang");
	CALL(&c, "explore", plain);
	exits(&c, 2);
	CHECK_HAS(c.err, "not built for the explorer; build it with racegate-cc");
	CALL(&c, "explore", "main.o");
	exits(&c, 2);
	scratch_write(c.dir, "script", "#!/bin/sh\n");
	path = xasprintf("%s/script", c.dir);
	chmod(path, 0755);
	CALL(&c, "explore", "script");
	exits(&c, 2);
	CHECK_HAS(c.err, "./script: not an ELF program");
	CALL(&c, "run", "--", "./bank");
	exits(&c, 2);
	CHECK_HAS(c.err, "`racegate explore ./bank -- ARGS`");
	CALL(&c, "explore", "bank", "main.c");
	exits(&c, 2);
	CHECK_HAS(c.err, "name either programs, or cases and C files");
	CALL(&c, "explore", "bank", "--cflags", "-O2");
	exits(&c, 2);
	CALL(&c, "explore", "main.c", "--", "5");
	exits(&c, 2);
	CHECK_HAS(c.err, "the arguments after -- need exactly one program");
	free(path);
	free(plain);
	call_end(&c);
}

static void ends(const char *dir, const char *const *argv, int code, const char *words)
{
	char *said;

	CHECK_NUMBER(run_in(dir, argv, &said), code);
	CHECK_HAS(said, words);
	free(said);
}

static void the_driver_ends_as_its_compiler_does(void)
{
	char *driver = realpath("build/racegate-cc", NULL), *dir = scratch_make();
	const char *const missing[] = { driver, "gone.c", NULL };
	const char *const unknown[] = { "env", "RACEGATE_TOOL=best", driver, "a.c", NULL };
	const char *const none[] = { "env", "RACEGATE_CC=no-such-compiler", driver, "a.c", NULL };
	const char *const itself[] = { "env", "RACEGATE_CC=racegate-cc", driver, "a.c", NULL };

	ends(dir, missing, 1, "clang: error: no such file or directory: 'gone.c'");
	ends(dir, unknown, 2, "racegate-cc: RACEGATE_TOOL=best is not a tool");
	ends(dir, none, 3, "racegate-cc: no-such-compiler is not installed");
	ends(dir, itself, 2, "name the real compiler, not racegate-cc");
	scratch_drop(dir);
	free(driver);
}

// Sources, objects and programs in the ways that builds have of making them; each must work.
static void builds_of_all_kinds_work(void)
{
	static const char script[] =
		"set -e\n"
		"printf 'int main(void) { return 0; }' >m.c\n"
		"for RACEGATE_CC in clang gcc; do\n"
		"	export RACEGATE_CC\n"
		"	\"$1\" -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -Werror ok.c -o p && ./p >o\n"
		"	\"$1\" -E ok.c >ok.i && \"$1\" -Werror -c ok.i && nm ok.o | grep -q "
		"__tsan_read\n"
		"	\"$1\" -S ok.c -o - | grep -q __tsan_read\n"
		"	\"$1\" -MM ok.c | grep -q 'ok.o: ok.c'\n"
		"	\"$1\" -x c - -o p <m.c && ./p\n"
		"	echo '-c ok.c -o \"sp ace.o\"' >words && \"$1\" @words\n"
		"	\"$1\" 'sp ace.o' -o p && ./p >o\n"
		"	\"$1\" -flto -O2 ok.c -o p && ./p >o\n"
		"	\"$1\" -r -nostdlib 'sp ace.o' -o r.o && \"$1\" r.o -s -o p && ./p >o\n"
		"	\"$1\" -c m.c && ar rcs libm_.a m.o && \"$1\" m.o -L. -lm_ -o p && ./p\n"
		"	\"$1\" libm_.a -o p && ./p\n"
		"	\"$1\" -no-pie ok.c -o p && ./p >o\n"
		"	for RACEGATE_TOOL in native tsan tsan-gcc helgrind drd; do\n"
		"		export RACEGATE_TOOL\n"
		"		case $RACEGATE_TOOL in tsan*) unset RACEGATE_CC ;; esac\n"
		"		\"$1\" -Wall -Werror -c ok.c -o t.o && \"$1\" -Werror t.o -o p\n"
		"	done\n"
		"	unset RACEGATE_TOOL\n"
		"done\n";
	char *driver = realpath("build/racegate-cc", NULL), *dir = scratch_make(), *said;
	const char *const argv[] = { "sh", "-c", script, "sh", driver, NULL };
	int code;

	scratch_write(dir, "ok.c", clean_c);
	code = run_in(dir, argv, &said);
	CHECK_TEXT(said, "");
	CHECK_NUMBER(code, 0);
	free(said);
	scratch_drop(dir);
	free(driver);
}

void suite_e2e_cc(void)
{
	static const struct test_case cases[] = {
		{ "a project is built, explored and replayed",
		  a_project_is_built_explored_and_replayed },
		{ "a schedule of another build is refused",
		  a_schedule_of_another_build_is_refused },
		{ "a repaired project is clean", a_repaired_project_is_clean },
		{ "gcc builds what racegate builds itself",
		  gcc_builds_what_racegate_builds_itself },
		{ "a schedule names the flags that replay needs",
		  a_schedule_names_the_flags_that_replay_needs },
		{ "what cannot be explored says why", what_cannot_be_explored_says_why },
		{ "the driver ends as its compiler does", the_driver_ends_as_its_compiler_does },
		{ "builds of all kinds work", builds_of_all_kinds_work },
	};

	test_suite("e2e_cc", cases, ARRAY_SIZE(cases));
}
