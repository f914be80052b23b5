#include "explore/replay.h"

#include "base/mem.h"

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

// First to learn the steps, then once more with eyes on them and every event written down.
static int follow(struct replay *replay, struct err *err)
{
	struct campaign *c = &replay->campaign;
	struct rt_request *request = &c->warm.shared->request;
	const struct rt_result *r = &c->warm.shared->result;
	uint64_t outcome;
	uint32_t nr = 0;

	*request = (struct rt_request){ .max_steps = MAX_STEPS,
					.threads = replay->schedule.threads,
					.wall_ms = WALL_MS };
	campaign_load(c, &replay->schedule);
	if (campaign_once(c, RT_POLICY_REPLAY, err))
		return -1;
	translator_init(&c->translator, c->warm.pid);
	outcome = r->outcome;
	for (uint32_t i = 0; i < r->nr_findings; i++)
		for (uint32_t k = 0; k < r->findings[i].nr_sites && nr < RT_MAX_WATCHES; k++)
			request->watches[nr++] = r->findings[i].sites[k].step;
	campaign_sort_watches(request, nr);
	request->trace = true;
	if (campaign_once(c, RT_POLICY_REPLAY, err))
		return -1;
	return campaign_divergence(c, replay->schedule.event_hash, outcome, &replay->divergence,
				   err);
}

static void take_result(struct replay *replay)
{
	struct campaign *c = &replay->campaign;
	const struct rt_result *r = &c->warm.shared->result;

	replay->outcome = campaign_outcome_text(c);
	for (uint32_t i = 0; i < r->nr_findings; i++)
		translate(&c->translator, &r->findings[i], r->watched,
			  c->warm.shared->request.nr_watches, VEC_PUSH(&replay->findings));
}

int replay_run(struct replay *replay, const struct schedule *schedule, const char *const *argv,
	       struct err *err)
{
	struct campaign *c = &replay->campaign;

	*replay = (struct replay){ .options = { .argv = argv, .target = schedule->target },
				   .schedule = *schedule };
	*c = (struct campaign){ .options = &replay->options, .warm = WARM_INIT };
	if (check_program(schedule, argv[0], err) || warm_start(&c->warm, argv, err) ||
	    follow(replay, err))
		return -1;
	take_result(replay);
	return 0;
}

void replay_release(struct replay *replay)
{
	finding_list_release(&replay->findings);
	free(replay->outcome);
	free(replay->divergence);
	campaign_release(&replay->campaign);
}

/*
 * Of what was found, that which the schedule shows; 0: it shows an outcome. Where
 * the program ended or nothing could be avoided any more is the place then.
 */
static void set_stop(const struct replay *replay, struct rt_request *request)
{
	const struct rt_result *r = &replay->campaign.warm.shared->result;
	const struct no_return *n = &replay->schedule.no_return;

	for (size_t i = 0; i < replay->findings.nr; i++) {
		char *words = campaign_words(&replay->findings.items[i]);

		if (!strcmp(words, replay->schedule.shows))
			request->stop_finding = r->findings[i].fingerprint;
		free(words);
	}
	if (request->stop_finding)
		return;
	request->stop_step = n->tried && n->step ? n->step : r->steps;
	request->nr_watches = 1;
	request->watches[0] = request->stop_step;
}

int replay_prepare_stop(const struct replay *replay, struct warm *warm, char **words,
			struct err *err)
{
	const struct schedule *s = &replay->schedule;
	struct rt_request *request;

	*warm = (struct warm)WARM_INIT;
	if (warm_prepare(warm, words, err))
		return -1;
	request = &warm->shared->request;
	*request = (struct rt_request){ .policy = RT_POLICY_REPLAY,
					.iterations = 1,
					.max_steps = MAX_STEPS,
					.threads = s->threads,
					.uncounted = true };
	memcpy(warm->shared->schedule_in, s->entries, s->nr * sizeof(*s->entries));
	warm->shared->nr_schedule_in = (uint32_t)s->nr;
	set_stop(replay, request);
	return 0;
}
