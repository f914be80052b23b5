// Following a schedule again, from its file.
#ifndef RACEGATE_REPLAY_H
#define RACEGATE_REPLAY_H

#include "base/strbuf.h"
#include "explore/campaign.h"

struct replay {
	struct campaign campaign; // of this one schedule
	struct campaign_options options;
	struct schedule schedule;
	struct finding_list findings;
	char *outcome;
	char *trouble; // why it is no replay: as campaign_trouble() says it; NULL: it is one
};

/*
 * Runs the schedule over `argv`'s program. Another program than the schedule was
 * made with is ERR_INPUT. Release it in either case.
 */
int replay_run(struct replay *replay, const struct schedule *schedule, const char *const *argv,
	       struct err *err);
void replay_release(struct replay *replay);

#endif
