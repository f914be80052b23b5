#include "report/explain.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

static const char *const kind_advice[KIND_NR] = {
	[KIND_DATA_RACE] = "protect both accesses by the same lock, or make the object atomic",
	[KIND_LOCK_ORDER] = "take these locks in one order everywhere",
	[KIND_LOCK_INVERSION] =
		"nothing now; one order everywhere keeps it from becoming a deadlock",
	[KIND_DEADLOCK] = "follow the schedule or the stacks: one of these threads must let go of "
			  "what it holds before it waits",
	[KIND_HANG] = "find who should have woken these threads, and why that did not happen",
	[KIND_LIVELOCK] = "find what would end the loop, and let the threads block instead of spin",
	[KIND_LOST_WAKEUP] = "change the condition and signal under the mutex, and wait in a loop "
			     "that checks the condition",
	[KIND_USE_AFTER_FREE] =
		"let the last user free the memory: join the others first, or count "
		"references",
	[KIND_DOUBLE_LOCK] = "leave the lock out where it is held already, or make it recursive",
	[KIND_BAD_UNLOCK] = "unlock only in the thread that locked, once for each lock",
	[KIND_DESTROY_LOCKED] = "unlock it, and join who may use it, before it is destroyed",
	[KIND_INVALID_LOCK] =
		"initialise the lock before its first use and do not use it after its "
		"destruction",
	[KIND_RWLOCK_MISUSE] = "look at the call that is named and at who holds the lock there",
	[KIND_CONDVAR_MISUSE] = "wait with the mutex held, always the same one, and destroy the "
				"variable when nobody waits",
	[KIND_SIGNAL_UNLOCKED] = "hold the waiters' mutex while the condition changes; the signal "
				 "itself may come after",
	[KIND_BARRIER_MISUSE] = "initialise it once, for the right number, and destroy it when all "
				"have left",
	[KIND_SEMAPHORE_MISUSE] =
		"initialise it before its first use, and destroy it when nobody waits",
	[KIND_THREAD_LEAK] = "join or detach the thread, unless it is meant to run to the end",
	[KIND_LOCK_HELD_AT_EXIT] = "unlock on every way out of the thread",
	[KIND_EXIT_WITH_LOCK] = "nothing, unless another process or an exit handler needs the lock",
	[KIND_SIGNAL_UNSAFE] = "only set a flag in the handler, or take the signal with sigwait()",
	[KIND_API_MISUSE] = "check what the call returned, and why it failed",
	[KIND_CRASH] = "read the stack and the log, and run it in a debugger",
	[KIND_ASSERTION] = "find out which thread broke what the program asserts",
	[KIND_DIVERGENCE] = "find what the result depends on; if all results are right: --outcomes",
	[KIND_LINE_ORDER] = "nothing, if any order is right: --outcomes lines",
	[KIND_LOST_WORK] = "find where the work that is missing was dropped",
	[KIND_UNSUPPORTED] = "use another tool for it, or leave out what this one cannot handle",
	[KIND_UNCONTROLLED] = "take away the input that differs from run to run",
	[KIND_TAMPERED] = "find out what wrote to the tool's log; believe none of these runs",
	[KIND_TOOL_ERROR] = "read the tool's message; `racegate doctor` says whether it works",
	[KIND_OTHER] = "read the tool's own words and its log",
};

static const char *const verdict_advice[VERDICT_NR] = {
	[VERDICT_PASS] = "nothing",
	[VERDICT_FAIL] = "repair what the findings name, or accept it as the reason says",
	[VERDICT_INCONCLUSIVE] =
		"take away what stopped the runs, as the reason says, and check again",
	[VERDICT_ERROR] = "repair the tool or the build; `racegate doctor` says what is missing",
	[VERDICT_SKIPPED] = "see to it that the program does something under this tool",
};

const char *explain_kind_advice(enum finding_kind kind)
{
	return kind_advice[kind];
}

const char *explain_verdict_advice(enum verdict_status status)
{
	return verdict_advice[status];
}

static void set_words(json_t *json, const char *key, struct strbuf *words)
{
	set_text(json, key, words->buf);
	strbuf_release(words);
}

json_t *explain_finding(const struct report *report, const struct bug *bug)
{
	const enum finding_kind kind = bug->finding.kind;
	struct strbuf what = STRBUF_INIT, by = STRBUF_INIT, sure = STRBUF_INIT, act = STRBUF_INIT;
	json_t *json = json_object();

	report_finding_title(&bug->finding, &what);
	strbuf_addf(&what, " (%s)", kind_meaning(kind));
	report_finding_rates(report, bug, &by);
	if (bug->triage.reason)
		strbuf_addf(&sure, "%s: %s", standing_name(bug->triage.standing),
			    bug->triage.reason);
	else
		strbuf_addstr(&sure, "it says why nothing can be said of these runs");
	strbuf_addstr(&act, explain_kind_advice(kind));
	if (bug->schedule)
		strbuf_addf(&act, "; to watch it: racegate replay --timeline %s/%s", report->dir,
			    bug->schedule);
	set_text(json, "of", bug->id);
	set_text(json, "target", report->list.items[bug->target].id);
	set_text(json, "severity", severity_name(kind_severity(kind)));
	set_words(json, "what", &what);
	set_words(json, "by", &by);
	set_words(json, "sure", &sure);
	set_words(json, "do", &act);
	return json;
}

static void add_surety(const struct cell *cell, struct strbuf *out)
{
	char *guarantee = guarantee_text(&cell->guarantee);

	if (*guarantee)
		strbuf_addstr(out, guarantee);
	else if (!cell->runs)
		strbuf_addstr(out, "nothing ran");
	else
		strbuf_addf(out, "%llu runs; what they did not show may still happen",
			    (unsigned long long)cell->runs);
	if (cell->target->gate.accepted)
		strbuf_addf(out, "; accepted by request: %s", cell->target->gate.accepted);
	free(guarantee);
}

json_t *explain_verdict(const struct report *report, size_t target, enum tool_id tool)
{
	const struct report_cell *rc = &report->targets[target].cells[tool];
	struct strbuf sure = STRBUF_INIT, act = STRBUF_INIT;
	json_t *json = json_object(), *findings = json_array();

	for (size_t i = 0; i < report->findings.nr; i++)
		if (report->findings.items[i].target == target &&
		    report->findings.items[i].tools[tool])
			json_array_append_new(findings, json_string(report->findings.items[i].id));
	add_surety(&rc->cell, &sure);
	strbuf_addstr(&act, explain_verdict_advice(rc->verdict.status));
	if (json_array_size(findings) && rc->verdict.status == VERDICT_FAIL)
		strbuf_addf(&act, "; `racegate explain %s %s` for the first of them",
			    json_string_value(json_array_get(findings, 0)), report->dir);
	set_text(json, "of", verdict_status_name(rc->verdict.status));
	set_text(json, "target", report->list.items[target].id);
	set_text(json, "what", rc->verdict.reason);
	set_text(json, "by", tool_name(tool));
	set_words(json, "sure", &sure);
	set_words(json, "do", &act);
	json_object_set_new(json, "findings", findings);
	return json;
}

void explain_text(const json_t *explanation, struct strbuf *out)
{
	static const struct {
		const char *key, *heading;
	} parts[] = {
		{ "what", "seen" },
		{ "by", "by" },
		{ "sure", "how sure" },
		{ "do", "to do" },
	};

	strbuf_addf(out, "%s  %s", text_of(explanation, "of"), text_of(explanation, "target"));
	if (*text_of(explanation, "severity"))
		strbuf_addf(out, "  [%s]", text_of(explanation, "severity"));
	strbuf_addch(out, '\n');
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, parts[i].heading, 10);
		text_wrap(out, text_of(explanation, parts[i].key), 12, 80);
	}
}
