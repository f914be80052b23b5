// The picture of a run that does not get on: its threads and what each waits for.
#ifndef RACEGATE_HANG_H
#define RACEGATE_HANG_H

#include "run/proc.h"
#include "run/run.h"

#include <elfutils/libdwfl.h>

void hang_release(struct hang *hang);

/*
 * Adds the threads of `processes` to `hang`. With `unwind` their stacks are
 * taken, which stops each thread for a moment. With `tool_naps` a thread that
 * a sanitizer created for itself is left out. What is unknown stays empty;
 * nothing here fails.
 */
void hang_take(struct hang *hang, const struct pid_list *processes, bool unwind, bool tool_naps);

// The parts of it. A Dwfl over the modules of a live process, attached to it so that its
// stacks can be taken; NULL when that cannot be done. The caller ends it.
Dwfl *hang_attach(pid_t pid);
void hang_unwind(Dwfl *dwfl, struct hang_thread *thread);

/*
 * Fills thread->object, lock_addr and holder from the call that the thread was
 * blocked in, its memory and its stack. `dwfl` may be NULL: no names then.
 */
void hang_explain(const struct hang *hang, struct hang_thread *thread, const struct proc_call *call,
		  Dwfl *dwfl);

#endif
