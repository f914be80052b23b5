#include "explore/replay.h"

#include "base/mem.h"
#include "explore/selfcheck.h"

#include <stdlib.h>
#include <string.h>

enum { WALL_MS = 20000, MAX_STEPS = 2000000000 };

static int check_program(const struct schedule *schedule, const char *program, struct err *err)
{
	char *hash = schedule_program_hash(program, err);
	int rc = -1;

	if (!hash)
		return -1;
	if (!strcmp(hash, schedule->program))
		rc = 0;
	else
		err_input(err,
			  "the schedule belongs to another build: it was made with program %s, "
			  "and this one is %s; explore again, or give replay what explore was "
			  "given: %s",
			  schedule->program, hash,
			  schedule->built ? schedule->built : "no --cc, --cflags, --ldflags");
	free(hash);
	return rc;
}

// First to learn the steps, then once more to watch them and with every event recorded.
static int follow_twice(struct replay *replay, struct err *err)
{
	struct running *running = &replay->running;
	const struct rt_result *r = &running->warm.shared->result;
	struct request request = running_replay(running, &replay->schedule);
	uint64_t outcome;

	if (warm_request(&running->warm, &request, err))
		return -1;
	translator_init(&running->translator, running->warm.pid);
	outcome = r->outcome;
	request_watch(&request, r->findings, r->nr_findings);
	request.rt.trace = true;
	if (warm_request(&running->warm, &request, err))
		return -1;
	return selfcheck(running, &request, replay->schedule.event_hash, outcome,
			 &replay->divergence, err);
}

static void take_result(struct replay *replay)
{
	struct running *running = &replay->running;
	const struct rt_shared *shared = running->warm.shared;
	const struct rt_result *r = &shared->result;

	replay->outcome = running_outcome(running);
	for (uint32_t i = 0; i < r->nr_findings; i++)
		finding_from_rt(&running->translator, &r->findings[i], r->watched,
				shared->request.nr_watches, VEC_PUSH(&replay->findings));
}

int replay_run(struct replay *replay, const struct schedule *schedule, const char *const *argv,
	       struct err *err)
{
	*replay = (struct replay){ .running = RUNNING_INIT, .schedule = *schedule };
	replay->running.max_steps = MAX_STEPS;
	replay->running.wall_ms = WALL_MS;
	replay->running.threads = schedule->threads;
	if (check_program(schedule, argv[0], err) || warm_start(&replay->running.warm, argv, err) ||
	    follow_twice(replay, err))
		return -1;
	take_result(replay);
	return 0;
}

void replay_release(struct replay *replay)
{
	finding_list_release(&replay->findings);
	free(replay->outcome);
	free(replay->divergence);
	running_release(&replay->running);
}

/*
 * Of what was found, that which the schedule shows; 0: it shows an outcome. Where
 * the program ended or nothing could be avoided any more is the place then.
 */
static void set_stop(const struct replay *replay, struct request *request)
{
	const struct rt_result *r = &replay->running.warm.shared->result;
	const struct no_return *n = &replay->schedule.no_return;

	for (size_t i = 0; i < replay->findings.nr; i++) {
		char *text = finding_shown_text(&replay->findings.items[i]);

		if (!strcmp(text, replay->schedule.shows))
			request->rt.stop_finding = r->findings[i].fingerprint;
		free(text);
	}
	if (request->rt.stop_finding)
		return;
	request->rt.stop_step = n->tried && n->step ? n->step : r->steps;
	request->rt.nr_watches = 1;
	request->rt.watches[0] = request->rt.stop_step;
}

int replay_prepare_stop(const struct replay *replay, struct warm *warm, char **value,
			struct err *err)
{
	struct request request = running_replay(&replay->running, &replay->schedule);

	*warm = (struct warm)WARM_INIT;
	request.rt.wall_ms = 0;
	set_stop(replay, &request);
	return warm_prepare(warm, &request, value, err);
}
