// The C library's own functions behind those that we define in their place.
#include "rt.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

extern const char __executable_start[], etext[];

void *rt_real(const char *name)
{
	void *real = dlsym(RTLD_NEXT, name);

	if (!real) {
		fprintf(stderr, "racegate: the C library has no %s\n", name);
		abort();
	}
	return real;
}

bool rt_in_program(uintptr_t pc)
{
	return pc - (uintptr_t)__executable_start <
	       (uintptr_t)etext - (uintptr_t)__executable_start;
}

uintptr_t rt_program_base(void)
{
	return (uintptr_t)__executable_start;
}
