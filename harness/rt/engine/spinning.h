// Threads that go round and round.
#ifndef RACEGATE_RT_SPINNING_H
#define RACEGATE_RT_SPINNING_H

#include <stdbool.h>

// The running thread is deprioritised: notes where it is, if that may matter.
void rt_spinning_note(void);
/*
 * Every thread that could run was deprioritised, and nothing has changed since they all were the
 * last time: counts the round. True: they will never do anything else.
 */
bool rt_spins_forever(void);

#endif
