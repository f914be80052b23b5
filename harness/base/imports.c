#include "base/imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

static bool table_imports(Elf *elf, Elf_Scn *section, const GElf_Shdr *head, const char *function)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t nr = data && head->sh_entsize ? head->sh_size / head->sh_entsize : 0;
	GElf_Sym symbol;

	for (size_t i = 0; i < nr; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx != SHN_UNDEF)
			continue;
		name = elf_strptr(elf, head->sh_link, symbol.st_name);
		if (name && !strcmp(name, function))
			return true;
	}
	return false;
}

bool imports_function(const char *path, const char *function)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf_Scn *section = NULL;
	bool found = false;
	GElf_Shdr head;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	while (elf && !found && (section = elf_nextscn(elf, section)))
		found = gelf_getshdr(section, &head) && head.sh_type == SHT_DYNSYM &&
			table_imports(elf, section, &head, function);
	elf_end(elf);
	close(fd);
	return found;
}
