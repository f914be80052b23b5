#include "explore/linked.h"

#include "rt/protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

enum linked { LINKED_NO_ELF, LINKED_NOT, LINKED_OTHERWISE, LINKED };

static enum linked look_at_note(Elf_Data *notes)
{
	static const uint32_t protocol[] = { RT_PROTOCOL, sizeof(struct rt_shared) };
	size_t at = 0, name, words;
	GElf_Nhdr head;

	while ((at = gelf_getnote(notes, at, &head, &name, &words)) > 0) {
		const char *bytes = notes->d_buf;

		if (head.n_namesz != sizeof(RT_NOTE_NAME) || head.n_type != RT_NOTE_PROTOCOL ||
		    memcmp(bytes + name, RT_NOTE_NAME, sizeof(RT_NOTE_NAME)) != 0)
			continue;
		return head.n_descsz == sizeof(protocol) &&
				       !memcmp(bytes + words, protocol, sizeof(protocol))
			       ? LINKED
			       : LINKED_OTHERWISE;
	}
	return LINKED_NOT;
}

static enum linked look_at(Elf *elf)
{
	enum linked linked = LINKED_NOT;
	size_t nr = 0;
	GElf_Phdr part;

	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &nr))
		return LINKED_NO_ELF;
	for (size_t i = 0; i < nr && linked == LINKED_NOT; i++) {
		Elf_Data *notes = NULL;

		if (gelf_getphdr(elf, (int)i, &part) && part.p_type == PT_NOTE)
			notes = elf_getdata_rawchunk(elf, (int64_t)part.p_offset, part.p_filesz,
						     part.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
		if (notes)
			linked = look_at_note(notes);
	}
	return linked;
}

static enum linked look(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum linked linked;
	Elf *elf;

	if (fd < 0)
		return LINKED_NO_ELF;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	linked = look_at(elf);
	elf_end(elf);
	close(fd);
	return linked;
}

bool linked_at_all(const char *path)
{
	enum linked linked = look(path);

	return linked == LINKED || linked == LINKED_OTHERWISE;
}

int linked_check(const char *path, struct err *err)
{
	enum linked linked = look(path);

	if (access(path, X_OK) < 0)
		return err_input(err, "%s: %s", path, strerror(errno));
	if (linked == LINKED_NO_ELF)
		return err_input(err,
				 "%s: not an ELF program; if this is a libtool script, the program "
				 "is in .libs/",
				 path);
	if (linked == LINKED_NOT)
		return err_input(err,
				 "%s: not built for the explorer; build it with racegate-cc, as in "
				 "`make CC=racegate-cc`, or check it without the explorer with "
				 "`racegate run -- %s`",
				 path, path);
	if (linked == LINKED_OTHERWISE)
		return err_input(err, "%s: built with another version of racegate-cc; rebuild it",
				 path);
	return 0;
}
