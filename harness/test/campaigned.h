/*
 * Whole campaigns over the fixtures of explored.h, and what they found. All end the
 * test when the campaign fails.
 */
#ifndef RACEGATE_TEST_CAMPAIGNED_H
#define RACEGATE_TEST_CAMPAIGNED_H

#include "base/fs.h"
#include "explore/ask.h"
#include "explore/log.h"
#include "test/explored.h"
#include "test/guarantee_text.h"

#include <stdlib.h>
#include <string.h>

struct run {
	char *program;
	const char *argv[3];
	struct campaign_options options;
	struct campaign campaign;
	char *guarantee; // where a test has taken it
};

// Explores NAME.c, started with `arg` (NULL: nothing); max_steps 0: a million.
static inline void run_with(struct run *run, const char *name, const char *arg,
			    struct campaign_options options)
{
	struct explored e;
	struct err err = ERR_INIT;

	explored_start(&e, name, NULL); // builds it
	explored_end(&e);
	*run = (struct run){ .program = xasprintf("build/fixtures/explore_%s_clang", name),
			     .options = options };
	run->argv[0] = run->program;
	run->argv[1] = arg;
	run->options.argv = run->argv;
	run->options.target = "own.c";
	run->options.max_steps = options.max_steps ? options.max_steps : 1000000;
	run->options.wall_ms = 60000;
	CHECK_NUMBER((options.asked ? ask_run : campaign_run)(&run->campaign, &run->options, &err),
		     0);
	CHECK_TEXT(err.text, "");
}

static inline void run_end(struct run *run)
{
	campaign_release(&run->campaign);
	free(run->program);
	free(run->guarantee);
}

// NULL: it was not seen.
static inline const struct known_outcome *outcome(const struct run *run, const char *text)
{
	const struct campaign *c = &run->campaign;

	for (size_t i = 0; i < c->known.outcomes.nr; i++)
		if (!strcmp(c->known.outcomes.items[i].text, text))
			return &c->known.outcomes.items[i];
	return NULL;
}

static inline const struct known_finding *finding(const struct run *run, enum finding_kind kind)
{
	const struct campaign *c = &run->campaign;

	for (size_t i = 0; i < c->known.findings.nr; i++)
		if (c->known.findings.items[i].finding.kind == kind)
			return &c->known.findings.items[i];
	return NULL;
}

// Iterations that showed the outcome, or the finding.
static inline uint64_t campaign_count(const struct campaign *c, const struct shown *outcome)
{
	return known_count(c->running.warm.shared->outcomes, outcome->hash);
}

static inline uint64_t campaign_hits(const struct campaign *c, const struct shown *finding)
{
	return known_count(c->running.warm.shared->findings, finding->hash);
}

// The schedules that were kept, of what must have been seen.
static inline const struct schedule *schedule_of(const struct run *run, const char *text)
{
	const struct known_outcome *o = outcome(run, text);

	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	return &o->shown.schedule;
}

static inline const struct schedule *schedule_of_finding(const struct run *run,
							 enum finding_kind kind)
{
	const struct known_finding *f = finding(run, kind);

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	return &f->shown.schedule;
}

// The log and its schedules, put one behind the other; owned.
static inline char *log_of(const struct run *run)
{
	char *dir = scratch_make(), *path = xasprintf("%s/log", dir);
	struct strbuf all = STRBUF_INIT;
	struct err err = ERR_INIT;

	CHECK_NUMBER(campaign_log(&run->campaign, path, &err), 0);
	CHECK_TEXT(err.text, "");
	for (unsigned i = 0;; i++) {
		char *file = i ? xasprintf("%s.%u.sched", path, i) : xstrdup(path);
		bool there = fs_is_file(file);

		if (there)
			CHECK_NUMBER(fs_read(file, 0, &all, &err), 0);
		free(file);
		if (!there)
			break;
	}
	free(path);
	scratch_drop(dir);
	return strbuf_detach(&all);
}

#endif
