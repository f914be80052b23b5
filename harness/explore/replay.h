// Following a schedule again, from its file.
#ifndef RACEGATE_REPLAY_H
#define RACEGATE_REPLAY_H

#include "base/strbuf.h"
#include "explore/running.h"

struct replay {
	struct running running;
	struct schedule schedule;
	struct finding_list findings;
	char *outcome;
	char *divergence; // why it is no replay: as selfcheck() says it; NULL: it is one
};

/*
 * Runs the schedule over `argv`'s program. Another program than the schedule was
 * made with is ERR_INPUT. Release it in either case.
 */
int replay_run(struct replay *replay, const struct schedule *schedule, const char *const *argv,
	       struct err *err);
void replay_release(struct replay *replay);

/*
 * Prepares the same run once more, for a debugger that starts the program: it
 * stops, in rt_stop_here(), at what the schedule was kept for. `*value` is then
 * owned by the caller and belongs into RT_ENV. 0, or -1 with `err`.
 */
int replay_prepare_stop(const struct replay *replay, struct warm *warm, char **value,
			struct err *err);

#endif
