/*
 * What the two halves of librg-perturb.so share: perturb.c decides and
 * interrupts, perturb_calls.c wraps the calls.
 */
#ifndef RACEGATE_PERTURB_H
#define RACEGATE_PERTURB_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

// The signal that interrupts.
#define RG_SIG_CUT (SIGRTMAX - 3)

// Set once, before there is a second thread; only `off` and `threads` change later.
struct rg_config {
	bool on;
	bool off; // the program wants the signal for itself; atomic, relaxed: a late look does no
		  // harm
	uint64_t seed;
	uint64_t noise;                      // per mille
	uint64_t timer_ns, nap_ns, start_ns; // means and limits as above
	uint64_t threads; // numbered so far; atomic, relaxed: only the number counts
	uint64_t gate_ns; // how long a new thread waits for its siblings at most
	uint32_t gate;    // futex; counts how often it was opened
	uint32_t waiting; // threads before it; atomic, relaxed: one that is missed times out
	uint32_t expected, arrived; // threads that the gate let go, and those that run; atomic
	pthread_key_t key;          // its destructor runs when a thread ends
};
extern struct rg_config rg;

// Of one thread; the handler runs in that thread, so nothing here is shared.
struct rg_thread {
	bool known;
	bool armed;         // its timer exists
	volatile bool busy; // inside one of our own sleeps
	int timer;
	uint64_t calls, cuts; // states of the two random sequences
	uint64_t forks;
	int64_t left_ns; // of the budget
	int64_t cpu_ns;  // CPU time at the last interruption
	int fires, idle;
};
extern _Thread_local __attribute__((tls_model("initial-exec"))) struct rg_thread rg_self;

void rg_noise(void); // at a call that synchronises
void rg_begin_thread(uint64_t number);
void rg_arm(void);
void rg_disarm(void);
void rg_rest(uint64_t ns); // sleeps for about that long, or yields for 0, within the budget
uint64_t rg_next(uint64_t *state);
void rg_wait_gate(uint64_t number); // at the start of thread `number`

#endif
