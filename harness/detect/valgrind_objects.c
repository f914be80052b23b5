#include "detect/valgrind_objects.h"

#include "base/mem.h"
#include "base/symbols.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MASK (~UINT64_C(0xfff))

void vg_objects_release(struct vg_objects *objects)
{
	if (objects->dwfl)
		dwfl_end(objects->dwfl);
	free(objects->path);
	*objects = (struct vg_objects){ 0 };
}

// The function's source line at `pc` as the file has it.
static int has_line(Dwfl *dwfl, uint64_t pc, const char *func, int line)
{
	struct stack stack = { 0 };
	int found = 0;

	symbols_add_frames(dwfl, pc, &stack);
	for (size_t i = 0; i < stack.nr; i++)
		found |= stack.items[i].func && !strcmp(stack.items[i].func, func) &&
			 stack.items[i].line == line;
	stack_release(&stack);
	return found;
}

/*
 * A file is loaded at a whole page, so a function's address leaves one base, or
 * a few for a large function; the line decides. Valgrind's PCs of callers are
 * return addresses, hence the second look.
 */
static int find_base(struct vg_objects *objects, uint64_t pc, const char *func, int line)
{
	Dwfl_Module *mod = dwfl_addrmodule(objects->dwfl, 0);
	int nr = mod ? dwfl_module_getsymtab(mod) : 0;

	for (int i = 1; i < nr; i++) {
		GElf_Sym sym;
		GElf_Addr start;
		const char *name = dwfl_module_getsym_info(mod, i, &sym, &start, NULL, NULL, NULL);

		if (!name || GELF_ST_TYPE(sym.st_info) != STT_FUNC || strcmp(name, func))
			continue;
		for (uint64_t base = (pc - start) & PAGE_MASK;
		     base <= pc && pc - base - start <= sym.st_size; base -= 4096) {
			if (has_line(objects->dwfl, pc - base, func, line) ||
			    has_line(objects->dwfl, pc - base - 1, func, line)) {
				objects->base = base;
				return 1;
			}
		}
	}
	return 0;
}

// The C library and the tool have names, but not those that a report is about.
static int is_system_file(const char *path)
{
	return !strncmp(path, "/usr/lib", 8) || !strncmp(path, "/lib", 4);
}

void vg_objects_frame(struct vg_objects *objects, const char *path, uint64_t pc, const char *func,
		      int line)
{
	if (objects->known || !line || !func || !path || is_system_file(path))
		return;
	if (!objects->path || strcmp(objects->path, path)) {
		vg_objects_release(objects);
		objects->path = xstrdup(path);
		objects->dwfl = symbols_from_file(path);
	}
	objects->known = objects->dwfl && find_base(objects, pc, func, line);
}

char *vg_objects_name(struct vg_objects *objects, uint64_t addr, uint64_t *size)
{
	if (!objects->known || addr < objects->base)
		return NULL;
	return symbols_object(objects->dwfl, addr - objects->base, size);
}
