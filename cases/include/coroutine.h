/*
 * Coroutines for the cases: functions that can stop in the middle and go on later.
 *
 *     static void count(void *self)
 *     {
 *             ...
 *             coroutine_suspend(self);          back to whoever resumed it
 *             ...                               goes on here when it is resumed again
 *     }
 *
 *     struct coroutine counter;
 *     coroutine_create(&counter, count, &counter);
 *     coroutine_resume(&counter);               runs until it suspends or returns
 *     coroutine_destroy(&counter);
 *
 * Contract
 *  - A coroutine has a stack of its own and runs in the thread that resumes it,
 *    which goes on when the coroutine suspends or returns. Switching is a matter of
 *    the program alone (ucontext); the kernel knows nothing of it.
 *  - coroutine_suspend(c) is called by the body of c and by nobody else.
 *  - A coroutine whose body has returned is not resumed again; one that is still in
 *    the middle may be destroyed, and then never goes on.
 *  - There is no lock and no test in here: like a variable, a coroutine belongs to
 *    one thread at a time, and it is for the program to see to that.
 *  - ThreadSanitizer is told of each switch, where it is linked in. Valgrind finds out
 *    by itself, because the stacks are so far apart.
 *  - Needs MAP_ANONYMOUS: define _GNU_SOURCE or _DEFAULT_SOURCE on top of the program.
 */
#ifndef COROUTINE_H
#define COROUTINE_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#ifndef MAP_ANONYMOUS
#error "define _GNU_SOURCE before the first #include"
#endif

#define COROUTINE_STACK_BYTES (256 * 1024)
// Never touched, on both sides of each stack. Who runs over the end faults there; and
// Valgrind takes a step of more than 2 MB for a switch to another stack.
#define COROUTINE_GUARD_BYTES (4 * 1024 * 1024)

// Of ThreadSanitizer's runtime; NULL in a program without it.
__attribute__((weak)) void *__tsan_get_current_fiber(void);
__attribute__((weak)) void *__tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void *fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void *fiber, unsigned flags);

struct coroutine {
	void (*body)(void *argument);
	void *argument;
	ucontext_t own;                  // where the body goes on
	ucontext_t resumer;              // where coroutine_resume goes on
	char *mapping;                   // guard, stack, guard
	void *own_fiber, *resumer_fiber; // ThreadSanitizer's
};

static inline void coroutine_suspend(struct coroutine *c)
{
	if (__tsan_switch_to_fiber)
		__tsan_switch_to_fiber(c->resumer_fiber, 0);
	swapcontext(&c->own, &c->resumer);
}

static inline void coroutine_resume(struct coroutine *c)
{
	if (__tsan_switch_to_fiber) {
		c->resumer_fiber = __tsan_get_current_fiber();
		__tsan_switch_to_fiber(c->own_fiber, 0);
	}
	swapcontext(&c->resumer, &c->own);
}

// makecontext hands on ints only: the pointer comes in two halves.
static inline void coroutine_begin(unsigned high, unsigned low)
{
	struct coroutine *c = (void *)(uintptr_t)((uint64_t)high << 32 | low);

	c->body(c->argument);
	for (;;)
		coroutine_suspend(c);
}

static inline void coroutine_create(struct coroutine *c, void (*body)(void *), void *argument)
{
	size_t size = COROUTINE_STACK_BYTES + 2 * (size_t)COROUTINE_GUARD_BYTES;
	uint64_t self = (uintptr_t)c;

	c->body = body;
	c->argument = argument;
	c->mapping = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (c->mapping == MAP_FAILED || getcontext(&c->own) < 0)
		exit(1);
	c->own.uc_stack.ss_sp = c->mapping + COROUTINE_GUARD_BYTES;
	c->own.uc_stack.ss_size = COROUTINE_STACK_BYTES;
	if (mprotect(c->own.uc_stack.ss_sp, COROUTINE_STACK_BYTES, PROT_READ | PROT_WRITE) < 0)
		exit(1);
	makecontext(&c->own, (void (*)(void))coroutine_begin, 2, (unsigned)(self >> 32),
		    (unsigned)self);
	c->own_fiber = __tsan_create_fiber ? __tsan_create_fiber(0) : NULL;
}

static inline void coroutine_destroy(struct coroutine *c)
{
	if (__tsan_destroy_fiber)
		__tsan_destroy_fiber(c->own_fiber);
	munmap(c->mapping, COROUTINE_STACK_BYTES + 2 * (size_t)COROUTINE_GUARD_BYTES);
}

#endif
