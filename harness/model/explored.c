#include "model/explored.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void explored_release(struct explored *explored)
{
	for (size_t i = 0; i < explored->outcomes.nr; i++) {
		free(explored->outcomes.items[i].text);
		free(explored->outcomes.items[i].err);
		free(explored->outcomes.items[i].limit);
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

	set_number(json, "code", (uint64_t)o->code);
	set_text(json, "stderr", o->err);
	set_text(json, "limit", o->limit);
	if (o->lines)
		set_hash(json, "lines", o->lines);
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
			.code = (int)number_of(outcome, "code"),
			.err = xstrdup(json_string_value(json_object_get(outcome, "stderr"))),
			.limit = xstrdup(json_string_value(json_object_get(outcome, "limit"))),
			.count = (uint64_t)number_of(outcome, "count"),
			.first = (uint64_t)number_of(outcome, "first"),
			.lines = hash_of(outcome, "lines"),
			.schedule =
				xstrdup(json_string_value(json_object_get(outcome, "schedule"))),
			.preemptions = (uint64_t)number_of(outcome, "preemptions"),
		};
	}
	return 0;
}
