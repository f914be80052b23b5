// Each function of a modelled family, called in turn: what it returns, which steps it is, which
// misuse it reports.
#include "base/symbols.h"
#include "explore/finding_from_rt.h"
#include "test/explored.h"

#include <string.h>

static const char *const ops[RT_OP_NR] = {
	[RT_OP_READ] = "read",         [RT_OP_WRITE] = "write",   [RT_OP_LOCK] = "lock",
	[RT_OP_ATOMIC_READ] = "load",  [RT_OP_UNLOCK] = "unlock", [RT_OP_ATOMIC_WRITE] = "store",
	[RT_OP_WAIT] = "wait",         [RT_OP_WAKE] = "wake",     [RT_OP_CREATE] = "create",
	[RT_OP_JOIN] = "join",         [RT_OP_FREE] = "free",     [RT_OP_YIELD] = "yield",
	[RT_OP_SLEEP] = "sleep",       [RT_OP_END] = "end",       [RT_OP_CALL] = "call",
	[RT_OP_SPURIOUS] = "spurious",
};

static char *step_of(const struct translator *translator, const struct rt_event *event)
{
	char *object = symbols_object(translator->dwfl, event->address, NULL), *step;

	if (object && !strncmp(object, "threads", 7)) {
		free(object);
		object = xstrdup("thread");
	}
	if (!object && event->address)
		object = xstrdup("?");
	step = event->size
		       ? xasprintf("%s %s/%u", ops[event->op], object ? object : "-", event->size)
	       : object ? xasprintf("%s %s", ops[event->op], object)
			: xstrdup(ops[event->op]);
	free(object);
	return step;
}

// Accesses apart: "lock mutex, call cond x2".
static void show_steps(const struct explored *e, struct strbuf *out)
{
	const struct rt_shared *shared = e->warm.shared;
	struct translator translator;
	char *last = NULL;
	unsigned times = 1;

	translator_init(&translator, e->warm.pid);
	for (uint32_t i = 0; i <= shared->result.nr_events; i++) {
		const struct rt_event *event = &shared->events[i];
		bool end = i == shared->result.nr_events;
		char *step;

		if (!end && (event->op == RT_OP_READ || event->op == RT_OP_WRITE))
			continue;
		step = end ? NULL : step_of(&translator, event);
		if (last && step && !strcmp(last, step)) {
			times++;
			free(step);
			continue;
		}
		if (last && times > 1)
			strbuf_addf(out, " x%u", times);
		if (step)
			strbuf_addf(out, "%s%s", last ? ", " : "", step);
		free(last);
		last = step;
		times = 1;
	}
	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++)
		strbuf_addf(out, "; %s", shared->uncontrolled[i].name);
	translator_release(&translator);
}

static const struct {
	const char *program, *use, *output, *steps;
	unsigned nr;
	enum rt_finding_kind findings[16];
} rows[] = {
	{ "leave", "by-exit", "exit 3: \n", "end", 0, { 0 } },
	{ "leave", "at-once", "exit 4: ", "", 0, { 0 } },
	{ "leave", "by-its-other-name", "exit 5: ", "", 0, { 0 } },
	{ "leave",
	  "by-last-thread",
	  "exit 0: later\n",
	  "create thread, call, end thread, sleep, end thread",
	  0,
	  { 0 } },
	{ "leave",
	  "with-locks",
	  "exit 0: \n",
	  "call spin, create thread, join thread, lock first, lock second, lock spin, end thread, "
	  "end",
	  3,
	  { RT_FOUND_LOCK_HELD, RT_FOUND_LOCK_HELD, RT_FOUND_LOCK_HELD } },
	{ "leave",
	  "with-keys",
	  "exit 0: EINVAL yes EINVAL again again again again\n",
	  "call x2, create thread, join thread, end thread, end",
	  0,
	  { 0 } },
	{ "leave",
	  "with-new-key",
	  "exit 0: 0 0 yes yes\n",
	  "call, create thread x2, sleep x3, call, join thread, end thread, join thread, end "
	  "thread, end",
	  0,
	  { 0 } },
	{ "leave",
	  "unlocked",
	  "exit 0: 0 0 0 0\n",
	  "call spin, lock first, lock spin, create thread, join thread, unlock first, unlock "
	  "spin, end thread, lock first, lock spin, end",
	  2,
	  { RT_FOUND_BAD_UNLOCK, RT_FOUND_BAD_UNLOCK } },
	{ "leave",
	  "before-waits",
	  "exit 0: 0 0 yes 0 0 yes 0 0 yes\n",
	  "call sem, create thread, sleep, end thread, create thread, call, join thread, lock sem, "
	  "end thread, create thread, call, join thread x2, end thread, create thread, call, join "
	  "thread, lock first, wait cond, end thread, call, end",
	  1,
	  { RT_FOUND_LOCK_HELD } },
	{ "leave",
	  "during-waits",
	  "exit 0: 0 0 yes 0 0 yes EBUSY 0 ESRCH 0 0 0 yes EBUSY\n",
	  "call sem, create thread x2, sleep x2, lock sem, call, join thread, end thread, create "
	  "thread, sleep, join thread, call, join thread, end thread, join, join thread, end "
	  "thread, join, create thread, sleep, end thread, join, join thread, create thread, "
	  "sleep, lock first, wait cond, call, join thread, lock first, end thread, lock first, "
	  "end",
	  2,
	  { RT_FOUND_API_MISUSE, RT_FOUND_LOCK_HELD } },
	{ "leave",
	  "preferred-writer",
	  "exit 0: 0 EBUSY ETIMEDOUT 0 0 0 0 EBUSY 0 0 0 0 0\n",
	  "call rwlock, lock rwlock x4, unlock rwlock x2, lock rwlock x2, unlock rwlock, lock "
	  "rwlock x2, unlock rwlock x2, end",
	  1,
	  { RT_FOUND_RWLOCK_MISUSE } },
	{ "leave",
	  "full-semaphore",
	  "exit 0: EOVERFLOW 0 0\n",
	  "call sem, unlock sem, call sem x2, lock sem, end",
	  0,
	  { 0 } },
	{ "leave",
	  "once-of-a-mutex",
	  "exit 0: \n",
	  "lock first x2, end",
	  1,
	  { RT_FOUND_API_MISUSE } },
	{ "busy", "unfinished", "exit 0: 0\n", "create thread, end", 0, { 0 } },
	{ "busy",
	  "handlers",
	  "exit 0: 0 yes yes 0 second first 0 yes ESRCH\n",
	  "create thread, lock ready, unlock ready, sleep, call, join thread, call, sleep, call, "
	  "sleep, end thread, call, end",
	  1,
	  { RT_FOUND_API_MISUSE } },
	{ "busy",
	  "leak",
	  "exit 0: 0\n",
	  "create thread, sleep, end thread, end",
	  1,
	  { RT_FOUND_THREAD_LEAK } },
	{ "busy",
	  "made-locks",
	  "exit 0: 0 0 0\n",
	  "lock other, call other, lock other, unlock other, lock rwlock, call rwlock, lock "
	  "rwlock, unlock rwlock, call spin, lock spin, call spin, lock spin, unlock spin, end",
	  3,
	  { RT_FOUND_API_MISUSE, RT_FOUND_RWLOCK_MISUSE, RT_FOUND_API_MISUSE } },
	{ "busy",
	  "made-semaphore",
	  "exit 0: 0\n",
	  "call sem, create thread, lock ready, unlock ready, lock sem, call sem, call, end",
	  1,
	  { RT_FOUND_SEMAPHORE_MISUSE } },
	{ "busy",
	  "made-condvar",
	  "exit 0: 0\n",
	  "create thread, lock ready, lock other, unlock ready, wait cond, lock other, call cond, "
	  "unlock other, call, end",
	  1,
	  { RT_FOUND_CONDVAR_MISUSE } },
	{ "busy",
	  "made-barrier",
	  "exit 0: 0\n",
	  "call barrier, create thread, lock ready, unlock ready, wait barrier, call barrier, "
	  "call, end",
	  1,
	  { RT_FOUND_BARRIER_MISUSE } },
	{ "busy",
	  "busy-c11",
	  "exit 0: yes yes yes yes yes yes yes\n",
	  "call c11_lock, call c11_changed, create thread, lock ready, lock c11_lock, unlock "
	  "ready, wait c11_changed, create thread, lock ready, lock c11_lock, unlock ready, wait "
	  "c11_changed, create thread, lock ready, lock c11_lock, unlock ready, wait c11_changed, "
	  "wake c11_changed, sleep, lock c11_lock, unlock c11_lock, end thread, wake c11_changed, "
	  "join thread x2, lock c11_lock, unlock c11_lock, end thread, join thread, lock c11_lock, "
	  "unlock c11_lock, end thread, end",
	  0,
	  { 0 } },
	{ "busy",
	  "busy-semaphore",
	  "exit 0: EBUSY 0 yes 0 0 0 yes 0\n",
	  "call sem, create thread, lock ready, unlock ready, lock sem, create thread, lock ready, "
	  "unlock ready, lock sem, call sem, unlock sem, sleep, end thread, unlock sem, join "
	  "thread x2, end thread, call sem, end",
	  1,
	  { RT_FOUND_SEMAPHORE_MISUSE } },
	{ "busy",
	  "busy-condvar",
	  "exit 0: EBUSY 0 yes 0 0 0 0 yes 0\n",
	  "call cond, create thread, lock ready, lock other, unlock ready, wait cond, create "
	  "thread, lock ready, lock other, unlock ready, wait cond, create thread, lock ready, "
	  "lock other, unlock ready, wait cond, lock other, call cond, wake cond, unlock other, "
	  "sleep, lock other, unlock other, end thread, wake cond, join thread x2, lock other, "
	  "unlock other, end thread, join thread, lock other, unlock other, end thread, call cond, "
	  "end",
	  1,
	  { RT_FOUND_CONDVAR_MISUSE } },
	{ "busy",
	  "busy-barrier",
	  "exit 0: EBUSY serial 0 0 0 0 yes 0\n",
	  "call barrier, create thread, lock ready, unlock ready, wait barrier, create thread, "
	  "lock ready, unlock ready, wait barrier, call barrier, wait barrier, join thread, end "
	  "thread, join thread, end thread, call barrier, end",
	  1,
	  { RT_FOUND_BARRIER_MISUSE } },
	{ "calls",
	  "mutex",
	  "exit 0: 0 0 EBUSY EBUSY 0 0 EINVAL 0 0 0 0 0 0 0 EINVAL EINVAL EINVAL EINVAL\n",
	  "call mutex, lock mutex x2, call mutex, unlock mutex, lock mutex, unlock mutex, "
	  "lock mutex, unlock mutex, lock mutex, unlock mutex x2, call mutex, end",
	  6,
	  { RT_FOUND_DESTROY_LOCKED, RT_FOUND_BAD_UNLOCK, RT_FOUND_INVALID_LOCK,
	    RT_FOUND_INVALID_LOCK, RT_FOUND_INVALID_LOCK, RT_FOUND_INVALID_LOCK } },
	{ "calls",
	  "recursive",
	  "exit 0: 0 0 0 0 0 0 EBUSY 0 EPERM 0\n",
	  "call mutex, lock mutex x3, unlock mutex x2, call mutex, unlock mutex x2, call "
	  "mutex, end",
	  2,
	  { RT_FOUND_DESTROY_LOCKED, RT_FOUND_BAD_UNLOCK } },
	{ "calls",
	  "checking",
	  "exit 0: 0 0 EDEADLK EBUSY 0 EPERM EPERM\n",
	  "call mutex, lock mutex x3, unlock mutex x2, wait cond, end",
	  2,
	  { RT_FOUND_BAD_UNLOCK, RT_FOUND_CONDVAR_MISUSE } },
	{ "calls",
	  "condvar",
	  "exit 0: 0 0 0 ETIMEDOUT EINVAL ETIMEDOUT 0 0 EINVAL EINVAL EINVAL\n",
	  "call cond, wake cond x2, lock other, wait cond, lock other, wait cond, lock "
	  "other, unlock other, call cond, wake cond, wait cond, call cond, end",
	  3,
	  { RT_FOUND_CONDVAR_MISUSE, RT_FOUND_CONDVAR_MISUSE, RT_FOUND_CONDVAR_MISUSE } },
	{ "calls",
	  "barrier",
	  "exit 0: 0 serial serial 0 EINVAL EINVAL 0 serial\n",
	  "call barrier, wait barrier x2, call barrier, wait barrier, call barrier x2, "
	  "wait barrier, end",
	  2,
	  { RT_FOUND_BARRIER_MISUSE, RT_FOUND_BARRIER_MISUSE } },
	{ "calls",
	  "rwlock",
	  "exit 0: 0 0 0 EBUSY 0 0 EBUSY 0 0 0 0 EPERM 0 EDEADLK EBUSY EBUSY EDEADLK "
	  "EINVAL EDEADLK EBUSY 0 0 0 0 EINVAL EINVAL EINVAL EINVAL EINVAL\n",
	  "call rwlock, lock rwlock x5, call rwlock, unlock rwlock x5, lock rwlock x6, "
	  "call rwlock, unlock rwlock, lock rwlock, unlock rwlock, call rwlock, lock "
	  "rwlock x3, unlock rwlock, call rwlock, end",
	  11,
	  { RT_FOUND_DESTROY_LOCKED, RT_FOUND_RWLOCK_MISUSE, RT_FOUND_RWLOCK_MISUSE,
	    RT_FOUND_RWLOCK_MISUSE, RT_FOUND_RWLOCK_MISUSE, RT_FOUND_DESTROY_LOCKED,
	    RT_FOUND_RWLOCK_MISUSE, RT_FOUND_RWLOCK_MISUSE, RT_FOUND_RWLOCK_MISUSE,
	    RT_FOUND_RWLOCK_MISUSE, RT_FOUND_RWLOCK_MISUSE } },
	{ "calls",
	  "semaphore",
	  "exit 0: 0 0 0 EAGAIN ETIMEDOUT EINVAL ETIMEDOUT 0 0 yes 0 EINVAL EINVAL EINVAL "
	  "EINVAL EINVAL\n",
	  "call sem, lock sem x5, unlock sem, load sem, call sem, lock sem x2, unlock sem, "
	  "load sem, call sem, end",
	  5,
	  { RT_FOUND_SEMAPHORE_MISUSE, RT_FOUND_SEMAPHORE_MISUSE, RT_FOUND_SEMAPHORE_MISUSE,
	    RT_FOUND_SEMAPHORE_MISUSE, RT_FOUND_SEMAPHORE_MISUSE } },
	{ "calls",
	  "named",
	  "exit 0: yes EEXIST ENOENT EINVAL yes 0 0 0 yes 0 ENOENT no 0 0 EINVAL EINVAL\n",
	  "call x7, call ?, lock ?, load ?, call x3, call ? x3, call sem, end",
	  2,
	  { RT_FOUND_SEMAPHORE_MISUSE, RT_FOUND_SEMAPHORE_MISUSE } },
	{ "calls",
	  "spin",
	  "exit 0: 0 0 EBUSY EBUSY 0 0 0 0 EINVAL EINVAL EINVAL EINVAL\n",
	  "call spin, lock spin x2, call spin, unlock spin, lock spin, unlock spin, call "
	  "spin, lock spin x2, unlock spin, call spin, end",
	  5,
	  { RT_FOUND_DESTROY_LOCKED, RT_FOUND_INVALID_LOCK, RT_FOUND_INVALID_LOCK,
	    RT_FOUND_INVALID_LOCK, RT_FOUND_INVALID_LOCK } },
	{ "calls",
	  "once",
	  "exit 0: made 0 0\n",
	  "lock once, unlock once, lock once, end",
	  0,
	  { 0 } },
	{ "calls",
	  "thread",
	  "exit 0: 0 EDEADLK 0 given ESRCH ESRCH ESRCH 0 EINVAL 0 0 EINVAL EINVAL 0 yes 0 "
	  "0 no 0 EINVAL\n",
	  "create thread, join thread, end thread, call x2, create thread, join thread, "
	  "end thread, create thread, call, create thread, call x2, end",
	  2,
	  { RT_FOUND_API_MISUSE, RT_FOUND_API_MISUSE } },
	{ "calls",
	  "keys",
	  "exit 0: 0 0 yes 0 value 0 destroyed 0 EINVAL EINVAL yes 0 yes yes EINVAL yes "
	  "EINVAL yes\n",
	  "call x2, create thread, join thread, end thread, call x256, end",
	  0,
	  { 0 } },
	{ "calls",
	  "cancel",
	  "exit 0: 0 yes EINVAL 0 yes 0 0 yes EINVAL 0 yes 0 0 alive\n",
	  "call x2, end",
	  0,
	  { 0 } },
	{ "calls",
	  "c11",
	  "exit 0: yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes "
	  "yes\n",
	  "call lock, lock lock x3, unlock lock x2, call changed, wake changed x2, wait "
	  "changed, lock lock, call changed, unlock lock, call lock, create thread, join "
	  "thread, end thread, call, end",
	  2,
	  { RT_FOUND_INVALID_LOCK, RT_FOUND_API_MISUSE } },
};

// What the threads say and count is not guarded.
static void check_findings(const struct explored *e, const enum rt_finding_kind *kinds, unsigned nr)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < e->nr_findings; i++)
		if (e->findings[i].finding.kind != RT_FOUND_RACE) {
			CHECK_NUMBER(e->findings[i].finding.kind,
				     seen < nr ? kinds[seen] : RT_FOUND_NR);
			seen++;
		}
	CHECK_NUMBER(seen, nr);
}

// What a program has collected it says in a destructor: a call that stands in no row.
static void cut_saying(struct strbuf *steps)
{
	static const char saying[] = ", call _IO_2_1_stdout_";
	char *last = strstr(steps->buf, saying);

	if (!last || last[strlen(saying)])
		return;
	*last = '\0';
	steps->len = (size_t)(last - steps->buf);
}

static void each_call_is_a_step_and_has_a_result(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct strbuf steps = STRBUF_INIT;
		struct explored e;

		explored_start(&e, rows[i].program, rows[i].use);
		e.request.rt.early_timeouts = false;
		e.request.rt.spurious = false;
		e.request.rt.trace = true;
		explored_run(&e, RT_POLICY_DFS, 1, 1);
		show_steps(&e, &steps);
		cut_saying(&steps);
		check_findings(&e, rows[i].findings, rows[i].nr);
		CHECK_TEXT_AT(rows[i].use, e.outcomes[0].text, rows[i].output);
		CHECK_TEXT_AT(rows[i].use, steps.buf, rows[i].steps);
		strbuf_release(&steps);
		explored_end(&e);
	}
}

static void more_threads_than_prepared_are_asked_for(void)
{
	struct explored e;

	explored_start(&e, "busy", "busy-barrier");
	e.request.rt.threads = 2;
	explored_run(&e, RT_POLICY_DFS, 1, 1);
	CHECK_NUMBER(e.warm.shared->result.ending, RT_END_THREADS);
	CHECK_NUMBER(e.warm.shared->result.code, 0);
	explored_end(&e);
}

void suite_rt_calls(void)
{
	static const struct test_case cases[] = {
		{ "each call is a step and has a result", each_call_is_a_step_and_has_a_result },
		{ "more threads than prepared are asked for",
		  more_threads_than_prepared_are_asked_for },
	};

	test_suite("rt_calls", cases, ARRAY_SIZE(cases));
}
