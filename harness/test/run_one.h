// Running one program through the pool and looking at what came of it.
#ifndef RACEGATE_RUN_ONE_H
#define RACEGATE_RUN_ONE_H

#include "base/clock.h"
#include "run/run.h"
#include "test/test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define FIXTURE(name) "build/fixtures/prog_" name
#define BEHAVE        FIXTURE("behave")

struct run_one {
	struct run_spec spec;
	const char *argv[8];
	int left, done;
	void (*look)(const struct run_result *result);
};

static inline struct run_one run_one(const char *program, const char *arg,
				     void (*look)(const struct run_result *result))
{
	return (struct run_one){
		.argv = { program, arg, NULL },
		.left = 1,
		.look = look,
		.spec = { .weight = 1,
			  .limits = { .wall_ns = 60 * NS_PER_S,
				      .grace_ns = 20 * NS_PER_S,
				      .memory_bytes = 1u << 30,
				      .output_bytes = 1u << 16,
				      .flood_bytes = 1u << 24,
				      .file_bytes = 1u << 28,
				      .processes = 64 } },
	};
}

static inline struct run_spec *run_one_next(void *ctx)
{
	struct run_one *one = ctx;

	one->spec.argv = one->argv;
	return one->left-- > 0 ? &one->spec : NULL;
}

static inline int run_one_done(void *ctx, struct run_spec *spec, struct run_result *result,
			       struct err *err)
{
	struct run_one *one = ctx;

	(void)err;
	CU_ASSERT_PTR_EQUAL(spec, &one->spec);
	one->done++;
	one->look(result);
	return 0;
}

static inline int run_one_go(struct run_one *one, unsigned slots)
{
	struct pool_options options = { .slots = slots };
	struct pool_client client = { .ctx = one, .next = run_one_next, .done = run_one_done };
	struct err err = ERR_INIT;

	return pool_run(&options, &client, &err);
}

// No child of ours is left, dead or alive: pool_run() is a subreaper, so this covers all.
static inline void check_none_left(void)
{
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	CU_ASSERT_EQUAL(errno, ECHILD);
}

// The usual: one run, nothing special.
static inline void run_fixture(const char *program, const char *arg,
			       void (*look)(const struct run_result *result))
{
	struct run_one one = run_one(program, arg, look);

	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CU_ASSERT_EQUAL(one.done, 1);
}

#endif
