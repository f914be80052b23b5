// The C library's own functions, and which code is the program's.
#ifndef RACEGATE_RT_REAL_H
#define RACEGATE_RT_REAL_H

#include "rt.h"

// One of the C library's functions; found before the first iteration begins.
struct rt_real {
	const char *name;
	void *function;
};

void rt_find_real(struct rt_real *real);
// RT_REAL(name)(arguments…)
#define RT_REAL(name)                                                                              \
	({                                                                                         \
		static struct rt_real real __attribute__((section("rt_reals"))) = { #name, NULL }; \
		if (RT_UNLIKELY(!real.function))                                                   \
			rt_find_real(&real);                                                       \
		(__typeof__(name) *)real.function;                                                 \
	})

// A name of the C library that we define, and what it has become.
struct rt_name {
	const char *name;
	void (*function)(void);
};

// The names of this kind that the program defines itself, separated by ", ".
void rt_own_names(char *to, size_t size);

// Whether the place is in the program's own code, an instrumented library's included, and not ours.
bool rt_in_program(uintptr_t pc);
// The library that has this place is instrumented: the program's own.
void rt_note_module(uintptr_t pc);
uintptr_t rt_program_base(void);

#endif
