/*
 * Programs built for a tool: target x tool x build -> artifact. Kept in a cache
 * by content: the key covers compiler, version, flags and the path of the
 * source; an entry is good as long as every file that the compiler read still
 * has the content that it had.
 */
#ifndef RACEGATE_ARTIFACT_H
#define RACEGATE_ARTIFACT_H

#include "base/err.h"
#include "base/home.h"
#include "catalog/catalog.h"
#include "tool/toolchain.h"

enum artifact_state { ARTIFACT_READY, ARTIFACT_FAILED };

struct artifact {
	const struct target *target; // borrowed
	enum tool_id tool;
	size_t build; // index into the tool's builds
	enum artifact_state state;
	char *program; // path; NULL when the build failed
	char *log;     // what the compiler said; "" when nothing
	bool cached;
};

struct artifact_list {
	struct artifact *items;
	size_t nr, alloc;
};

// Appends one unbuilt artifact for each build of the tool. A program built elsewhere is its own.
void artifact_add(struct artifact_list *artifacts, const struct target *target, enum tool_id tool);
void artifact_list_release(struct artifact_list *artifacts);

struct build_options {
	const struct home *home;
	const struct toolchain *toolchain;
	unsigned jobs;      // compilers at once
	int64_t timeout_ns; // then a compiler is ended and its artifact is FAILED; 0: minutes
	void (*progress)(void *ctx, size_t done, size_t all); // may be NULL
	void *ctx;
};

/*
 * Builds every artifact of the list that names a source. A program that does
 * not compile is not an error here: its artifact is FAILED and has the
 * compiler's output. Returns -1 only when the harness itself could not work, and the
 * number of an interrupt (base/interrupt.h) that it has taken: what was not built has no
 * program then, and no compiler is left.
 */
int artifact_build_all(struct artifact_list *artifacts, const struct build_options *options,
		       struct err *err);

#endif
