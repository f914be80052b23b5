#include "judge/verdict.h"

#include "base/mem.h"
#include "judge/results.h"
#include "tool/tool.h"

#include <stdlib.h>
#include <string.h>

#define ULL(x) ((unsigned long long)(x))

static const char *const status_names[] = { "pass", "fail", "inconclusive", "error", "skipped" };

const char *verdict_status_name(enum verdict_status status)
{
	return status_names[status];
}

bool verdict_is_conclusive(const struct verdict *verdict)
{
	return verdict->status == VERDICT_PASS || verdict->status == VERDICT_FAIL;
}

void verdict_release(struct verdict *verdict)
{
	free(verdict->reason);
	*verdict = (struct verdict){ 0 };
}

static void verdict_set(struct verdict *verdict, enum verdict_status status, char *reason)
{
	verdict->status = status;
	verdict->reason = reason;
}

/*
 * What a campaign of the explorer that cannot be trusted as a whole came to, apart from
 * its findings, which were followed again: nothing.
 */
static bool results_count(const struct cell *cell)
{
	return !(tool_explores(tool_get(cell->tool)) && cell->inconclusive);
}

// That the results of one's own program differ fails it.
static bool differs(const struct cell *cell)
{
	const enum results_differ how = results_differ(cell);

	return how != RESULTS_AGREE &&
	       gate_stops(&cell->target->gate,
			  how == RESULTS_REORDER ? KIND_LINE_ORDER : KIND_DIVERGENCE);
}

// What `runs` counts.
static const char *unit_of(const struct cell *cell)
{
	return tool_explores(tool_get(cell->tool)) ? "schedules" : "runs";
}

static bool is_doubtful(const struct cell *cell)
{
	return cell->inconclusive || cell->undecided;
}

// "3 of 10 runs are inconclusive; the first: …", and schedules that a limit ended. Owned.
static char *doubts(const struct cell *cell)
{
	struct strbuf text = STRBUF_INIT;

	if (cell->inconclusive)
		strbuf_addf(&text, "%llu of %llu runs are inconclusive; the first: %s",
			    ULL(cell->inconclusive), ULL(cell->runs), cell->first_inconclusive);
	if (cell->undecided)
		strbuf_addf(&text, "%s%llu of %llu schedules are inconclusive; the first: %s",
			    text.len ? "; " : "", ULL(cell->undecided), ULL(cell->runs),
			    cell->first_undecided);
	return strbuf_detach(&text);
}

// A verdict that holds although some runs are inconclusive says so.
static void mention_doubts(struct verdict *verdict, const struct cell *cell)
{
	char *reason = verdict->reason, *more;

	if ((verdict->status != VERDICT_PASS && verdict->status != VERDICT_FAIL) ||
	    verdict->limitation || !is_doubtful(cell))
		return;
	more = doubts(cell);
	verdict->reason = xasprintf("%s; %s", reason, more);
	free(reason);
	free(more);
}

static const char *observed(const struct cell *cell)
{
	if (!cell->runs)
		return "nothing";
	if (cell->detected || cell->unexpected)
		return "detects";
	if (cell->failed == cell->runs)
		return "fails";
	// Of a case's runs under a detector only what the detector itself says counts here.
	if (cell->target->tc ? cell->diverged && tool_get(cell->tool)->shows_outcomes
			     : results_differ(cell) == RESULTS_DIVERGE)
		return "diverges";
	if (cell->disputed)
		return "disputed";
	if (cell->noted || results_differ(cell) == RESULTS_REORDER)
		return "notes";
	return cell->inconclusive + cell->undecided >= cell->runs ? "nothing" : "silent";
}

/*
 * A bug that was seen was seen, even when a few runs are inconclusive: a racy
 * program may well break the tool that watches it. Silence proves nothing then.
 */
static bool proven(const struct cell *cell, enum answer answer)
{
	if (cell->inconclusive * 2 > cell->runs)
		return false;
	return (answer == ANSWER_DETECTS && cell->detected) ||
	       (answer == ANSWER_DIVERGES && cell->diverged);
}

/*
 * Whether something was seen that must not be there. Runs that say nothing take nothing
 * away from it.
 */
static bool shows_harm(const struct cell *cell, enum answer answer)
{
	const struct target *target = cell->target;

	if (!target->tc)
		return cell->detected || (results_count(cell) && (cell->unlisted || differs(cell)));
	return cell->unlisted || (target->variant == VARIANT_FIXED && cell->diverged) ||
	       (cell->unexpected && answer != ANSWER_FALSE_ALARM) ||
	       (cell->detected && answer == ANSWER_SILENT);
}

// Whether something prevents any verdict; `v` says what.
static bool hindered(const struct cell *cell, const struct circumstances *c, enum answer answer,
		     struct verdict *v)
{
	if (c->build_failed)
		verdict_set(v, VERDICT_ERROR, xstrdup("build-failed: see the build log"));
	else if (c->tool == TOOL_MISSING || c->tool == TOOL_BROKEN)
		verdict_set(v, VERDICT_ERROR,
			    xasprintf("tool-unavailable: %s",
				      c->tool_reason ? c->tool_reason : "unknown reason"));
	else if (!cell->runs)
		verdict_set(v, VERDICT_SKIPPED, xstrdup("nothing ran"));
	else if (is_doubtful(cell) && answer != ANSWER_UNSUPPORTED && !proven(cell, answer) &&
		 !shows_harm(cell, answer))
		verdict_set(v, VERDICT_INCONCLUSIVE, doubts(cell));
	else
		return false;
	return true;
}

static void pass_or_fail(struct verdict *v, bool pass, char *reason)
{
	verdict_set(v, pass ? VERDICT_PASS : VERDICT_FAIL, reason);
}

// A limitation that holds is a pass; so is one that does not, but it is said.
static void limited(struct verdict *v, bool holds, const char *reason, const char *otherwise)
{
	v->limitation = holds;
	v->limitation_gone = !holds;
	verdict_set(v, VERDICT_PASS, xstrdup(holds ? reason : otherwise));
}

static void judge_answer(const struct cell *cell, const struct expectation *e, struct verdict *v)
{
	unsigned long long n = ULL(cell->runs);
	uint64_t seen = tool_get(cell->tool)->shows_outcomes ? cell->bug_runs : cell->detected;

	switch (e->answer) {
	case ANSWER_DETECTS:
		pass_or_fail(v, cell->detected > 0,
			     xasprintf(cell->detected ? "reported in %llu of %llu runs"
						      : "reported in %llu of %llu runs, but a "
							"report was expected",
				       ULL(cell->detected), n));
		return;
	case ANSWER_DIVERGES:
		pass_or_fail(v, cell->diverged > 0,
			     xasprintf(cell->diverged ? "diverged in %llu of %llu runs"
						      : "diverged in %llu of %llu runs, but "
							"divergence was expected",
				       ULL(cell->diverged), n));
		return;
	case ANSWER_NONE:
		verdict_set(v, VERDICT_PASS,
			    xasprintf("the case states no expectation; the bug showed in %llu of "
				      "%llu runs",
				      ULL(seen), n));
		return;
	case ANSWER_SILENT:
		pass_or_fail(v, !seen,
			     seen ? xasprintf("expected silence, but %llu of %llu runs %s",
					      ULL(seen), n,
					      cell->detected ? "have reports" : "diverged")
				  : xasprintf("silent in %llu runs", n));
		return;
	case ANSWER_MISSES:
		limited(v, !seen, e->reason,
			"the case says that this tool misses the bug, but it was detected");
		return;
	case ANSWER_FALSE_ALARM:
		limited(v, cell->unexpected > 0, e->reason,
			"the case says that this tool reports a false positive, but it was silent");
		return;
	case ANSWER_UNSUPPORTED:
		limited(v, is_doubtful(cell) || cell->unlisted, e->reason,
			"the case says that this tool cannot run it, but it did");
		return;
	case ANSWER_SOMETIMES:
		limited(v, true, e->reason, "");
		return;
	case ANSWER_NR:
		break;
	}
}

static void judge_case(const struct cell *cell, struct verdict *v)
{
	const struct target *target = cell->target;
	const struct expectation *e = &target->tc->expect[target->variant][cell->tool];

	if (e->answer == ANSWER_UNSUPPORTED) {
		judge_answer(cell, e, v);
	} else if (cell->unlisted) {
		verdict_set(
			v, VERDICT_FAIL,
			xasprintf("%llu of %llu runs ended with a forbidden outcome; the first: %s",
				  ULL(cell->unlisted), ULL(cell->runs), cell->first_unlisted));
	} else if (target->variant == VARIANT_FIXED && cell->diverged) {
		verdict_set(v, VERDICT_FAIL,
			    xasprintf("%llu of %llu runs of the fixed variant diverged",
				      ULL(cell->diverged), ULL(cell->runs)));
	} else if (cell->unexpected && e->answer != ANSWER_FALSE_ALARM) {
		verdict_set(
			v, VERDICT_FAIL,
			xasprintf(
				"%llu of %llu runs have a report that the case does not list; the "
				"first: %s",
				ULL(cell->unexpected), ULL(cell->runs), cell->first_surprise));
	} else {
		judge_answer(cell, e, v);
	}
}

// A clean program, and what is worth knowing of it.
static char *clean_words(const struct cell *cell)
{
	struct strbuf words = STRBUF_INIT;

	strbuf_addf(&words, "clean in %llu %s", ULL(cell->runs), unit_of(cell));
	if (cell->noted)
		strbuf_addf(&words, ", but for notes in %llu; the first: %s", ULL(cell->noted),
			    cell->first_note);
	if (results_differ(cell) == RESULTS_REORDER) {
		char *order = results_words(cell);

		strbuf_addf(&words, "; note: %s", order);
		free(order);
	}
	return strbuf_detach(&words);
}

static void judge_own(const struct cell *cell, struct verdict *v)
{
	const struct gate *gate = &cell->target->gate;
	unsigned long long n = ULL(cell->runs);

	if (cell->detected)
		verdict_set(v, VERDICT_FAIL,
			    xasprintf("findings in %llu of %llu %s", ULL(cell->detected), n,
				      unit_of(cell)));
	else if (cell->failed == cell->runs)
		verdict_set(v, VERDICT_FAIL,
			    xasprintf("the program fails by itself, in %llu of %llu %s: %s", n, n,
				      unit_of(cell), cell->first_failed));
	else if (cell->unlisted && results_count(cell))
		verdict_set(v, VERDICT_FAIL,
			    xasprintf("%llu of %llu %s %s; the first: %s%s%s", ULL(cell->unlisted),
				      n, unit_of(cell),
				      gate->results == RESULTS_LISTED
					      ? "ended with a forbidden outcome"
					      : "did not exit normally",
				      cell->first_unlisted, cell->failed ? ", " : "",
				      cell->failed ? cell->first_failed : ""));
	else if (cell->skipped == cell->runs)
		verdict_set(v, VERDICT_SKIPPED,
			    xasprintf("the program skipped itself: exit %d in %llu of %llu %s",
				      EXIT_STATUS_SKIPPED, n, n, unit_of(cell)));
	else if (differs(cell))
		verdict_set(v, VERDICT_FAIL, results_words(cell));
	else if (cell->disputed)
		limited(v, true, "all that it reported is disputed or refuted, as the findings say",
			"");
	else
		verdict_set(v, VERDICT_PASS, clean_words(cell));
}

// Of what runs below a script a tool may see nothing that is worth a word.
static void ask_for_programs(struct verdict *v, const struct cell *cell)
{
	if (!cell->programs.nr || programs_examined(&cell->programs))
		return;
	free(v->reason);
	verdict_set(v, VERDICT_INCONCLUSIVE,
		    xasprintf("none of the programs could be examined: %s is statically linked, "
			      "or belongs to the system",
			      cell->programs.items[cell->programs.nr - 1].name));
}

int cell_company(const struct cell *cell, bool *unknown)
{
	*unknown |= cell->alone < cell->records;
	return cell->concurrent ? 1 : cell->records && cell->alone == cell->records ? -1 : 0;
}

// Cases with one thread and one process say so.
static bool may_be_sequential(const struct target *target)
{
	return target->tc ? target->tc->threads + target->tc->processes == 2
			  : target->gate.allow_sequential;
}

/*
 * Nothing is clean in which nothing could go wrong. One tool may have seen less than
 * another; that is said.
 */
static void ask_for_company(struct verdict *v, const struct cell *cell,
			    const struct circumstances *c)
{
	char *reason = v->reason;
	const bool known = cell->alone == cell->records;

	if (!cell->records || cell->concurrent || may_be_sequential(cell->target))
		return;
	if (c->sequential) {
		verdict_set(v, VERDICT_SKIPPED,
			    xasprintf("nothing ran concurrently in %llu %.*s; %s; "
				      "--allow-sequential if that is how it should be",
				      ULL(cell->runs),
				      (int)strlen(unit_of(cell)) - (cell->runs == 1), unit_of(cell),
				      cell->first_alone));
		v->limitation = v->limitation_gone = false;
	} else if (!cell->target->tc) {
		v->remark = true;
		v->reason = known ? xasprintf("%s, in which nothing ran concurrently", reason)
				  : xasprintf("%s; whether anything ran concurrently could not be "
					      "observed",
					      reason);
	} else {
		return;
	}
	free(reason);
}

void verdict_of(const struct cell *cell, const struct circumstances *circumstances,
		struct verdict *verdict)
{
	const struct target *target = cell->target;
	enum answer answer =
		target->tc ? target->tc->expect[target->variant][cell->tool].answer : ANSWER_SILENT;

	*verdict = (struct verdict){
		.expected = target->tc ? answer_name(answer) : "clean",
		.observed = observed(cell),
	};
	if (hindered(cell, circumstances, answer, verdict))
		return;
	if (target->tc)
		judge_case(cell, verdict);
	else
		judge_own(cell, verdict);
	if (verdict->status == VERDICT_PASS)
		ask_for_programs(verdict, cell);
	if (verdict->status == VERDICT_PASS)
		ask_for_company(verdict, cell, circumstances);
	mention_doubts(verdict, cell);
}
