#include "claims/workers.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t cpu_ns(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_S +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

struct stopwatch stopwatch_start(void)
{
	return (struct stopwatch){
		.cpu_ns = cpu_ns(RUSAGE_SELF) + cpu_ns(RUSAGE_CHILDREN),
		.wall_ns = clock_now(),
	};
}

struct sample stopwatch_stop(const struct stopwatch *watch, long operations)
{
	int64_t wall = clock_now() - watch->wall_ns;
	int64_t cpu = cpu_ns(RUSAGE_SELF) + cpu_ns(RUSAGE_CHILDREN) - watch->cpu_ns;

	if (wall < 1)
		wall = 1; // ratios are formed with it
	return (struct sample){
		.seconds = (double)wall / NS_PER_S / (double)operations,
		.cpus = (double)cpu / (double)wall,
	};
}

struct worker {
	void (*work)(void *ctx, unsigned index);
	void *ctx;
	unsigned index;
	pthread_t thread;
	pid_t pid;
};

static void *run_worker(void *worker)
{
	struct worker *self = worker;

	self->work(self->ctx, self->index);
	return NULL;
}

static int start_worker(struct worker *worker, enum how how, struct err *err)
{
	int rc;

	switch (how) {
	case IN_TURN:
		run_worker(worker);
		return 0;
	case IN_THREADS:
		rc = pthread_create(&worker->thread, NULL, run_worker, worker);
		return rc ? err_harness(err, "cannot create a thread: %s", strerror(rc)) : 0;
	case IN_PROCESSES:
		worker->pid = worker_fork(worker->work, worker->ctx, worker->index, err);
		return worker->pid < 0 ? -1 : 0;
	}
	return 0;
}

static int finish_worker(const struct worker *worker, enum how how, struct err *err)
{
	if (how == IN_THREADS)
		pthread_join(worker->thread, NULL);
	return how == IN_PROCESSES ? worker_wait(worker->pid, err) : 0;
}

static int run_all(struct worker *workers, unsigned nr, enum how how, struct err *err)
{
	unsigned started = 0;
	int rc = 0;

	for (; started < nr && !rc; started += !rc)
		rc = start_worker(&workers[started], how, err);
	// No worker is left behind, even after an error.
	for (unsigned i = 0; i < started; i++)
		if (finish_worker(&workers[i], how, err))
			rc = -1;
	return rc;
}

int workers_run(enum how how, unsigned nr, void (*work)(void *ctx, unsigned index), void *ctx,
		struct sample *sample, struct err *err)
{
	struct worker workers[WORKERS_MAX];
	struct stopwatch watch;
	int rc;

	if (nr > WORKERS_MAX)
		return err_harness(err, "%u workers are more than %d", nr, WORKERS_MAX);
	for (unsigned i = 0; i < nr; i++)
		workers[i] = (struct worker){ .work = work, .ctx = ctx, .index = i };
	if (!sample)
		return run_all(workers, nr, how, err);
	watch = stopwatch_start();
	rc = run_all(workers, nr, how, err);
	*sample = stopwatch_stop(&watch, 1);
	return rc;
}

pid_t worker_fork(void (*work)(void *ctx, unsigned index), void *ctx, unsigned index,
		  struct err *err)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return err_harness(err, "cannot fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		work(ctx, index);
	_exit(0); // what stdio holds is the parent's to write
}

int worker_wait(pid_t pid, struct err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_harness(err, "cannot wait for a child: %s", strerror(errno));
	if (WIFSIGNALED(status))
		return err_harness(err, "a child was killed by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		return err_harness(err, "a child exited with code %d", WEXITSTATUS(status));
	return 0;
}

void *shared_alloc(size_t size, struct err *err)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory != MAP_FAILED)
		return memory;
	err_harness(err, "cannot map shared memory: %s", strerror(errno));
	return NULL;
}

void shared_free(void *memory, size_t size)
{
	munmap(memory, size);
}

void nap(int64_t ns)
{
	struct timespec left = { ns / NS_PER_S, ns % NS_PER_S };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}
