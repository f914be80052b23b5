/*
 * The warmed process: the program, loaded and stopped before its main(), which
 * forks one iteration after the other. Without a driver the program simply runs.
 */
#include "rt.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"

extern int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

enum { SPARE_STACK = 1024 };
static const size_t arena_size = (size_t)1 << 31, parked_stack = (size_t)8 << 20;

static int socket_fd, out_fd, err_fd;
static volatile pid_t iteration;
static volatile bool time_is_up;
static atomic_uint parked;

/*
 * A parked thread lends its stack, from a little below where it sleeps, and its
 * thread-local memory to the fiber of the same number. It never wakes, and in an
 * iteration, which is a fork, it does not even exist.
 */
static void *park(void *thread)
{
	struct rt_thread *self = thread;

	self->tls = rt_tls();
	self->handle = pthread_self();
	self->stack_top = (uintptr_t)__builtin_frame_address(0) - SPARE_STACK;
	atomic_fetch_add(&parked, 1);
	for (;;)
		pause();
	return NULL;
}

void rt_park(unsigned threads)
{
	pthread_attr_t attr;
	pthread_t handle;

	if (threads > RT_MAX_THREADS)
		threads = RT_MAX_THREADS;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, parked_stack);
	for (unsigned i = atomic_load(&parked) + 1; i < threads; i++) {
		if (RT_REAL(pthread_create)(&handle, &attr, park, &rt_world.threads[i])) {
			fprintf(stderr, "racegate: cannot prepare %u threads\n", threads);
			_exit(3);
		}
		while (atomic_load(&parked) < i)
			RT_REAL(sched_yield)();
	}
	pthread_attr_destroy(&attr);
	rt_world.capacity = atomic_load(&parked) + 1;
}

static void reset_result(uint64_t seed)
{
	struct rt_result *r = &rt_shared->result;

	r->seed = seed;
	r->ending = RT_END_RUNNING;
	r->limit[0] = '\0';
	r->nr_findings = r->nr_entries = r->nr_events = r->nr_decisions = 0;
	r->steps = r->switches = r->preemptions = r->rests = r->spurious = 0;
	r->threads = 0;
	r->prefix_end = 0;
	r->processes = false;
	memset(r->watched, 0, sizeof(r->watched));
}

static void on_time_up(int signal)
{
	(void)signal;
	time_is_up = true;
	if (iteration > 0)
		kill(iteration, SIGKILL);
}

static void set_timer(uint32_t ms)
{
	const struct itimerval timer = { .it_value = { ms / 1000,
						       (suseconds_t)(ms % 1000) * 1000 } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void take_status(int status)
{
	struct rt_result *r = &rt_shared->result;

	if (time_is_up)
		r->ending = RT_END_WALL;
	else if (WIFSIGNALED(status)) {
		r->ending = RT_END_SIGNAL;
		r->code = (uint32_t)WTERMSIG(status);
	} else if (WIFEXITED(status) && r->ending == RT_END_RUNNING) {
		r->ending = RT_END_EXIT;
		r->code = (uint32_t)WEXITSTATUS(status);
	}
}

static uint64_t hash_bytes(uint64_t hash, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash;
}

static uint64_t hash_of_outcome(void)
{
	struct rt_result *r = &rt_shared->result;
	uint64_t hash = hash_bytes(0xcbf29ce484222325, (const unsigned char *)&r->ending,
				   sizeof(r->ending));
	unsigned char chunk[4096];
	off_t at = 0;
	ssize_t n;

	if (r->ending == RT_END_EXIT || r->ending == RT_END_SIGNAL)
		hash = hash_bytes(hash, (const unsigned char *)&r->code, sizeof(r->code));
	while ((n = pread(out_fd, chunk, sizeof(chunk), at)) > 0) {
		hash = hash_bytes(hash, chunk, (size_t)n);
		at += n;
	}
	r->out_len = (uint64_t)at;
	r->err_len = (uint64_t)lseek(err_fd, 0, SEEK_END);
	return hash ? hash : 1;
}

// Counts a known one; false: it is new.
static bool known(struct rt_known *table, uint64_t hash)
{
	struct rt_known *entry = rt_known_entry(table, hash);

	if (!entry || !entry->hash)
		return false;
	entry->count++;
	return true;
}

static bool shows_news(void)
{
	struct rt_result *r = &rt_shared->result;
	bool news = !known(rt_shared->outcomes, r->outcome);

	for (uint32_t i = 0; i < r->nr_findings; i++)
		news |= !known(rt_shared->findings, r->findings[i].fingerprint);
	return news;
}

static void run_program(uint64_t seed, int argc, char **argv, char **envp)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, SIG_DFL);
	close(socket_fd);
	rt_world.random = seed;
	rt_catch_faults();
	rt_begin();
	exit(__real_main(argc, argv, envp));
}

static void iterate(uint64_t seed, int argc, char **argv, char **envp)
{
	int status = 0;

	reset_result(seed);
	if (ftruncate(out_fd, 0) || ftruncate(err_fd, 0))
		_exit(3);
	lseek(STDOUT_FILENO, 0, SEEK_SET);
	lseek(STDERR_FILENO, 0, SEEK_SET);
	time_is_up = false;
	iteration = _Fork();
	if (iteration == 0)
		run_program(seed, argc, argv, envp);
	if (iteration < 0)
		_exit(3);
	set_timer(rt_shared->request.wall_ms);
	while (waitpid(iteration, &status, 0) < 0 && errno == EINTR)
		;
	set_timer(0);
	iteration = 0;
	if (rt_shared->result.processes)
		rt_end_children();
	take_status(status);
	rt_shared->result.outcome = hash_of_outcome();
}

static void serve_request(int argc, char **argv, char **envp)
{
	struct rt_result *r = &rt_shared->result;
	const struct rt_request *request = &rt_shared->request;

	rt_park(request->threads);
	r->iterations = 0;
	r->most_steps = r->all_steps = 0;
	r->most_threads = 0;
	while (r->iterations < request->iterations) {
		iterate(request->seed + r->iterations * 0x9e3779b97f4a7c15, argc, argv, envp);
		r->iterations++;
		r->all_steps += r->steps;
		if (r->steps > r->most_steps)
			r->most_steps = r->steps;
		if (r->threads > r->most_threads)
			r->most_threads = r->threads;
		if (!request->uncounted && shows_news())
			return;
	}
}

static void reserve(void)
{
	void *arena = mmap(NULL, arena_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (arena == MAP_FAILED)
		_exit(3);
	rt_world.arena = (uintptr_t)arena;
	rt_world.arena_end = rt_world.arena + arena_size;
}

static void empty_input(void)
{
	int null = open("/dev/null", O_RDONLY);

	if (null >= 0)
		dup2(null, STDIN_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

static void take_descriptors(const char *words)
{
	int map_fd;

	if (sscanf(words, "%d,%d,%d,%d", &map_fd, &socket_fd, &out_fd, &err_fd) != 4)
		_exit(3);
	rt_shared = mmap(NULL, sizeof(*rt_shared), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (rt_shared == MAP_FAILED)
		_exit(3);
	close(map_fd);
	// Whoever debugs it shares the terminal.
	if (rt_shared->request.stop_finding || rt_shared->request.stop_step)
		empty_input();
	fcntl(socket_fd, F_SETFD, FD_CLOEXEC);
	dup2(out_fd, STDOUT_FILENO);
	dup2(err_fd, STDERR_FILENO);
	fcntl(out_fd, F_SETFD, FD_CLOEXEC);
	fcntl(err_fd, F_SETFD, FD_CLOEXEC);
}

int __wrap_main(int argc, char **argv, char **envp)
{
	const char *words = getenv(RT_ENV);
	char byte;

	if (!words)
		return __real_main(argc, argv, envp);
	take_descriptors(words);
	unsetenv(RT_ENV);
	reserve();
	rt_shared->base = rt_program_base();
	signal(SIGALRM, on_time_up);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (read(socket_fd, &byte, 1) == 1) {
		serve_request(argc, argv, envp);
		if (write(socket_fd, &byte, 1) != 1)
			break;
	}
	_exit(0);
}
