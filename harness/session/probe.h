/*
 * Whether a tool can work on a program at all: where a known limitation says that it
 * may not, a small program of racegate's own shows it.
 */
#ifndef RACEGATE_PROBE_H
#define RACEGATE_PROBE_H

#include "session/runner.h"
#include "tool/limitation.h"

enum probe_state { PROBE_OPEN, PROBE_WORKS, PROBE_FAILS };

// The answers of a session, one for each tool and each limitation that has a probe.
struct probes {
	struct probe_answer {
		const struct limitation *limitation;
		enum tool_id tool;
		enum probe_state state;
	} * items;
	size_t nr, alloc;
};

void probes_release(struct probes *probes);

/*
 * The limitation for which the tool cannot run `program`, into `*out`; NULL: none. Runs a
 * probe the first time that its answer is needed. Returns as pool_run.
 */
int probe_program(struct probes *probes, const struct runner_settings *settings, enum tool_id tool,
		  const char *program, uint64_t *next_run, const struct limitation **out,
		  struct err *err);

#endif
