#include "base/mem.h"
#include "claims/claim.h"
#include "claims/workers.h"

#include <pthread.h>
#include <stdatomic.h>

static const struct seed_reference seeds[] = {
	{ "002_c46e2d7535d5bf61.txt", "线程间通讯, 互斥锁",
	  "a million times +1 and -1 in two threads: 0.737 without a lock (and a wrong sum), 2.116 "
	  "with a lock per step" },
};

enum locking { NO_LOCK, LOCK_PER_STEP, LOCK_PER_LOOP, ATOMIC };

struct load {
	enum locking locking;
	long steps;
	pthread_mutex_t lock; // protects value, where the locking is with a lock
	atomic_long value;
};

/*
 * Read, add, write: what the mistake without a lock is. As relaxed atomics these are
 * plain loads and stores whose race is defined, and which the compiler cannot merge.
 */
static inline void step(atomic_long *value, long amount)
{
	long now = atomic_load_explicit(value, memory_order_relaxed);

	atomic_store_explicit(value, now + amount, memory_order_relaxed);
}

static void lock_task(void *ctx, unsigned index)
{
	struct load *load = ctx;
	long amount = index ? -1 : 1;

	if (load->locking == LOCK_PER_LOOP)
		pthread_mutex_lock(&load->lock);
	for (long i = 0; i < load->steps; i++)
		switch (load->locking) {
		case NO_LOCK:
		case LOCK_PER_LOOP:
			step(&load->value, amount);
			break;
		case LOCK_PER_STEP:
			pthread_mutex_lock(&load->lock);
			step(&load->value, amount);
			pthread_mutex_unlock(&load->lock);
			break;
		case ATOMIC:
			atomic_fetch_add_explicit(&load->value, amount, memory_order_relaxed);
			break;
		}
	if (load->locking == LOCK_PER_LOOP)
		pthread_mutex_unlock(&load->lock);
}

static int measure_lock_cost(const struct scale *scale, const void *arg, struct sample *sample,
			     struct err *err)
{
	struct load load = {
		.locking = *(const enum locking *)arg,
		.steps = scale->lock_steps,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};

	if (workers_run(IN_THREADS, 2, lock_task, &load, sample, err))
		return -1;
	if (load.locking != NO_LOCK && load.value)
		return err_harness(err, "as many +1 as -1 under a lock left %ld", load.value);
	return 0;
}

enum { FREE, PER_STEP, PER_LOOP, ADD };

static const struct claim_variant variants[] = {
	[FREE] = { "no lock (the sum is wrong)", 0.737, FREE, measure_lock_cost,
		   &(const enum locking){ NO_LOCK } },
	[PER_STEP] = { "a lock per step", 2.116, FREE, measure_lock_cost,
		       &(const enum locking){ LOCK_PER_STEP } },
	[PER_LOOP] = { "a lock over the whole loop", 0, FREE, measure_lock_cost,
		       &(const enum locking){ LOCK_PER_LOOP } },
	[ADD] = { "an atomic add per step", 0, FREE, measure_lock_cost,
		  &(const enum locking){ ATOMIC } },
};

static const struct claim_part parts[] = {
	{ "a lock per step costs much", PER_STEP, FREE, MUCH_MORE, 0,
	  "the unlocked steps were nearly as slow: two CPUs pulled one variable back and forth "
	  "in both" },
};

const struct claim claim_lock_cost = {
	.name = "lock-cost",
	.title = "A lock per step costs several times the step itself",
	.unit = "ms",
	.per_second = 1e3,
	CLAIM_TABLES,
	.why = "a step of C takes nanoseconds where one of Python takes hundreds, so the lock is "
	       "by "
	       "far the larger part of it",
};
