// What tells a program with this runtime from others: a note in its ELF file.
#include "protocol.h"

#include <elf.h>

#define WORD 4

struct note {
	Elf64_Nhdr head;
	char name[(sizeof(RT_NOTE_NAME) + WORD - 1) / WORD * WORD];
	uint32_t protocol[2];
};

// The linker keeps notes although nothing refers to them.
__attribute__((section(".note.racegate"), used, aligned(WORD))) static const struct note note = {
	.head = { .n_namesz = sizeof(RT_NOTE_NAME),
		  .n_descsz = sizeof(note.protocol),
		  .n_type = RT_NOTE_PROTOCOL },
	.name = RT_NOTE_NAME,
	.protocol = { RT_PROTOCOL, sizeof(struct rt_shared) },
};
