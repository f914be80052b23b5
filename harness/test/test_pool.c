#include "test/run_one.h"

#include "base/mem.h"
#include "run/proc.h"

#include <signal.h>
#include <unistd.h>

static void is_ok(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_EQUAL(result->code, 0);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "ok\n");
}

static void streams_are_kept_apart(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_EQUAL(result->code, 7);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "to stdout");
	CU_ASSERT_STRING_EQUAL(result->err.buf, "to stderr");
	CU_ASSERT_EQUAL(result->out_total, 9);
	CU_ASSERT(result->wall_ns > 0);
	CU_ASSERT(result->cpu_ns > 0);
	CU_ASSERT(result->max_rss_kib > 0);
}

static void a_run_is_reported_whole(void)
{
	run_fixture(BEHAVE, "both", streams_are_kept_apart);
}

static void is_marked(const struct run_result *result)
{
	CU_ASSERT_STRING_EQUAL(result->out.buf, "marked\n");
}

static void a_run_is_marked_in_its_environment(void)
{
	run_fixture(BEHAVE, "environment", is_marked);
}

static void is_crash(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_SIGNAL);
	CU_ASSERT_EQUAL(result->code, SIGSEGV);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "before");
}

static void a_crash_is_a_signal(void)
{
	run_fixture(BEHAVE, "crash", is_crash);
}

static void is_not_started(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_NOT_STARTED);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result->error);
	CU_ASSERT_PTR_NOT_NULL(strstr(result->error, "/no/such/program"));
}

static void a_program_that_is_not_there_is_not_started(void)
{
	run_fixture("/no/such/program", NULL, is_not_started);
}

static void is_flood(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_LIMIT);
	CU_ASSERT_STRING_EQUAL(result->limit, "output");
	CU_ASSERT_EQUAL(result->out.len, 1000);
	CU_ASSERT(result->out_total > 1000000);
}

static void a_flood_is_ended_and_cut(void)
{
	struct run_one one = run_one(BEHAVE, "flood", is_flood);

	one.spec.limits.output_bytes = 1000;
	one.spec.limits.flood_bytes = 1000000;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CU_ASSERT_EQUAL(one.done, 1);
}

static void is_much(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_EQUAL(result->out.len, 1000);
	CU_ASSERT_EQUAL(result->out_total, 220000);
}

static void more_than_a_pipe_holds_is_counted(void)
{
	struct run_one one = run_one(BEHAVE, "much", is_much);

	one.spec.limits.output_bytes = 1000;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
}

static void is_garbage(const struct run_result *result)
{
	CU_ASSERT_EQUAL_FATAL(result->out.len, 256);
	for (int i = 0; i < 256; i++)
		CU_ASSERT_EQUAL((unsigned char)result->out.buf[i], i);
}

static void bytes_are_kept_as_they_are(void)
{
	run_fixture(BEHAVE, "garbage", is_garbage);
}

static void is_five(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_EQUAL(result->code, 5);
}

static void closed_descriptors_are_no_end(void)
{
	run_fixture(BEHAVE, "close-all", is_five);
}

static void is_busy(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_TIMEOUT);
	CU_ASSERT(result->hang.nr > 0);
}

static void run_briefly(const char *arg, void (*look)(const struct run_result *result))
{
	struct run_one one = run_one(BEHAVE, arg, look);

	one.spec.limits.wall_ns = NS_PER_S;
	one.spec.limits.grace_ns = NS_PER_S / 10;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CU_ASSERT_EQUAL(one.done, 1);
}

static void a_busy_program_times_out(void)
{
	run_briefly("busy", is_busy);
}

static void is_killed(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_TIMEOUT);
	CU_ASSERT_EQUAL(result->code, SIGKILL);
}

static void one_that_ignores_sigterm_is_killed(void)
{
	run_briefly("ignore-term", is_killed);
}

static void is_heeding(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_TIMEOUT);
	CU_ASSERT_EQUAL(result->code, 0);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "closing\n");
}

static void one_that_heeds_sigterm_may_finish(void)
{
	struct run_one one = run_one(BEHAVE, "heed-term", is_heeding);

	one.spec.limits.wall_ns = NS_PER_S;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
}

static void is_idle(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_HANG);
	CU_ASSERT_FALSE(result->hang.proven);
}

static void an_idle_program_hangs_without_proof(void)
{
	run_briefly("nap", is_idle);
	run_briefly("stop", is_idle);
}

static void is_over_memory(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_LIMIT);
	CU_ASSERT_STRING_EQUAL(result->limit, "memory");
}

static void too_much_memory_is_ended(void)
{
	struct run_one one = run_one(BEHAVE, "memory", is_over_memory);

	one.spec.limits.memory_bytes = 64 << 20;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
}

static void is_over_processes(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_LIMIT);
	CU_ASSERT_STRING_EQUAL(result->limit, "processes");
}

static void too_many_processes_are_ended(void)
{
	struct run_one one = run_one(BEHAVE, "processes", is_over_processes);

	one.spec.limits.processes = 16;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
}

static void is_over_file(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_SIGNAL);
	CU_ASSERT_EQUAL(result->code, SIGXFSZ);
}

static void too_large_a_file_is_ended(void)
{
	struct run_one one = run_one(BEHAVE, "file", is_over_file);

	one.spec.limits.file_bytes = 1 << 20;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
}

// Runs several programs after one another in one pool.
struct mix {
	struct run_one one;
	const char *const *modes;
	size_t at, nr, good;
};

static struct run_spec *mix_next(void *ctx)
{
	struct mix *mix = ctx;

	if (mix->at == 2 * mix->nr)
		return NULL;
	mix->one.argv[1] = mix->at % 2 ? "ok" : mix->modes[mix->at / 2];
	mix->one.spec.argv = mix->one.argv;
	mix->at++;
	return &mix->one.spec;
}

static int mix_done(void *ctx, struct run_spec *spec, struct run_result *result, struct err *err)
{
	struct mix *mix = ctx;

	(void)spec;
	(void)err;
	mix->good += result->how == ENDING_EXIT && result->code == 0 &&
		     !strcmp(result->out.buf, "ok\n") && result->err.len == 0 && !result->orphans;
	return 0;
}

static void the_next_run_is_not_affected(void)
{
	static const char *const modes[] = { "crash",   "flood",  "garbage",   "close-all",
					     "daemons", "orphan", "processes", "file" };
	struct mix mix = { .one = run_one(BEHAVE, NULL, NULL),
			   .modes = modes,
			   .nr = ARRAY_SIZE(modes) };
	struct pool_options options = { .slots = 1 };
	struct pool_client client = { .ctx = &mix, .next = mix_next, .done = mix_done };
	struct err err = ERR_INIT;
	int fd_before = dup(0), fd_after;

	mix.one.spec.limits.processes = 16;
	CU_ASSERT_EQUAL(pool_run(&options, &client, &err), 0);
	CU_ASSERT_EQUAL(mix.good, mix.nr);
	check_none_left();
	close(fd_before);
	fd_after = dup(0);
	CU_ASSERT_EQUAL(fd_before, fd_after);
	close(fd_after);
}

// Weights: what has been asked for and what runs at once.
struct weighing {
	struct run_one one[6];
	unsigned asked, running, most;
};

static struct run_spec *weighing_next(void *ctx)
{
	struct weighing *weighing = ctx;
	struct run_one *one;

	if (weighing->asked == ARRAY_SIZE(weighing->one))
		return NULL;
	one = &weighing->one[weighing->asked++];
	one->spec.argv = one->argv;
	return &one->spec;
}

static int weighing_done(void *ctx, struct run_spec *spec, struct run_result *result,
			 struct err *err)
{
	struct weighing *weighing = ctx;
	struct pid_list children = { 0 };

	(void)err;
	(void)spec;
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	proc_children(getpid(), &children);
	if (children.nr > weighing->most)
		weighing->most = (unsigned)children.nr;
	weighing->running++;
	pid_list_release(&children);
	return 0;
}

static void a_heavy_run_runs_alone(void)
{
	struct weighing weighing = { 0 };
	struct pool_options options = { .slots = 2 };
	struct pool_client client = { .ctx = &weighing,
				      .next = weighing_next,
				      .done = weighing_done };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(weighing.one); i++) {
		weighing.one[i] = run_one(BEHAVE, "ok", is_ok);
		weighing.one[i].spec.weight = 5;
	}
	CU_ASSERT_EQUAL(pool_run(&options, &client, &err), 0);
	CU_ASSERT_EQUAL(weighing.running, ARRAY_SIZE(weighing.one));
	CU_ASSERT_EQUAL(weighing.most, 0);
}

static void nothing_starts_after_the_deadline(void)
{
	struct run_one one = run_one(BEHAVE, "ok", is_ok);
	struct pool_options options = { .slots = 1, .deadline_ns = clock_now() };
	struct pool_client client = { .ctx = &one, .next = run_one_next, .done = run_one_done };
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL(pool_run(&options, &client, &err), 0);
	CU_ASSERT_EQUAL(one.done, 0);
}

static int refuse(void *ctx, struct run_spec *spec, struct run_result *result, struct err *err)
{
	(void)ctx;
	(void)spec;
	(void)result;
	return err_harness(err, "the disk is full");
}

static void a_client_that_fails_stops_the_pool(void)
{
	struct run_one one = run_one(BEHAVE, "daemon", NULL);
	struct pool_options options = { .slots = 3 };
	struct pool_client client = { .ctx = &one, .next = run_one_next, .done = refuse };
	struct err err = ERR_INIT;

	one.left = 1000;
	CU_ASSERT_EQUAL(pool_run(&options, &client, &err), -1);
	CU_ASSERT_STRING_EQUAL(err.text, "the disk is full");
	CU_ASSERT(one.left > 900);
	check_none_left();
}

static void signals_and_masks_are_as_before(void)
{
	sigset_t before, after;

	sigprocmask(SIG_BLOCK, NULL, &before);
	run_fixture(BEHAVE, "ok", is_ok);
	sigprocmask(SIG_BLOCK, NULL, &after);
	for (int sig = 1; sig < SIGRTMIN; sig++)
		CU_ASSERT_EQUAL(sigismember(&before, sig), sigismember(&after, sig));
}

void suite_pool(void)
{
	static const struct test_case cases[] = {
		{ "a run is reported whole", a_run_is_reported_whole },
		{ "a run is marked in its environment", a_run_is_marked_in_its_environment },
		{ "a crash is a signal", a_crash_is_a_signal },
		{ "a program that is not there is not started",
		  a_program_that_is_not_there_is_not_started },
		{ "a flood is ended and cut", a_flood_is_ended_and_cut },
		{ "more than a pipe holds is counted", more_than_a_pipe_holds_is_counted },
		{ "bytes are kept as they are", bytes_are_kept_as_they_are },
		{ "closed descriptors are no end", closed_descriptors_are_no_end },
		{ "a busy program times out", a_busy_program_times_out },
		{ "one that ignores SIGTERM is killed", one_that_ignores_sigterm_is_killed },
		{ "one that heeds SIGTERM may finish", one_that_heeds_sigterm_may_finish },
		{ "an idle program hangs without proof", an_idle_program_hangs_without_proof },
		{ "too much memory is ended", too_much_memory_is_ended },
		{ "too many processes are ended", too_many_processes_are_ended },
		{ "too large a file is ended", too_large_a_file_is_ended },
		{ "the next run is not affected", the_next_run_is_not_affected },
		{ "a heavy run runs alone", a_heavy_run_runs_alone },
		{ "nothing starts after the deadline", nothing_starts_after_the_deadline },
		{ "a client that fails stops the pool", a_client_that_fails_stops_the_pool },
		{ "signals and masks are as before", signals_and_masks_are_as_before },
	};

	test_suite("pool", cases, ARRAY_SIZE(cases));
}
