#include "tool/tool.h"

#include <string.h>

#define ARGS(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define NO_ARGS                                                                                    \
	(const char *const[])                                                                      \
	{                                                                                          \
		NULL                                                                               \
	}

// Frame pointers and whole call chains make every stack complete and do not change the races.
#define DEBUG_FLAGS "-g", "-fno-omit-frame-pointer", "-pthread"

// What decides what TSan finds, and how its end is seen: faults are the program's own.
#define TSAN_COMMON                                                                                \
	"exitcode=%x:print_suppressions=1:report_bugs=1:detect_deadlocks=1:second_deadlock_stack=" \
	"1:history_size=4:"                                                                        \
	"atexit_sleep_ms=200:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"       \
	"handle_abort=0:log_path='%e.text'"

#define TSAN_ENV                                                                                   \
	ARGS("TSAN_OPTIONS=symbolize=0:" TSAN_COMMON, "RACEGATE_EVIDENCE=%e.data",                 \
	     "RACEGATE_SEAL=%k")

// Reports of a program built elsewhere are text: symbolised by TSan, and with a first
// line that shows that it was there.
#define TSAN_FOREIGN_ENV ARGS("TSAN_OPTIONS=verbosity=1:log_exe_name=1:" TSAN_COMMON)

#define TSAN_SEES                                                                                  \
	(KIND_BIT(KIND_DATA_RACE) | KIND_BIT(KIND_LOCK_ORDER) | KIND_BIT(KIND_USE_AFTER_FREE) |    \
	 KIND_BIT(KIND_DOUBLE_LOCK) | KIND_BIT(KIND_BAD_UNLOCK) | KIND_BIT(KIND_DESTROY_LOCKED) |  \
	 KIND_BIT(KIND_INVALID_LOCK) | KIND_BIT(KIND_RWLOCK_MISUSE) | KIND_BIT(KIND_THREAD_LEAK) | \
	 KIND_BIT(KIND_SIGNAL_UNSAFE))

#define VALGRIND_SEES                                                                              \
	(KIND_BIT(KIND_DATA_RACE) | KIND_BIT(KIND_DOUBLE_LOCK) | KIND_BIT(KIND_BAD_UNLOCK) |       \
	 KIND_BIT(KIND_DESTROY_LOCKED) | KIND_BIT(KIND_INVALID_LOCK) |                             \
	 KIND_BIT(KIND_RWLOCK_MISUSE) | KIND_BIT(KIND_CONDVAR_MISUSE) |                            \
	 KIND_BIT(KIND_BARRIER_MISUSE) | KIND_BIT(KIND_SEMAPHORE_MISUSE) |                         \
	 KIND_BIT(KIND_LOCK_HELD_AT_EXIT))

#define VALGRIND(tool)                                                                             \
	ARGS("valgrind", tool, "--vgdb=no", "--xml=yes", "--xml-file=%e.xml.%p", "--fair-sched=try")

// Shared by the two rows of a pair: one detector with two compilers, two tools of Valgrind.
#define TSAN_ROW                                                                                   \
	.nr_builds = 1, .launch = NO_ARGS, .env = TSAN_ENV, .foreign_env = TSAN_FOREIGN_ENV,       \
	.format = REPORT_TSAN_DATA, .foreign = REPORT_TSAN_TEXT, .base_threads = 1, .naps = true,  \
	.timeout_factor = 4, .runs_fixed = 20, .runs_racy = 40, .enough = 10, .least = 10,         \
	.sees = TSAN_SEES

#define VALGRIND_ROW                                                                               \
	.program = "valgrind", .package = "valgrind", .compiler = "gcc",                           \
	.builds = { { "O0", ARGS("-O0", DEBUG_FLAGS) } }, .nr_builds = 1, .env = NO_ARGS,          \
	.foreign_env = NO_ARGS, .format = REPORT_VALGRIND_XML, .foreign = REPORT_VALGRIND_XML,     \
	.serial = true, .timeout_factor = 10, .small_scale = true, .runs_fixed = 3,                \
	.runs_racy = 20, .enough = 3, .least = 3

/*
 * Only the compiler proper gets -fsanitize=thread (-Xclang, -Wp): its driver
 * would link its runtime, and ours is to be linked. Explored is what the source says,
 * so -O0; clang drops the read of `x += d` by default.
 */
#define EXPLORE_COMMON "-O0", "-gdwarf-4", "-fno-optimize-sibling-calls", DEBUG_FLAGS

#define EXPLORE_CLANG                                                                              \
	ARGS("-Xclang", "-fsanitize=thread", "-mllvm", "-tsan-instrument-read-before-write=1",     \
	     "-mllvm", "-tsan-distinguish-volatile=1", EXPLORE_COMMON)

#define EXPLORE_GCC                                                                                \
	ARGS("-Wp,-fsanitize=thread", "--param", "tsan-distinguish-volatile=1", EXPLORE_COMMON)

#define EXPLORE_SEES                                                                               \
	(VALGRIND_SEES | KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG) | KIND_BIT(KIND_LIVELOCK) | \
	 KIND_BIT(KIND_LOST_WAKEUP) | KIND_BIT(KIND_USE_AFTER_FREE) | KIND_BIT(KIND_THREAD_LEAK) | \
	 KIND_BIT(KIND_API_MISUSE) | KIND_BIT(KIND_CRASH) | KIND_BIT(KIND_ASSERTION) |             \
	 KIND_BIT(KIND_SIGNAL_UNSAFE) | KIND_BIT(KIND_DIVERGENCE) | KIND_BIT(KIND_LOST_WORK))

static const struct tool_build explore_by_gcc[] = { { "O0", EXPLORE_GCC } };

static const struct tool tools[] = {
	[TOOL_NATIVE] = {
		.id = TOOL_NATIVE,
		.title = "plain runs",
		.shows_outcomes = true,
		.program = "gcc",
		.package = "gcc",
		.compiler = "gcc",
		.builds = { { "O0", ARGS("-O0", DEBUG_FLAGS) }, { "O2", ARGS("-O2", DEBUG_FLAGS) } },
		.nr_builds = 2,
		.launch = NO_ARGS,
		.env = NO_ARGS,
		.foreign_env = NO_ARGS,
		.format = REPORT_NONE,
		.foreign = REPORT_NONE,
		.timeout_factor = 1,
		.runs_fixed = 200,
		.runs_racy = 1000,
		.enough = 20,
		.least = 30,
		.sees = KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG) | KIND_BIT(KIND_LIVELOCK) |
			KIND_BIT(KIND_CRASH) | KIND_BIT(KIND_ASSERTION) | KIND_BIT(KIND_DIVERGENCE) |
			KIND_BIT(KIND_LOST_WORK),
	},
	[TOOL_TSAN] = {
		.id = TOOL_TSAN,
		.title = "ThreadSanitizer of clang",
		.program = "clang",
		.package = "clang",
		.compiler = "clang",
		.builds = { { "O1", ARGS("-O1", "-fsanitize=thread", "-gdwarf-4", DEBUG_FLAGS) } },
		TSAN_ROW,
	},
	[TOOL_TSAN_GCC] = {
		.id = TOOL_TSAN_GCC,
		.title = "ThreadSanitizer of gcc",
		.program = "gcc",
		.package = "gcc",
		.compiler = "gcc",
		.builds = { { "O1", ARGS("-O1", "-fsanitize=thread", DEBUG_FLAGS) } },
		TSAN_ROW,
	},
	[TOOL_HELGRIND] = {
		.id = TOOL_HELGRIND,
		.title = "Helgrind",
		VALGRIND_ROW,
		.launch = VALGRIND("--tool=helgrind"),
		.sees = VALGRIND_SEES | KIND_BIT(KIND_LOCK_ORDER) | KIND_BIT(KIND_API_MISUSE),
	},
	[TOOL_DRD] = {
		.id = TOOL_DRD,
		.title = "DRD",
		VALGRIND_ROW,
		.launch = VALGRIND("--tool=drd"),
		.sees = VALGRIND_SEES,
	},
	[TOOL_EXPLORE] = {
		.id = TOOL_EXPLORE,
		.title = "controlled exploration",
		.shows_outcomes = true,
		.program = "clang",
		.package = "clang",
		.compiler = "clang",
		.builds = { { "O0", EXPLORE_CLANG } },
		.other_compiler = "gcc",
		.other = explore_by_gcc,
		.nr_builds = 1,
		.launch = NO_ARGS,
		.env = NO_ARGS,
		.foreign_env = NO_ARGS,
		.format = REPORT_EXPLORE,
		.foreign = REPORT_EXPLORE,
		.serial = true,
		.iterations = 1000,
		.timeout_factor = 6,
		.small_scale = true,
		.runs_fixed = 1,
		.runs_racy = 4,
		.enough = 1,
		.least = 1,
		.sees = EXPLORE_SEES,
	},
};

const struct tool *tool_get(enum tool_id id)
{
	return &tools[id];
}

bool compiler_is_clang(const char *compiler)
{
	const char *slash = strrchr(compiler, '/');

	return strstr(slash ? slash : compiler, "clang") != NULL;
}

const char *const *tool_flags(const struct tool *tool, size_t build, const char *compiler)
{
	bool other = compiler && tool->other_compiler &&
		     compiler_is_clang(compiler) == compiler_is_clang(tool->other_compiler);

	return other ? tool->other[build].flags : tool->builds[build].flags;
}
