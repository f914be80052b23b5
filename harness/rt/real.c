// The C library's own functions behind those that we define in their place.
#include "rt.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

extern const char __executable_start[], etext[];
// The linker's names for the bounds of our own code and of all RT_REAL()s.
extern const char __start_rt_text[], __stop_rt_text[];
extern struct rt_real __start_rt_reals[], __stop_rt_reals[];

void rt_find_real(struct rt_real *real)
{
	real->function = dlsym(RTLD_NEXT, real->name);
	if (!real->function) {
		fprintf(stderr, "racegate: the C library has no %s\n", real->name);
		abort();
	}
}

// Once, in the warmed process, instead of again in each iteration.
__attribute__((constructor)) static void find_all(void)
{
	if (!getenv(RT_ENV))
		return;
	// cppcheck-suppress comparePointers ; the linker's bounds of one section
	for (struct rt_real *real = __start_rt_reals; real < __stop_rt_reals; real++)
		real->function = dlsym(RTLD_NEXT, real->name);
}

static bool within(uintptr_t pc, const char *from, const char *to)
{
	return pc - (uintptr_t)from < (uintptr_t)to - (uintptr_t)from;
}

bool rt_in_program(uintptr_t pc)
{
	return within(pc, __executable_start, etext) &&
	       !within(pc, __start_rt_text, __stop_rt_text);
}

uintptr_t rt_program_base(void)
{
	return (uintptr_t)__executable_start;
}
