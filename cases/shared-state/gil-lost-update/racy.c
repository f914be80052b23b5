/*
 * A global interpreter lock does not make `a += 1` atomic.
 *
 *   1. first runs its 100 bytecodes    sixteen rounds, then LOAD_A, PUSH 1, ADD:
 *                                      a is 16 and 17 stands on its stack
 *   2. the interpreter drops the GIL, second takes it and runs its 100: a is 32
 *   3. first has the GIL again, STORE_A a is 17: sixteen additions are lost
 *
 * The GIL keeps the interpreter's own data whole: no two bytecodes ever run at
 * once. But the statement is four bytecodes, and the lock may be dropped between
 * any two of them. A race detector sees every access under the same lock and has
 * nothing to report: what is broken is the statement, not an access.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

// for i in range(rounds): a += 1
static const struct bytecode program[] = {
	{ FOR_NEXT, 0 }, // ends the program after the last round
	{ LOAD_A, 0 },   // RACE: a
	{ PUSH, 1 },     // the stack holds a and 1
	{ ADD, 0 },      // the stack holds the sum
	{ STORE_A, 0 },  // RACE: a
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
