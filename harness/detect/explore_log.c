// The log of racegate-explore: JSON lines, written when the campaign is over.
#include "base/json.h"
#include "base/mem.h"
#include "detect/detect.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct record *record;
	bool began, ended;
};

static void add_inconclusive(struct record *record, enum finding_kind kind, const char *words)
{
	struct finding *finding = VEC_PUSH(&record->findings);

	*finding = (struct finding){ .kind = kind, .words = xstrdup(words) };
}

/*
 * What could not be shown a second time is no finding: the program takes input
 * that nobody controls.
 */
static int take_finding(struct reader *r, const json_t *line, const json_t *json)
{
	struct explored *e = &r->record->explored;
	uint64_t hits = (uint64_t)number_of(line, "hits"),
		 first = (uint64_t)number_of(line, "iteration");
	struct finding finding;

	if (number_of(line, "hits") < 1 || number_of(line, "iteration") < 1)
		return -1;
	if (!json_is_true(json_object_get(line, "confirmed"))) {
		add_inconclusive(r->record, KIND_UNCONTROLLED, text_of(line, "divergence"));
		return 0;
	}
	if (finding_from_json(json, &finding))
		return -1;
	finding.hits = hits;
	finding.first = first;
	finding.schedule = xstrdup(text_of(line, "schedule"));
	*VEC_PUSH(&r->record->findings) = finding;
	if (hits > e->found)
		e->found = hits;
	if (!e->first || first < e->first)
		e->first = first;
	return 0;
}

static int take_outcome(struct reader *r, const json_t *line, const char *text)
{
	if (number_of(line, "count") < 1 || number_of(line, "iteration") < 1)
		return -1;
	*VEC_PUSH(&r->record->explored.outcomes) = (struct explored_outcome){
		.text = xstrdup(text),
		.ended = json_is_true(json_object_get(line, "ended")),
		.count = (uint64_t)number_of(line, "count"),
		.first = (uint64_t)number_of(line, "iteration"),
		.schedule = xstrdup(json_string_value(json_object_get(line, "schedule"))),
		.preemptions = (uint64_t)number_of(line, "preemptions"),
	};
	// One of many may be counted without having been tried again.
	if (json_object_get(line, "schedule") && !json_is_true(json_object_get(line, "confirmed")))
		add_inconclusive(r->record, KIND_UNCONTROLLED, text_of(line, "divergence"));
	return 0;
}

static void drop_uncontrolled(struct finding_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->nr; i++)
		if (list->items[i].kind == KIND_UNCONTROLLED)
			finding_release(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	list->nr = kept;
}

static int take_end(struct reader *r, const json_t *end)
{
	struct explored *e = &r->record->explored;

	if (!json_is_object(end) || number_of(end, "iterations") < 0)
		return -1;
	e->schedules = (uint64_t)number_of(end, "iterations");
	e->steps = (uint64_t)number_of(end, "steps");
	e->threads = (uint64_t)number_of(end, "threads");
	e->processes = json_is_true(json_object_get(end, "processes"));
	guarantee_from_json(json_object_get(end, "guarantee"), &e->guarantee);
	// When it was stopped, how the run ended says more.
	if (!e->schedules && !json_is_true(json_object_get(end, "stopped")))
		add_inconclusive(r->record, KIND_TOOL_ERROR, "no schedule was explored");
	if (e->processes) {
		// The reason, rather than what follows from it.
		drop_uncontrolled(&r->record->findings);
		add_inconclusive(r->record, KIND_UNSUPPORTED, "child processes uncontrolled");
	}
	r->ended = true;
	return 0;
}

// Nobody knows what it would do at another time.
static int take_uncontrolled(struct reader *r, const json_t *line)
{
	const char *name = json_string_value(json_object_get(line, "uncontrolled"));
	char *words;

	if (!name)
		return -1;
	words = xasprintf("%s is not controlled, at %s", name, text_of(line, "place"));
	add_inconclusive(r->record, KIND_UNSUPPORTED, words);
	free(words);
	return 0;
}

static int take_line(struct reader *r, const json_t *line)
{
	const json_t *finding = json_object_get(line, "finding"),
		     *end = json_object_get(line, "end");
	const char *outcome = json_string_value(json_object_get(line, "outcome"));

	if (!r->began) {
		r->began = number_of(line, "racegate-explore") == 1;
		return r->began ? 0 : -1;
	}
	if (r->ended)
		return -1;
	if (finding)
		return take_finding(r, line, finding);
	if (outcome)
		return take_outcome(r, line, outcome);
	if (end)
		return take_end(r, end);
	return take_uncontrolled(r, line);
}

enum evidence explore_log_parse(const char *log, size_t len, struct record *record)
{
	struct reader r = { .record = record };
	const char *p = log, *end = log + len, *newline;

	if (!len)
		return EVIDENCE_MISSING;
	// The JSON parser takes some for blanks.
	if (memchr(log, '\0', len))
		return EVIDENCE_TAMPERED;
	while (p < end && (newline = memchr(p, '\n', (size_t)(end - p)))) {
		json_t *line = json_loadb(p, (size_t)(newline - p), 0, NULL);
		int rc = line ? take_line(&r, line) : -1;

		json_decref(line);
		if (rc)
			return EVIDENCE_TAMPERED;
		p = newline + 1;
	}
	return p == end && r.ended ? EVIDENCE_WHOLE : EVIDENCE_CUT;
}
