// What is said of a schedule that does not give the same run again: at which step it differs.
#ifndef RACEGATE_SELFCHECK_H
#define RACEGATE_SELFCHECK_H

#include "explore/running.h"

/*
 * The last iteration was this request, which follows a schedule: did it give these
 * events, and this outcome (0: any)? When not, repeats it some more times and says
 * in `*text`, owned, at which step its runs differ, what each did there and where;
 * when they do not differ, that. NULL: all is well, nothing was repeated. 0, or -1
 * with `err`.
 */
int selfcheck(struct running *running, const struct request *request, uint64_t event_hash,
	      uint64_t outcome, char **text, struct err *err);

#endif
