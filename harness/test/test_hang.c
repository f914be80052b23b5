#include "test/run_one.h"

#include "base/mem.h"

#include <stdio.h>
#include <unistd.h>

#define STUCK FIXTURE("stuck")

// Runs a way to hang with stacks; the wall limit only ends the test if the proof fails.
static void run_stuck(const char *way, bool unwind, void (*look)(const struct run_result *result))
{
	struct run_one one = run_one(STUCK, way, look);

	one.spec.unwind = unwind;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CU_ASSERT_EQUAL(one.done, 1);
}

static void check_proven(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_HANG);
	CU_ASSERT(result->hang.proven);
}

static const struct hang_thread *waits_for(const struct run_result *result, const char *object)
{
	for (size_t i = 0; i < result->hang.nr; i++)
		if (result->hang.items[i].object && !strcmp(result->hang.items[i].object, object))
			return &result->hang.items[i];
	CU_FAIL("no thread waits for the object");
	return NULL;
}

static bool has_frame(const struct hang_thread *thread, const char *func, bool located)
{
	for (size_t i = 0; i < thread->stack.nr; i++) {
		const struct frame *frame = &thread->stack.items[i];

		if (frame->func && !strcmp(frame->func, func))
			return !located || (frame->line > 0 && frame->file &&
					    strstr(frame->file, "prog_stuck.c"));
	}
	return false;
}

static void shows_the_cycle(const struct run_result *result)
{
	const struct hang_thread *a = waits_for(result, "mutex lock_a");
	const struct hang_thread *b = waits_for(result, "mutex lock_b");

	check_proven(result);
	CU_ASSERT_EQUAL(result->hang.nr, 2);
	if (!a || !b)
		return;
	CU_ASSERT_EQUAL(a->holder, b->tid);
	CU_ASSERT_EQUAL(b->holder, a->tid);
	CU_ASSERT(b->is_main && !a->is_main);
	CU_ASSERT(a->lock_addr && b->lock_addr && a->lock_addr != b->lock_addr);
	CU_ASSERT_STRING_EQUAL(a->wait, "futex");
}

static void shows_cycle_and_stacks(const struct run_result *result)
{
	const struct hang_thread *a = waits_for(result, "mutex lock_a");
	const struct hang_thread *b = waits_for(result, "mutex lock_b");

	shows_the_cycle(result);
	CU_ASSERT(a && has_frame(a, "take_ba", true));
	CU_ASSERT(b && has_frame(b, "deadlock", true));
	CU_ASSERT(b && has_frame(b, "main", true));
}

static void a_deadlock_is_proven_with_holders_and_stacks(void)
{
	run_stuck("deadlock", true, shows_cycle_and_stacks);
}

static void a_deadlock_is_explained_without_stacks(void)
{
	run_stuck("deadlock", false, shows_the_cycle);
}

static void shows_cond(const struct run_result *result)
{
	check_proven(result);
	CU_ASSERT_PTR_NOT_NULL(waits_for(result, "condition variable not_empty"));
}

static void shows_barrier(const struct run_result *result)
{
	check_proven(result);
	CU_ASSERT_PTR_NOT_NULL(waits_for(result, "barrier all_here"));
}

static void shows_sem(const struct run_result *result)
{
	check_proven(result);
	CU_ASSERT_PTR_NOT_NULL(waits_for(result, "semaphore tokens"));
}

static void shows_rwlock(const struct run_result *result)
{
	const struct hang_thread *reader = waits_for(result, "rwlock table_lock");

	check_proven(result);
	CU_ASSERT(reader && reader->holder == reader->pid);
}

static void every_kind_of_object_is_named(void)
{
	for (int unwind = 0; unwind < 2; unwind++) {
		run_stuck("cond", unwind, shows_cond);
		run_stuck("barrier", unwind, shows_barrier);
		run_stuck("sem", unwind, shows_sem);
		run_stuck("rwlock", unwind, shows_rwlock);
	}
}

static void shows_join(const struct run_result *result)
{
	const struct hang_thread *waiter = waits_for(result, "semaphore tokens");
	char text[64];

	if (!waiter)
		return;
	snprintf(text, sizeof(text), "thread %d to end", waiter->tid);
	CU_ASSERT_PTR_NOT_NULL(waits_for(result, text));
}

static void a_join_names_its_thread(void)
{
	run_stuck("sem", true, shows_join);
}

static void shows_pipes(const struct run_result *result)
{
	check_proven(result);
	CU_ASSERT_EQUAL(result->hang.nr, 2);
	for (size_t i = 0; i < result->hang.nr; i++) {
		CU_ASSERT_STRING_EQUAL(result->hang.items[i].wait, "read");
		CU_ASSERT_PTR_NOT_NULL(strstr(result->hang.items[i].object, "read of pipe"));
	}
}

static void a_deadlock_of_two_processes_is_proven(void)
{
	run_stuck("pipes", true, shows_pipes);
}

static void shows_child(const struct run_result *result)
{
	char text[64];

	check_proven(result);
	CU_ASSERT_EQUAL_FATAL(result->hang.nr, 2);
	snprintf(text, sizeof(text), "child process %d to end", result->hang.items[1].pid);
	CU_ASSERT_PTR_NOT_NULL(waits_for(result, text));
}

static void a_wait_for_a_stuck_child_is_proven(void)
{
	run_stuck("child", true, shows_child);
}

static void was_woken(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "woken\n");
}

static void who_can_still_be_woken_does_not_hang(void)
{
	run_stuck("woken-by-sleeper", false, was_woken);
	run_stuck("woken-by-daemon", false, was_woken);
	run_stuck("woken-by-timer", false, was_woken);
	run_fixture(FIXTURE("alarm"), NULL, was_woken);
}

static void a_timer_whose_signal_is_blocked_wakes_nobody(void)
{
	run_stuck("timer-blocked", false, check_proven);
}

static void is_unproven(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_HANG);
	CU_ASSERT_FALSE(result->hang.proven);
}

static void a_timed_wait_or_a_pause_is_no_proof(void)
{
	static const char *const ways[] = { "timed", "pause" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct run_one one = run_one(STUCK, ways[i], is_unproven);

		one.spec.limits.wall_ns = NS_PER_S;
		CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	}
}

// A pipe whose other end is ours: we might write into it.
static void a_pipe_that_leads_out_of_the_run_is_no_proof(void)
{
	struct run_one one = run_one("/bin/cat", NULL, is_unproven);
	char path[64];
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fds[0]);
	one.argv[1] = path;
	one.spec.limits.wall_ns = NS_PER_S;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CU_ASSERT_EQUAL(one.done, 1);
	close(fds[0]);
	close(fds[1]);
}

static void a_deadlock_under_valgrind_is_proven(void)
{
	static const char *const tools[] = { "--tool=helgrind", "--tool=drd" };

	if (access("/usr/bin/valgrind", X_OK))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		struct run_one one = run_one("/usr/bin/valgrind", tools[i], shows_the_cycle);

		one.argv[2] = STUCK;
		one.argv[3] = "deadlock";
		CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
		CU_ASSERT_EQUAL(one.done, 1);
	}
}

void suite_hang(void)
{
	static const struct test_case cases[] = {
		{ "a deadlock is proven with holders and stacks",
		  a_deadlock_is_proven_with_holders_and_stacks },
		{ "a deadlock is explained without stacks",
		  a_deadlock_is_explained_without_stacks },
		{ "every kind of object is named", every_kind_of_object_is_named },
		{ "a join names its thread", a_join_names_its_thread },
		{ "a deadlock of two processes is proven", a_deadlock_of_two_processes_is_proven },
		{ "a wait for a stuck child is proven", a_wait_for_a_stuck_child_is_proven },
		{ "who can still be woken does not hang", who_can_still_be_woken_does_not_hang },
		{ "a timer whose signal is blocked wakes nobody",
		  a_timer_whose_signal_is_blocked_wakes_nobody },
		{ "a timed wait or a pause is no proof", a_timed_wait_or_a_pause_is_no_proof },
		{ "a pipe that leads out of the run is no proof",
		  a_pipe_that_leads_out_of_the_run_is_no_proof },
		{ "a deadlock under valgrind is proven", a_deadlock_under_valgrind_is_proven },
	};

	test_suite("hang", cases, ARRAY_SIZE(cases));
}
