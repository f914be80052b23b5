// Memory of the program, as its hooks know it.
#ifndef RACEGATE_RT_HOOKS_H
#define RACEGATE_RT_HOOKS_H

#include "rt.h"

// Memory that the C library has made for the program at `pc`; NULL stays NULL.
void *rt_born(void *memory, size_t size, uintptr_t pc);

#endif
