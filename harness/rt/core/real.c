// The C library's own functions behind those that we define in their place.
#include "core/real.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

extern const char __executable_start[], etext[];
// The linker's names for the bounds of our own code and of all RT_REAL()s.
extern const char __start_rt_text[], __stop_rt_text[];
extern const struct rt_name __start_rt_names[], __stop_rt_names[];
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

void rt_own_names(char *to, size_t size)
{
	size_t len = 0;

	to[0] = '\0';
	// cppcheck-suppress comparePointers ; the linker's bounds of one section
	for (const struct rt_name *name = __start_rt_names; name < __stop_rt_names; name++) {
		if (within((uintptr_t)name->function, __start_rt_text, __stop_rt_text))
			continue;
		if (len + strlen(name->name) + 3 > size)
			return;
		len += (size_t)sprintf(to + len, "%s%s", len ? ", " : "", name->name);
	}
}

// The code of libraries that are the program's own.
enum { MOST_MODULES = 128 };
static RT_COLD_STATE struct {
	uintptr_t begin, size;
} modules[MOST_MODULES];
static RT_ITERATION_STATE unsigned nr_modules;

static bool in_module(uintptr_t pc)
{
	for (unsigned i = 0; i < nr_modules; i++)
		if (pc - modules[i].begin < modules[i].size)
			return true;
	return false;
}

bool rt_in_program(uintptr_t pc)
{
	if (within(pc, __executable_start, etext))
		return !within(pc, __start_rt_text, __stop_rt_text);
	return in_module(pc);
}

static int take_module(struct dl_phdr_info *info, size_t size, void *data)
{
	const uintptr_t *pc = data;

	(void)size;
	// The dynamic linker: the caller left by a jump.
	if (info->dlpi_addr == getauxval(AT_BASE))
		return 0;
	for (int i = 0; i < info->dlpi_phnum && nr_modules < MOST_MODULES; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t begin = info->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD || *pc - begin >= part->p_memsz)
			continue;
		modules[nr_modules].begin = begin;
		modules[nr_modules].size = part->p_memsz;
		nr_modules++;
		return 1;
	}
	return 0;
}

void rt_note_module(uintptr_t pc)
{
	if (!within(pc, __executable_start, etext) && !in_module(pc))
		dl_iterate_phdr(take_module, &pc);
}

uintptr_t rt_program_base(void)
{
	return (uintptr_t)__executable_start;
}
