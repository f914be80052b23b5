#include "run/live.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "run/company.h"
#include "run/hang.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CHUNK_SIZE = 65536,
	// A process of unknown origin may keep writing into the pipe of a run that is over.
	DRAIN_CHUNKS = 32,
	MUCH_LEFT = 400,
};

void run_result_release(struct run_result *result)
{
	free(result->error);
	strbuf_release(&result->out);
	strbuf_release(&result->err);
	strbuf_release(&result->left);
	hang_release(&result->hang);
	result->error = NULL;
}

void live_scratch_release(struct live_scratch *scratch)
{
	free(scratch->env.items);
	free(scratch->chunk);
	*scratch = (struct live_scratch){ 0 };
}

static const char *const *marked_env(const struct live *live, struct live_scratch *scratch)
{
	const char *const *from = live->spec->env;

	if (!from)
		from = (const char *const *)environ;
	scratch->env.nr = 0;
	for (; *from; from++)
		if (strncmp(*from, LIVE_MARK "=", sizeof(LIVE_MARK)))
			*VEC_PUSH(&scratch->env) = *from;
	*VEC_PUSH(&scratch->env) = live->mark;
	*VEC_PUSH(&scratch->env) = NULL;
	return scratch->env.items;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int make_pipe(int *reader, int *writer, struct err *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_harness(err, "cannot make a pipe: %s", strerror(errno));
	// A program may open its own stdout for reading and take what poll() has announced.
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	*reader = fds[0];
	*writer = fds[1];
	return 0;
}

static void fill_child_spec(const struct live *live, struct live_scratch *scratch,
			    struct child_spec *child)
{
	child->argv = live->spec->argv;
	child->env = marked_env(live, scratch);
	child->cpus = live->spec->cpus;
	child->no_aslr = live->spec->no_aslr;
	child->max_file_bytes = live->spec->limits.file_bytes;
}

int live_start(struct live *live, struct live_scratch *scratch)
{
	struct child_spec child = CHILD_SPEC_INIT;
	struct err err = ERR_INIT;
	int rc = 0;

	live->result = (struct run_result){
		.out = STRBUF_INIT, .err = STRBUF_INIT, .left = STRBUF_INIT, .out_hash = HASH_INIT
	};
	live->child.pidfd = live->fd_out = live->fd_err = -1;
	live->decided = live->told = live->forbidden = false;
	live->phase = LIVE_RUNNING;
	live->started = clock_now();
	fill_child_spec(live, scratch, &child);
	if (make_pipe(&live->fd_out, &child.fd_out, &err) < 0 ||
	    make_pipe(&live->fd_err, &child.fd_err, &err) < 0 ||
	    child_spawn(&child, &live->child, &err) < 0) {
		live->result.how = ENDING_NOT_STARTED;
		live->result.error = xstrdup(err.text);
		rc = -1;
	}
	close_fd(&child.fd_out);
	close_fd(&child.fd_err);
	live->result.pid = rc ? 0 : live->child.pid;
	watch_start(&live->watch, live->spec, live->started);
	return rc;
}

static void keep(struct strbuf *kept, uint64_t *total, uint64_t limit, const char *bytes,
		 size_t len)
{
	uint64_t room = kept->len < limit ? limit - kept->len : 0;

	strbuf_add(kept, bytes, len < room ? len : (size_t)room);
	*total += len;
}

static bool drain_one(int *fd, struct live *live, struct strbuf *kept, uint64_t *total,
		      struct live_scratch *scratch)
{
	bool some = false;

	if (!scratch->chunk)
		scratch->chunk = xcalloc(1, CHUNK_SIZE);
	for (int i = 0; *fd >= 0 && i < DRAIN_CHUNKS; i++) {
		ssize_t n = read(*fd, scratch->chunk, CHUNK_SIZE);

		if (n > 0) {
			if (kept == &live->result.out) {
				live->result.out_hash = hash_bytes(live->result.out_hash,
								   scratch->chunk, (size_t)n);
				lines_add(&live->result.out_lines, scratch->chunk, (size_t)n);
			}
			keep(kept, total, live->spec->limits.output_bytes, scratch->chunk,
			     (size_t)n);
			some = true;
		}
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			close_fd(fd);
		if (n < CHUNK_SIZE)
			break;
	}
	return some;
}

bool live_drain(struct live *live, struct live_scratch *scratch)
{
	struct run_result *result = &live->result;
	bool out = drain_one(&live->fd_out, live, &result->out, &result->out_total, scratch);
	bool err = drain_one(&live->fd_err, live, &result->err, &result->err_total, scratch);

	return out || err;
}

void live_ask(struct live *live, int64_t now, int64_t grace_ns)
{
	live->phase = LIVE_ASKED;
	live->phase_end = now + grace_ns;
	kill(-live->child.pid, SIGTERM);
	// A stopped process would not see it.
	kill(-live->child.pid, SIGCONT);
}

void live_kill(struct live *live, int64_t now)
{
	live->phase = LIVE_KILLED;
	live->phase_end = now + KILLED_FOR_NS;
	kill(-live->child.pid, SIGKILL);
	// It may have left its group, or have become another user's.
	live->forbidden = kill(live->child.pid, SIGKILL) < 0 && errno == EPERM;
	if (live->forbidden)
		live->phase_end = now;
}

static void live_ended(struct live *live, int64_t now)
{
	close_fd(&live->child.pidfd);
	live->phase = LIVE_ORPHANED;
	live->result.wall_ns = now - live->started;
}

void live_left(struct run_result *result, const char *name, const char *what)
{
	struct strbuf *left = &result->left;

	if (left->len >= MUCH_LEFT) {
		if (!strstr(left->buf, ", ..."))
			strbuf_addstr(left, ", ...");
		return;
	}
	strbuf_addf(left, "%s%s (%s)", left->len ? ", " : "", name, what);
}

void live_give_up(struct live *live, int64_t now)
{
	char name[PROC_NAME];

	proc_name(live->child.pid, name);
	live_left(&live->result, name, live->forbidden ? LEFT_FORBIDDEN : LEFT_STAYS);
	live_ended(live, now);
}

static int64_t ns_of(const struct timeval *time)
{
	return (int64_t)time->tv_sec * NS_PER_S + (int64_t)time->tv_usec * 1000;
}

void live_reap(struct live *live, int64_t now)
{
	struct run_result *result = &live->result;
	struct rusage usage = { 0 };
	unsigned company;
	int status = 0;
	bool known;

	// While the first process is not reaped, no other process can get its group's number.
	kill(-live->child.pid, SIGKILL);
	company = company_of(live->child.pid, live->spec->tool_naps);
	// What it started may have run one after the other.
	if (live->spec->starter)
		company = 0;
	if (company > result->alive)
		result->alive = company;
	known = !child_reap(live->child.pid, &status, &usage);
	live_ended(live, now);
	result->cpu_ns = ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
	result->max_rss_kib = usage.ru_maxrss;
	result->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	if (!live->decided)
		result->how = WIFSIGNALED(status) ? ENDING_SIGNAL : ENDING_EXIT;
	if (!known) {
		result->how = ENDING_NOT_STARTED;
		free(result->error);
		result->error = xasprintf("%s: cannot get its exit status: %s", live->spec->argv[0],
					  strerror(errno));
	}
}

void live_close(struct live *live)
{
	close_fd(&live->fd_out);
	close_fd(&live->fd_err);
	close_fd(&live->child.pidfd);
	run_result_release(&live->result);
	watch_release(&live->watch);
	live->spec = NULL;
	live->phase = LIVE_FREE;
}
