#include "base/mem.h"
#include "test/findings.h"

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

static void a_hang_without_threads_is_a_hang(void)
{
	struct run_result result = ended(ENDING_HANG, 0);

	check(&result, KIND_HANG, "no thread of the program could run any more", 0);
}

static void a_busy_time_out_is_a_livelock(void)
{
	struct run_result result = ended(ENDING_TIMEOUT, 0);

	result.wall_ns = 5040000000;
	check(&result, KIND_LIVELOCK, "still busy after 5.0 s", 0);
}

static void a_broken_limit_is_named(void)
{
	struct run_result result = ended(ENDING_LIMIT, 0);

	result.limit = "memory";
	check(&result, KIND_OTHER, "stopped at the limit on memory", 0);
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
		{ "a barrier that is never full is a hang", a_short_barrier_is_a_hang },
		{ "a hang without threads is a hang", a_hang_without_threads_is_a_hang },
		{ "a busy time-out is a livelock", a_busy_time_out_is_a_livelock },
		{ "a broken limit is named", a_broken_limit_is_named },
		{ "threads of child processes are told apart", threads_of_children_are_told_apart },
		{ "names of evidence come back", names_of_evidence_come_back },
	};

	test_suite("ending", cases, ARRAY_SIZE(cases));
}
