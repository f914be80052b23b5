// What a program is made of, so that a schedule is followed with that and nothing else.
#include "base/args.h"
#include "base/child.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "explore/linked.h"
#include "explore/schedule.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { LINKER_MS = 10000 };

static int add_file(const char *path, bool only_instrumented, uint64_t *hash, struct err *err)
{
	struct strbuf content = STRBUF_INIT;
	int rc = fs_read(path, 0, &content, err);

	// Each instrumented module calls it when it is loaded.
	if (!rc && (!only_instrumented || memmem(content.buf, content.len, "__tsan_init", 11)))
		*hash = hash_bytes(*hash, content.buf, content.len);
	strbuf_release(&content);
	return rc;
}

// Asks the dynamic linker, as ldd does: the program itself does not run.
static int list_libraries(const char *path, struct strbuf *lines, struct err *err)
{
	const char *const argv[] = { path, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct args env = { 0 };
	int status = 0, rc;

	for (char **variable = environ; *variable; variable++)
		args_add(&env, *variable);
	args_add(&env, "LD_TRACE_LOADED_OBJECTS=1");
	args_end(&env);
	spec.argv = argv;
	spec.env = (const char *const *)env.items;
	rc = child_capture(&spec, LINKER_MS, lines, &status, err);
	args_release(&env);
	return rc;
}

// "	libledger.so => ./libledger.so (0x00007f2b…)"
static int add_libraries(const char *path, uint64_t *hash, struct err *err)
{
	struct strbuf lines = STRBUF_INIT;
	int rc = list_libraries(path, &lines, err);

	for (char *rest, *line = strtok_r(lines.buf, "\n", &rest); !rc && line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *library = strstr(line, " => "),
		     *end = library ? strstr(library, " (0x") : NULL;

		if (!end)
			continue;
		*end = '\0';
		rc = add_file(library + 4, true, hash, err);
	}
	strbuf_release(&lines);
	return rc;
}

char *schedule_program_hash(const char *path, struct err *err)
{
	uint64_t hash = HASH_INIT;

	if (add_file(path, false, &hash, err) ||
	    (linked_at_all(path) && add_libraries(path, &hash, err)))
		return NULL;
	return xasprintf("%016" PRIx64, hash);
}
