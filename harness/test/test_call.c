#include "test/call.h"

#include "base/mem.h"
#include "test/support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_WORDS = 24 };

static char *program_path(void)
{
	char *path = realpath("build/racegate", NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(path);
	return path;
}

void call_begin(struct call *c)
{
	*c = (struct call){ .dir = scratch_make() };
}

static void forget(struct call *c)
{
	free(c->out);
	free(c->err);
	c->out = c->err = NULL;
}

void call_end(struct call *c)
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

struct child call_start(struct call *c, const char *const *words, const char *const *env)
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

void call_finish(struct call *c, const struct child *child)
{
	int status;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	c->code = code_of(status);
	c->out = scratch_read(c->dir, "stdout");
	c->err = scratch_read(c->dir, "stderr");
}

void call_with(struct call *c, const char *const *env, const char *const *words)
{
	struct child child = call_start(c, words, env);

	call_finish(c, &child);
}

// Checks the exit code and shows what racegate said when it is another.
void exits(const struct call *c, int code)
{
	char *what = xasprintf("exit %d, expected %d; it said: %.600s", c->code, code, c->err);

	CHECK_AT(what, c->code == code);
	free(what);
}

json_t *json_of(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	return json;
}

json_t *report_of(const struct call *c, const char *session)
{
	char *path = xasprintf("%s/report.json", session), *text = scratch_read(c->dir, path);
	json_t *json = json_of(text);

	CHECK_TEXT(json_string_value(json_object_get(json, "schema")), "racegate-report/1");
	free(text);
	free(path);
	return json;
}

// The entry of a target (by the end of its id) and a tool in report.json; fatal when missing.
const json_t *cell_of(const json_t *report, const char *target, const char *tool)
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

void verdict_is(const json_t *report, const char *target, const char *tool, const char *status,
		const char *reason)
{
	const json_t *cell = cell_of(report, target, tool),
		     *verdict = json_object_get(cell, "verdict");

	CHECK_TEXT_AT(target, json_string_value(json_object_get(verdict, "status")), status);
	CHECK_HAS(json_string_value(json_object_get(verdict, "reason")), reason);
}

const char clean_c[] =
	"#include <pthread.h>\n#include <stdio.h>\n"
	"static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\nstatic int n;\n"
	"static void *add(void *arg)\n{\n\tpthread_mutex_lock(&lock);\n\tn++;\n"
	"\tpthread_mutex_unlock(&lock);\n\treturn arg;\n}\n"
	"int main(void)\n{\n\tpthread_t t[2];\n\tfor (int i = 0; i < 2; i++)\n"
	"\t\tpthread_create(&t[i], NULL, add, NULL);\n\tfor (int i = 0; i < 2; i++)\n"
	"\t\tpthread_join(t[i], NULL);\n\tprintf(\"n %d\\n\", n);\n\treturn 0;\n}\n";

const char says_ok_c[] =
	"#include <pthread.h>\n#include <stdio.h>\n"
	"static void *work(void *arg) { return arg; }\n"
	"int main(void)\n{\n	pthread_t t;\n	pthread_create(&t, NULL, work, NULL);\n"
	"	pthread_join(t, NULL);\n	puts(\"ok\");\n}\n";

char *racy_c(void)
{
	char *no_lock = text_replace(clean_c, "\tpthread_mutex_lock(&lock);\n", "");
	char *racy = text_replace(no_lock, "\tpthread_mutex_unlock(&lock);\n", "");

	free(no_lock);
	return racy;
}
