#include "base/mem.h"
#include "model/ending.h"
#include "test/findings.h"
#include "test/support.h"

#include <signal.h>

static struct hang_thread *add_thread(struct run_result *result, pid_t tid, const char *object,
				      pid_t holder)
{
	struct hang_thread *thread = VEC_PUSH(&result->hang);

	thread->pid = 100;
	thread->tid = tid;
	thread->is_main = tid == 100;
	thread->wait = xstrdup("futex");
	thread->object = xstrdup(object);
	thread->holder = holder;
	stack_add(&thread->stack, "work", "w.c", 5, 0, "x");
	return thread;
}

static void release(struct run_result *result)
{
	for (size_t i = 0; i < result->hang.nr; i++) {
		free(result->hang.items[i].wait);
		free(result->hang.items[i].object);
		stack_release(&result->hang.items[i].stack);
	}
	free(result->hang.items);
	strbuf_release(&result->out);
	strbuf_release(&result->err);
}

static struct run_result ended(enum ending_how how, int code)
{
	return (struct run_result){
		.how = how, .code = code, .out = STRBUF_INIT, .err = STRBUF_INIT
	};
}

// Releases `result`.
static void check(struct run_result *result, enum finding_kind kind, const char *words,
		  size_t accesses)
{
	struct finding_list list = { 0 };

	ending_findings(result, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].kind, kind);
	CU_ASSERT_STRING_EQUAL(list.items[0].words, words);
	CU_ASSERT_EQUAL(list.items[0].accesses.nr, accesses);
	finding_list_release(&list);
	release(result);
}

static void an_exit_says_nothing(void)
{
	struct run_result result = ended(ENDING_EXIT, 3);
	struct finding_list list = { 0 };

	ending_findings(&result, &list);
	result = ended(ENDING_SIGNAL, SIGTERM);
	ending_findings(&result, &list);
	result = ended(ENDING_NOT_STARTED, 0);
	ending_findings(&result, &list);
	CU_ASSERT_EQUAL(list.nr, 0);
}

static void a_fault_is_a_crash(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct run_result result = ended(ENDING_SIGNAL, signals[i]);
		struct finding_list list = { 0 };

		ending_findings(&result, &list);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].kind, KIND_CRASH);
		finding_list_release(&list);
	}
}

static void an_abort_is_an_assertion_in_its_own_words(void)
{
	struct run_result result = ended(ENDING_SIGNAL, SIGABRT);

	strbuf_addstr(&result.err, "chatter\nx: x.c:3: main: Assertion `n > 0' failed.\n");
	check(&result, KIND_ASSERTION, "x: x.c:3: main: Assertion `n > 0' failed.", 0);
	result = ended(ENDING_SIGNAL, SIGABRT);
	strbuf_addstr(&result.err, "just chatter\n");
	check(&result, KIND_ASSERTION, "SIGABRT: the program aborted", 0);
	result = ended(ENDING_SIGNAL, SIGABRT);
	strbuf_addstr(&result.err, "free(): invalid pointer");
	check(&result, KIND_ASSERTION, "free(): invalid pointer", 0);
	result = ended(ENDING_SIGNAL, SIGABRT);
	strbuf_add(&result.err, "corrupted size\n\0", 16);
	check(&result, KIND_ASSERTION, "corrupted size", 0);
}

static void a_cycle_of_locks_is_a_deadlock(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 103, "mutex a", 102);
	add_thread(&result, 100, "thread 102", 0);
	add_thread(&result, 102, "mutex b", 103);
	check(&result, KIND_DEADLOCK,
	      "T1 waits for mutex b (held by T2), T2 waits for mutex a (held by T1)", 2);
}

static void waiters_behind_a_cycle_are_told_too(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "mutex a", 101);
	add_thread(&result, 101, "mutex b", 102);
	add_thread(&result, 102, "mutex a", 101);
	check(&result, KIND_DEADLOCK,
	      "main waits for mutex a (held by T1), T1 waits for mutex b (held by T2), "
	      "T2 waits for mutex a (held by T1)",
	      3);
}

static void a_lock_that_its_thread_holds_is_a_deadlock(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "mutex m", 100);
	check(&result, KIND_DEADLOCK, "main waits for mutex m (held by itself)", 1);
}

static void a_holder_that_has_ended_is_a_deadlock(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "mutex m", 101);
	check(&result, KIND_DEADLOCK, "main waits for mutex m (held by a thread that has ended)",
	      1);
}

static void a_holder_that_waits_for_something_else_is_no_deadlock(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "mutex m", 101);
	add_thread(&result, 101, "read of pipe 5", 0);
	check(&result, KIND_HANG,
	      "main waits for mutex m (held by T1), T1 waits for read of pipe 5", 2);
}

static void a_chain_that_ends_at_a_thread_that_may_go_on_is_no_deadlock(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "mutex m", 101);
	add_thread(&result, 101, "mutex n", 102);
	add_thread(&result, 102, "read of pipe 5", 0);
	check(&result, KIND_HANG,
	      "main waits for mutex m (held by T1), T1 waits for mutex n (held by T2), T2 waits "
	      "for read of pipe 5",
	      3);
}

static void a_join_waits_for_a_thread_to_end(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "thread 101", 101);
	add_thread(&result, 101, "child process 102", 102);
	add_thread(&result, 102, "read of pipe 5", 0);
	check(&result, KIND_HANG,
	      "main waits for T1 to end, T1 waits for T2 to end, T2 waits for read of pipe 5", 3);
	result = ended(ENDING_HANG, 0);
	add_thread(&result, 100, "thread 101", 101);
	check(&result, KIND_DEADLOCK, "main waits for thread 101 (held by a thread that has ended)",
	      1);
}

// Whatever order they were seen in; numbers of threads may start again.
static void threads_are_named_by_age(void)
{
	static const struct {
		pid_t pid, tid;
		bool is_main;
	} order[] = { { 300, 300, true },  { 200, 203, false }, { 200, 200, true },
		      { 100, 101, false }, { 200, 201, false }, { 300, 301, false },
		      { 100, 102, false }, { 100, 250, true } };
	struct run_result result = ended(ENDING_HANG, 0);

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		struct hang_thread *thread = add_thread(&result, order[i].tid, "x", 0);

		thread->pid = order[i].pid;
		thread->is_main = order[i].is_main;
	}
	check(&result, KIND_HANG,
	      "main waits for x, T1 waits for x, T2 waits for x, main of child 1 waits for x, T1 "
	      "of child 1 waits for x, T2 of child 1 waits for x, main of child 2 waits for x, T1 "
	      "of child 2 waits for x",
	      8);
}

static void each_thread_has_its_stack(void)
{
	struct run_result result = ended(ENDING_HANG, 0);
	struct finding_list list = { 0 };
	const struct stack *stack;

	stack_add(&add_thread(&result, 100, "semaphore s", 0)->stack, "main", "m.c", 7, 3, NULL);
	ending_findings(&result, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL_FATAL(list.items[0].accesses.nr, 1);
	CHECK_NUMBER(list.items[0].accesses.items[0].op, OP_WAIT);
	CHECK_TEXT(list.items[0].accesses.items[0].thread, "main");
	CHECK_TEXT(list.items[0].accesses.items[0].wants, "semaphore s");
	CHECK_TEXT(list.items[0].accesses.items[0].held_by, NULL);
	stack = &list.items[0].accesses.items[0].stack;
	CU_ASSERT_EQUAL_FATAL(stack->nr, 2);
	CHECK_TEXT(stack->items[0].func, "work");
	CHECK_TEXT(stack->items[1].func, "main");
	CHECK_TEXT(stack->items[1].file, "m.c");
	CHECK_NUMBER(stack->items[1].line, 7);
	CHECK_NUMBER(stack->items[1].col, 3);
	finding_list_release(&list);
	release(&result);
}

static void a_short_barrier_is_a_hang(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 101, "barrier", 0);
	add_thread(&result, 102, "barrier", 0);
	add_thread(&result, 100, "thread 101", 0);
	check(&result, KIND_HANG,
	      "2 threads wait at a barrier for threads that never arrive, main waits for thread "
	      "101",
	      3);
}

// The oldest thread as well.
static void every_thread_at_a_barrier_is_counted(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	add_thread(&result, 100, "barrier", 0);
	add_thread(&result, 101, "semaphore s", 0);
	add_thread(&result, 102, "barrier", 0);
	check(&result, KIND_HANG,
	      "2 threads wait at a barrier for threads that never arrive, 1 thread waits for a "
	      "semaphore that no thread posts",
	      3);
}

static void an_ending_has_its_text(void)
{
	static const struct {
		enum ending_how how;
		int code;
		const char *limit, *before, *text;
	} rows[] = {
		{ ENDING_EXIT, 0, NULL, "", "" },
		{ ENDING_EXIT, 0, NULL, "a", "a" },
		{ ENDING_EXIT, 3, NULL, "", "[exit 3]" },
		{ ENDING_EXIT, 3, NULL, "a", "a [exit 3]" },
		{ ENDING_SIGNAL, SIGSEGV, NULL, "", "[signal SIGSEGV]" },
		{ ENDING_SIGNAL, 60, NULL, "", "[signal 60]" },
		{ ENDING_HANG, 0, NULL, "", "[hang]" },
		{ ENDING_TIMEOUT, 0, NULL, "", "[timeout]" },
		{ ENDING_NOT_STARTED, 0, NULL, "", "[not-started]" },
		{ ENDING_LIMIT, 0, "memory", "", "[limit memory]" },
		{ ENDING_LIMIT, 0, NULL, "", "[limit ?]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf text = STRBUF_INIT;

		strbuf_addstr(&text, rows[i].before);
		ending_add_text(rows[i].how, rows[i].code, rows[i].limit, &text);
		CHECK_TEXT(text.buf, rows[i].text);
		CHECK_NUMBER(ending_from_name(ending_name(rows[i].how)), rows[i].how);
		strbuf_release(&text);
	}
}

static void a_hang_without_threads_is_a_hang(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	check(&result, KIND_HANG, "no thread of the program could run any more", 0);
}

static void a_busy_time_out_without_progress_is_a_livelock(void)
{
	struct run_result result = ended(ENDING_TIMEOUT, 0);

	result.wall_ns = 5040000000;
	result.hang.spinning = true;
	add_thread(&result, 100, "thread 101", 101);
	add_thread(&result, 101, NULL, 0);
	check(&result, KIND_LIVELOCK,
	      "spins without progress: after 5.0 s its threads come back to the same state over "
	      "and over",
	      2);
	result = ended(ENDING_TIMEOUT, 0);
	result.hang.spinning = true;
	result.wall_ns = 10000000000;
	check(&result, KIND_LIVELOCK,
	      "spins without progress: after 10 s its threads come back to the same state over and "
	      "over",
	      0);
}

static void a_slow_program_is_no_finding(void)
{
	struct run_result result = ended(ENDING_TIMEOUT, 0);
	struct finding_list list = { 0 };

	result.wall_ns = 5040000000;
	ending_findings(&result, &list);
	CHECK_NUMBER(list.nr, 0);
}

static void a_limit_is_no_finding(void)
{
	struct run_result result = ended(ENDING_LIMIT, 0);
	struct finding_list list = { 0 };

	result.limit = "memory";
	ending_findings(&result, &list);
	CHECK_NUMBER(list.nr, 0);
	finding_list_release(&list);
}

static void threads_of_children_are_told_apart(void)
{
	struct run_result result = ended(ENDING_HANG, 0);
	struct hang_thread *child;

	add_thread(&result, 100, "child 200", 0);
	child = add_thread(&result, 200, "mutex m", 200);
	child->pid = 200;
	child->is_main = true;
	check(&result, KIND_DEADLOCK, "main of child 1 waits for mutex m (held by itself)", 1);
}

static void nothing_of_a_hang_is_kept(void)
{
	size_t before = 0;

	for (int i = 0; i < 200; i++) {
		struct run_result result = ended(ENDING_HANG, 0);

		add_thread(&result, 100, "mutex a", 101);
		add_thread(&result, 101, "mutex b", 102);
		add_thread(&result, 102, "mutex a", 101);
		check(&result, KIND_DEADLOCK,
		      "main waits for mutex a (held by T1), T1 waits for mutex b (held by T2), "
		      "T2 waits for mutex a (held by T1)",
		      3);
		// What the first rounds leave in the allocator's caches.
		if (i == 100)
			before = heap_used();
	}
	CU_ASSERT_TRUE(heap_used() <= before + 1000);
}

static void names_of_evidence_come_back(void)
{
	for (int i = EVIDENCE_NONE; i <= EVIDENCE_TAMPERED; i++)
		CU_ASSERT_EQUAL(evidence_from_name(evidence_name((enum evidence)i)), i);
	CU_ASSERT_EQUAL(evidence_from_name("nonsense"), -1);
}

void suite_ending(void)
{
	static const struct test_case cases[] = {
		{ "an exit and a foreign signal say nothing", an_exit_says_nothing },
		{ "a fault is a crash", a_fault_is_a_crash },
		{ "an abort is an assertion in its own words",
		  an_abort_is_an_assertion_in_its_own_words },
		{ "a cycle of locks is a deadlock", a_cycle_of_locks_is_a_deadlock },
		{ "threads that wait behind a cycle are told too",
		  waiters_behind_a_cycle_are_told_too },
		{ "a lock that its own thread holds is a deadlock",
		  a_lock_that_its_thread_holds_is_a_deadlock },
		{ "a holder that has ended is a deadlock", a_holder_that_has_ended_is_a_deadlock },
		{ "a holder that waits for something else is no deadlock",
		  a_holder_that_waits_for_something_else_is_no_deadlock },
		{ "a chain that ends at a thread that may go on is no deadlock",
		  a_chain_that_ends_at_a_thread_that_may_go_on_is_no_deadlock },
		{ "a join waits for a thread to end", a_join_waits_for_a_thread_to_end },
		{ "threads are named by age", threads_are_named_by_age },
		{ "each thread has its stack", each_thread_has_its_stack },
		{ "a barrier that is never full is a hang", a_short_barrier_is_a_hang },
		{ "every thread at a barrier is counted", every_thread_at_a_barrier_is_counted },
		{ "an ending has its text", an_ending_has_its_text },
		{ "a hang without threads is a hang", a_hang_without_threads_is_a_hang },
		{ "a busy time-out without progress is a livelock",
		  a_busy_time_out_without_progress_is_a_livelock },
		{ "a slow program is no finding", a_slow_program_is_no_finding },
		{ "a limit is not a finding", a_limit_is_no_finding },
		{ "threads of child processes are told apart", threads_of_children_are_told_apart },
		{ "nothing of a hang is kept", nothing_of_a_hang_is_kept },
		{ "names of evidence come back", names_of_evidence_come_back },
	};

	test_suite("ending", cases, ARRAY_SIZE(cases));
}
