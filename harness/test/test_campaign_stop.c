// Campaigns that are told to end: what was found until then is kept.
#include "test/campaigned.h"

#include <unistd.h>

struct stopped {
	struct run run;
	char *arg;
	int pipe[2]; // what is readable there stops it
	char *log;   // and its schedules
};

// `at_once`: it is told so before it begins; else the program may tell it.
static void run(struct stopped *s, const char *name, uint64_t iterations, bool at_once)
{
	CHECK_NUMBER(pipe(s->pipe), 0);
	if (at_once)
		CHECK_NUMBER(write(s->pipe[1], "x", 1), 1);
	s->arg = xasprintf("%d", s->pipe[1]);
	run_with(&s->run, name, s->arg,
		 (struct campaign_options){
			 .iterations = iterations, .seed = 1, .stop = s->pipe[0] });
	CU_ASSERT_TRUE(s->run.campaign.running.warm.stopped);
	s->log = log_of(&s->run);
	CHECK_HAS(s->log, "\"stopped\":true");
}

static void stopped_end(struct stopped *s)
{
	run_end(&s->run);
	close(s->pipe[0]);
	close(s->pipe[1]);
	free(s->arg);
	free(s->log);
}

/*
 * The first schedule that loses an update stops the campaign, be it one of its own
 * or a trial of minimising: the race had been found and followed before.
 */
static void what_was_found_is_kept(void)
{
	enum { SCHEDULES = 100000 };
	const struct known_finding *race = NULL;
	struct stopped s;

	run(&s, "stopper", SCHEDULES, false);
	CU_ASSERT(s.run.campaign.known.done >= 1 && s.run.campaign.known.done < SCHEDULES);
	for (size_t i = 0; i < s.run.campaign.known.findings.nr; i++)
		race = &s.run.campaign.known.findings.items[i];
	CU_ASSERT_PTR_NOT_NULL_FATAL(race);
	CHECK_NUMBER(race->finding.kind, KIND_DATA_RACE);
	CU_ASSERT_TRUE(race->shown.confirmed);
	CHECK_HAS(race->shown.schedule.shows, "data-race at stopper.c:");
	CHECK_HAS(s.log, "\"kind\":\"data-race\"");
	CHECK_HAS(s.log, "racegate-schedule 1\n");
	stopped_end(&s);
}

static void at_once_nothing_is_found(void)
{
	struct stopped s;

	run(&s, "stopper", 100, true);
	CHECK_NUMBER(s.run.campaign.known.findings.nr + s.run.campaign.known.outcomes.nr, 0);
	CU_ASSERT_PTR_NULL(strstr(s.log, "racegate-schedule"));
	stopped_end(&s);
}

void suite_campaign_stop(void)
{
	static const struct test_case cases[] = {
		{ "what was found is kept", what_was_found_is_kept },
		{ "at once, nothing is found", at_once_nothing_is_found },
	};

	test_suite("campaign_stop", cases, ARRAY_SIZE(cases));
}
