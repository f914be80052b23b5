// Sessions that the user stops, whatever they are at.
#include "base/fs.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid == pid;
}

// Until the file is at least so long, or racegate has ended.
static void wait_for(const struct call *c, pid_t pid, const char *name, off_t size)
{
	char *path = xasprintf("%s/%s", c->dir, name);
	struct stat st;

	while (!has_ended(pid) && (stat(path, &st) || st.st_size < size))
		usleep(5000);
	free(path);
}

static void is_interrupted(struct call *c, const struct child *child, int number)
{
	char *session;
	json_t *json;

	kill(child->pid, number);
	call_finish(c, child);
	exits(c, 128 + number);
	session = scratch_read(c->dir, "s/session.json");
	json = json_of(session);
	CHECK_TEXT(json_string_value(json_object_get(json, "status")), "interrupted");
	json_decref(json);
	free(session);
}

/*
 * A compiler that never ends; before that, tools are asked for their versions and canaries run.
 * The session folder is there before the first of these.
 */
static void before_and_while_it_builds(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct call c;
		struct child child;
		char *fifo;

		call_begin(&c);
		scratch_write(c.dir, "stuck.c",
			      "#include \"fifo.h\"\nint main(void) { return 0; }\n");
		fifo = xasprintf("%s/fifo.h", c.dir);
		CHECK_NUMBER(mkfifo(fifo, 0600), 0);
		child = call_start(&c,
				   (const char *const[]){ "check", "stuck.c", "--tool", "native",
							  "--out", "s", NULL },
				   NULL);
		// The records of three runs: the canaries are over.
		wait_for(&c, child.pid, i ? "s/runs.jsonl" : "s/session.json", i ? 600 : 1);
		is_interrupted(&c, &child, signals[i]);
		free(fifo);
		call_end(&c);
	}
}

// Loses updates, and leaves a byte in a file for each schedule.
static const char racy_counting_c[] =
	"#include <fcntl.h>\n#include <pthread.h>\n#include <stdio.h>\n#include <unistd.h>\n"
	"static int hits;\n"
	"static void *serve(void *arg)\n{\n\thits++;\n\treturn arg;\n}\n"
	"int main(int argc, char **argv)\n{\n\tpthread_t a, b;\n"
	"\tint fd = open(argv[argc - 1], O_WRONLY | O_CREAT | O_APPEND, 0600);\n"
	"\tif (write(fd, \"x\", 1) != 1)\n\t\treturn 1;\n"
	"\tpthread_create(&a, NULL, serve, NULL);\n\tpthread_create(&b, NULL, serve, NULL);\n"
	"\tpthread_join(a, NULL);\n\tpthread_join(b, NULL);\n\tprintf(\"%d hits\\n\", hits);\n}\n";

/*
 * Each schedule makes both accesses, which is a race in any order, so that it was found and
 * followed again long before 500 schedules (and those that confirm and minimise) are over.
 */
static void a_campaign_shows_and_stores_what_it_had_found(void)
{
	struct call c;
	struct child child;
	char *count, *runs;

	call_begin(&c);
	scratch_write(c.dir, "hits.c", racy_counting_c);
	count = xasprintf("%s/count", c.dir);
	child = call_start(&c,
			   (const char *const[]){ "explore", "hits.c", "--schedules", "100000000",
						  "--runs", "1", "--timeout", "100000", "--out",
						  "s", "--args", count, NULL },
			   NULL);
	wait_for(&c, child.pid, "count", 2000);
	is_interrupted(&c, &child, SIGINT);
	CHECK_HAS(c.out, "data-race");
	CHECK_HAS(c.out, "replay: racegate replay");
	CHECK_HAS(c.out, "did not finish (interrupted)");
	runs = scratch_read(c.dir, "s/runs.jsonl");
	CHECK_HAS(runs, "\"target\":\"hits.c\"");
	free(runs);
	free(count);
	call_end(&c);
}

void suite_e2e_stop(void)
{
	static const struct test_case cases[] = {
		{ "before and while it builds", before_and_while_it_builds },
		{ "a campaign shows and stores what it had found",
		  a_campaign_shows_and_stores_what_it_had_found },
	};

	test_suite("e2e_stop", cases, ARRAY_SIZE(cases));
}
