#include "explore/confirm.h"

#include "base/mem.h"
#include "explore/selfcheck.h"

#include <stdlib.h>

int confirm(struct running *running, struct shown *shown, const struct rt_finding *finding,
	    struct err *err)
{
	const struct rt_result *r = &running->warm.shared->result;
	struct request request = running_replay(running, &shown->schedule);
	uint64_t outcome = 0;

	free(shown->divergence);
	shown->divergence = NULL;
	shown->confirmed = false;
	for (int again = 0; again < 2; again++) {
		if (warm_request(&running->warm, &request, err))
			return -1;
		// An outcome that differs without another event came from outside, and may decide
		// what is found.
		if (selfcheck(running, &request, shown->schedule.event_hash, outcome,
			      &shown->divergence, err))
			return -1;
		if (!shown->divergence && !running_shows(running, shown->hash, !finding))
			shown->divergence = xstrdup("the same schedule did not show it again");
		if (shown->divergence)
			return 0;
		outcome = r->outcome;
		// Now the steps are known as this schedule counts them.
		if (finding)
			request_watch(&request, running_found(running, shown->hash), 1);
	}
	shown->confirmed = true;
	shown->preemptions = (unsigned)r->preemptions;
	return 0;
}
