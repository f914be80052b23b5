// Findings of an iteration.
#ifndef RACEGATE_RT_REPORT_H
#define RACEGATE_RT_REPORT_H

#include "core/iteration.h"

// Where the running thread is, with its locks.
void rt_site_here(struct rt_site *site, enum rt_op op, uintptr_t address, unsigned size,
		  uintptr_t pc);
// The program says that races on this memory do not matter.
void rt_note_benign(uintptr_t address, size_t size);
// False: it is not among the findings, and it might be at another address.
bool rt_report(enum rt_finding_kind kind, const struct rt_site *sites, unsigned nr);
// One site, the running thread's.
void rt_report_here(enum rt_finding_kind kind, uintptr_t object, uintptr_t pc);
// The same, of a misuse that breaks this rule.
void rt_report_rule(enum rt_finding_kind kind, enum rt_rule rule, uintptr_t object, uintptr_t pc);
// The program calls a function that is not async-signal-safe.
static inline void rt_unsafe_call(uintptr_t object, uintptr_t pc)
{
	if (RT_UNLIKELY(rt_self->unsafe))
		rt_report_here(RT_FOUND_SIGNAL_UNSAFE, object, pc);
}
void rt_report_stuck(void);
// Does nothing: see rt_request.stop_finding.
void rt_stop_here(void);
// The program calls something that is not controlled.
void rt_report_uncontrolled(const char *name, uintptr_t pc);
// The running thread uses an object that child processes may use too: it is named, once there
// are some.
void rt_report_shared(const char *what, uintptr_t pc);

#endif
