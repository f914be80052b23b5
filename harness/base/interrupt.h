/*
 * The user's wish to stop: SIGINT, SIGTERM, SIGHUP (unless it is ignored, as under nohup). A
 * session holds them back and looks for one wherever it waits. Whoever finds one cleans up and
 * takes it; the next one then ends the process at once.
 */
#ifndef RACEGATE_INTERRUPT_H
#define RACEGATE_INTERRUPT_H

#include <signal.h>

// Blocks them; `*old` is the mask that was there.
void interrupt_hold(sigset_t *old);
// Takes them out of a mask that is to be put back after one was taken.
void interrupt_unhold(sigset_t *mask);
// Puts that mask back. What was held back and not taken ends the process then.
void interrupt_release(const sigset_t *old);

// A descriptor that is readable while one is held back, and is not to be read; -1 with errno.
int interrupt_fd(void);
// The number of one that is held back, which stays so; 0: none.
int interrupt_pending(void);
/*
 * Takes it: none is held back any more, and each ends the process, even one that was ignored.
 * Returns its number; 0 when there is none, and nothing is changed.
 */
int interrupt_take(void);

#endif
