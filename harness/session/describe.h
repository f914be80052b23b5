// session.json: everything about a session that is not in the lines of its runs.
#ifndef RACEGATE_DESCRIBE_H
#define RACEGATE_DESCRIBE_H

#include "build/artifact.h"
#include "session/settings.h"

#include <jansson.h>

struct session_facts {
	const struct settings *settings;
	const struct home *home;
	const struct toolchain *toolchain;
	const struct target_list *targets;
	const bool (*asked)[TOOL_NR]; // for each target; NULL before that is known
	const struct limitation *(*unsupported)[TOOL_NR]; // likewise; NULL: the tool can run it
	const struct artifact_list *artifacts;
	uint64_t seed;
	char started[32], ended[32]; // "" until then
	const char *status;          // "running", "complete", "interrupted", "failed"
};

json_t *session_describe(const struct session_facts *facts); // new reference

#endif
