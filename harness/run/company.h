/*
 * Whether a process was ever more than one thread, found out when it has ended: exact, without
 * a look while it ran and without its help, so also for static and set-uid programs.
 */
#ifndef RACEGATE_COMPANY_H
#define RACEGATE_COMPANY_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Threads and processes that were alive together in process `pid`, which has ended and was not
 * reaped yet: 2 when a second one ever ran, a thread or a child that it waited for; 1 when none
 * did; 0 when that cannot be told. Threads count for nothing when a tool adds some
 * (`tool_threads`). Children that it did not wait for are orphans (orphans.h).
 */
unsigned company_of(pid_t pid, bool tool_threads);

#endif
