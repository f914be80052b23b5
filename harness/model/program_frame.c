// Which frame of a stack is the program's own.
#include "base/mem.h"
#include "model/finding.h"

#include <stdbool.h>
#include <string.h>

// Tools stand in the program's stacks by libraries, functions and sources of their own: of the
// first two by how the name begins.
static const char *const tool_modules[] = {
	"libtsan", "libasan", "libubsan", "vgpreload_", "librg-perturb", "libclang_rt",
};

static const char *const tool_functions[] = {
	"mythread_wrapper", "__tsan_", "__interceptor_", "___interceptor_",
	"__sanitizer_",     "__lsan_", "__ubsan_",
};

static const char *const tool_paths[] = { "/compiler-rt/", "/libsanitizer/" };

// Other libraries whose frames are never the program's.
static const char *const foreign_modules[] = {
	"libc.so",  "libc-2", "libpthread", "ld-linux", "ld-2",       "libm.so",
	"libgcc_s", "libdl",  "librt.so",   "[vdso]",   "linux-vdso",
};

// Parts of paths that only the C library's own sources have. Plain ones ("./io/") are not here: a
// project may have such a folder, and the C library's frames are known by its module.
static const char *const foreign_paths[] = {
	"/usr/include/",
	"/usr/lib/",
	"/sysdeps/",
	"./nptl/",
};

// Start-up code, by how the function's name begins.
static const char *const foreign_functions[] = {
	"_start",  "__libc_start_", "start_thread",
	"__clone", "clone3",        "__static_initialization_and_destruction",
};

/*
 * Functions that a tool's runtime wraps. clang links its runtime into the
 * program itself, so they are in the program's module; they count as foreign
 * only where no source line says otherwise (a program may define its own).
 */
static const char *const wrapped_families[] = {
	"pthread_", "sem_", "mtx_", "cnd_", "thrd_", "operator new", "operator delete", "epoll_",
};

static const char *const wrapped_functions[] = {
	"malloc",
	"calloc",
	"realloc",
	"free",
	"posix_memalign",
	"aligned_alloc",
	"memcpy",
	"memset",
	"memmove",
	"memcmp",
	"memchr",
	"strlen",
	"strcpy",
	"strncpy",
	"strcmp",
	"strncmp",
	"strcat",
	"strchr",
	"strdup",
	"strtol",
	"read",
	"write",
	"pread",
	"pwrite",
	"recv",
	"send",
	"open",
	"close",
	"dup",
	"dup2",
	"pipe",
	"poll",
	"select",
	"usleep",
	"nanosleep",
	"sleep",
	"clock_nanosleep",
	"printf",
	"fprintf",
	"snprintf",
	"vprintf",
	"puts",
	"fputs",
	"fwrite",
	"fread",
	"fopen",
	"fclose",
	"fflush",
	"raise",
	"kill",
	"abort",
	"exit",
	"_exit",
	"signal",
	"sigaction",
	"fork",
	"vfork",
	"waitpid",
	"dlopen",
	"mmap",
	"munmap",
	"call_once",
};

static bool starts_with_any(const char *text, const char *const *table, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strncmp(text, table[i], strlen(table[i])))
			return true;
	return false;
}

static bool is_any(const char *text, const char *const *table, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(text, table[i]))
			return true;
	return false;
}

static bool contains_any(const char *text, const char *const *table, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (strstr(text, table[i]))
			return true;
	return false;
}

static bool has_source(const struct frame *frame)
{
	return frame->file && frame->line > 0;
}

bool frame_of_tool(const struct frame *frame)
{
	if (!frame->func)
		return false;
	if (frame->module && starts_with_any(frame->module, tool_modules, ARRAY_SIZE(tool_modules)))
		return true;
	if (starts_with_any(frame->func, tool_functions, ARRAY_SIZE(tool_functions)))
		return true;
	return has_source(frame) && contains_any(frame->file, tool_paths, ARRAY_SIZE(tool_paths));
}

static bool is_foreign(const struct frame *frame)
{
	if (!frame->func || frame_of_tool(frame))
		return true;
	if (frame->module &&
	    starts_with_any(frame->module, foreign_modules, ARRAY_SIZE(foreign_modules)))
		return true;
	if (starts_with_any(frame->func, foreign_functions, ARRAY_SIZE(foreign_functions)))
		return true;
	if (has_source(frame))
		return contains_any(frame->file, foreign_paths, ARRAY_SIZE(foreign_paths));
	return starts_with_any(frame->func, wrapped_families, ARRAY_SIZE(wrapped_families)) ||
	       is_any(frame->func, wrapped_functions, ARRAY_SIZE(wrapped_functions));
}

bool frame_in_program(const struct frame *frame)
{
	return !is_foreign(frame);
}

const struct frame *stack_program_frame(const struct stack *stack)
{
	const struct frame *nameless = NULL;

	for (size_t i = 0; i < stack->nr; i++) {
		const struct frame *frame = &stack->items[i];

		if (is_foreign(frame))
			continue;
		if (has_source(frame))
			return frame;
		// Good enough for a program without debug information.
		if (!nameless)
			nameless = frame;
	}
	return nameless;
}
