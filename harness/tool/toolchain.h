// What is on this machine: which witnesses can work here, and their versions.
#ifndef RACEGATE_TOOLCHAIN_H
#define RACEGATE_TOOLCHAIN_H

#include "tool/tool.h"

#include <stdbool.h>

enum tool_state {
	TOOL_UNPROBED, // found; no canary has run yet
	TOOL_READY,    // canaries answered as they must
	TOOL_MISSING,  // a program is not installed
	TOOL_BROKEN,   // installed, but a canary failed
};

struct tool_status {
	enum tool_state state;
	char *version; // "valgrind-3.19.0, gcc (Debian 12.2.0-14) 12.2.0"; NULL when missing
	// That builds for it, owned; NULL: the row's own.
	char *compiler;
	char *reason; // for MISSING and BROKEN: what is wrong and what to do; else NULL
	bool no_aslr; // starts here only without address space randomisation
};

struct toolchain {
	struct tool_status tools[TOOL_NR];
};

// Looks for every tool's programs on PATH and asks for their versions. Does not fail.
void toolchain_probe(struct toolchain *toolchain);
// Programs for the tool are built by another compiler than its row's; looks for that one.
void toolchain_use(struct toolchain *toolchain, enum tool_id id, const char *compiler);
void toolchain_release(struct toolchain *toolchain);

const char *tool_state_name(enum tool_state state); // "ready", "tool-unavailable", ...
int tool_state_from_name(const char *name);         // -1 when there is none

#endif
