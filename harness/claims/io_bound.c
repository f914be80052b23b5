#include "base/mem.h"
#include "claims/claim.h"
#include "claims/workers.h"

#include <pthread.h>
#include <stdbool.h>

static const struct seed_reference seeds[] = {
	{ "003_5c1e42a92f2afcdf.txt", "全局解释锁(GIL)",
	  "two times three sleeps of 3 s: 18.0 in turn, 9.0 in two threads, 9.1 in two processes" },
	{ "002_c46e2d7535d5bf61.txt", "多进程, 多线程",
	  "two sleeps of 2 s: 4.00 in turn, 2.00 in two threads, 2.39 in two processes" },
	{ "000_0956c94a1894717b.txt", "python多进程与多线程实现",
	  "the same: 4.01 in turn, 2.02 in two threads, 2.13 in two processes" },
};

struct plan {
	enum how how;
	int naps, seconds;
	bool locked; // hold one lock, but not while sleeping
};

struct load {
	const struct plan *plan;
	int64_t nap_ns;
	pthread_mutex_t *lock; // NULL: none; protects nothing but the right to be awake
};

static void sleep_task(void *ctx, unsigned index)
{
	const struct load *load = ctx;

	(void)index;
	for (int i = 0; i < load->plan->naps; i++) {
		if (load->lock) {
			pthread_mutex_lock(load->lock);
			pthread_mutex_unlock(load->lock);
		}
		nap(load->nap_ns);
	}
}

static int measure_io_bound(const struct scale *scale, const void *arg, struct sample *sample,
			    struct err *err)
{
	const struct plan *plan = arg;
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct load load = {
		.plan = plan,
		.nap_ns = plan->seconds * scale->second_ns,
		.lock = plan->locked ? &lock : NULL,
	};

	return workers_run(plan->how, 2, sleep_task, &load, sample, err);
}

enum { LONG_IN_TURN, LONG_THREADS, LONG_LOCKED, LONG_PROCESSES, IN_TURN_2, THREADS_2, PROCESSES_2 };

#define PLAN(how, naps, seconds, locked)                                                           \
	&(const struct plan)                                                                       \
	{                                                                                          \
		how, naps, seconds, locked                                                         \
	}

static const struct claim_variant variants[] = {
	[LONG_IN_TURN] = { "2 x 3 sleeps, in turn", 18.0, LONG_IN_TURN, measure_io_bound,
			   PLAN(IN_TURN, 3, 3, false) },
	[LONG_THREADS] = { "  two threads", 9.0, LONG_IN_TURN, measure_io_bound,
			   PLAN(IN_THREADS, 3, 3, false) },
	[LONG_LOCKED] = { "  two threads, one lock", 0, LONG_IN_TURN, measure_io_bound,
			  PLAN(IN_THREADS, 3, 3, true) },
	[LONG_PROCESSES] = { "  two processes", 9.1, LONG_IN_TURN, measure_io_bound,
			     PLAN(IN_PROCESSES, 3, 3, false) },
	[IN_TURN_2] = { "2 x 1 sleep, in turn", 4.00, IN_TURN_2, measure_io_bound,
			PLAN(IN_TURN, 1, 2, false) },
	[THREADS_2] = { "  two threads", 2.00, IN_TURN_2, measure_io_bound,
			PLAN(IN_THREADS, 1, 2, false) },
	[PROCESSES_2] = { "  two processes", 2.39, IN_TURN_2, measure_io_bound,
			  PLAN(IN_PROCESSES, 1, 2, false) },
};

#define LATE "starting and waking the sleepers took as long here as they save"

static const struct claim_part parts[] = {
	{ "threads halve 2 x 3 sleeps", LONG_THREADS, LONG_IN_TURN, HALF, 0, LATE },
	{ "even if they share one lock", LONG_LOCKED, LONG_IN_TURN, HALF, 0, LATE },
	{ "processes halve 2 x 3 sleeps", LONG_PROCESSES, LONG_IN_TURN, HALF, 0, LATE },
	{ "threads halve 2 x 1 sleep", THREADS_2, IN_TURN_2, HALF, 0, LATE },
	{ "processes halve 2 x 1 sleep", PROCESSES_2, IN_TURN_2, HALF, 0, LATE },
};

const struct claim claim_io_bound = {
	.name = "io-bound",
	.title = "Threads and processes halve the time of tasks that only wait",
	.unit = "ms",
	.per_second = 1e3,
	CLAIM_TABLES,
	.why = "a sleeper needs no CPU and holds no lock, so sleeps overlap in threads and "
	       "processes alike",
};
