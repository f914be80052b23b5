#include "explore/log.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "explore/guarantee.h"
#include "model/explore_log.h"

#include <stdlib.h>
#include <string.h>

struct writer {
	const struct campaign *campaign;
	struct rt_shared *shared; // its
	const char *path;
	struct strbuf text;
	unsigned schedules;
	struct err *err;
};

static void log_line(struct writer *w, const struct explore_line *line)
{
	strbuf_add_json(&w->text, explore_line_to_json(line), JSON_COMPACT);
}

// A line about what some schedule showed; the schedule goes to a file of its own.
static int log_shown(struct writer *w, const struct shown *shown, struct explore_line *line)
{
	struct strbuf text = STRBUF_INIT;
	char *name;
	int rc;

	line->first = shown->iteration;
	if (!shown->schedule.nr) {
		log_line(w, line);
		return 0;
	}
	name = xasprintf("%s.%u.sched", w->path, ++w->schedules);
	line->confirmed = shown->confirmed;
	line->preemptions = shown->preemptions;
	line->divergence = shown->divergence;
	line->schedule = xstrdup(fs_base(name));
	log_line(w, line);
	free(line->schedule);
	schedule_render(&shown->schedule, &text);
	rc = fs_write(name, text.buf, text.len, w->err);
	strbuf_release(&text);
	free(name);
	return rc;
}

static int log_finding(struct writer *w, const struct known_finding *f)
{
	struct explore_line line = { .kind = LINE_FINDING,
				     .finding = f->finding,
				     .count = known_count(w->shared->findings, f->shown.hash) };

	return log_shown(w, &f->shown, &line);
}

static int log_outcome(struct writer *w, const struct known_outcome *o)
{
	struct explore_line line = { .kind = LINE_OUTCOME,
				     .text = o->text,
				     .ended = o->ended,
				     .code = o->code,
				     .err = o->err,
				     .limit = o->limit,
				     .lines = o->lines,
				     .count = known_count(w->shared->outcomes, o->shown.hash) };

	return log_shown(w, &o->shown, &line);
}

static void log_uncontrolled(struct writer *w)
{
	struct rt_shared *shared = w->shared;

	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++) {
		char *place = translate_place(&w->campaign->running.translator,
					      shared->uncontrolled[i].pc);

		log_line(w, &(struct explore_line){ .kind = LINE_UNCONTROLLED,
						    .text = shared->uncontrolled[i].name,
						    .place = place });
		free(place);
	}
}

// What a directed campaign was asked, and its answers.
static void log_answers(struct writer *w)
{
	struct witness_list *asked = w->campaign->options->asked;

	if (asked)
		log_line(w, &(struct explore_line){ .kind = LINE_ANSWERS, .answers = *asked });
}

static void log_end(struct writer *w)
{
	const struct campaign *c = w->campaign;
	struct explore_line line = { .kind = LINE_END,
				     .explored = { .schedules = c->known.done,
						   .found = w->shared->found,
						   .steps = c->known.most_steps,
						   .threads = c->known.most_threads,
						   .processes = c->known.processes,
						   .guarantee = campaign_guarantee(c) },
				     .stopped = c->running.warm.stopped };

	log_line(w, &line);
	explored_release(&line.explored);
}

int campaign_log(const struct campaign *campaign, const char *path, struct err *err)
{
	struct writer w = { .campaign = campaign,
			    .shared = campaign->running.warm.shared,
			    .path = path,
			    .text = STRBUF_INIT,
			    .err = err };
	int rc = 0;

	log_line(&w, &(struct explore_line){ .kind = LINE_BEGIN, .text = campaign->program_hash });
	for (size_t i = 0; !rc && i < campaign->known.findings.nr; i++)
		rc = log_finding(&w, &campaign->known.findings.items[i]);
	for (size_t i = 0; !rc && i < campaign->known.outcomes.nr; i++)
		rc = log_outcome(&w, &campaign->known.outcomes.items[i]);
	log_uncontrolled(&w);
	log_answers(&w);
	log_end(&w);
	if (!rc)
		rc = fs_write(path, w.text.buf, w.text.len, err);
	strbuf_release(&w.text);
	return rc;
}
