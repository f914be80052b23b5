// racegate-cc's arguments: what a call asks for, what is called instead, response files.
#include "base/mem.h"
#include "cc/cc_translate.h"
#include "cc/response.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

#define COMMON " -O0 -gdwarf-4 -fno-optimize-sibling-calls -g -fno-omit-frame-pointer -pthread"
#define LAST   " -fno-lto -U_FORTIFY_SOURCE"
#define CLANG                                                                                      \
	" -Xclang -fsanitize=thread -mllvm -tsan-instrument-read-before-write=1 -mllvm "           \
	"-tsan-distinguish-volatile=1" COMMON
#define GCC_ALONE " -fsanitize=thread --param tsan-distinguish-volatile=1" COMMON
#define GCC_LINKS " -Wp,-fsanitize=thread --param tsan-distinguish-volatile=1" COMMON
#define RUNTIME   " -rdynamic -Wl,--wrap=main -Wl,-u,main"
#define LINKED    " -pthread -Xlinker B/explore_rt.o"
#define DEBUG     " -g -fno-omit-frame-pointer -pthread"

struct row {
	const char *tool, *compiler, *given, *called;
};

static void split(const char *line, struct args *args)
{
	args_split(args, line);
	args_end(args);
}

static char *join(const struct args *args)
{
	struct strbuf line = STRBUF_INIT;

	for (size_t i = 0; i < args->nr; i++)
		strbuf_addf(&line, "%s%s", i ? " " : "", args->items[i]);
	return strbuf_detach(&line);
}

// The call, or "! " and the sentence that refuses it; owned.
static char *translated(const char *tool, const char *compiler, const char *given)
{
	struct cc_setting setting = { .folder = "B" };
	struct args args = { 0 }, out = { 0 };
	struct err err = ERR_INIT;
	char *text;

	split(given, &args);
	if (cc_settle(tool, compiler, &setting, &err) ||
	    cc_translate(&setting, &args, &out, &err)) {
		CHECK_NUMBER(err.class, ERR_INPUT);
		text = xasprintf("! %s", err.text);
	} else {
		CHECK_AT(given, out.items[out.nr] == NULL);
		text = join(&out);
	}
	args_release(&args);
	args_release(&out);
	return text;
}

static void check_rows(const struct row *rows, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		char *called = translated(rows[i].tool, rows[i].compiler, rows[i].given);

		CHECK_TEXT_AT(rows[i].given, called, rows[i].called);
		free(called);
	}
}

static void the_explorers_flags_follow_the_users(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, "-O2 -c a.c -o a.o", "clang -O2 -c a.c -o a.o" CLANG LAST },
		{ "explore", "", "-S a.c", "clang -S a.c" CLANG LAST },
		{ "", NULL, "-E a.c", "clang -E a.c" CLANG LAST },
		{ NULL, NULL, "-M a.c", "clang -M a.c" CLANG LAST },
		{ NULL, NULL, "-MD -MF a.d -c a.c", "clang -MD -MF a.d -c a.c" CLANG LAST },
		{ NULL, NULL, "-E -", "clang -E -" CLANG LAST },
		{ NULL, NULL, "-c a.i", "clang -c a.i" CLANG " -fno-lto" },
		{ NULL, NULL, "a.h", "clang a.h" CLANG LAST },
		{ NULL, NULL, "-c -- a.c", "clang -c" CLANG LAST " -- a.c" },
		{ NULL, NULL, "-c a.s", "clang -c a.s" },
		{ NULL, "gcc", "-c a.c", "gcc -c a.c" GCC_ALONE LAST },
		{ NULL, "/opt/gcc-13", "-c a.c", "/opt/gcc-13 -c a.c" GCC_ALONE LAST },
		{ NULL, "clang-15", "-c a.c", "clang-15 -c a.c" CLANG LAST },
	};

	check_rows(rows, ARRAY_SIZE(rows));
}

static void the_runtime_is_linked_into_programs_last(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, "a.o -L. -lx -o p", "clang" RUNTIME " a.o -L. -lx -o p" LINKED },
		{ NULL, NULL, "a.c b.c", "clang" RUNTIME " a.c b.c" CLANG LAST LINKED },
		{ NULL, "gcc", "a.c", "gcc" RUNTIME " a.c" GCC_LINKS LAST LINKED },
		{ NULL, NULL, "-x c -", "clang" RUNTIME " -x c -" CLANG LAST LINKED },
		{ NULL, NULL, "-xc x -x none y",
		  "clang" RUNTIME " -xc x -x none y" CLANG LAST LINKED },
		// Values are no inputs, whatever they look like.
		{ NULL, NULL, "-o x.c -include y.c z.o",
		  "clang" RUNTIME " -o x.c -include y.c z.o" LINKED },
		{ NULL, NULL, "-Wl,-rpath,. main.a",
		  "clang" RUNTIME " -Wl,-rpath,. main.a" LINKED },
	};

	check_rows(rows, ARRAY_SIZE(rows));
}

static void libraries_and_objects_have_no_runtime(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, "-shared a.o -o l.so",
		  "clang -shared a.o -o l.so -Wl,-z,undefs -pthread" },
		{ NULL, NULL, "-fPIC -shared a.c -Wl,-z,defs",
		  "clang -fPIC -shared a.c -Wl,-z,defs" CLANG LAST " -Wl,-z,undefs -pthread" },
		{ NULL, NULL, "-r a.o b.o -o c.o", "clang -r a.o b.o -o c.o" },
		{ NULL, NULL, "-static -shared a.o",
		  "clang -static -shared a.o -Wl,-z,undefs -pthread" },
	};

	check_rows(rows, ARRAY_SIZE(rows));
}

static void questions_pass_unchanged(void)
{
	static const char *const questions[] = {
		"",
		"-v",
		"--version",
		"-print-search-dirs",
		"-print-file-name=libc.so",
		"-dumpmachine",
		"--help",
		"-O2 --version a.c",
		"-lm -fsanitize=address",
		"-dumpversion x.cc",
	};

	for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
		char *called = translated(NULL, NULL, questions[i]);
		char *expected = xasprintf("clang%s%s", *questions[i] ? " " : "", questions[i]);

		CHECK_TEXT(called, expected);
		free(called);
		free(expected);
	}
}

static void what_the_explorer_sees_to_itself_is_dropped(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, "-fsanitize=thread -s a.o", "clang" RUNTIME " a.o" LINKED },
		{ NULL, NULL, "-fno-sanitize=all -c a.s", "clang -c a.s" },
		{ NULL, NULL, "-Wl,-s -Wl,--strip-all -D -s a.o",
		  "clang" RUNTIME " -D -s a.o" LINKED },
	};

	check_rows(rows, ARRAY_SIZE(rows));
}

static void other_tools_flags_come_before_the_users(void)
{
	static const struct row rows[] = {
		{ "native", NULL, "-O2 -c a.c", "gcc -O0" DEBUG " -O2 -c a.c" },
		{ "native", "clang", "a.o", "clang -O0" DEBUG " a.o" },
		{ "native", NULL, "-fsanitize=address -static a.o",
		  "gcc -O0" DEBUG " -fsanitize=address -static a.o" },
		{ "native", NULL, "-c a.s", "gcc -c a.s" },
		{ "drd", NULL, "a.c", "gcc -O0" DEBUG " a.c" },
		{ "tsan", NULL, "a.o",
		  "clang -O1 -fsanitize=thread -gdwarf-4" DEBUG " B/tsan_report.o a.o" },
		{ "tsan-gcc", NULL, "-c a.c", "gcc -O1 -fsanitize=thread" DEBUG " -c a.c" },
		{ "tsan-gcc", NULL, "-shared a.o",
		  "gcc -O1 -fsanitize=thread" DEBUG " -shared a.o -Wl,-z,undefs" },
	};

	check_rows(rows, ARRAY_SIZE(rows));
}

static void what_does_not_go_together_is_refused(void)
{
	static const struct row rows[] = {
		{ NULL, NULL, "-c a.cpp", "a.cpp: is C++" },
		{ "native", NULL, "-x c++ a.h", "a.h: is C++" },
		{ NULL, NULL, "-static a.o", "-static: the explorer needs a shared C library" },
		{ NULL, NULL, "-static-pie a.c",
		  "-static-pie: the explorer needs a shared C library" },
		{ NULL, NULL, "-fsanitize=address -c a.c",
		  "-fsanitize=address: brings its own runtime" },
		{ NULL, NULL, "-fsanitize=thread,undefined a.o",
		  "-fsanitize=thread,undefined: brings" },
		{ NULL, NULL, "-m32 -c a.c", "-m32: the explorer supports only 64-bit" },
		{ "helgrind", NULL, "-fsanitize=thread a.o", "Valgrind cannot run such a program" },
		{ "best", NULL, "a.c", "RACEGATE_TOOL=best is not a tool" },
		{ "tsan", "gcc", "a.c", "RACEGATE_CC=gcc does not build for RACEGATE_TOOL=tsan" },
		{ "tsan-gcc", "clang", "a.c", "use tsan" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *said = translated(rows[i].tool, rows[i].compiler, rows[i].given);

		CHECK_AT(said, said[0] == '!');
		CHECK_HAS(said, rows[i].called);
		free(said);
	}
}

static void response_files_are_read_as_gcc_reads_them(void)
{
	static const char *const rows[][2] = {
		{ "-c a.c\n\t-O2", "-c|a.c|-O2|" },
		{ "'two words' \"a\\\"b\" c\\ d", "two words|a\"b|c d|" },
		{ "-DX='\"s\"' ''", "-DX=\"s\"||" },
		{ "", "" },
		{ " \n", "" },
		{ "a\\", "a\\|" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct args args = { 0 };
		struct strbuf line = STRBUF_INIT;

		response_split(rows[i][0], &args);
		for (size_t k = 0; k < args.nr; k++)
			strbuf_addf(&line, "%s|", args.items[k]);
		CHECK_TEXT(line.buf, rows[i][1]);
		strbuf_release(&line);
		args_release(&args);
	}
}

static void response_files_name_others_but_not_without_end(void)
{
	char *dir = scratch_make();
	char *first = xasprintf("@%s/first", dir), *gone = xasprintf("@%s/gone", dir);
	char *loop = xasprintf("@%s/loop", dir), *inner = xasprintf("b.o @%s/second", dir);
	const char *const given[] = { "a.o", first, gone, NULL }, *const endless[] = { loop, NULL };
	char *expected = xasprintf("a.o b.o c.o %s", gone), *line;
	struct args args = { 0 };
	struct err err = ERR_INIT;

	scratch_write(dir, "first", inner);
	scratch_write(dir, "second", "c.o\n");
	scratch_write(dir, "loop", loop);
	CHECK_NUMBER(response_expand(given, &args, &err), 0);
	line = join(&args);
	CHECK_TEXT(line, expected);
	CHECK_NUMBER(response_expand(endless, &args, &err), -1);
	CHECK_HAS(err.text, "response files include each other");
	args_release(&args);
	free(line);
	free(expected);
	free(inner);
	free(loop);
	free(gone);
	free(first);
	scratch_drop(dir);
}

void suite_cc(void)
{
	static const struct test_case cases[] = {
		{ "the explorer's flags follow the user's", the_explorers_flags_follow_the_users },
		{ "the runtime is linked into programs, last",
		  the_runtime_is_linked_into_programs_last },
		{ "libraries and objects have no runtime", libraries_and_objects_have_no_runtime },
		{ "questions pass unchanged", questions_pass_unchanged },
		{ "what the explorer sees to itself is dropped",
		  what_the_explorer_sees_to_itself_is_dropped },
		{ "other tools' flags come before the user's",
		  other_tools_flags_come_before_the_users },
		{ "what does not go together is refused", what_does_not_go_together_is_refused },
		{ "response files are read as gcc reads them",
		  response_files_are_read_as_gcc_reads_them },
		{ "response files name others, but not without end",
		  response_files_name_others_but_not_without_end },
	};

	test_suite("cc", cases, ARRAY_SIZE(cases));
}
