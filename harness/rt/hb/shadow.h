// Which thread touched what memory, and races between them.
#ifndef RACEGATE_RT_SHADOW_H
#define RACEGATE_RT_SHADOW_H

#include "rt.h"

void rt_shadow_begin(void);
// Checks one access of the running thread against all unordered ones, and remembers it.
void rt_access(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc);
// The same for a range of any size, of which the first MiB is checked: more has no history.
void rt_access_range(const void *from, size_t size, enum rt_op op, uintptr_t pc);
void rt_read(uintptr_t address, unsigned size, uintptr_t pc);
void rt_write(uintptr_t address, unsigned size, uintptr_t pc);
// Fresh memory: no thread has touched it.
void rt_shadow_clear(uintptr_t address, size_t size);
// Freed memory: accesses to it are reported.
void rt_shadow_free(uintptr_t address, size_t size);

#endif
