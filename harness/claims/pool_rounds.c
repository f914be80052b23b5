#include "base/mem.h"
#include "claims/claim.h"
#include "claims/workers.h"

#include <stdatomic.h>

static const struct seed_reference seeds[] = {
	{ "000_0956c94a1894717b.txt", "利用multiprocess模块的Pool类创建多进程",
	  "5 tasks of 2 s on 4 processes: 4.38. The document calls that 60 % less than in turn; "
	  "of 10 s it is 56 %" },
	{ "002_c46e2d7535d5bf61.txt", "进程池, 线程池",
	  "14 tasks of 2 s on 8 processes: 5.26; 8 on 5 threads: 4.00" },
};

struct plan {
	enum how how;
	unsigned workers;
	long tasks;
};

// Shared with the workers, which take one task after the other until none is left.
struct pool {
	atomic_long next;
	long tasks;
	int64_t nap_ns;
};

static void pool_task(void *ctx, unsigned index)
{
	struct pool *pool = ctx;

	(void)index;
	while (atomic_fetch_add(&pool->next, 1) < pool->tasks)
		nap(pool->nap_ns);
}

static int measure_pool_rounds(const struct scale *scale, const void *arg, struct sample *sample,
			       struct err *err)
{
	const struct plan *plan = arg;
	struct pool *pool = shared_alloc(sizeof(*pool), err);
	int rc;

	if (!pool)
		return -1;
	pool->tasks = plan->tasks;
	pool->nap_ns = 2 * scale->second_ns;
	rc = workers_run(plan->how, plan->workers, pool_task, pool, sample, err);
	shared_free(pool, sizeof(*pool));
	return rc;
}

enum { ONE, FIVE_ON_4, FOURTEEN_ON_8, EIGHT_ON_5 };

static const struct claim_variant variants[] = {
	[ONE] = { "one task", 2.0, ONE, measure_pool_rounds,
		  &(const struct plan){ IN_TURN, 1, 1 } },
	[FIVE_ON_4] = { "5 tasks on 4 processes", 4.38, ONE, measure_pool_rounds,
			&(const struct plan){ IN_PROCESSES, 4, 5 } },
	[FOURTEEN_ON_8] = { "14 tasks on 8 processes", 5.26, ONE, measure_pool_rounds,
			    &(const struct plan){ IN_PROCESSES, 8, 14 } },
	[EIGHT_ON_5] = { "8 tasks on 5 threads", 4.00, ONE, measure_pool_rounds,
			 &(const struct plan){ IN_THREADS, 5, 8 } },
};

#define LATE "starting and waking the workers took part of a round here"

static const struct claim_part parts[] = {
	{ "5 tasks on 4 take 2 rounds", FIVE_ON_4, ONE, ROUNDS(2), 0, LATE },
	{ "14 on 8 take 2 rounds", FOURTEEN_ON_8, ONE, ROUNDS(2), 0, LATE },
	{ "8 on 5 take 2 rounds", EIGHT_ON_5, ONE, ROUNDS(2), 0, LATE },
};

const struct claim claim_pool_rounds = {
	.name = "pool-rounds",
	.title = "A pool takes ceil(tasks / workers) rounds",
	.unit = "ms",
	.per_second = 1e3,
	CLAIM_TABLES,
	.why = "sleeping workers need no CPU, so only the rounds count; the seed's "
	       "process "
	       "pools took another 0.4 and 1.3 s to start and stop",
};
