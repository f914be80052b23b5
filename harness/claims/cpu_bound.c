#include "base/mem.h"
#include "claims/claim.h"
#include "claims/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

static const struct seed_reference seeds[] = {
	{ "003_5c1e42a92f2afcdf.txt", "全局解释锁(GIL)",
	  "two loops of 10^9 rounds: 46.8 in turn, 43.9 in two threads, 23.3 in two processes" },
	{ "001_80285bb4bf3e64da.txt", "CPython中线程无法并行",
	  "no figures: threads are even slower than one thread. The figures above say otherwise" },
};

struct plan {
	enum how how;
	bool locked; // compute under one lock
};

struct load {
	long steps, turn;
	pthread_mutex_t *lock; // NULL: none; protects nothing but the right to compute
};

// Each step needs the result of the one before, so that no compiler shortens the loop.
static uint64_t compute(long steps, uint64_t x)
{
	for (long i = 0; i < steps; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static void compute_task(void *ctx, unsigned index)
{
	const struct load *load = ctx;
	uint64_t x = index + 1;
	volatile uint64_t result;

	for (long done = 0; done < load->steps; done += load->turn) {
		long left = load->steps - done;

		if (load->lock)
			pthread_mutex_lock(load->lock);
		x = compute(left < load->turn ? left : load->turn, x);
		if (load->lock)
			pthread_mutex_unlock(load->lock);
	}
	result = x;
	(void)result;
}

static int measure_cpu_bound(const struct scale *scale, const void *arg, struct sample *sample,
			     struct err *err)
{
	const struct plan *plan = arg;
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct load load = {
		.steps = scale->loop_steps,
		.turn = scale->turn_steps,
		.lock = plan->locked ? &lock : NULL,
	};

	return workers_run(plan->how, 2, compute_task, &load, sample, err);
}

enum { SINGLE, THREADS, LOCKED, PROCESSES };

static const struct claim_variant variants[] = {
	[SINGLE] = { "in turn", 46.8, SINGLE, measure_cpu_bound,
		     &(const struct plan){ IN_TURN, false } },
	[THREADS] = { "two threads", 0, SINGLE, measure_cpu_bound,
		      &(const struct plan){ IN_THREADS, false } },
	[LOCKED] = { "two threads under one lock", 43.9, SINGLE, measure_cpu_bound,
		     &(const struct plan){ IN_THREADS, true } },
	[PROCESSES] = { "two processes", 23.3, SINGLE, measure_cpu_bound,
			&(const struct plan){ IN_PROCESSES, false } },
};

static const struct claim_part parts[] = {
	{ "threads gain nothing", THREADS, SINGLE, NO_GAIN, 2,
	  "in C a thread needs no lock to compute: each thread has its own CPU, just like "
	  "each process" },
	{ "threads under one lock gain nothing", LOCKED, SINGLE, NO_GAIN, 0,
	  "under one lock only one thread computes at a time, so something else slowed the single "
	  "thread" },
	{ "processes halve the time", PROCESSES, SINGLE, HALF, 2,
	  "two processes had two CPUs and were no faster: the CPUs share execution units, as "
	  "hyper-threads do" },
};

const struct claim claim_cpu_bound = {
	.name = "cpu-bound",
	.title = "Threads gain nothing for computations; processes halve the time",
	.unit = "ms",
	.per_second = 1e3,
	CLAIM_TABLES,
	.why = "threads had two CPUs here and gained nothing either",
};
