/*
 * A session from its first folder to its last line: what `check`, `explore`
 * and `run` have in common once they know their targets.
 */
#ifndef RACEGATE_SESSION_H
#define RACEGATE_SESSION_H

#include "base/err.h"
#include "catalog/catalog.h"
#include "session/settings.h"

/*
 * Builds, runs and records. `dir` gets the session folder (owned by the caller),
 * or NULL when none could be created; it holds what ran, even after an error.
 * Returns 0 when all is done, the number of the signal that interrupted it, or
 * -1. The caller blocks SIGINT, SIGTERM and SIGHUP: the session looks at them
 * where it can clean up.
 */
int session_run(const struct settings *settings, const struct target_list *targets, char **dir,
		struct err *err);

#endif
