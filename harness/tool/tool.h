/*
 * The witnesses: one constant row each. A tool is detector + compiler +
 * version; what is really on this machine is in toolchain.h.
 */
#ifndef RACEGATE_TOOL_H
#define RACEGATE_TOOL_H

#include "model/finding_kind.h"
#include "model/tool_id.h"

#include <stdbool.h>
#include <stddef.h>

// How a tool's evidence is read; a value, so that the rows need no parser.
enum report_format {
	REPORT_NONE,
	REPORT_TSAN_DATA,
	REPORT_TSAN_TEXT,
	REPORT_VALGRIND_XML,
	REPORT_EXPLORE,
};

// One way of compiling for a tool. Native has two: the compiler is part of the bug.
struct tool_build {
	const char *name;         // "O0", "O2"; part of every run's record
	const char *const *flags; // NULL-terminated
};

enum { MAX_BUILDS = 2 };

struct tool {
	enum tool_id id;
	const char *title;    // "ThreadSanitizer of clang"
	const char *program;  // what must be on PATH: the compiler or valgrind
	const char *package;  // Debian package that has it
	const char *compiler; // that builds for it
	// Builds for it as well when it is asked for; NULL: none does.
	const char *other_compiler;
	const struct tool_build *other; // as many as `builds`
	const struct tool_build builds[MAX_BUILDS];
	size_t nr_builds;
	const char *const *launch; // arguments before the program, NULL-terminated; "%e" is the
				   // evidence prefix
	// Settings, NULL-terminated; "%e" likewise; "%x" and "%k" are drawn for each run: an exit
	// code, the key of the seals on its reports.
	const char *const *env;
	const char *const *foreign_env; // the same for programs built elsewhere
	enum report_format format;
	enum report_format foreign; // for programs built elsewhere
	unsigned base_threads;      // threads it adds to the program's
	bool serial;                // runs one thread of the program at a time
	bool naps;                  // has a thread of its own that sleeps in a loop
	bool shows_outcomes;        // its runs show outcomes that count
	unsigned iterations;        // schedules that one run of an explorer tries; else 0
	double timeout_factor;      // times the native time-out
	bool small_scale;           // too slow for the native scale
	unsigned runs_fixed;        // runs of a variant that must be silent
	unsigned runs_racy;         // at most, of one that must be detected
	unsigned enough;            // detected so often: the rate is known well enough
	unsigned least;             // runs that are enough when they are slow
	kind_set sees;              // kinds it is made to report
};

const struct tool *tool_get(enum tool_id id);

// It chooses the schedules itself: a run is a campaign of many.
static inline bool tool_explores(const struct tool *tool)
{
	return tool->iterations > 0;
}

// Flags of `compiler` (a name or path: "gcc", "/usr/bin/clang-15"); NULL: the row's own.
const char *const *tool_flags(const struct tool *tool, size_t build, const char *compiler);
bool compiler_is_clang(const char *compiler); // by its name; all others are taken for gcc

#endif
