#include "base/clock.h"
#include "base/mem.h"
#include "cases/include/coroutine.h"
#include "claims/claim.h"
#include "claims/workers.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

static const struct seed_reference seeds[] = {
	{ "000_0956c94a1894717b.txt", "进程的缺点, 线程的优点, 协程",
	  "no figures: threads are created and switched much faster than processes, coroutines "
	  "without the cost of a switch" },
	{ "003_5c1e42a92f2afcdf.txt", "进程、线程、协程", "no figures: the same" },
	{ "002_c46e2d7535d5bf61.txt", "多进程, 多线程",
	  "two sleeps of 2 s took 2.387 in two processes and 2.002 in two threads: half of the "
	  "time over 2 s is the cost of creating one, and a process costs 186 times a thread" },
	{ "000_0956c94a1894717b.txt", "python多进程与多线程实现",
	  "the same sleeps took 2.131 and 2.017: by these figures it is 8 times. The table has "
	  "the other document's" },
};

static void do_nothing(void *ctx, unsigned index)
{
	(void)ctx;
	(void)index;
}

static int make_workers(const struct scale *scale, const void *arg, struct sample *sample,
			struct err *err)
{
	struct stopwatch watch = stopwatch_start();

	for (long i = 0; i < scale->makes; i++)
		if (workers_run(*(const enum how *)arg, 1, do_nothing, NULL, NULL, err))
			return -1;
	*sample = stopwatch_stop(&watch, scale->makes);
	return 0;
}

// Two that wake each other in turn. Shared between processes for both: the same mechanism.
struct relay {
	sem_t there, back;
	long round_trips;
	int cpu;                  // both run on it, so that each turn is a switch
	struct timespec deadline; // for all round trips: whoever waits longer is alone
	struct sample sample;
	atomic_int error; // of either side; 0: none
};

static int wait_for(sem_t *sem, const struct timespec *deadline)
{
	while (sem_timedwait(sem, deadline) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

static int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

// Both sides of the relay: 0 begins and measures, 1 answers. The first trip is not measured.
static void run_relay(void *ctx, unsigned index)
{
	struct relay *relay = ctx;
	struct stopwatch watch = { 0 };

	if (stay_on(relay->cpu) < 0)
		relay->error = errno;
	for (long i = 0; i <= relay->round_trips && !relay->error; i++) {
		if (index == 0 && i == 1)
			watch = stopwatch_start();
		if (index == 0)
			sem_post(&relay->there);
		if (wait_for(index == 0 ? &relay->back : &relay->there, &relay->deadline) < 0)
			relay->error = errno;
		else if (index == 1)
			sem_post(&relay->back);
	}
	if (index == 0)
		relay->sample = stopwatch_stop(&watch, 2 * relay->round_trips);
}

static int switch_workers(const struct scale *scale, const void *arg, struct sample *sample,
			  struct err *err)
{
	struct relay *relay = shared_alloc(sizeof(*relay), err);
	struct sample whole;
	int rc;

	if (!relay)
		return -1;
	sem_init(&relay->there, 1, 0);
	sem_init(&relay->back, 1, 0);
	relay->round_trips = scale->round_trips;
	relay->cpu = sched_getcpu();
	clock_gettime(CLOCK_REALTIME, &relay->deadline);
	relay->deadline.tv_sec += 20;
	rc = workers_run(*(const enum how *)arg, 2, run_relay, relay, &whole, err);
	if (!rc && relay->error)
		rc = err_harness(err, "two workers that wake each other: %s",
				 strerror(relay->error));
	*sample = relay->sample;
	sample->cpus = whole.cpus; // the side that measures sees but its own
	shared_free(relay, sizeof(*relay));
	return rc;
}

struct coroutine_run {
	long makes, round_trips;
	struct sample sample;
};

static void end_at_once(void *self)
{
	(void)self;
}

static void suspend_for_ever(void *self)
{
	for (;;)
		coroutine_suspend(self);
}

static void make_coroutines(void *ctx, unsigned index)
{
	struct coroutine_run *run = ctx;
	struct stopwatch watch = stopwatch_start();

	(void)index;
	for (long i = 0; i < run->makes; i++) {
		struct coroutine coroutine;

		coroutine_create(&coroutine, end_at_once, &coroutine);
		coroutine_resume(&coroutine);
		coroutine_destroy(&coroutine);
	}
	run->sample = stopwatch_stop(&watch, run->makes);
}

// As coroutine_create, but on the stack that `coroutine` has already.
static void create_again(struct coroutine *coroutine)
{
	uint64_t self = (uintptr_t)coroutine;

	makecontext(&coroutine->own, (void (*)(void))coroutine_begin, 2, (unsigned)(self >> 32),
		    (unsigned)self);
}

// The C library keeps the stack of a thread for the next one; the same for coroutines.
static void make_coroutines_again(void *ctx, unsigned index)
{
	struct coroutine_run *run = ctx;
	struct coroutine coroutine;
	struct stopwatch watch;

	(void)index;
	coroutine_create(&coroutine, end_at_once, &coroutine);
	watch = stopwatch_start();
	for (long i = 0; i < run->makes; i++) {
		create_again(&coroutine);
		coroutine_resume(&coroutine);
	}
	run->sample = stopwatch_stop(&watch, run->makes);
	coroutine_destroy(&coroutine);
}

static void switch_coroutines(void *ctx, unsigned index)
{
	struct coroutine_run *run = ctx;
	struct coroutine coroutine;
	struct stopwatch watch;

	(void)index;
	coroutine_create(&coroutine, suspend_for_ever, &coroutine);
	coroutine_resume(&coroutine);
	watch = stopwatch_start();
	for (long i = 0; i < run->round_trips; i++)
		coroutine_resume(&coroutine);
	run->sample = stopwatch_stop(&watch, 2 * run->round_trips);
	coroutine_destroy(&coroutine);
}

struct measured_in_child {
	void (*run)(void *ctx, unsigned index);
};

// In a child: coroutine.h is made for small programs and exits where it cannot go on.
static int measure_coroutines(const struct scale *scale, const void *arg, struct sample *sample,
			      struct err *err)
{
	const struct measured_in_child *measured = arg;
	struct coroutine_run *run = shared_alloc(sizeof(*run), err);
	int rc;

	if (!run)
		return -1;
	run->makes = scale->makes;
	run->round_trips = scale->round_trips;
	rc = workers_run(IN_PROCESSES, 1, measured->run, run, NULL, err);
	*sample = run->sample;
	shared_free(run, sizeof(*run));
	return rc;
}

enum {
	MAKE_PROCESS,
	MAKE_THREAD,
	MAKE_COROUTINE,
	MAKE_COROUTINE_AGAIN,
	SWITCH_PROCESS,
	SWITCH_THREAD,
	SWITCH_COROUTINE,
};

static const enum how processes = IN_PROCESSES, threads = IN_THREADS;
static const struct measured_in_child making = { make_coroutines },
				      making_again = { make_coroutines_again },
				      switching = { switch_coroutines };

static const struct claim_variant variants[] = {
	[MAKE_PROCESS] = { "create a process", 0.1935, MAKE_THREAD, make_workers, &processes },
	[MAKE_THREAD] = { "create a thread", 0.00104, MAKE_THREAD, make_workers, &threads },
	[MAKE_COROUTINE] = { "create a coroutine", 0, MAKE_THREAD, measure_coroutines, &making },
	[MAKE_COROUTINE_AGAIN] = { "  on an existing stack", 0, MAKE_THREAD, measure_coroutines,
				   &making_again },
	[SWITCH_PROCESS] = { "switch between processes", 0, SWITCH_THREAD, switch_workers,
			     &processes },
	[SWITCH_THREAD] = { "switch between threads", 0, SWITCH_THREAD, switch_workers, &threads },
	[SWITCH_COROUTINE] = { "switch between coroutines", 0, SWITCH_THREAD, measure_coroutines,
			       &switching },
};

static const struct claim_part parts[] = {
	{ "create: process far above thread", MAKE_PROCESS, MAKE_THREAD, MUCH_MORE, 0,
	  "a fork of a small program copies little" },
	{ "create: thread far above coroutine", MAKE_THREAD, MAKE_COROUTINE, MUCH_MORE, 0,
	  "this coroutine maps a new stack each time, which takes nearly as long as creating "
	  "a thread, whose stack the C library caches" },
	{ "create: same, on an existing stack", MAKE_THREAD, MAKE_COROUTINE_AGAIN, MUCH_MORE, 0,
	  "creating a thread took hardly longer than initialising a coroutine's registers" },
	{ "switch: process far above thread", SWITCH_PROCESS, SWITCH_THREAD, MUCH_MORE, 0,
	  "to Linux both are tasks: waking one and picking the next costs the same, and switching "
	  "the address space little more" },
	{ "switch: thread far above coroutine", SWITCH_THREAD, SWITCH_COROUTINE, MUCH_MORE, 0,
	  "this coroutine asks the kernel to set the signal mask at each switch" },
};

const struct claim claim_create_cost = {
	.name = "create-cost",
	.title = "Processes cost far more than threads, and threads than coroutines",
	.unit = "µs",
	.per_second = 1e6,
	CLAIM_TABLES,
	.why = "a process needs a copy of an address space, a thread a kernel task, a coroutine "
	       "only "
	       "registers and a stack",
};
