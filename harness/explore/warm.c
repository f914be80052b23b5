#include "explore/warm.h"

#include "base/child.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int make_descriptors(struct warm *warm, int *map, int sockets[2], struct err *err)
{
	void *shared;

	*map = memfd_create("racegate-explore", 0);
	warm->out = memfd_create("racegate-stdout", 0);
	warm->err = memfd_create("racegate-stderr", 0);
	if (*map < 0 || warm->out < 0 || warm->err < 0 ||
	    ftruncate(*map, sizeof(struct rt_shared)) < 0)
		return err_harness(err, "cannot make a memory file: %s", strerror(errno));
	shared = mmap(NULL, sizeof(struct rt_shared), PROT_READ | PROT_WRITE, MAP_SHARED, *map, 0);
	if (shared == MAP_FAILED)
		return err_harness(err, "cannot map memory: %s", strerror(errno));
	warm->shared = shared;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0)
		return err_harness(err, "cannot make a socket pair: %s", strerror(errno));
	return 0;
}

static void become_program(const struct warm *warm, const char *const *argv, int map, int socket)
{
	char value[64];
	cpu_set_t set;
	int cpu = sched_getcpu();
	int null = open("/dev/null", O_RDONLY);

	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	// It ends with its driver, and not before: until then the driver has things to write down.
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	personality(ADDR_NO_RANDOMIZE);
	if (cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET((unsigned)cpu, &set);
		sched_setaffinity(0, sizeof(set), &set);
	}
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	snprintf(value, sizeof(value), "%d,%d,%d,%d", map, socket, warm->out, warm->err);
	setenv(RT_ENV, value, 1);
	setenv("LD_BIND_NOW", RT_BIND_NOW, 0);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

int warm_start(struct warm *warm, const char *const *argv, struct err *err)
{
	int map = -1, sockets[2] = { -1, -1 };
	int rc = make_descriptors(warm, &map, sockets, err);

	if (!rc) {
		warm->socket = sockets[0];
		fcntl(warm->socket, F_SETFD, FD_CLOEXEC);
		warm->pid = fork();
		if (warm->pid == 0)
			become_program(warm, argv, map, sockets[1]);
		if (warm->pid < 0)
			rc = err_harness(err, "cannot start a process: %s", strerror(errno));
	}
	if (map >= 0)
		close(map);
	if (sockets[1] >= 0)
		close(sockets[1]);
	return rc;
}

static void write_request(struct rt_shared *shared, const struct request *request)
{
	const struct rt_request *rt = &request->rt;

	shared->request = *rt;
	if (rt->nr_schedule_in)
		memcpy(shared->schedule_in, request->schedule_in,
		       rt->nr_schedule_in * sizeof(*request->schedule_in));
	if (rt->nr_deviations)
		memcpy(shared->deviations, request->deviations,
		       rt->nr_deviations * sizeof(*request->deviations));
}

int warm_prepare(struct warm *warm, const struct request *request, char **value, struct err *err)
{
	int map = -1, sockets[2] = { -1, -1 };
	char byte = 0;

	if (make_descriptors(warm, &map, sockets, err))
		return -1;
	write_request(warm->shared, request);
	// The one request is on its way, and there will be no other.
	if (write(sockets[0], &byte, 1) != 1)
		return err_harness(err, "cannot write to a socket: %s", strerror(errno));
	close(sockets[0]);
	*value = xasprintf("%d,%d,%d,%d", map, sockets[1], warm->out, warm->err);
	return 0;
}

// Waits for the answer. False: it is time to stop.
static bool wait_answer(struct warm *warm)
{
	struct pollfd fds[] = { { warm->socket, POLLIN, 0 },
				{ warm->stop > 0 ? warm->stop : -1, POLLIN, 0 } };

	if (child_poll(fds, ARRAY_SIZE(fds), -1) < 0)
		return true; // reading waits as well
	warm->stopped = fds[1].revents != 0;
	return !warm->stopped;
}

static bool ends(const char *text)
{
	return memchr(text, '\0', RT_MAX_NAME) != NULL;
}

// The program can write to the shared memory, by mistake or not: counts are checked before use.
static bool is_possible(const struct rt_shared *shared, const struct rt_request *asked)
{
	const struct rt_result *r = &shared->result;
	bool possible = r->iterations <= asked->iterations && r->nr_findings <= RT_MAX_FINDINGS &&
			r->nr_schedule_out <= RT_MAX_ENTRIES && r->nr_events <= RT_MAX_EVENTS &&
			shared->nr_uncontrolled <= 32 && r->threads <= RT_MAX_THREADS &&
			r->most_threads <= RT_MAX_THREADS && r->ending <= RT_END_LIMIT &&
			ends(r->limit) &&
			memchr(shared->own_names, '\0', sizeof(shared->own_names));

	for (uint32_t i = 0; possible && i < shared->nr_uncontrolled; i++)
		possible = ends(shared->uncontrolled[i].name);
	for (uint32_t i = 0; possible && i < r->nr_findings; i++)
		possible = r->findings[i].nr_sites <= RT_MAX_SITES &&
			   r->findings[i].kind < RT_FOUND_NR;
	return possible && !memcmp(&shared->request, asked, offsetof(struct rt_request, watches));
}

int warm_request(struct warm *warm, const struct request *request, struct err *err)
{
	char byte = 0;
	ssize_t n;

	write_request(warm->shared, request);
	// It may be gone: that is an error, and no signal.
	if (send(warm->socket, &byte, 1, MSG_NOSIGNAL) != 1)
		return err_harness(err, "the explored program is gone");
	if (!wait_answer(warm))
		return err_harness(err, "it was told to end");
	do
		n = read(warm->socket, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return err_harness(err, "the explored program ended before it could be explored");
	if (!is_possible(warm->shared, &request->rt))
		return err_harness(err, "tampered: the explored program wrote over what it shares "
					"with the explorer");
	return 0;
}

void warm_output(int fd, size_t max, struct strbuf *out)
{
	char chunk[4096];
	off_t at = 0;

	while ((size_t)at < max) {
		ssize_t n = pread(fd, chunk, sizeof(chunk), at);

		if (n <= 0)
			return;
		strbuf_add(out, chunk, (size_t)n < max - (size_t)at ? (size_t)n : max - (size_t)at);
		at += n;
	}
}

void warm_release(struct warm *warm)
{
	if (warm->pid > 0) {
		kill(warm->pid, SIGKILL);
		(void)child_reap(warm->pid, NULL, NULL);
	}
	if (warm->socket >= 0)
		close(warm->socket);
	if (warm->out >= 0)
		close(warm->out);
	if (warm->err >= 0)
		close(warm->err);
	if (warm->shared)
		munmap(warm->shared, sizeof(*warm->shared));
	*warm = (struct warm)WARM_INIT;
}
