/*
 * Futexes as programs use them by syscall(), modelled from futex(2) of Linux. The kernel
 * compares the word and sleeps in one step; who is woken is not guaranteed, so it is a choice.
 * A futex by itself orders nothing: that is done by the atomic accesses to its word.
 *
 * Futexes with priority inheritance, and FUTEX_FD, are not modelled.
 */
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <time.h>

// For the bits of which each thread waits.
static RT_COLD_STATE uint32_t awaited[RT_MAX_THREADS];

static long futex_fail(int error)
{
	errno = error;
	return -1;
}

static uint32_t value_at(uintptr_t word)
{
	return __atomic_load_n((const uint32_t *)word, __ATOMIC_RELAXED);
}

// A wait is relative, with bits it is absolute.
static int64_t futex_deadline(int operation, const struct timespec *time)
{
	const int command = operation & FUTEX_CMD_MASK;

	if (!time)
		return RT_NEVER;
	if (command == FUTEX_WAIT)
		return rt_time_after(rt_ns_of(time));
	return rt_time_of(operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC,
			  time);
}

static long futex_wait(uintptr_t word, uint32_t expected, int64_t deadline, uint32_t bits)
{
	const uint32_t before = rt_interruptions(RT_RESTARTED);

	if (value_at(word) != expected)
		return futex_fail(EAGAIN);
	awaited[rt_self->id] = bits;
	if (!rt_suspend(RT_FUTEX, word, deadline))
		return futex_fail(ETIMEDOUT);
	if (rt_self->attention)
		rt_attend();
	return rt_interruptions(RT_RESTARTED) == before ? 0 : futex_fail(EINTR);
}

// Of those that wait there for one of the bits, so many: how many there were.
static long futex_wake(uintptr_t word, uint32_t most, uint32_t bits)
{
	struct rt_thread *waiters[RT_MAX_THREADS];
	unsigned all = rt_waiters(RT_FUTEX, word, waiters, RT_MAX_THREADS), nr = 0;
	long woken = 0;

	for (unsigned i = 0; i < all; i++)
		if (awaited[waiters[i]->id] & bits)
			waiters[nr++] = waiters[i];
	for (; nr && (uint32_t)woken < most; woken++) {
		unsigned chosen = nr > most - (uint32_t)woken ? rt_choose(nr) : 0;

		rt_wake(waiters[chosen]);
		waiters[chosen] = waiters[--nr];
	}
	return woken;
}

static long futex_requeue(uintptr_t word, uint32_t most, uint32_t moved, uintptr_t to)
{
	struct rt_thread *waiters[RT_MAX_THREADS];
	long done = futex_wake(word, most, FUTEX_BITSET_MATCH_ANY);
	unsigned nr = rt_waiters(RT_FUTEX, word, waiters, RT_MAX_THREADS);

	for (unsigned i = 0; i < nr && i < moved; i++, done++)
		waiters[i]->wait_object = to;
	return done;
}

static uint32_t changed_value(uint32_t encoded, uint32_t old)
{
	const bool shifted = encoded >> 28 & FUTEX_OP_OPARG_SHIFT;
	const uint32_t given = encoded >> 12 & 0xfff, value = shifted ? 1u << (given & 31) : given;

	switch (encoded >> 28 & ~(unsigned)FUTEX_OP_OPARG_SHIFT) {
	case FUTEX_OP_ADD:
		return old + value;
	case FUTEX_OP_OR:
		return old | value;
	case FUTEX_OP_ANDN:
		return old & ~value;
	case FUTEX_OP_XOR:
		return old ^ value;
	default:
		return value;
	}
}

static bool holds_for(uint32_t encoded, int32_t old)
{
	const int32_t value = (int32_t)(encoded << 20) >> 20;

	switch (encoded >> 24 & 0xf) {
	case FUTEX_OP_CMP_NE:
		return old != value;
	case FUTEX_OP_CMP_LT:
		return old < value;
	case FUTEX_OP_CMP_LE:
		return old <= value;
	case FUTEX_OP_CMP_GT:
		return old > value;
	case FUTEX_OP_CMP_GE:
		return old >= value;
	default:
		return old == value;
	}
}

// Changes the second word, wakes waiters of the first, and of the second if its old value says so.
static long futex_wake_op(uintptr_t word, uint32_t most, uintptr_t second, uint32_t most_second,
			  uint32_t encoded)
{
	const uint32_t old = value_at(second);
	long woken;

	__atomic_store_n((uint32_t *)second, changed_value(encoded, old), __ATOMIC_RELAXED);
	woken = futex_wake(word, most, FUTEX_BITSET_MATCH_ANY);
	if (holds_for(encoded, (int32_t)old))
		woken += futex_wake(second, most_second, FUTEX_BITSET_MATCH_ANY);
	return woken;
}

bool rt_futex_modelled(int operation)
{
	switch (operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_WAKE_OP:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return true;
	default:
		return false;
	}
}

static enum rt_op op_of(int command)
{
	return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET ? RT_OP_WAIT : RT_OP_WAKE;
}

long rt_futex(const unsigned long a[6], uintptr_t pc)
{
	const uintptr_t word = a[0], second = a[4];
	const int operation = (int)a[1], command = operation & FUTEX_CMD_MASK;
	const uint32_t value = (uint32_t)a[2], value2 = (uint32_t)a[3], value3 = (uint32_t)a[5];
	const bool waits = op_of(command) == RT_OP_WAIT;
	const struct timespec *time = waits ? (const struct timespec *)a[3] : NULL;
	int64_t deadline;

	rt_point(op_of(command), word, 0, pc);
	if (!(operation & FUTEX_PRIVATE_FLAG))
		rt_report_shared("a shared futex", pc);
	if (word & 3 || (time && !rt_time_valid(time)))
		return futex_fail(EINVAL);
	if (!waits)
		rt_progress();
	deadline = futex_deadline(operation, time);
	switch (command) {
	case FUTEX_WAIT:
		return futex_wait(word, value, deadline, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return value3 ? futex_wait(word, value, deadline, value3) : futex_fail(EINVAL);
	case FUTEX_WAKE_BITSET:
		return value3 ? futex_wake(word, value, value3) : futex_fail(EINVAL);
	case FUTEX_REQUEUE:
		return futex_requeue(word, value, value2, second);
	case FUTEX_CMP_REQUEUE:
		return value_at(word) == value3 ? futex_requeue(word, value, value2, second)
						: futex_fail(EAGAIN);
	case FUTEX_WAKE_OP:
		return futex_wake_op(word, value, second, value2, value3);
	default:
		return futex_wake(word, value, FUTEX_BITSET_MATCH_ANY);
	}
}
