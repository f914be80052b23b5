/*
 * racegate as its users run it, on folders of its own. Where chance has a part
 * it is worked out beside the number of runs: a false failure stays below one
 * in a million. Nothing is timed.
 */
#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "test/support.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS = 24 };

// One call of racegate in a folder of its own.
struct call {
	char *dir; // the folder; sessions and sources live here
	int code;  // exit status, or 128 + signal
	char *out; // what it said
	char *err;
};

static char *program_path(void)
{
	char *path = realpath("build/racegate", NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	return path;
}

static void begin(struct call *c)
{
	*c = (struct call){ .dir = scratch_make() };
}

static void forget(struct call *c)
{
	free(c->out);
	free(c->err);
	c->out = c->err = NULL;
}

static void end(struct call *c)
{
	forget(c);
	scratch_drop(c->dir);
}

static int open_new(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	free(path);
	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

static int code_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct child start(struct call *c, const char *const *words, const char *const *env)
{
	const char *argv[MAX_WORDS + 2] = { NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct err err = ERR_INIT;
	struct child child;
	char *program = program_path();

	argv[0] = program;
	for (int i = 0; words[i]; i++)
		argv[i + 1] = words[i];
	forget(c);
	spec.argv = argv;
	spec.env = env;
	spec.cwd = c->dir;
	spec.fd_out = open_new(c->dir, "stdout");
	spec.fd_err = open_new(c->dir, "stderr");
	if (child_spawn(&spec, &child, &err))
		CU_FAIL_FATAL("racegate cannot be started");
	close(spec.fd_out);
	close(spec.fd_err);
	close(child.pidfd);
	free(program);
	return child;
}

static void finish(struct call *c, const struct child *child)
{
	int status;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	c->code = code_of(status);
	c->out = scratch_read(c->dir, "stdout");
	c->err = scratch_read(c->dir, "stderr");
}

static void call_with(struct call *c, const char *const *env, const char *const *words)
{
	struct child child = start(c, words, env);

	finish(c, &child);
}

#define CALL(c, ...) call_with(c, NULL, (const char *const[]){ __VA_ARGS__, NULL })

// Checks the exit code and shows what racegate said when it is another.
static void exits(const struct call *c, int code)
{
	char *what = xasprintf("exit %d, expected %d; it said: %.600s", c->code, code, c->err);

	CHECK_AT(what, c->code == code);
	free(what);
}

static json_t *json_of(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	return json;
}

static json_t *report_of(const struct call *c, const char *session)
{
	char *path = xasprintf("%s/report.json", session), *text = scratch_read(c->dir, path);
	json_t *json = json_of(text);

	CHECK_TEXT(json_string_value(json_object_get(json, "schema")), "racegate-report/1");
	free(text);
	free(path);
	return json;
}

// The entry of a target (by the end of its id) and a tool in report.json; fatal when missing.
static const json_t *cell_of(const json_t *report, const char *target, const char *tool)
{
	const json_t *t, *entry;
	size_t i, k;

	json_array_foreach (json_object_get(report, "targets"), i, t) {
		const char *id = json_string_value(json_object_get(t, "id"));
		size_t skip = strlen(id) > strlen(target) ? strlen(id) - strlen(target) : 0;

		if (strcmp(id + skip, target) != 0)
			continue;
		json_array_foreach (json_object_get(t, "tools"), k, entry) {
			if (!strcmp(json_string_value(json_object_get(entry, "tool")), tool))
				return entry;
		}
	}
	return NULL;
}

static void verdict_is(const json_t *report, const char *target, const char *tool,
		       const char *status, const char *reason)
{
	const json_t *cell = cell_of(report, target, tool),
		     *verdict = json_object_get(cell, "verdict");

	CHECK_TEXT_AT(target, json_string_value(json_object_get(verdict, "status")), status);
	CHECK_HAS(json_string_value(json_object_get(verdict, "reason")), reason);
}

static long long number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

static const char clean_c[] =
	"#include <pthread.h>\n#include <stdio.h>\n"
	"static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\nstatic int n;\n"
	"static void *add(void *arg)\n{\n\tpthread_mutex_lock(&lock);\n\tn++;\n"
	"\tpthread_mutex_unlock(&lock);\n\treturn arg;\n}\n"
	"int main(void)\n{\n\tpthread_t t[2];\n\tfor (int i = 0; i < 2; i++)\n"
	"\t\tpthread_create(&t[i], NULL, add, NULL);\n\tfor (int i = 0; i < 2; i++)\n"
	"\t\tpthread_join(t[i], NULL);\n\tprintf(\"n %d\\n\", n);\n\treturn 0;\n}\n";

static const char says_ok_c[] = "#include <stdio.h>\nint main(void) { puts(\"ok\"); return 0; }\n";

static char *racy_c(void)
{
	char *no_lock = text_replace(clean_c, "\tpthread_mutex_lock(&lock);\n", "");
	char *racy = text_replace(no_lock, "\tpthread_mutex_unlock(&lock);\n", "");

	free(no_lock);
	return racy;
}

static void wrong_usage_is_2(void)
{
	struct call c;

	begin(&c);
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
	end(&c);
}

static void a_broken_case_is_2_with_its_place(void)
{
	struct call c;

	begin(&c);
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
	end(&c);
}

static void the_catalogue_is_listed_and_shown(void)
{
	struct call c;
	json_t *json;
	const json_t *entry;
	size_t i;
	bool found = false;

	begin(&c);
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
	end(&c);
}

static void what_does_not_compile_stops_nobody(void)
{
	struct call c;
	json_t *report, *printed;

	begin(&c);
	scratch_write(c.dir, "bad.c", "int main(void) { return no_such_name; }\n");
	scratch_write(c.dir, "good.c", says_ok_c);
	CALL(&c, "check", "bad.c", "good.c", "--tool", "native", "--runs", "2", "--out", "s",
	     "--json");
	exits(&c, 3);
	report = report_of(&c, "s");
	printed = json_of(c.out);
	CU_ASSERT_TRUE(json_equal(report, printed));
	verdict_is(report, "bad.c", "native", "error", "build-failed");
	CHECK_HAS(
		json_string_value(json_object_get(cell_of(report, "bad.c", "native"), "build_log")),
		"no_such_name");
	verdict_is(report, "good.c", "native", "pass", "clean in 2 runs");
	CHECK_NUMBER(number_of(cell_of(report, "bad.c", "native"), "runs"), 0);
	json_decref(report);
	json_decref(printed);
	end(&c);
}

// A PATH with everything that the harness calls except valgrind.
static char *path_without_valgrind(const struct call *c)
{
	static const char *const names[] = {
		"gcc", "clang", "as", "ld", "git", "diff", "sh", "env"
	};
	char *bin = xasprintf("%s/bin", c->dir);
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(fs_mkdirs(bin, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *from = xasprintf("/usr/bin/%s", names[i]),
		     *to = xasprintf("%s/%s", bin, names[i]);

		CU_ASSERT_EQUAL(symlink(from, to), 0);
		free(from);
		free(to);
	}
	return bin;
}

static void a_missing_tool_is_never_a_pass(void)
{
	const char *env[512];
	size_t nr = 0;
	struct call c;
	char *bin, *path;
	json_t *report;

	begin(&c);
	bin = path_without_valgrind(&c);
	path = xasprintf("PATH=%s", bin);
	for (char **e = environ; *e && nr < ARRAY_SIZE(env) - 2; e++)
		if (strncmp(*e, "PATH=", 5) != 0)
			env[nr++] = *e;
	env[nr++] = path;
	env[nr] = NULL;
	scratch_write(c.dir, "clean.c", clean_c);
	call_with(&c, env,
		  (const char *const[]){ "check", "clean.c", "--tool", "native,helgrind", "--runs",
					 "2", "--out", "s", NULL });
	exits(&c, 3);
	CHECK_HAS(c.err, "tool-unavailable helgrind");
	report = report_of(&c, "s");
	verdict_is(report, "clean.c", "helgrind", "error",
		   "tool-unavailable: valgrind is not installed");
	verdict_is(report, "clean.c", "native", "pass", "clean");
	json_decref(report);
	call_with(&c, env, (const char *const[]){ "doctor", NULL });
	exits(&c, 3);
	CHECK_HAS(c.out, "apt-get install valgrind");
	free(path);
	free(bin);
	end(&c);
}

/*
 * TSan misses a plain race about once in 1000 runs: none of 3 sees it once in
 * 10^9. Helgrind does not depend on the schedule here.
 */
static void a_case_of_the_catalogue_passes(void)
{
	struct call c;
	json_t *report;

	begin(&c);
	CALL(&c, "check", "account-balance", "--tool", "tsan,helgrind", "--runs", "3", "--out", "s",
	     "--quiet");
	exits(&c, 0);
	CHECK_TEXT(c.err, "");
	CHECK_HAS(c.out, "4 pass, 0 fail, 0 error, 0 skipped");
	report = report_of(&c, "s");
	for (int i = 0; i < 2; i++) {
		const char *tool = i ? "helgrind" : "tsan";
		const json_t *racy = cell_of(report, "account-balance/racy", tool);
		const json_t *fixed = cell_of(report, "account-balance/fixed", tool);

		verdict_is(report, "account-balance/racy", tool, "pass", "of 3 runs");
		verdict_is(report, "account-balance/fixed", tool, "pass", "silent in 3 runs");
		CHECK_NUMBER(number_of(racy, "runs"), 3);
		CU_ASSERT(number_of(racy, "detected") > 0);
		CU_ASSERT(json_array_size(json_object_get(racy, "findings")) > 0);
		CHECK_NUMBER(number_of(fixed, "detected"), 0);
		CHECK_NUMBER(json_array_size(json_object_get(fixed, "findings")), 0);
	}
	const json_t *finding = json_array_get(json_object_get(report, "findings"), 0);

	CHECK_TEXT(json_string_value(json_object_get(finding, "kind")), "data-race");
	CHECK_HAS(json_string_value(json_object_get(finding, "title")), "deposit");
	CHECK_HAS(json_string_value(json_object_get(finding, "title")), "withdraw");
	json_decref(report);
	end(&c);
}

static void ones_own_clean_file_is_0_wherever_the_session_lies(void)
{
	// Signs that shells, globs, TSAN_OPTIONS and valgrind's file names take for something else.
	static const char session[] = "my session [1] a:b,c=d 100% \"x\"";
	struct call c;

	begin(&c);
	scratch_write(c.dir, "clean.c", clean_c);
	CALL(&c, "check", "clean.c", "--tool", "native,tsan,drd", "--runs", "1", "--out", session);
	exits(&c, 0);
	CHECK_HAS(c.out, "3 pass");
	end(&c);
}

// None of 3 TSan runs sees the race once in 10^9; DRD does not depend on the schedule here.
static void ones_own_racy_file_is_1(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	CALL(&c, "check", "racy.c", "--tool", "tsan,tsan-gcc,drd", "--runs", "3", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "racy.c", "tsan", "fail", "findings in");
	verdict_is(report, "racy.c", "tsan-gcc", "fail", "findings in");
	verdict_is(report, "racy.c", "drd", "fail", "findings in 3 of 3");
	CHECK_NUMBER(json_array_size(json_object_get(report, "findings")), 1); // one bug, one entry
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	end(&c);
}

// Process ids of runs that follow each other differ: divergence without any luck.
static void outcomes_that_differ_are_1(void)
{
	struct call c;
	json_t *report;

	begin(&c);
	scratch_write(c.dir, "pid.c",
		      "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d\", "
		      "getpid()); }\n");
	CALL(&c, "check", "pid.c", "--tool", "native", "--runs", "4", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "pid.c", "native", "fail", "divergence: 4 different outcomes in 4 runs");
	json_decref(report);
	end(&c);
}

static void a_hang_and_a_crash_are_1(void)
{
	struct call c;
	json_t *report;

	begin(&c);
	scratch_write(c.dir, "stuck.c",
		      "#include <pthread.h>\nint main(void)\n{\n"
		      "\tpthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
		      "\tpthread_mutex_lock(&m);\n\treturn pthread_mutex_lock(&m);\n}\n");
	scratch_write(c.dir, "crash.c", "#include <stdlib.h>\nint main(void) { abort(); }\n");
	CALL(&c, "check", "stuck.c", "crash.c", "--tool", "native", "--runs", "2", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "stuck.c", "native", "fail", "findings in 2 of 2");
	verdict_is(report, "crash.c", "native", "fail", "findings in 2 of 2");
	CHECK_HAS(c.out, "[hang]");
	CHECK_HAS(c.out, "[signal SIGABRT]");
	json_decref(report);
	end(&c);
}

static void build_program(const struct call *c, const char *source, const char *name,
			  const char *flag)
{
	char *from = xasprintf("%s/%s", c->dir, source), *to = xasprintf("%s/%s", c->dir, name);
	const char *const argv[] = { "gcc", "-g", "-O1", "-pthread", flag, "-o", to, from, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	CU_ASSERT_EQUAL_FATAL(child_capture(&spec, 300000, &output, &status, &err), 0);
	CHECK_NUMBER(status, 0);
	strbuf_release(&output);
	free(from);
	free(to);
}

static void a_program_that_somebody_else_built_is_run(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	build_program(&c, "racy.c", "plain", "-Wall");
	CALL(&c, "run", "--tool", "native,helgrind", "--runs", "2", "--out", "s", "--", "./plain",
	     "arg");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "./plain", "helgrind", "fail", "findings in 2 of 2");
	CU_ASSERT_PTR_NULL(cell_of(report, "./plain", "tsan"));
	CHECK_NUMBER(number_of(cell_of(report, "./plain", "native"), "runs"), 2);
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	end(&c);
}

// None of 3 TSan runs sees the race once in 10^9.
static void a_program_built_with_tsan_is_run_under_tsan_alone(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	build_program(&c, "racy.c", "sanitized", "-fsanitize=thread");
	CALL(&c, "run", "--runs", "3", "--out", "s", "--", "./sanitized");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "./sanitized", "tsan", "fail", "findings in");
	CU_ASSERT_PTR_NULL(cell_of(report, "./sanitized", "native"));
	CU_ASSERT_PTR_NULL(cell_of(report, "./sanitized", "helgrind"));
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	end(&c);
}

static void a_session_is_reported_again_without_running_anything(void)
{
	static const char *const formats[] = { "text", "json", "junit", "markdown" };
	static const char *const files[] = { NULL, "report.json", "junit.xml", "summary.md" };
	struct call c;
	char *runs, *after;

	begin(&c);
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
	end(&c);
}

static void a_report_that_cannot_be_written_is_3(void)
{
	struct call c;
	char *link_to;

	begin(&c);
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
	end(&c);
}

static void a_session_is_never_overwritten(void)
{
	static const char *const names[] = { "s/session.json", "s/runs.jsonl", "s/report.json" };
	char *before[ARRAY_SIZE(names)];
	struct call c;

	begin(&c);
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
	end(&c);
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

	begin(&c);
	scratch_write(c.dir, "sleeper.c", sleeper_c);
	args = xasprintf("%s/orphan %s/parent", c.dir, c.dir);
	child = start(&c,
		      (const char *const[]){ "check", "sleeper.c", "--tool", "native", "--runs",
					     "2", "--jobs", "1", "--timeout", "100000", "--args",
					     args, "--out", "s", NULL },
		      NULL);
	// Until both processes are there; racegate ending before that would be the failure.
	while (!(parent && orphan) && !has_ended(child.pid)) {
		parent = read_pid(&c, "parent");
		orphan = read_pid(&c, "orphan");
		usleep(5000);
	}
	CU_ASSERT(parent > 0 && orphan > 0);
	kill(child.pid, SIGINT);
	finish(&c, &child);
	exits(&c, 130);
	CHECK_AT("the program is gone", kill(parent, 0) < 0 && errno == ESRCH);
	CHECK_AT("what it left behind is gone", kill(orphan, 0) < 0 && errno == ESRCH);
	session = scratch_read(c.dir, "s/session.json");
	json = json_of(session);
	CHECK_TEXT(json_string_value(json_object_get(json, "status")), "interrupted");
	CALL(&c, "report", "s");
	CHECK_HAS(c.out, "did not come to its end");
	CHECK_AT("what was not seen is not clean", c.code == 3 || c.code == 4);
	json_decref(json);
	free(session);
	free(args);
	end(&c);
}

static void shards_are_the_whole_without_overlap(void)
{
	static const char *const names[] = { "a.c", "b.c", "c.c" };
	static const char *const shards[] = { "1/2", "2/2" };
	size_t seen[ARRAY_SIZE(names)] = { 0 };
	struct call c;

	begin(&c);
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
	end(&c);
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

	begin(&c);
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
	end(&c);
}

static void sources_are_found_whatever_they_are_called(void)
{
	struct call c;

	begin(&c);
	scratch_write(c.dir, "my folder/log.c", says_ok_c);
	CALL(&c, "check", "my folder/log.c", "my folder/log.c", "--tool", "native,tsan,helgrind",
	     "--runs", "1", "--out", "s");
	exits(&c, 0);
	CHECK_HAS(c.out, "3 pass, 0 fail, 0 error, 0 skipped");
	end(&c);
}

void suite_e2e(void);

void suite_e2e(void)
{
	static const struct test_case cases[] = {
		{ "wrong usage is 2", wrong_usage_is_2 },
		{ "a broken case is 2 with its place", a_broken_case_is_2_with_its_place },
		{ "the catalogue is listed and shown", the_catalogue_is_listed_and_shown },
		{ "what does not compile stops nobody", what_does_not_compile_stops_nobody },
		{ "a missing tool is never a pass", a_missing_tool_is_never_a_pass },
		{ "a case of the catalogue passes", a_case_of_the_catalogue_passes },
		{ "one's own clean file is 0 wherever the session lies",
		  ones_own_clean_file_is_0_wherever_the_session_lies },
		{ "one's own racy file is 1", ones_own_racy_file_is_1 },
		{ "outcomes that differ are 1", outcomes_that_differ_are_1 },
		{ "a hang and a crash are 1", a_hang_and_a_crash_are_1 },
		{ "a program that somebody else built is run",
		  a_program_that_somebody_else_built_is_run },
		{ "a program built with TSan is run under TSan alone",
		  a_program_built_with_tsan_is_run_under_tsan_alone },
		{ "a session is reported again without running anything",
		  a_session_is_reported_again_without_running_anything },
		{ "a report that cannot be written is 3", a_report_that_cannot_be_written_is_3 },
		{ "a session is never overwritten", a_session_is_never_overwritten },
		{ "Ctrl-C ends everything and keeps what there is",
		  ctrl_c_ends_everything_and_keeps_what_there_is },
		{ "shards are the whole without overlap", shards_are_the_whole_without_overlap },
		{ "a session's seed can be given again", a_sessions_seed_can_be_given_again },
		{ "sources are found whatever they are called",
		  sources_are_found_whatever_they_are_called },
	};

	test_suite("e2e", cases, ARRAY_SIZE(cases));
}
