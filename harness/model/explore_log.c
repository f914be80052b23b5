#include "model/explore_log.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>

// Of both findings and outcomes.
static json_t *shown_to_json(json_t *json, const char *count, const struct explore_line *line)
{
	json_object_set_new(json, count, json_integer((json_int_t)line->count));
	json_object_set_new(json, "iteration", json_integer((json_int_t)line->first));
	if (!line->schedule)
		return json;
	json_object_set_new(json, "confirmed", json_boolean(line->confirmed));
	json_object_set_new(json, "preemptions", json_integer((json_int_t)line->preemptions));
	set_text(json, "divergence", line->divergence);
	set_text(json, "schedule", line->schedule);
	return json;
}

static json_t *outcome_to_json(const struct explore_line *line)
{
	json_t *json = json_pack("{s:s,s:b}", "outcome", line->text, "ended", line->ended);

	set_number(json, "code", (uint64_t)line->code);
	set_text(json, "stderr", line->err);
	set_text(json, "limit", line->limit);
	if (line->lines)
		set_hash(json, "lines", line->lines);
	return json;
}

json_t *explore_line_to_json(const struct explore_line *line)
{
	const struct explored *e = &line->explored;

	switch (line->kind) {
	case LINE_BEGIN:
		return json_pack("{s:i,s:s}", "racegate-explore", 1, "program", line->text);
	case LINE_FINDING:
		return shown_to_json(json_pack("{s:o}", "finding", finding_to_json(&line->finding)),
				     "hits", line);
	case LINE_OUTCOME:
		return shown_to_json(outcome_to_json(line), "count", line);
	case LINE_UNCONTROLLED:
		return json_pack("{s:s,s:s}", "uncontrolled", line->text, "place", line->place);
	case LINE_ANSWERS:
		return json_pack("{s:o}", "answers", witness_list_to_json(&line->answers));
	case LINE_END:
		break;
	}
	return json_pack("{s:{s:I,s:I,s:I,s:I,s:b,s:b,s:o}}", "end", "iterations",
			 (json_int_t)e->schedules, "found", (json_int_t)e->found, "steps",
			 (json_int_t)e->steps, "threads", (json_int_t)e->threads, "processes",
			 e->processes, "stopped", line->stopped, "guarantee",
			 guarantee_to_json(&e->guarantee));
}

static int shown_from_json(const json_t *json, const char *count, struct explore_line *line)
{
	line->count = (uint64_t)number_of(json, count);
	line->first = (uint64_t)number_of(json, "iteration");
	line->schedule = xstrdup(json_string_value(json_object_get(json, "schedule")));
	line->confirmed = json_is_true(json_object_get(json, "confirmed"));
	line->preemptions = (uint64_t)number_of(json, "preemptions");
	line->divergence = xstrdup(text_of(json, "divergence"));
	return number_of(json, count) < 1 || number_of(json, "iteration") < 1 ? -1 : 0;
}

static int end_from_json(const json_t *end, struct explore_line *line)
{
	line->kind = LINE_END;
	line->explored = (struct explored){
		.schedules = (uint64_t)number_of(end, "iterations"),
		.found = (uint64_t)number_of(end, "found"),
		.steps = (uint64_t)number_of(end, "steps"),
		.threads = (uint64_t)number_of(end, "threads"),
		.processes = json_is_true(json_object_get(end, "processes")),
	};
	guarantee_from_json(json_object_get(end, "guarantee"), &line->explored.guarantee);
	line->stopped = json_is_true(json_object_get(end, "stopped"));
	return json_is_object(end) && number_of(end, "iterations") >= 0 ? 0 : -1;
}

static int explore_line_fill(const json_t *json, struct explore_line *line)
{
	const json_t *finding = json_object_get(json, "finding"),
		     *end = json_object_get(json, "end"),
		     *answers = json_object_get(json, "answers");
	const char *outcome = json_string_value(json_object_get(json, "outcome"));
	const char *call = json_string_value(json_object_get(json, "uncontrolled"));

	if (number_of(json, "racegate-explore") == 1) {
		line->text = xstrdup(text_of(json, "program"));
		return 0;
	}
	if (finding) {
		line->kind = LINE_FINDING;
		return finding_from_json(finding, &line->finding) ||
				       shown_from_json(json, "hits", line)
			       ? -1
			       : 0;
	}
	if (outcome) {
		line->kind = LINE_OUTCOME;
		line->text = xstrdup(outcome);
		line->ended = json_is_true(json_object_get(json, "ended"));
		line->code = (int)number_of(json, "code");
		line->err = xstrdup(json_string_value(json_object_get(json, "stderr")));
		line->limit = xstrdup(json_string_value(json_object_get(json, "limit")));
		line->lines = hash_of(json, "lines");
		return shown_from_json(json, "count", line);
	}
	if (end)
		return end_from_json(end, line);
	if (answers) {
		line->kind = LINE_ANSWERS;
		return witness_list_from_json(answers, &line->answers);
	}
	line->kind = LINE_UNCONTROLLED;
	line->text = xstrdup(call);
	line->place = xstrdup(text_of(json, "place"));
	return call ? 0 : -1;
}

int explore_line_from_json(const json_t *json, struct explore_line *line)
{
	*line = (struct explore_line){ 0 };
	if (!explore_line_fill(json, line))
		return 0;
	explore_line_release(line);
	return -1;
}

void explore_line_release(struct explore_line *line)
{
	free(line->text);
	free(line->place);
	finding_release(&line->finding);
	free(line->err);
	free(line->limit);
	free(line->schedule);
	free(line->divergence);
	witness_list_release(&line->answers);
	explored_release(&line->explored);
	*line = (struct explore_line){ 0 };
}
