// Every writable variable of the runtime says how long it lasts: ci/check-state.sh.
#include "base/mem.h"
#include "test/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The exit status; `said` gets the first kilobyte of its output.
static int check_state(const char *object, char *said, size_t size)
{
	char *command = xasprintf("ci/check-state.sh %s", object);
	FILE *out = popen(command, "r");
	size_t len;

	free(command);
	if (!out)
		return -1;
	len = fread(said, 1, size - 1, out);
	said[len] = '\0';
	return pclose(out);
}

static void the_runtime_has_none_without_a_lifetime(void)
{
	char said[1024];

	CHECK_NUMBER(check_state("build/explore_rt.o", said, sizeof(said)), 0);
	CHECK_TEXT(said, "");
}

static void a_variable_without_a_lifetime_is_named(void)
{
	static const char source[] =
		"static int counter, table[64];\n"
		"int common;\n"
		"static const int constant[2] = { 1, 2 };\n"
		"__attribute__((section(\"rt_process\"))) int fine;\n"
		"int *f(int i) { static int preset = 3; static _Thread_local int own;\n"
		"return i > 3 ? &table[i] : i > 2 ? &own : i > 1 ? &preset : &counter; }\n"
		"const int *g(void) { return constant; }\n";
	static const char *const named[] = { "counter in .bss", "table in .bss", "common in COMMON",
					     "preset", "own" };
	char *dir = scratch_make(), said[1024], *compile, *object;

	scratch_write(dir, "state.c", source);
	object = xasprintf("%s/state.o", dir);
	compile = xasprintf("cc -O0 -fcommon -c %s/state.c -o %s", dir, object);
	CHECK_NUMBER(system(compile), 0); // NOLINT(concurrency-mt-unsafe)
	CHECK_NUMBER(check_state(object, said, sizeof(said)) != 0, 1);
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		CHECK_HAS(said, named[i]);
	CHECK_AT(said, !strstr(said, "fine") && !strstr(said, "constant"));
	free(compile);
	free(object);
	scratch_drop(dir);
}

void suite_rt_state(void)
{
	static const struct test_case cases[] = {
		{ "the runtime has none without a lifetime",
		  the_runtime_has_none_without_a_lifetime },
		{ "a variable without a lifetime is named",
		  a_variable_without_a_lifetime_is_named },
	};

	test_suite("rt_state", cases, ARRAY_SIZE(cases));
}
