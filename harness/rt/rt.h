/*
 * The runtime of explored programs: what all of its files use. Each room has
 * headers of its own.
 *
 * All threads of the program run on one kernel thread, so nothing in here needs
 * a lock and every hook is atomic between two scheduling points. Hooks allocate
 * nothing: tables are fixed, and what must grow comes from one reserved mapping
 * (rt_alloc).
 */
#ifndef RACEGATE_RT_H
#define RACEGATE_RT_H

#include "protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The caller's caller: the place in the program that a hook was called from.
#define RT_PC() ((uintptr_t)__builtin_return_address(0))
// Functions of the C library that we define in its place, unless the program has its own.
#define RT_EXPORT __attribute__((visibility("default"), weak))
// What the compiler calls.
#define RT_HOOK        __attribute__((visibility("default")))
#define RT_LIKELY(x)   __builtin_expect(!!(x), 1)
#define RT_UNLIKELY(x) __builtin_expect(!!(x), 0)

/*
 * A writable variable belongs to the iteration that runs, which begins with
 * those of the warmed process, or to the process. sections.ld makes a section of each;
 * they begin as zeros. Large state that is rarely used comes after the rest, which so
 * fills few pages: each page that an iteration writes is a fault.
 */
#define RT_ITERATION_STATE __attribute__((section(".bss.rt_iteration")))
#define RT_COLD_STATE      __attribute__((section(".bss.rt_iteration.cold")))
#define RT_PROCESS_STATE   __attribute__((section(".bss.rt_process")))

#endif
