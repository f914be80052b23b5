/*
 * The warmed process: the program, loaded and stopped before its main(), which
 * forks one iteration after the other. Without a driver the program simply runs.
 */
#include "core/arch.h"
#include "core/hash.h"
#include "core/real.h"
#include "engine/sched.h"
#include "hb/blocks.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "hb/shadow.h"
#include "model/model.h"
#include "outside/outside.h"
#include "outside/signals.h"

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
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

// An iteration that takes too long is ended at the tick after the last of these.
enum { TICKS = 16 };
static const size_t arena_size = (size_t)1 << 31;

// As the C library would make it for a file at the first output of each iteration.
static RT_PROCESS_STATE char stdout_buffer[4096];
static RT_PROCESS_STATE int socket_fd, out_fd, err_fd;
static RT_PROCESS_STATE volatile pid_t iteration;
static RT_PROCESS_STATE volatile bool time_is_up;
static RT_PROCESS_STATE volatile unsigned ticks;
static RT_PROCESS_STATE atomic_uint parked;

/*
 * A parked thread lends its thread-local memory to the scheduler's thread of its number. It
 * never wakes, and in an iteration, which is a fork, it does not even exist. So it
 * needs little stack, and all of them lie close together: the fork copies few pages
 * and few areas. The stacks are one area that is not touched before.
 */
static void *park(void *thread)
{
	struct rt_thread *self = thread;

	self->tls = rt_tls();
	self->handle = pthread_self();
	atomic_fetch_add(&parked, 1);
	for (;;)
		pause();
	return NULL;
}

static char *map_memory(void *near, size_t size)
{
	void *memory = mmap(near, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		_exit(3);
	return memory;
}

/*
 * The end of one and the beginning of the next are described by the same page table,
 * of which each is for 2 MiB: both are used whenever a thread is created.
 */
static char *map_stacks(unsigned nr)
{
	enum { TABLE = 2 << 20 };
	uintptr_t memory = (uintptr_t)map_memory(NULL, nr * (size_t)RT_STACK + 2 * (size_t)TABLE);

	return (char *)((memory + TABLE - 1) / TABLE * TABLE + TABLE / 2);
}

// EINVAL: thread-local memory needs more than `size`.
static int park_one(char *memory, size_t size, struct rt_thread *thread)
{
	unsigned before = atomic_load(&parked);
	pthread_attr_t attr;
	pthread_t handle;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, memory, size);
	error = RT_REAL(pthread_create)(&handle, &attr, park, thread);
	pthread_attr_destroy(&attr);
	while (!error && atomic_load(&parked) == before)
		RT_REAL(sched_yield)();
	return error;
}

static void park_threads(unsigned threads)
{
	enum { LEAST = 64 << 10, MOST = 1 << 30 };
	unsigned first = atomic_load(&parked) + 1, nr;
	size_t size = LEAST;
	char *memory, *stacks;
	int error = EINVAL;

	if (threads > RT_MAX_THREADS)
		threads = RT_MAX_THREADS;
	rt_iteration.capacity = first;
	if (threads <= first)
		return;
	nr = threads - first;
	stacks = map_stacks(nr);
	for (; error == EINVAL && size <= MOST; size *= 2) {
		memory = map_memory(NULL, nr * size);
		error = 0;
		for (unsigned i = 0; !error && i < nr; i++) {
			struct rt_thread *thread = &rt_iteration.threads[first + i];

			thread->stack = (uintptr_t)stacks + i * (size_t)RT_STACK;
			error = park_one(memory + i * size, size, thread);
		}
		if (error)
			munmap(memory, nr * size);
	}
	if (error) {
		fprintf(stderr, "racegate: cannot prepare %u threads\n", threads);
		_exit(3);
	}
	rt_iteration.capacity = threads;
}

static void reset_result(uint64_t seed)
{
	struct rt_result *r = &rt_shared->result;

	r->seed = seed;
	r->ending = RT_END_RUNNING;
	r->limit[0] = '\0';
	r->nr_findings = r->nr_schedule_out = r->nr_events = r->nr_marks = r->nr_decisions = 0;
	r->steps = r->switches = r->preemptions = 0;
	r->deprioritised = r->spurious = r->early = 0;
	r->threads = 0;
	r->prefix_end = 0;
	r->processes = false;
	memset(r->watched, 0, rt_shared->request.nr_watches * sizeof(*r->watched));
}

/*
 * An iteration inherits the handler, as setting it back would cost each a call: there,
 * it sees to it that the signal does what it does by default.
 */
static void on_tick(int number)
{
	if (rt_self) {
		signal(number, SIG_DFL);
		raise(number);
	} else if (iteration > 0 && ++ticks > TICKS) {
		time_is_up = true;
		kill(iteration, SIGKILL);
	}
}

// Ticks for all iterations of a request: setting a timer for each would cost each two calls.
static void set_timer(uint32_t ms)
{
	const suseconds_t us = (suseconds_t)ms * 1000 / TICKS;
	const struct timeval each = { us / 1000000, us % 1000000 };
	const struct itimerval timer = { each, each };

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
		hash = rt_fnv(hash, bytes[i]);
	return hash;
}

static uint64_t hash_of_outcome(void)
{
	struct rt_result *r = &rt_shared->result;
	uint64_t hash = hash_bytes(RT_FNV, (const unsigned char *)&r->ending, sizeof(r->ending));
	unsigned char chunk[1024];
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
	// One that had too few threads prepared runs again.
	rt_shared->found += r->nr_findings && r->ending != RT_END_THREADS;
	return news;
}

// What the program does to its group does not reach us, and it ends with us.
static void stand_apart(void)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static const struct rt_outside outside = {
	.event = rt_outside_event,
	.attend = rt_signals_attend,
	.ring = rt_alarms_ring,
	.alarm_helps = rt_alarm_helps,
	.leave = rt_signals_lend,
};

static void run_program(uint64_t seed, int argc, char **argv, char **envp)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stand_apart();
	close(socket_fd);
	rt_iteration.random = seed;
	rt_begin(&outside);
	rt_clock_begin();
	rt_shadow_begin();
	rt_blocks_begin();
	rt_iteration.controlled = true;
	exit(__real_main(argc, argv, envp));
}

static void iterate(uint64_t seed, int argc, char **argv, char **envp)
{
	siginfo_t orphan;
	int status = 0;

	if ((rt_shared->result.out_len && ftruncate(out_fd, 0)) ||
	    (rt_shared->result.err_len && ftruncate(err_fd, 0)))
		_exit(3);
	reset_result(seed);
	lseek(STDOUT_FILENO, 0, SEEK_SET);
	lseek(STDERR_FILENO, 0, SEEK_SET);
	time_is_up = false;
	ticks = 0;
	iteration = _Fork();
	if (iteration == 0)
		run_program(seed, argc, argv, envp);
	if (iteration < 0)
		_exit(3);
	while (waitpid(iteration, &status, 0) < 0 && errno == EINTR)
		;
	iteration = 0;
	// There may be processes that we were not notified of.
	if (rt_shared->result.processes ||
	    !waitid(P_ALL, 0, &orphan, WEXITED | WNOHANG | WNOWAIT)) {
		rt_shared->result.processes = true;
		rt_end_children();
	}
	take_status(status);
	rt_shared->result.outcome = hash_of_outcome();
}

// Again as long as its thread pointer gets lost, at last with one that does not.
static void iterate_safely(uint64_t seed, int argc, char **argv, char **envp)
{
	enum { TRIES = 8 };

	for (int tries = 0; tries <= TRIES; tries++) {
		rt_shared->tls_lost = false;
		rt_shared->tls_by_kernel = tries == TRIES;
		iterate(seed, argc, argv, envp);
		if (!rt_shared->tls_lost)
			return;
	}
}

static void serve_request(int argc, char **argv, char **envp)
{
	struct rt_result *r = &rt_shared->result;
	const struct rt_request *request = &rt_shared->request;

	park_threads(request->threads);
	r->iterations = 0;
	r->most_steps = r->all_steps = r->irregular = 0;
	r->most_threads = 0;
	while (r->iterations < request->iterations) {
		iterate_safely(rt_iteration_seed(request->seed, request->first + r->iterations),
			       argc, argv, envp);
		r->iterations++;
		r->all_steps += r->steps;
		r->irregular += r->deprioritised || r->spurious || r->early;
		if (r->steps > r->most_steps)
			r->most_steps = r->steps;
		if (r->threads > r->most_threads)
			r->most_threads = r->threads;
		if (!request->uncounted && shows_news())
			return;
	}
}

// Nobody's output is to fill the memory.
static void limit_files(void)
{
	enum { LARGEST_FILE = 64 << 20 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) || limit.rlim_cur <= LARGEST_FILE)
		return;
	limit.rlim_cur = LARGEST_FILE;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void reserve(void)
{
	// Far away, where nothing else is: between other areas it would cost page tables.
	rt_iteration_init(map_memory((void *)((uintptr_t)1 << 45), arena_size), arena_size);
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
	// A debugger shares the terminal.
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
	const char *words = getenv(RT_ENV), *bind = getenv("LD_BIND_NOW");
	char byte;

	if (!words)
		return __real_main(argc, argv, envp);
	take_descriptors(words);
	unsetenv(RT_ENV);
	if (bind && !strcmp(bind, RT_BIND_NOW))
		unsetenv("LD_BIND_NOW");
	reserve();
	setvbuf(stdout, stdout_buffer, _IOFBF, sizeof(stdout_buffer));
	rt_iteration.threads[0].handle = pthread_self();
	limit_files();
	rt_shared->base = rt_program_base();
	rt_own_names(rt_shared->own_names, sizeof(rt_shared->own_names));
	if (rt_early_thread)
		rt_report_uncontrolled("a thread that was created before main()", rt_early_thread);
	rt_catch_faults();
	// A first touch of a large area costs as much as the whole iteration if it gets a large
	// page.
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	signal(SIGALRM, on_tick);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	while (read(socket_fd, &byte, 1) == 1) {
		set_timer(rt_shared->request.wall_ms);
		serve_request(argc, argv, envp);
		set_timer(0);
		if (write(socket_fd, &byte, 1) != 1)
			break;
	}
	_exit(0);
}
