/*
 * Our definitions of the C library's functions.
 *
 *	INTERCEPT(int, pthread_mutex_lock, (pthread_mutex_t *mutex),
 *		  rt_mutex_lock(mutex, RT_NEVER, RT_PC()), mutex)
 *
 * defines pthread_mutex_lock(): while an iteration is under control it is the model, an
 * expression; else the C library's own function, called with the arguments at the end.
 * The model is evaluated in the exported function, so RT_PC() is the place of the call
 * in the program.
 *
 * Functions with variable arguments, and those that do not return, are written out with
 * RT_EXPORT: nothing else exports a name of the C library.
 */
#ifndef RACEGATE_RT_INTERCEPT_H
#define RACEGATE_RT_INTERCEPT_H

#include "core/iteration.h"
#include "core/real.h"

// In an exported function: the program's own code has called it, under control.
#define RT_OWN_CALL() (rt_controlled() && rt_in_program(RT_PC()))

/*
 * A program may define the function itself, and gets its own: ours is weak, and comes last when it
 * is linked. RT_NAMED lists it, so that a program's own one is known.
 */
#define RT_NAMED(name)                                                                             \
	static const struct rt_name rt_name_##name                                                 \
		__attribute__((used, section("rt_names"))) = { #name, (void (*)(void))(name) };

// Ours whether there is control or not.
#define REPLACE(ret, name, params, model)                                                          \
	RT_NAMED(name)                                                                             \
	RT_EXPORT ret name params                                                                  \
	{                                                                                          \
		return model;                                                                      \
	}

#define RT_INTERCEPT_IF(ours, ret, name, params, model, ...)                                       \
	RT_NAMED(name)                                                                             \
	RT_EXPORT ret name params                                                                  \
	{                                                                                          \
		return ours ? model : RT_REAL(name)(__VA_ARGS__);                                  \
	}

#define RT_OBSERVE_IF(ours, ret, name, params, note, ...)                                          \
	RT_NAMED(name)                                                                             \
	RT_EXPORT ret name params                                                                  \
	{                                                                                          \
		if (ours)                                                                          \
			note;                                                                      \
		return RT_REAL(name)(__VA_ARGS__);                                                 \
	}

#define INTERCEPT(ret, name, params, model, ...)                                                   \
	RT_INTERCEPT_IF(rt_controlled(), ret, name, params, model, __VA_ARGS__)
// The C library's function is called as well, after the model.
#define OBSERVE(ret, name, params, model, ...)                                                     \
	RT_OBSERVE_IF(rt_controlled(), ret, name, params, model, __VA_ARGS__)

// The same for calls from the program's own code: what a library calls is its own business.
#define INTERCEPT_OWN(ret, name, params, model, ...)                                               \
	RT_INTERCEPT_IF(RT_OWN_CALL(), ret, name, params, model, __VA_ARGS__)
#define OBSERVE_OWN(ret, name, params, model, ...)                                                 \
	RT_OBSERVE_IF(RT_OWN_CALL(), ret, name, params, model, __VA_ARGS__)

#endif
