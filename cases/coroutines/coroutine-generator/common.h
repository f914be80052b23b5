/*
 * A generator as other languages have it, shared by both variants: a coroutine that
 * is sent one item at a time and yields when it wants the next. It refuses to be
 * resumed while it executes, but has no lock: it is made for one thread.
 */
#ifndef COROUTINE_GENERATOR_COMMON_H
#define COROUTINE_GENERATOR_COMMON_H

#include <stdbool.h>

#include "../../include/coroutine.h"

struct generator {
	struct coroutine coroutine;
	bool executing;
	long sent;
};

// Runs the generator with an item until it wants another; false if it is executing already.
static bool generator_send(struct generator *generator, long item)
{
	if (generator->executing)
		return false;
	generator->executing = true;
	generator->sent = item;
	coroutine_resume(&generator->coroutine);
	generator->executing = false;
	return true;
}

// For the generator's own code: comes back with the next item in `sent`.
static void generator_yield(struct generator *self)
{
	coroutine_suspend(&self->coroutine);
}

// Runs `body(generator)` until it wants the first item.
static void generator_start(struct generator *generator, void (*body)(void *))
{
	coroutine_create(&generator->coroutine, body, generator);
	coroutine_resume(&generator->coroutine);
}

#endif
