/*
 * Coroutines for the cases: functions that can be suspended and resumed later.
 *
 *     static void count(void *self)
 *     {
 *             ...
 *             coroutine_suspend(self);          back to its resumer
 *             ...                               continues here when resumed
 *     }
 *
 *     struct coroutine counter;
 *     coroutine_create(&counter, count, &counter);
 *     coroutine_resume(&counter);               runs until it suspends or returns
 *     coroutine_destroy(&counter);
 *
 * Contract
 *  - A coroutine has its own stack and runs in the thread that resumes it, which
 *    continues when the coroutine suspends or returns. The switch happens in user
 *    space (ucontext); the kernel does not see it.
 *  - Only the body of c may call coroutine_suspend(c).
 *  - A coroutine whose body has returned must not be resumed. A suspended one may be
 *    destroyed, and then never continues.
 *  - Nothing here locks or checks: like a variable, a coroutine belongs to one thread
 *    at a time, and the program has to ensure that.
 *  - ThreadSanitizer is told of each switch if it is linked in. Valgrind notices the
 *    switches itself, because the stacks are so far apart.
 *  - Needs MAP_ANONYMOUS: define _GNU_SOURCE or _DEFAULT_SOURCE before any #include.
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
// Unmapped, on both sides of each stack. An overflow faults there, and Valgrind takes
// a move of the stack pointer by more than 2 MB for a switch to another stack.
#define COROUTINE_GUARD_BYTES (4 * 1024 * 1024)

// From ThreadSanitizer's runtime; NULL in a program without it.
__attribute__((weak)) void *__tsan_get_current_fiber(void);
__attribute__((weak)) void *__tsan_create_fiber(unsigned flags);
__attribute__((weak)) void __tsan_destroy_fiber(void *fiber);
__attribute__((weak)) void __tsan_switch_to_fiber(void *fiber, unsigned flags);

struct coroutine {
	void (*body)(void *argument);
	void *argument;
	ucontext_t own;                  // where the body continues
	ucontext_t resumer;              // where coroutine_resume continues
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

// makecontext passes only ints: the pointer comes in two halves.
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
