// The log of racegate-explore: JSON lines, written when the campaign is over.
#include "model/explore_log.h"
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
 * What could not be shown a second time is not a finding: the program depends on
 * uncontrolled input.
 */
static void take_finding(struct record *record, struct explore_line *line)
{
	struct explored *e = &record->explored;
	struct finding *finding;

	if (!line->confirmed) {
		add_inconclusive(record, KIND_UNCONTROLLED, line->divergence);
		return;
	}
	finding = VEC_PUSH(&record->findings);
	*finding = line->finding;
	line->finding = (struct finding){ 0 };
	finding->hits = line->count;
	finding->first = line->first;
	finding->schedule = xstrdup(line->schedule ? line->schedule : "");
	if (line->count > e->found)
		e->found = line->count;
	if (!e->first || line->first < e->first)
		e->first = line->first;
}

static void take_outcome(struct record *record, const struct explore_line *line)
{
	*VEC_PUSH(&record->explored.outcomes) = (struct explored_outcome){
		.text = xstrdup(line->text),
		.ended = line->ended,
		.code = line->code,
		.err = xstrdup(line->err),
		.limit = xstrdup(line->limit),
		.count = line->count,
		.first = line->first,
		.lines = line->lines,
		.schedule = xstrdup(line->schedule),
		.preemptions = line->preemptions,
	};
	// One of many may be counted without having been tried again.
	if (line->schedule && !line->confirmed)
		add_inconclusive(record, KIND_UNCONTROLLED, line->divergence);
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

static void take_end(struct record *record, struct explore_line *line)
{
	struct explored *e = &record->explored;

	// Schedules that showed several findings count once: at least as many as showed one of
	// them, and none when nothing was confirmed.
	if (!e->found || line->explored.found < e->found)
		line->explored.found = e->found;
	line->explored.first = e->first;
	line->explored.outcomes.items = e->outcomes.items;
	line->explored.outcomes.nr = e->outcomes.nr;
	line->explored.outcomes.alloc = e->outcomes.alloc;
	guarantee_release(&e->guarantee);
	*e = line->explored;
	line->explored = (struct explored){ 0 };
	// When it was stopped, how the run ended says more.
	if (!e->schedules && !line->stopped)
		add_inconclusive(record, KIND_TOOL_ERROR, "no schedule was explored");
	// One that ended before it was explored shows nothing.
	if (e->schedules && e->threads)
		record->alive = e->processes && e->threads < 2 ? 2 : (unsigned)e->threads;
	if (e->processes) {
		// The reason, rather than what follows from it.
		drop_uncontrolled(&record->findings);
		add_inconclusive(record, KIND_UNSUPPORTED, "child processes uncontrolled");
	}
}

// What the call does may differ next time.
static void take_uncontrolled(struct record *record, const struct explore_line *line)
{
	char *words = xasprintf("%s is not controlled, at %s", line->text, line->place);

	add_inconclusive(record, KIND_UNSUPPORTED, words);
	free(words);
}

static int take_log_line(struct reader *r, const json_t *json)
{
	struct explore_line line;

	if (r->ended || explore_line_from_json(json, &line))
		return -1;
	if (r->began == (line.kind == LINE_BEGIN)) {
		explore_line_release(&line);
		return -1;
	}
	switch (line.kind) {
	case LINE_BEGIN:
		r->began = true;
		break;
	case LINE_FINDING:
		take_finding(r->record, &line);
		break;
	case LINE_OUTCOME:
		take_outcome(r->record, &line);
		break;
	case LINE_UNCONTROLLED:
		take_uncontrolled(r->record, &line);
		break;
	case LINE_ANSWERS:
		witness_list_release(&r->record->answers);
		r->record->answers = line.answers;
		line.answers = (struct witness_list){ 0 };
		break;
	case LINE_END:
		take_end(r->record, &line);
		r->ended = true;
		break;
	}
	explore_line_release(&line);
	return 0;
}

enum evidence explore_log_parse(const char *log, size_t len, struct record *record)
{
	struct reader r = { .record = record };
	const char *p = log, *end = log + len, *newline;

	if (!len)
		return EVIDENCE_MISSING;
	// The JSON parser takes some of them for white space.
	if (memchr(log, '\0', len))
		return EVIDENCE_TAMPERED;
	while (p < end && (newline = memchr(p, '\n', (size_t)(end - p)))) {
		json_t *line = json_loadb(p, (size_t)(newline - p), 0, NULL);
		int rc = line ? take_log_line(&r, line) : -1;

		json_decref(line);
		if (rc)
			return EVIDENCE_TAMPERED;
		p = newline + 1;
	}
	return p == end && r.ended ? EVIDENCE_WHOLE : EVIDENCE_CUT;
}
