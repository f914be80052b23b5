/*
 * A small interpreter with one global lock, shared by both variants. Whoever runs
 * bytecodes holds the interpreter's lock (the GIL) and drops it after every 100
 * of them, so that other threads get their turn, as CPython did until version 3.1.
 * (Since then it drops its lock on request, after 5 ms by default.) Each access to an
 * interpreted variable is thus made under the GIL.
 */
#ifndef GIL_LOST_UPDATE_COMMON_H
#define GIL_LOST_UPDATE_COMMON_H

#include <pthread.h>

#define BYTECODES_PER_TURN 100

enum opcode {
	FOR_NEXT, // one round more, or the end of the program
	LOAD_A,   // push a
	PUSH,     // push the operand
	ADD,      // replace the two topmost values by their sum
	STORE_A,  // pop into a
	ACQUIRE,  // take the interpreted program's own lock
	RELEASE,  // give it back
	JUMP,     // go on at the operand
};

struct bytecode {
	enum opcode opcode;
	long operand;
};

static pthread_mutex_t gil = PTHREAD_MUTEX_INITIALIZER;       // protects a, held to run bytecodes
static pthread_mutex_t user_lock = PTHREAD_MUTEX_INITIALIZER; // means what the program says
static long a;

// A thread that waits for the program's lock must not keep the others from running.
static void acquire_user_lock(void)
{
	pthread_mutex_unlock(&gil);
	pthread_mutex_lock(&user_lock);
	pthread_mutex_lock(&gil);
}

static void give_others_a_turn(void)
{
	pthread_mutex_unlock(&gil);
	pthread_mutex_lock(&gil);
}

static void interpret(const struct bytecode *code, long rounds)
{
	long stack[2] = { 0, 0 }, depth = 0, at = 0, executed = 0;

	pthread_mutex_lock(&gil);
	for (;;) {
		const struct bytecode *now = &code[at++];
		switch (now->opcode) {
		case FOR_NEXT:
			if (rounds-- == 0)
				goto end;
			break;
		case LOAD_A:
			stack[depth++] = a;
			break;
		case PUSH:
			stack[depth++] = now->operand;
			break;
		case ADD:
			depth--;
			stack[depth - 1] += stack[depth];
			break;
		case STORE_A:
			a = stack[--depth];
			break;
		case ACQUIRE:
			acquire_user_lock();
			break;
		case RELEASE:
			pthread_mutex_unlock(&user_lock);
			break;
		case JUMP:
			at = now->operand;
			break;
		}
		if (++executed % BYTECODES_PER_TURN == 0)
			give_others_a_turn();
	}
end:
	pthread_mutex_unlock(&gil);
}
#endif
