#include "explore/log.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

struct writer {
	const struct campaign *campaign;
	const char *path;
	struct strbuf text;
	unsigned schedules;
	struct err *err;
};

static void add_line(struct writer *w, json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);

	strbuf_addf(&w->text, "%s\n", line ? line : "{}");
	free(line);
	json_decref(json);
}

static int add_shown(struct writer *w, const struct shown *shown, json_t *json)
{
	struct strbuf text = STRBUF_INIT;
	char *name;
	int rc;

	json_object_set_new(json, "iteration", json_integer((json_int_t)shown->iteration));
	if (!shown->schedule.nr) {
		add_line(w, json);
		return 0;
	}
	name = xasprintf("%s.%u.sched", w->path, ++w->schedules);
	json_object_set_new(json, "confirmed", json_boolean(shown->confirmed));
	json_object_set_new(json, "preemptions", json_integer((json_int_t)shown->preemptions));
	if (shown->divergence)
		json_object_set_new(json, "divergence", json_string(shown->divergence));
	json_object_set_new(json, "schedule", json_string(fs_base(name)));
	schedule_render(&shown->schedule, &text);
	rc = fs_write(name, text.buf, text.len, w->err);
	add_line(w, json);
	strbuf_release(&text);
	free(name);
	return rc;
}

static int add_finding(struct writer *w, const struct campaign_finding *f)
{
	json_t *json = json_object();

	json_object_set_new(json, "finding", finding_to_json(&f->finding));
	json_object_set_new(json, "hits",
			    json_integer((json_int_t)campaign_hits(w->campaign, &f->shown)));
	return add_shown(w, &f->shown, json);
}

static int add_outcome(struct writer *w, const struct campaign_outcome *o)
{
	json_t *json = json_object();

	json_object_set_new(json, "outcome", json_string(o->text));
	json_object_set_new(json, "ended", json_boolean(o->ended));
	json_object_set_new(json, "count",
			    json_integer((json_int_t)campaign_count(w->campaign, &o->shown)));
	return add_shown(w, &o->shown, json);
}

static void add_uncontrolled(struct writer *w)
{
	const struct rt_shared *shared = w->campaign->warm.shared;

	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++) {
		char *place = translate_place(&w->campaign->translator, shared->uncontrolled[i].pc);

		add_line(w, json_pack("{s:s,s:s}", "uncontrolled", shared->uncontrolled[i].name,
				      "place", place));
		free(place);
	}
}

static void add_end(struct writer *w)
{
	const struct campaign *c = w->campaign;
	struct guarantee guarantee = campaign_guarantee(c);

	add_line(w, json_pack("{s:{s:I,s:I,s:I,s:b,s:b,s:o}}", "end", "iterations",
			      (json_int_t)c->done, "steps", (json_int_t)c->most_steps, "threads",
			      (json_int_t)c->most_threads, "processes", c->processes, "stopped",
			      c->warm.stopped, "guarantee", guarantee_to_json(&guarantee)));
	guarantee_release(&guarantee);
}

int campaign_log(const struct campaign *campaign, const char *path, struct err *err)
{
	struct writer w = { .campaign = campaign, .path = path, .text = STRBUF_INIT, .err = err };
	int rc = 0;

	add_line(&w,
		 json_pack("{s:i,s:s}", "racegate-explore", 1, "program", campaign->program_hash));
	for (size_t i = 0; !rc && i < campaign->findings.nr; i++)
		rc = add_finding(&w, &campaign->findings.items[i]);
	for (size_t i = 0; !rc && i < campaign->outcomes.nr; i++)
		rc = add_outcome(&w, &campaign->outcomes.items[i]);
	add_uncontrolled(&w);
	add_end(&w);
	if (!rc)
		rc = fs_write(path, w.text.buf, w.text.len, err);
	strbuf_release(&w.text);
	return rc;
}
