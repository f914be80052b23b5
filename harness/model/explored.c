#include "model/explored.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "model/record.h"

#include <stdlib.h>
#include <string.h>

void explored_release(struct explored *explored)
{
	for (size_t i = 0; i < explored->outcomes.nr; i++) {
		free(explored->outcomes.items[i].text);
		free(explored->outcomes.items[i].schedule);
	}
	free(explored->outcomes.items);
	guarantee_release(&explored->guarantee);
	*explored = (struct explored){ 0 };
}

static json_t *outcome_to_json(const struct explored_outcome *o)
{
	json_t *json = json_pack("{s:s,s:b,s:I,s:I}", "text", o->text, "ended", o->ended, "count",
				 (json_int_t)o->count, "first", (json_int_t)o->first);

	if (o->schedule) {
		json_object_set_new(json, "schedule", json_string(o->schedule));
		json_object_set_new(json, "preemptions", json_integer((json_int_t)o->preemptions));
	}
	return json;
}

json_t *explored_to_json(const struct explored *e)
{
	json_t *outcomes = json_array();

	for (size_t i = 0; i < e->outcomes.nr; i++)
		json_array_append_new(outcomes, outcome_to_json(&e->outcomes.items[i]));
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:b,s:o,s:o}", "schedules", (json_int_t)e->schedules,
			 "found", (json_int_t)e->found, "first", (json_int_t)e->first, "steps",
			 (json_int_t)e->steps, "threads", (json_int_t)e->threads, "processes",
			 e->processes, "guarantee", guarantee_to_json(&e->guarantee), "outcomes",
			 outcomes);
}

int explored_from_json(const json_t *json, struct explored *e)
{
	const json_t *outcomes = json_object_get(json, "outcomes"), *outcome;
	size_t i;

	*e = (struct explored){
		.schedules = (uint64_t)number_of(json, "schedules"),
		.found = (uint64_t)number_of(json, "found"),
		.first = (uint64_t)number_of(json, "first"),
		.steps = (uint64_t)number_of(json, "steps"),
		.threads = (uint64_t)number_of(json, "threads"),
		.processes = json_is_true(json_object_get(json, "processes")),
	};
	guarantee_from_json(json_object_get(json, "guarantee"), &e->guarantee);
	if (!e->schedules || !json_is_array(outcomes)) {
		explored_release(e);
		return -1;
	}
	json_array_foreach (outcomes, i, outcome) {
		*VEC_PUSH(&e->outcomes) = (struct explored_outcome){
			.text = xstrdup(text_of(outcome, "text")),
			.ended = json_is_true(json_object_get(outcome, "ended")),
			.count = (uint64_t)number_of(outcome, "count"),
			.first = (uint64_t)number_of(outcome, "first"),
			.schedule =
				xstrdup(json_string_value(json_object_get(outcome, "schedule"))),
			.preemptions = (uint64_t)number_of(outcome, "preemptions"),
		};
	}
	return 0;
}

// Copies one schedule and gives it its new name.
static int keep(const char *dir, const char *session, const char *prefix, char **schedule,
		struct err *err)
{
	const char *number = *schedule ? strstr(*schedule, "explore.") : NULL;
	char *from, *to, *kept;
	int rc;

	if (!number)
		return 0;
	from = xasprintf("%s/%s", dir, *schedule);
	kept = xasprintf("schedules/%s-%s", prefix, number + strlen("explore."));
	to = xasprintf("%s/%s", session, kept);
	rc = fs_is_file(from) ? fs_copy(from, to, err) : 0;
	free(*schedule);
	*schedule = kept;
	free(from);
	free(to);
	return rc;
}

int explored_keep_schedules(const char *dir, const char *session, const char *name,
			    struct record *record, struct err *err)
{
	char *folder = xasprintf("%s/schedules", session);
	char *prefix = xasprintf("%s-%llu", name, (unsigned long long)record->run);
	struct explored *e = &record->explored;
	int rc = fs_mkdirs(folder, err);

	for (size_t i = 0; !rc && i < record->findings.nr; i++)
		rc = keep(dir, session, prefix, &record->findings.items[i].schedule, err);
	for (size_t i = 0; !rc && i < e->outcomes.nr; i++)
		rc = keep(dir, session, prefix, &e->outcomes.items[i].schedule, err);
	free(prefix);
	free(folder);
	return rc;
}
