// The scoreboard of sessions as text, JSON and Markdown; judge/ does the counting.
#ifndef RACEGATE_RENDER_SCOREBOARD_H
#define RACEGATE_RENDER_SCOREBOARD_H

#include "judge/scoreboard.h"
#include "report/ink.h"
#include "report/report.h"

// Adds every pair of a case and a variant that the session asked a tool about.
void score_collect(const struct report *report, struct scoreboard *board);
// Different cases on the board.
size_t score_cases(const struct scoreboard *board);

// Everything: definitions, all cases, cases of each tool's kind, effort, by class. 80 columns.
void score_text(const struct scoreboard *board, const struct report *reports, size_t nr_reports,
		const struct ink *ink, struct strbuf *out);
// One table and two lines, for the end of a report. Nothing when there are no two cases.
void score_text_brief(const struct scoreboard *board, const struct ink *ink, struct strbuf *out);
void score_markdown(const struct scoreboard *board, struct strbuf *out);
// {definitions, tools: [{tool, all, in_kind, classes: {CLASS: {all, in_kind}}}]}; new reference.
json_t *score_json(const struct scoreboard *board);

// What each column means, for the JSON and the text; ended by a NULL column.
struct score_definition {
	const char *column, *key, *meaning;
};

extern const struct score_definition score_definitions[];

#endif
