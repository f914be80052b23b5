#include "base/symbols.h"

#include "base/mem.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
	const char *file; // borrowed from the debug information
	int line, col;
};

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/*
 * The compilation unit that has code at `pc`. clang writes no .debug_aranges,
 * which is all that dwfl_module_addrdie() knows, so then every unit is asked.
 */
static Dwarf_Die *unit_of_pc(Dwfl_Module *mod, uint64_t pc, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(mod, pc, bias);

	if (unit && dwarf_haspc(unit, pc - *bias) > 0)
		return unit;
	for (unit = dwfl_module_nextcu(mod, NULL, bias); unit;
	     unit = dwfl_module_nextcu(mod, unit, bias))
		if (dwarf_haspc(unit, pc - *bias) > 0)
			return unit;
	return NULL;
}

static struct source source_of_pc(Dwarf_Die *unit, Dwarf_Addr pc)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, pc);
	struct source src = { 0 };

	if (line) {
		src.file = dwarf_linesrc(line, NULL, NULL);
		dwarf_lineno(line, &src.line);
		dwarf_linecol(line, &src.col);
	}
	return src;
}

static Dwarf_Word number_of(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value = 0;

	if (!dwarf_attr(die, name, &attr) || dwarf_formudata(&attr, &value))
		return 0;
	return value;
}

// Where the inlined function `die` was called.
static struct source source_of_call(Dwarf_Die *die, Dwarf_Die *unit)
{
	struct source src = { 0 };
	Dwarf_Files *files;
	size_t nr;

	if (!dwarf_getsrcfiles(unit, &files, &nr))
		src.file = dwarf_filesrc(files, number_of(die, DW_AT_call_file), NULL, NULL);
	src.line = (int)number_of(die, DW_AT_call_line);
	src.col = (int)number_of(die, DW_AT_call_column);
	return src;
}

/*
 * The scopes that physically contain `pc`, innermost first. dwarf_getscopes
 * alone follows an inlined function to its definition instead of its caller.
 */
static int scopes_of_pc(Dwarf_Die *unit, Dwarf_Addr pc, Dwarf_Die **scopes)
{
	Dwarf_Die *lexical = NULL;
	int nr = dwarf_getscopes(unit, pc, &lexical);

	*scopes = NULL;
	if (nr > 0)
		nr = dwarf_getscopes_die(&lexical[0], scopes);
	free(lexical);
	return nr;
}

// Adds the frames that the debug information knows; false when it knows no function there.
static bool add_dwarf_frames(Dwfl_Module *mod, uint64_t pc, const char *module, struct stack *stack)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = unit_of_pc(mod, pc, &bias), *scopes = NULL;
	int nr = unit ? scopes_of_pc(unit, pc - bias, &scopes) : 0;
	struct source src = { 0 };
	bool found = false;

	if (nr > 0)
		src = source_of_pc(unit, pc - bias);
	for (int i = 0; i < nr && !found; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		stack_add(stack, dwarf_diename(&scopes[i]), src.file, src.line, src.col, module);
		found = tag == DW_TAG_subprogram;
		if (!found)
			src = source_of_call(&scopes[i], unit);
	}
	free(scopes);
	return found;
}

void symbols_add_frames(Dwfl *dwfl, uint64_t pc, struct stack *stack)
{
	Dwfl_Module *mod = dwfl ? dwfl_addrmodule(dwfl, pc) : NULL;
	const char *file = NULL, *module;

	if (!mod) {
		stack_add(stack, NULL, NULL, 0, 0, NULL);
		return;
	}
	module = dwfl_module_info(mod, NULL, NULL, NULL, NULL, NULL, &file, NULL);
	module = base_name(file ? file : module);
	if (!add_dwarf_frames(mod, pc, module, stack))
		stack_add(stack, dwfl_module_addrname(mod, pc), NULL, 0, 0, module);
}

// A C identifier has no dot: a number after the last one counts namesakes, and the name before a
// dot is the enclosing function.
char *symbols_plain_name(const char *symbol)
{
	const char *start = symbol, *end = symbol + strlen(symbol);

	for (;;) {
		const char *dot = memrchr(symbol, '.', (size_t)(end - symbol));
		const char *p = dot ? dot + 1 : end;

		while (p < end && isdigit((unsigned char)*p))
			p++;
		if (!dot || dot == symbol || p < end) {
			start = dot && dot != symbol ? dot + 1 : symbol;
			break;
		}
		end = dot;
	}
	return xstrndup(start, (size_t)(end - start));
}

struct search {
	uint64_t addr;
	Dwfl_Module *found;
};

static int has_segment_at(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr start,
			  void *arg)
{
	struct search *search = arg;
	Dwarf_Addr bias = 0;
	Elf *elf = dwfl_module_getelf(mod, &bias);
	size_t nr = 0;

	(void)userdata, (void)name, (void)start;
	if (!elf || elf_getphdrnum(elf, &nr))
		return DWARF_CB_OK;
	for (size_t i = 0; i < nr; i++) {
		GElf_Phdr phdr;

		if (gelf_getphdr(elf, (int)i, &phdr) && phdr.p_type == PT_LOAD &&
		    search->addr - bias - phdr.p_vaddr < phdr.p_memsz)
			search->found = mod;
	}
	return search->found ? DWARF_CB_ABORT : DWARF_CB_OK;
}

// The end of .bss is not mapped from the file, so a map of the process does not give it to the
// module; the program header does.
static Dwfl_Module *module_of_object(Dwfl *dwfl, uint64_t addr)
{
	struct search search = { .addr = addr, .found = dwfl_addrmodule(dwfl, addr) };

	if (!search.found)
		dwfl_getmodules(dwfl, has_segment_at, &search, 0);
	return search.found;
}

char *symbols_object(Dwfl *dwfl, uint64_t addr, uint64_t *size)
{
	Dwfl_Module *mod = dwfl ? module_of_object(dwfl, addr) : NULL;
	GElf_Off offset = 0;
	const char *symbol;
	char *name, *inside;
	GElf_Sym sym;

	if (!mod)
		return NULL;
	symbol = dwfl_module_addrinfo(mod, addr, &offset, &sym, NULL, NULL, NULL);
	if (!symbol || GELF_ST_TYPE(sym.st_info) != STT_OBJECT)
		return NULL;
	// An object without a size (from assembly) is believed only at its very start.
	if (offset >= sym.st_size && offset != 0)
		return NULL;
	if (size)
		*size = sym.st_size;
	name = symbols_plain_name(symbol);
	if (!offset)
		return name;
	inside = xasprintf("%s+%llu", name, (unsigned long long)offset);
	free(name);
	return inside;
}

const char *symbols_section(Dwfl *dwfl, uint64_t addr)
{
	Dwfl_Module *mod = dwfl ? module_of_object(dwfl, addr) : NULL;
	Dwarf_Addr bias = 0;
	Elf *elf = mod ? dwfl_module_getelf(mod, &bias) : NULL;
	size_t names;

	if (!elf || elf_getshdrstrndx(elf, &names))
		return NULL;
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && header.sh_flags & SHF_ALLOC &&
		    addr - bias - header.sh_addr < header.sh_size)
			return elf_strptr(elf, names, header.sh_name);
	}
	return NULL;
}

// Only the file that was mapped: no search by build id, no debuginfod, no network.
static int find_elf(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
		    char **file_name, Elf **elf)
{
	(void)mod, (void)userdata, (void)base, (void)elf;
	if (name[0] != '/')
		return -1;
	*file_name = strdup(name);
	return open(name, O_RDONLY | O_CLOEXEC);
}

static int find_no_debuginfo(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
			     const char *file_name, const char *debuglink, GElf_Word crc,
			     char **debuginfo)
{
	(void)mod, (void)userdata, (void)name, (void)base;
	(void)file_name, (void)debuglink, (void)crc, (void)debuginfo;
	return -1;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_elf,
	.find_debuginfo = find_no_debuginfo,
	.section_address = dwfl_offline_section_address,
};

Dwfl *symbols_from_maps(const char *maps)
{
	FILE *in = maps && *maps ? fmemopen((void *)(uintptr_t)maps, strlen(maps), "r") : NULL;
	Dwfl *dwfl = in ? dwfl_begin(&callbacks) : NULL;

	if (dwfl) {
		dwfl_report_begin(dwfl);
		if (dwfl_linux_proc_maps_report(dwfl, in) || dwfl_report_end(dwfl, NULL, NULL)) {
			dwfl_end(dwfl);
			dwfl = NULL;
		}
	}
	if (in)
		fclose(in);
	return dwfl;
}

Dwfl *symbols_from_file(const char *path)
{
	Dwfl *dwfl = dwfl_begin(&callbacks);
	bool bad;

	if (!dwfl)
		return NULL;
	dwfl_report_begin(dwfl);
	bad = !dwfl_report_elf(dwfl, path, path, -1, 0, false);
	if (dwfl_report_end(dwfl, NULL, NULL) || bad) {
		dwfl_end(dwfl);
		return NULL;
	}
	return dwfl;
}
