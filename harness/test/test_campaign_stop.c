// Campaigns that are told to end: what was found until then is kept.
#include "base/fs.h"
#include "explore/log.h"
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stopped {
	char *program, *arg;
	const char *argv[3];
	struct campaign_options options;
	struct campaign campaign;
	int pipe[2]; // what is readable there stops it
	char *log;   // and its first schedule, if there is one
};

static void add_file(const char *path, struct strbuf *text)
{
	struct err err = ERR_INIT;

	if (fs_is_file(path))
		CHECK_NUMBER(fs_read(path, 0, text, &err), 0);
	CHECK_TEXT(err.text, "");
}

static char *log_of(const struct campaign *c)
{
	char *dir = scratch_make(), *path = xasprintf("%s/log", dir);
	char *schedule = xasprintf("%s.1.sched", path);
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;

	CHECK_NUMBER(campaign_log(c, path, &err), 0);
	CHECK_TEXT(err.text, "");
	add_file(path, &text);
	add_file(schedule, &text);
	free(schedule);
	free(path);
	scratch_drop(dir);
	return strbuf_detach(&text);
}

// `at_once`: it is told so before it begins; else the program may tell it.
static void run(struct stopped *s, const char *name, uint64_t iterations, bool at_once)
{
	struct explored e;
	struct err err = ERR_INIT;

	explored_start(&e, name, NULL);
	explored_end(&e);
	*s = (struct stopped){ .program = xasprintf("build/fixtures/explore_%s_clang", name) };
	CHECK_NUMBER(pipe(s->pipe), 0);
	if (at_once)
		CHECK_NUMBER(write(s->pipe[1], "x", 1), 1);
	s->arg = xasprintf("%d", s->pipe[1]);
	s->argv[0] = s->program;
	s->argv[1] = s->arg;
	s->options = (struct campaign_options){ .argv = s->argv,
						.target = "own.c",
						.iterations = iterations,
						.seed = 1,
						.max_steps = 1000000,
						.wall_ms = 60000,
						.stop = s->pipe[0] };
	CHECK_NUMBER(campaign_run(&s->campaign, &s->options, &err), 0);
	CHECK_TEXT(err.text, "");
	CU_ASSERT_TRUE(s->campaign.warm.stopped);
	s->log = log_of(&s->campaign);
	CHECK_HAS(s->log, "\"stopped\":true");
}

static void run_end(struct stopped *s)
{
	campaign_release(&s->campaign);
	close(s->pipe[0]);
	close(s->pipe[1]);
	free(s->program);
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
	const struct campaign_finding *race = NULL;
	struct stopped s;

	run(&s, "stopper", SCHEDULES, false);
	CU_ASSERT(s.campaign.done >= 1 && s.campaign.done < SCHEDULES);
	for (size_t i = 0; i < s.campaign.findings.nr; i++)
		race = &s.campaign.findings.items[i];
	CU_ASSERT_PTR_NOT_NULL_FATAL(race);
	CHECK_NUMBER(race->finding.kind, KIND_DATA_RACE);
	CU_ASSERT_TRUE(race->shown.confirmed);
	CHECK_HAS(race->shown.schedule.shows, "data-race at stopper.c:");
	CHECK_HAS(s.log, "\"kind\":\"data-race\"");
	CHECK_HAS(s.log, "racegate-schedule 1\n");
	run_end(&s);
}

static void at_once_nothing_is_found(void)
{
	struct stopped s;

	run(&s, "stopper", 100, true);
	CHECK_NUMBER(s.campaign.findings.nr + s.campaign.outcomes.nr, 0);
	CU_ASSERT_PTR_NULL(strstr(s.log, "racegate-schedule"));
	run_end(&s);
}

void suite_campaign_stop(void)
{
	static const struct test_case cases[] = {
		{ "what was found is kept", what_was_found_is_kept },
		{ "at once, nothing is found", at_once_nothing_is_found },
	};

	test_suite("campaign_stop", cases, ARRAY_SIZE(cases));
}
