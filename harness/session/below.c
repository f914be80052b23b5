#include "session/below.h"

#include "base/args.h"
#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "tool/system.h"

#include <string.h>
#include <unistd.h>

// The symbols of a program built elsewhere show whether it contains TSan.
static bool built_with_tsan(const char *program)
{
	struct strbuf content = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	bool found;

	fs_read(program, 0, &content, &ignored);
	found = content.len && memmem(content.buf, content.len, "__tsan_init", 11);
	strbuf_release(&content);
	return found;
}

// Every process that contains TSan leaves a log that says so.
static void run_once(const char *const *argv, const char *dir)
{
	enum { MINUTE_MS = 60000 };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	struct args env = { 0 };
	int status;

	for (char **old = environ; *old; old++)
		if (strncmp(*old, "TSAN_OPTIONS=", strlen("TSAN_OPTIONS=")) != 0)
			args_add(&env, *old);
	args_take(&env, xasprintf("TSAN_OPTIONS=verbosity=1:exitcode=0:log_path='%s/below'", dir));
	args_end(&env);
	spec.argv = argv;
	spec.env = (const char *const *)env.items;
	(void)child_capture(&spec, MINUTE_MS, &output, &status, &ignored);
	strbuf_release(&output);
	args_release(&env);
}

bool below_has_tsan(const char *const *argv, const char *dir)
{
	glob_t found = { 0 };
	bool any;

	if (!system_program(argv[0]))
		return built_with_tsan(argv[0]);
	run_once(argv, dir);
	any = fs_glob(dir, "/below.*", 0, &found);
	globfree(&found);
	return any;
}
