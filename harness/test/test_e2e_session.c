// Sessions as racegate's users keep them: reported again, interrupted, sharded. Nothing is timed.
#include "base/fs.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/case_maker.h"
#include "test/support.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_session_is_reported_again_without_running_anything(void)
{
	static const char *const formats[] = { "text", "json", "junit", "markdown" };
	static const char *const files[] = { NULL, "report.json", "junit.xml", "summary.md" };
	struct call c;
	char *runs, *after;

	call_begin(&c);
	scratch_write(c.dir, "ok.c", says_ok_c);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "2", "--out", "s");
	exits(&c, 0);
	runs = scratch_read(c.dir, "s/runs.jsonl");
	char *printed = xstrdup(c.out), *source = xasprintf("%s/ok.c", c.dir);

	CHECK_NUMBER(unlink(source), 0);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		char *path = files[i] ? xasprintf("s/%s", files[i]) : NULL;
		char *kept = path ? scratch_read(c.dir, path) : xstrdup(printed), *written;

		CALL(&c, "report", "s", "--format", formats[i]);
		exits(&c, 0);
		CHECK_AT(formats[i], !strcmp(c.out, kept));
		CALL(&c, "report", "s", "--format", formats[i], "-o", "file");
		exits(&c, 0);
		CHECK_TEXT(c.out, "");
		written = scratch_read(c.dir, "file");
		CHECK_AT(formats[i], !strcmp(written, kept));
		free(written);
		free(kept);
		free(path);
	}
	after = scratch_read(c.dir, "s/runs.jsonl");
	CHECK_TEXT(after, runs);
	free(after);
	free(runs);
	free(printed);
	free(source);
	call_end(&c);
}

static void a_session_keeps_all_files_of_its_cases(void)
{
	static const char *const files[] = { "case.yaml", "racy.c", "fixed.c", "common.h" };
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "cases/fam/one/case.yaml", base_yaml);
	scratch_write(c.dir, "cases/fam/one/common.h", "enum { RIGHT = 0 };\n");
	scratch_write(c.dir, "cases/fam/one/racy.c",
		      "#include \"common.h\"\nint main(void)\n{\n\treturn RIGHT; // RACE: x\n}\n");
	scratch_write(c.dir, "cases/fam/one/fixed.c",
		      "#include \"common.h\"\nint main(void)\n{\n\treturn RIGHT;\n}\n");
	CALL(&c, "check", "cases/fam/one", "--tool", "native", "--runs", "1", "--out", "s");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *source = xasprintf("cases/fam/one/%s", files[i]),
		     *path = xasprintf("s/cases/fam/one/%s", files[i]),
		     *before = scratch_read(c.dir, source), *kept = scratch_read(c.dir, path);

		CHECK_TEXT_AT(files[i], kept, before);
		free(kept);
		free(before);
		free(path);
		free(source);
	}
	call_end(&c);
}

static void a_report_that_cannot_be_written_is_3(void)
{
	struct call c;
	char *link_to;

	call_begin(&c);
	scratch_write(c.dir, "ok.c", says_ok_c);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s");
	exits(&c, 0);
	CALL(&c, "report", "s", "-o", "no/such/folder");
	exits(&c, 3);
	link_to = xasprintf("%s/full", c.dir);
	CHECK_NUMBER(symlink("/dev/full", link_to), 0);
	CALL(&c, "report", "s", "-o", "full");
	exits(&c, 3);
	CHECK_HAS(c.err, "No space left");
	free(link_to);
	call_end(&c);
}

static void a_session_is_never_overwritten(void)
{
	static const char *const names[] = { "s/session.json", "s/runs.jsonl", "s/report.json" };
	char *before[ARRAY_SIZE(names)];
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "ok.c", says_ok_c);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s");
	exits(&c, 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		before[i] = scratch_read(c.dir, names[i]);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s");
	exits(&c, 2);
	CHECK_HAS(c.err, "already holds a session");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *after = scratch_read(c.dir, names[i]);

		CHECK_TEXT_AT(names[i], after, before[i]);
		free(after);
		free(before[i]);
	}
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "");
	CHECK_AT("no folder without a name", c.code == 2 || c.code == 3);
	call_end(&c);
}

static pid_t read_pid(const struct call *c, const char *name)
{
	char *path = xasprintf("%s/%s", c->dir, name), *text;
	pid_t pid = 0;

	if (fs_is_file(path)) {
		text = scratch_read(c->dir, name);
		pid = strchr(text, '\n') ? (pid_t)atol(text) : 0;
		free(text);
	}
	free(path);
	return pid;
}

// A program that leaves a process of its own session behind, notes both, and sleeps.
static const char sleeper_c[] =
	"#include <stdio.h>\n#include <unistd.h>\n"
	"static void note(const char *name)\n{\n\tFILE *f = fopen(name, \"w\");\n"
	"\tfprintf(f, \"%d\\n\", (int)getpid());\n\tfclose(f);\n}\n"
	"int main(int argc, char **argv)\n{\n\tif (argc < 3)\n\t\treturn 1;\n"
	"\tif (!fork()) {\n\t\tsetsid();\n\t\tnote(argv[1]);\n\t} else {\n\t\tnote(argv[2]);\n\t}\n"
	"\tfor (;;)\n\t\tsleep(1000);\n}\n";

static bool has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == pid;
}

static void ctrl_c_ends_everything_and_keeps_what_there_is(void)
{
	struct call c;
	struct child child;
	pid_t parent = 0, orphan = 0;
	char *args, *session;
	json_t *json;

	call_begin(&c);
	scratch_write(c.dir, "sleeper.c", sleeper_c);
	args = xasprintf("%s/orphan %s/parent", c.dir, c.dir);
	child = call_start(&c,
			   (const char *const[]){ "check", "sleeper.c", "--tool", "native",
						  "--runs", "2", "--jobs", "1", "--timeout",
						  "100000", "--args", args, "--out", "s", NULL },
			   NULL);
	// Until both processes are there; racegate ending before that would be the failure.
	while (!(parent && orphan) && !has_ended(child.pid)) {
		parent = read_pid(&c, "parent");
		orphan = read_pid(&c, "orphan");
		usleep(5000);
	}
	CU_ASSERT(parent > 0 && orphan > 0);
	kill(child.pid, SIGINT);
	call_finish(&c, &child);
	exits(&c, 130);
	CHECK_AT("the program is gone", kill(parent, 0) < 0 && errno == ESRCH);
	CHECK_AT("what it left behind is gone", kill(orphan, 0) < 0 && errno == ESRCH);
	session = scratch_read(c.dir, "s/session.json");
	json = json_of(session);
	CHECK_TEXT(json_string_value(json_object_get(json, "status")), "interrupted");
	CALL(&c, "report", "s");
	CHECK_HAS(c.out, "did not finish");
	CHECK_AT("what was not seen is not clean", c.code == 3 || c.code == 4);
	json_decref(json);
	free(session);
	free(args);
	call_end(&c);
}

static void shards_are_the_whole_without_overlap(void)
{
	static const char *const names[] = { "a.c", "b.c", "c.c" };
	static const char *const shards[] = { "1/2", "2/2" };
	size_t seen[ARRAY_SIZE(names)] = { 0 };
	struct call c;

	call_begin(&c);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		scratch_write(c.dir, names[i], says_ok_c);
	for (size_t s = 0; s < ARRAY_SIZE(shards); s++) {
		json_t *report;

		CALL(&c, "check", "a.c", "b.c", "c.c", "--tool", "native", "--runs", "1", "--out",
		     s ? "s2" : "s1", "--shard", shards[s]);
		exits(&c, 0);
		report = report_of(&c, s ? "s2" : "s1");
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			seen[i] += cell_of(report, names[i], "native") != NULL;
		json_decref(report);
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_NUMBER(seen[i], 1);
	CALL(&c, "check", "a.c", "--shard", "2/2", "--tool", "native", "--out", "s3");
	exits(&c, 4); // nothing ran
	call_end(&c);
}

static char *session_seed(const struct call *c, const char *session)
{
	char *path = xasprintf("%s/session.json", session), *text = scratch_read(c->dir, path);
	json_t *json = json_of(text);
	char *seed = xstrdup(json_string_value(json_object_get(json, "seed")));

	json_decref(json);
	free(text);
	free(path);
	return seed;
}

static void a_sessions_seed_can_be_given_again(void)
{
	struct call c;
	char *first, *second, *third;

	call_begin(&c);
	scratch_write(c.dir, "ok.c", says_ok_c);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s1", "--seed", "16");
	first = session_seed(&c, "s1");
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s2", "--seed",
	     first);
	exits(&c, 0);
	second = session_seed(&c, "s2");
	CHECK_TEXT(second, first);
	CALL(&c, "check", "ok.c", "--tool", "native", "--runs", "1", "--out", "s3");
	third = session_seed(&c, "s3");
	CHECK_AT("without one it is new", strcmp(third, first) != 0); // the same by chance: 2^-64
	free(first);
	free(second);
	free(third);
	call_end(&c);
}

void suite_e2e_session(void)
{
	static const struct test_case cases[] = {
		{ "a session is reported again without running anything",
		  a_session_is_reported_again_without_running_anything },
		{ "a session keeps all files of its cases",
		  a_session_keeps_all_files_of_its_cases },
		{ "a report that cannot be written is 3", a_report_that_cannot_be_written_is_3 },
		{ "a session is never overwritten", a_session_is_never_overwritten },
		{ "Ctrl-C ends everything and keeps what there is",
		  ctrl_c_ends_everything_and_keeps_what_there_is },
		{ "shards are the whole without overlap", shards_are_the_whole_without_overlap },
		{ "a session's seed can be given again", a_sessions_seed_can_be_given_again },
	};

	test_suite("e2e_session", cases, ARRAY_SIZE(cases));
}
