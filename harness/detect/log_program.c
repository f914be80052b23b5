#include "detect/log_program.h"

#include "base/fs.h"
#include "base/mem.h"
#include "tool/system.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// <exe> of <argv>, which stands before all errors; <vargv> has one, too.
static char *xml_program(const struct strbuf *log)
{
	static const char argv[] = "<argv>", open[] = "<exe>", close[] = "</exe>";
	const char *at = memmem(log->buf, log->len, argv, sizeof(argv) - 1), *end;

	at = at ? strstr(at, open) : NULL;
	end = at ? strstr(at, close) : NULL;
	if (!end)
		return NULL;
	at += sizeof(open) - 1;
	return xstrndup(at, (size_t)(end - at));
}

// "e.text.NAME.PID", as TSan's option log_exe_name has it.
static char *name_in_path(const char *path)
{
	static const char prefix[] = "e.text.";
	const char *name = fs_base(path), *dot = strrchr(name, '.');

	if (strncmp(name, prefix, sizeof(prefix) - 1) || dot < name + sizeof(prefix))
		return NULL;
	name += sizeof(prefix) - 1;
	return xstrndup(name, (size_t)(dot - name));
}

char *log_program(enum report_format format, const char *path, const struct strbuf *log)
{
	if (format == REPORT_VALGRIND_XML)
		return xml_program(log);
	return format == REPORT_TSAN_TEXT ? name_in_path(path) : NULL;
}

static bool is_static(const char *path)
{
	FILE *file = fopen(path, "re");
	Elf64_Ehdr head;
	Elf64_Phdr part;
	bool dynamic = true;

	if (!file)
		return false;
	if (fread(&head, sizeof(head), 1, file) == 1 && !memcmp(head.e_ident, ELFMAG, SELFMAG) &&
	    head.e_ident[EI_CLASS] == ELFCLASS64 && !fseek(file, (long)head.e_phoff, SEEK_SET)) {
		dynamic = false;
		for (unsigned i = 0; i < head.e_phnum && !dynamic; i++)
			dynamic = fread(&part, sizeof(part), 1, file) != 1 ||
				  part.p_type == PT_INTERP;
	}
	fclose(file);
	return !dynamic;
}

bool log_examines(enum report_format format, const char *program)
{
	if (format != REPORT_VALGRIND_XML)
		return true;
	return !system_program(program) && !is_static(program);
}
