/*
 * The interpreted program takes a lock of its own around `a += 1`.
 *
 * The GIL belongs to the interpreter and may be dropped after any bytecode; the
 * program's lock is held until the program gives it back, dropped GIL or not.
 * So whoever has loaded `a` stores it before another thread may load it. Turns of
 * more bytecodes would only make the loss rarer, and a GIL that is never dropped
 * would let one thread run alone.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

// for i in range(rounds): with lock: a += 1
static const struct bytecode program[] = {
	{ FOR_NEXT, 0 }, // ends the program after the last round
	{ ACQUIRE, 0 },  // whoever else comes here waits, and lets the GIL go
	{ LOAD_A, 0 },   // nobody else is between load and store
	{ PUSH, 1 },     // the stack holds a and 1
	{ ADD, 0 },      // the stack holds the sum
	{ STORE_A, 0 },  // whatever happened to the GIL meanwhile
	{ RELEASE, 0 },  // the next one may load
	{ JUMP, 0 },     // back to FOR_NEXT
};

static long rounds;

static void *run_program(void *unused)
{
	(void)unused;
	interpret(program, rounds);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	pthread_create(&first, NULL, run_program, NULL);
	pthread_create(&second, NULL, run_program, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("lost %ld\n", 2 * rounds - a);
	return 0;
}
