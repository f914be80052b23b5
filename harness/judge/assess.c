#include "judge/assess.h"

#include "base/fs.h"
#include "base/mem.h"
#include "catalog/marks.h"
#include "judge/outcome.h"
#include "model/limit.h"
#include "tool/tool.h"

#include <stdlib.h>
#include <string.h>

// A busy program that got less of a CPU than one part in this says nothing about livelock.
enum { STARVED_SHARE = 4 };

static bool on_marked_line(const struct testcase *tc, const struct stack *stack)
{
	for (size_t i = 0; i < stack->nr; i++) {
		const struct frame *frame = &stack->items[i];

		if (frame->file && !strcmp(fs_base(frame->file), "racy.c") &&
		    race_marks_find(&tc->marks, frame->line))
			return true;
	}
	return false;
}

static bool is_the_cases(const struct testcase *tc, const struct finding *finding)
{
	if (!(tc->kinds & KIND_BIT(finding->kind)))
		return false;
	if (finding->kind != KIND_DATA_RACE)
		return true;
	for (size_t i = 0; i < finding->accesses.nr; i++)
		if (on_marked_line(tc, &finding->accesses.items[i].stack))
			return true;
	return false;
}

// Of what a case does not expect all counts but notes.
static bool counts(const struct target *target, enum finding_kind kind)
{
	return target->tc ? kind_severity(kind) != SEVERITY_NOTE : gate_stops(&target->gate, kind);
}

static void weigh(const struct target *target, const struct finding_list *findings,
		  struct assessment *a)
{
	for (size_t i = 0; i < findings->nr; i++) {
		const struct finding *finding = &findings->items[i];

		if (kind_is_inconclusive(finding->kind)) {
			if (!a->inconclusive)
				a->inconclusive =
					xasprintf("%s: %s", kind_name(finding->kind),
						  finding->words ? finding->words : "no message");
		} else if (target->tc && target->variant == VARIANT_RACY &&
			   is_the_cases(target->tc, finding)) {
			a->detected = true;
		} else if (!counts(target, finding->kind)) {
			a->noted = true;
			if (!a->note)
				a->note = finding;
		} else if (!target->tc) {
			a->detected = true;
		} else {
			a->unexpected = true;
			if (!a->surprise)
				a->surprise = finding;
		}
	}
}

/*
 * The harness's own findings (crash, deadlock, hang) are what native has to
 * say. Under a detector they are part of the outcome: the detector said nothing.
 */
static void weigh_endings(const struct target *target, const struct record *record,
			  struct assessment *a)
{
	if (!target->tc) {
		weigh(target, &record->endings, a);
		return;
	}
	for (size_t i = 0; i < record->endings.nr; i++)
		if (record->tool == TOOL_NATIVE && target->variant == VARIANT_RACY)
			a->detected |= is_the_cases(target->tc, &record->endings.items[i]);
}

/*
 * The explorer's time was up. What it had found counts; that it had not found more
 * says less than was asked for.
 */
static bool was_cut_short(const struct record *record, const struct assessment *a)
{
	return record->tool == TOOL_EXPLORE &&
	       (record->how == ENDING_TIMEOUT || record->how == ENDING_HANG) && !a->detected &&
	       !a->unexpected && !(record->explored.schedules && a->diverged);
}

static char *cut_short_words(const struct record *record)
{
	return xasprintf(
		"time-out: the explorer was stopped after %.1f s and %llu schedules; give it "
		"more time (--timeout) or a smaller program (--scale), or ask for fewer "
		"schedules (--schedules)",
		(double)record->wall_ns / 1e9, (unsigned long long)record->explored.schedules);
}

static bool is_starved(const struct record *record)
{
	return record->how == ENDING_TIMEOUT && record->cpu_ns * STARVED_SHARE < record->wall_ns;
}

static char *starved_words(const struct record *record)
{
	return xasprintf("starved: had only %.1f s of CPU in %.1f s; the machine is too busy",
			 (double)record->cpu_ns / 1e9, (double)record->wall_ns / 1e9);
}

/*
 * Why the run ended before it could show a result; NULL when it did show one. A limit
 * that its case lists is a result like any other.
 */
static char *cut_off_words(const struct record *record, bool listed)
{
	const char *limit = record->limit ? record->limit : "resources";

	if (record->how == ENDING_NOT_STARTED)
		return xasprintf("not started: %s",
				 record->error ? record->error : "unknown reason");
	if (record->tool != TOOL_EXPLORE && !record->endings.nr && is_starved(record))
		return starved_words(record);
	if (record->how == ENDING_TIMEOUT && record->tool != TOOL_EXPLORE && !listed &&
	    !record->endings.nr)
		return xasprintf("timed out: still busy after %.1f s, and nothing shows that it "
				 "makes no progress; allow more time (--timeout) or give it less "
				 "to do (--scale, --args)",
				 (double)record->wall_ns / 1e9);
	if (record->how == ENDING_LIMIT && !listed)
		return xasprintf("limit: stopped at the limit on %s; %s", limit,
				 limit_advice(limit));
	return NULL;
}

static void weigh_evidence(const struct record *record, struct assessment *a)
{
	bool ended_itself = record->how == ENDING_EXIT;

	if (a->inconclusive)
		return;
	if (was_cut_short(record, a))
		a->inconclusive =
			is_starved(record) ? starved_words(record) : cut_short_words(record);
	// A detector ends as its program does; the explorer has an end of its own.
	else if (record->tool == TOOL_EXPLORE && ended_itself && record->code)
		a->inconclusive = xasprintf("tool-error: the explorer ended with %d: %s",
					    record->code, record->err ? record->err : "no message");
	else if (record->evidence == EVIDENCE_TAMPERED)
		a->inconclusive =
			xasprintf("tampered: %s", record->tampering ? record->tampering
								    : "the log is not the tool's");
	else if (record->evidence == EVIDENCE_MISSING)
		a->inconclusive = xasprintf("tampered: the tool left no log");
	else if (record->evidence == EVIDENCE_CUT && ended_itself)
		a->inconclusive = xasprintf(
			"tampered: the tool's log is cut off although the program exited");
}

// How one's own program ended: `status` is -1 when it did not exit.
static struct graded_end own_grade(const struct target *target, const char *text, int status)
{
	const struct outcome_row *row = outcome_row(target, text);
	const enum grade unlisted =
		target->gate.results == RESULTS_LISTED ? GRADE_FORBIDDEN : GRADE_ACCEPTABLE;

	if (row && row->fixed != GRADE_FORBIDDEN)
		return (struct graded_end){ .grade = row->fixed };
	if (row)
		return (struct graded_end){ .grade = GRADE_FORBIDDEN, .failed = status > 0 };
	if (status == EXIT_STATUS_SKIPPED && !gate_accepts(&target->gate, status))
		return (struct graded_end){ .skipped = true };
	if (gate_accepts(&target->gate, status))
		return (struct graded_end){ .grade = unlisted };
	return (struct graded_end){ .grade = GRADE_FORBIDDEN, .failed = status >= 0 };
}

struct graded_end explored_grade(const struct target *target,
				 const struct explored_outcome *outcome)
{
	if (outcome->limit && !outcome_row(target, outcome->text))
		return (struct graded_end){ .undecided = true };
	if (target->tc)
		return (struct graded_end){ .grade = outcome_grade(target, outcome->text) };
	return own_grade(target, outcome->text, outcome->ended ? outcome->code : -1);
}

// The worst of what its schedules came to. One's own program ends well in all of them.
static void grade_explored(const struct target *target, const struct record *record,
			   struct assessment *a)
{
	for (size_t i = 0; i < record->explored.outcomes.nr; i++) {
		const struct explored_outcome *outcome = &record->explored.outcomes.items[i];
		const enum grade grade = explored_grade(target, outcome).grade;

		if (grade > a->grade)
			a->grade = grade;
	}
}

static void take_first(uint64_t *first, uint64_t schedule)
{
	if (schedule && (!*first || schedule < *first))
		*first = schedule;
}

static uint64_t first_of(const struct target *target, const struct record *record)
{
	const struct testcase *tc = target->tc;
	enum answer wanted = tc ? tc->expect[target->variant][record->tool].answer : ANSWER_SILENT;
	uint64_t first = 0;

	for (size_t i = 0; wanted != ANSWER_DIVERGES && i < record->findings.nr; i++) {
		const struct finding *finding = &record->findings.items[i];

		if (wanted != ANSWER_DETECTS || is_the_cases(tc, finding))
			take_first(&first, finding->first);
	}
	for (size_t i = 0; wanted != ANSWER_DETECTS && i < record->explored.outcomes.nr; i++) {
		const struct explored_outcome *outcome = &record->explored.outcomes.items[i];

		if (outcome_is_bad(target, explored_grade(target, outcome).grade))
			take_first(&first, outcome->first);
	}
	return first;
}

// An exit status that is the tool's says nothing about the program.
static void grade_end(const struct target *target, const struct record *record, const char *text,
		      struct assessment *a)
{
	const int status = outcome_exit(record);
	const bool tools = record->how == ENDING_EXIT && status < 0;
	const struct graded_end graded = own_grade(target, text, tools ? 0 : status);

	a->grade = graded.grade;
	a->failed = graded.failed;
	a->skipped = graded.skipped;
}

// Of a run that is no campaign: unless it was cut off, its outcome and its end count.
static void grade_run(const struct target *target, const struct record *record,
		      struct assessment *a)
{
	struct strbuf outcome = STRBUF_INIT;

	outcome_text(record, &outcome);
	a->listed = outcome_row(target, outcome.buf) != NULL;
	a->inconclusive = cut_off_words(record, a->listed);
	// A campaign without a schedule: what ended is the explorer, not the program.
	a->undecided = a->inconclusive || record->tool == TOOL_EXPLORE;
	if (!a->undecided && target->tc)
		a->grade = outcome_grade(target, outcome.buf);
	else if (!a->undecided)
		grade_end(target, record, outcome.buf, a);
	strbuf_release(&outcome);
}

void assess(const struct target *target, const struct record *record, struct assessment *a)
{
	*a = (struct assessment){ .grade = GRADE_ACCEPTABLE };
	if (record->explored.schedules) {
		grade_explored(target, record, a);
		a->first = first_of(target, record);
	} else {
		grade_run(target, record, a);
	}
	a->diverged = outcome_is_bad(target, a->grade);
	// A log that was altered proves nothing, neither a finding nor its absence.
	if (record->evidence != EVIDENCE_TAMPERED)
		weigh(target, &record->findings, a);
	if (!a->undecided)
		weigh_endings(target, record, a);
	weigh_evidence(record, a);
}

void assessment_release(struct assessment *a)
{
	free(a->inconclusive);
	*a = (struct assessment){ 0 };
}

bool assessment_is_hit(enum tool_id tool, const struct assessment *a)
{
	return a->detected || (tool_get(tool)->shows_outcomes && a->diverged);
}

bool assessment_answers(const struct target *target, enum tool_id tool, const struct assessment *a)
{
	const struct testcase *tc = target->tc;

	if (a->inconclusive)
		return false;
	if (tc && tc->expect[target->variant][tool].answer == ANSWER_DIVERGES)
		return a->diverged;
	return assessment_is_hit(tool, a);
}
