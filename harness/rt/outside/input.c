/*
 * Random numbers: the same schedule gets the same ones. rand() and its kin begin as the C
 * library has them; threads share their state, so each call is a scheduling point. What
 * comes from the kernel comes from a generator with a fixed seed.
 *
 * Also functions that keep hidden state. Two threads that call them without order race on
 * that state, as POSIX says (XSH 2.9.1).
 */
#include "core/hash.h"
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/shadow.h"
#include "outside/outside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static void input_step(uintptr_t pc)
{
	rt_point(RT_OP_CALL, 0, 0, pc);
	rt_progress();
}

#define SHARED(ret, name, params, ...)                                                             \
	OBSERVE_OWN(ret, name, params, input_step(RT_PC()), __VA_ARGS__)

SHARED(int, rand, (void))
SHARED(long, random, (void))
SHARED(double, drand48, (void))
SHARED(long, lrand48, (void))
SHARED(long, mrand48, (void))
SHARED(char *, initstate, (unsigned seed, char *state, size_t size), seed, state, size)
SHARED(char *, setstate, (char *state), state)
SHARED(unsigned short *, seed48, (unsigned short state[3]), state)
SHARED(void, lcong48, (unsigned short parameters[7]), parameters)
SHARED(void, srand, (unsigned seed), seed)
SHARED(void, srandom, (unsigned seed), seed)
SHARED(void, srand48, (long seed), seed)

// These keep their state in the caller's memory.
static void input_from(void *state, size_t size, uintptr_t pc)
{
	rt_point(RT_OP_WRITE, (uintptr_t)state, (unsigned)size, pc);
	rt_progress();
	rt_access_range(state, size, RT_OP_WRITE, pc);
}

#define OWN_STATE(ret, name, params, state, size)                                                  \
	OBSERVE_OWN(ret, name, params, input_from(state, size, RT_PC()), state)

OWN_STATE(int, rand_r, (unsigned *seed), seed, sizeof(*seed))
OWN_STATE(double, erand48, (unsigned short state[3]), state, 3 * sizeof(*state))
OWN_STATE(long, nrand48, (unsigned short state[3]), state, 3 * sizeof(*state))
OWN_STATE(long, jrand48, (unsigned short state[3]), state, 3 * sizeof(*state))

// Not rt_random(): that one is the policy's, and a replay has none.
static uint64_t next_random(void)
{
	static RT_ITERATION_STATE uint64_t state;

	if (!state)
		state = 0x7261636567617465; // "racegate"
	return rt_splitmix(&state);
}

void rt_fill_randomly(void *to, size_t size)
{
	unsigned char *bytes = to;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)next_random();
}

static ssize_t random_fill(void *to, size_t size, uintptr_t pc)
{
	rt_point(RT_OP_WRITE, (uintptr_t)to, 0, pc);
	rt_progress();
	rt_access((uintptr_t)to, (unsigned)size, RT_OP_WRITE, pc);
	rt_fill_randomly(to, size);
	return (ssize_t)size;
}

static uint32_t random_below(uint32_t below, uintptr_t pc)
{
	input_step(pc);
	return below ? (uint32_t)(next_random() % below) : 0;
}

INTERCEPT_OWN(ssize_t, getrandom, (void *to, size_t size, unsigned flags),
	      random_fill(to, size, RT_PC()), to, size, flags)
RT_INTERCEPT_IF(RT_OWN_CALL() && size <= 256, int, getentropy, (void *to, size_t size),
		(random_fill(to, size, RT_PC()), 0), to, size)
INTERCEPT_OWN(uint32_t, arc4random, (void), (input_step(RT_PC()), (uint32_t)next_random()))
INTERCEPT_OWN(uint32_t, arc4random_uniform, (uint32_t below), random_below(below, RT_PC()), below)
INTERCEPT_OWN(void, arc4random_buf, (void *to, size_t size), (void)random_fill(to, size, RT_PC()),
	      to, size)

/*
 * The kernel's devices, opened as streams: what the C library reads for them passes no call of
 * ours. (Reading their descriptors does, descriptors.c.)
 */
static ssize_t random_read(void *unused, char *to, size_t size)
{
	(void)unused;
	rt_fill_randomly(to, size);
	return (ssize_t)size;
}

static FILE *open_random(const char *mode, uintptr_t pc)
{
	input_step(pc);
	return fopencookie(NULL, mode, (cookie_io_functions_t){ .read = random_read });
}

static bool is_random(const char *path, const char *mode)
{
	return mode[0] == 'r' && !strchr(mode, '+') &&
	       (!strcmp(path, "/dev/urandom") || !strcmp(path, "/dev/random"));
}

RT_INTERCEPT_IF(RT_OWN_CALL() && is_random(path, mode), FILE *, fopen,
		(const char *restrict path, const char *restrict mode), open_random(mode, RT_PC()),
		path, mode)
RT_INTERCEPT_IF(RT_OWN_CALL() && is_random(path, mode), FILE *, fopen64,
		(const char *restrict path, const char *restrict mode), open_random(mode, RT_PC()),
		path, mode)

/* Hidden variables, one byte each, whatever the C library has. */

#define HIDDEN_VARIABLE(variable, name) static RT_ITERATION_STATE char variable;
RT_HIDDEN_TABLE(HIDDEN_VARIABLE)
#undef HIDDEN_VARIABLE

static void touch_hidden(const char *hidden, enum rt_op op, uintptr_t pc)
{
	rt_point(op, (uintptr_t)hidden, 1, pc);
	if (op == RT_OP_WRITE)
		rt_progress();
	rt_access((uintptr_t)hidden, 1, op, pc);
}

#define HIDDEN(ret, name, variable, op, params, ...)                                               \
	OBSERVE_OWN(ret, name, params, touch_hidden(&(variable), op, RT_PC()), __VA_ARGS__)

HIDDEN(char *, strtok, state_of_strtok, RT_OP_WRITE,
       (char *restrict s, const char *restrict delimiters), s, delimiters)
HIDDEN(struct tm *, localtime, state_of_time_conversion, RT_OP_WRITE, (const time_t *time), time)
HIDDEN(struct tm *, gmtime, state_of_time_conversion, RT_OP_WRITE, (const time_t *time), time)
HIDDEN(char *, ctime, state_of_time_conversion, RT_OP_WRITE, (const time_t *time), time)
HIDDEN(char *, asctime, state_of_time_conversion, RT_OP_WRITE, (const struct tm *time), time)
HIDDEN(char *, getenv, environment, RT_OP_READ, (const char *name), name)
HIDDEN(int, setenv, environment, RT_OP_WRITE, (const char *name, const char *value, int overwrite),
       name, value, overwrite)
HIDDEN(int, unsetenv, environment, RT_OP_WRITE, (const char *name), name)
HIDDEN(int, putenv, environment, RT_OP_WRITE, (char *assignment), assignment)
HIDDEN(int, clearenv, environment, RT_OP_WRITE, (void))
