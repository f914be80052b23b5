/*
 * A session as people and programs read it: everything on disk, loaded,
 * merged and judged. Nothing here runs anything, so a session can be graded
 * and rendered as often as one likes.
 */
#ifndef RACEGATE_REPORT_H
#define RACEGATE_REPORT_H

#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "judge/triage.h"
#include "judge/verdict.h"
#include "report/formats.h"

#include <jansson.h>

// One bug, one entry: what several runs and tools reported.
struct bug {
	char id[48]; // "data-race-1f0c22a98b3d4e5f": survives edits elsewhere in the file
	struct finding finding; // of the report that says most
	size_t target;          // index in report->targets
	bool by_harness; // seen by the harness in runs under these tools; the tools said nothing
	uint64_t tools[TOOL_NR]; // runs that reported it
	uint64_t first_run, first_seed;
	enum tool_id first_tool;
	char *schedule; // that shows it again, likewise; NULL: no explorer confirmed it
	char *log;      // raw log of such a run, relative to the session; NULL: none was kept
	struct triage triage;
	uint64_t fingerprint;
	uint64_t last_run; // that was counted
	struct {
		struct bug_run {
			uint64_t run;
			enum tool_id tool;
			uint64_t hits; // at least 1; more when its schedules count
		} * items;
		size_t nr, alloc;
	} runs; // that reported it, each once after merge_finish
};

struct report_cell {
	bool asked;                           // this target was to be run under this tool
	const struct limitation *unsupported; // why it was not after all; NULL: there is no reason
	struct cell cell;
	struct verdict verdict;
	const char *build_log; // borrowed from the session's JSON; NULL unless a build failed
};

struct report_target {
	const struct target *target; // borrowed from `list`
	struct report_cell cells[TOOL_NR];
	struct witness_list answers; // of the explorer about the places of findings
};

struct report {
	char *dir;
	json_t *session; // session.json
	struct catalog catalog;
	struct target_list list;
	struct report_target *targets; // list.nr of them
	struct {
		struct bug *items;
		size_t nr, alloc;
	} findings;
	size_t verdicts[VERDICT_NR];
	size_t conclusive; // targets each of whose verdicts answers the question
	size_t limitations_gone;
	size_t damaged_lines; // of runs.jsonl that are no record; a cut last line is not counted
	json_t *suppressed;   // by the user's settings: how often by each name; NULL: nothing
	// How runs.jsonl differs from what the session wrote, a sentence; NULL: in nothing.
	char *damage;
	bool incomplete; // the session did not finish
};

// What is to be judged otherwise than the session asked for. Zero: nothing.
struct regrade {
	const char *cases; // the catalogue; else the cases that the session kept
	bool fail_on_given;
	enum severity fail_on;
	bool strict; // disputed and refuted findings fail, too
};

/*
 * Loads the session folder `dir` and judges it. `regrade` may be NULL. ERR_INPUT when
 * `dir` is not a session.
 */
int report_load(const char *dir, const struct regrade *regrade, struct report *report,
		struct err *err);
void report_release(struct report *report);

// Renderers; each appends to `out`.
struct render_options {
	bool colour;
	bool brief; // text: the matrix and what needs attention, without the cases' details
};

#define X(name, file, joins)                                                                       \
	void render_##name(const struct report *, const struct render_options *, struct strbuf *);
FORMATS(X)
#undef X

// A row of formats.h.
struct renderer {
	const char *name;
	const char *file;
	bool joins;
	void (*render)(const struct report *, const struct render_options *, struct strbuf *);
};

// All renderers, ended by a NULL name.
extern const struct renderer renderers[];

// Parts that several renderers share.
// Adds what a run's tools kept back because the user wanted that.
void report_take_suppressed(struct report *report, const struct record *record);
// The user's settings for tools, and "1 finding suppressed by NAME (SETTING)", a line each.
void report_user_settings(const struct report *report, struct strbuf *out);
// "3 pass, 0 fail, 2 inconclusive; 2 of 3 targets conclusive": other statuses only when there are.
void report_summary(const struct report *report, struct strbuf *out);
// "deposit (racy.c:24) against withdraw (racy.c:34)": the places of a finding, or its words.
void report_finding_title(const struct finding *finding, struct strbuf *out);
// "tsan 10/10, helgrind 5/5, drd 0/5" for the tools that were asked about the target.
void report_finding_rates(const struct report *report, const struct bug *bug, struct strbuf *out);
// Runs of `cell` that count for its rate: with the bug for native, detected for the others (of a
// fixed variant: unexpected reports).
uint64_t report_cell_hits(const struct cell *cell);

#endif
