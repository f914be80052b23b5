/*
 * Canaries: at the start of a session every tool must detect a planted bug and
 * stay silent on its repaired twin. A tool that fails is `broken`, and none of its
 * results count.
 */
#ifndef RACEGATE_CANARY_H
#define RACEGATE_CANARY_H

#include "session/runner.h"

/*
 * Runs the canaries of the tools named in `tools` that are installed, and sets
 * their state and reason in `toolchain` (the one that settings point to). A
 * tool that cannot start is retried without address randomisation.
 * Returns as pool_run.
 */
int canary_run(const struct runner_settings *settings, struct toolchain *toolchain,
	       const bool tools[TOOL_NR], uint64_t *next_run, struct err *err);

#endif
