// Parts of the text report: a target with its tables and findings.
#ifndef RACEGATE_TEXT_PARTS_H
#define RACEGATE_TEXT_PARTS_H

#include "report/ink.h"
#include "report/report.h"

/*
 * Everything about target number `index`. A case stands once, with both its
 * variants side by side, at its first target; the second one adds nothing.
 */
void text_target(const struct report *report, size_t index, const struct ink *ink,
		 struct strbuf *out);

// The outcomes of a case whose variants are `racy` and `fixed`, one of which may be NULL.
void text_outcomes(const struct report *report, const struct report_target *racy,
		   const struct report_target *fixed, const struct ink *ink, struct strbuf *out);
// Those of a target that is no case.
void text_own_outcomes(const struct report *report, const struct report_target *target,
		       const struct ink *ink, struct strbuf *out);

// The line that says how to follow a schedule of the target, a file below the session.
void text_replay(const struct report *report, const struct target *target, const char *schedule,
		 struct strbuf *out);

// One finding with its rates, accesses, stacks and source lines.
void text_finding(const struct report *report, const struct bug *bug, const struct ink *ink,
		  struct strbuf *out);

// Adds `text` broken at blanks before column `width`; further lines start at `indent`. The first
// line goes on where `out` stands.
void text_wrap(struct strbuf *out, const char *text, int indent, int width);
// Columns that the first `len` bytes take.
int text_width(const char *text, size_t len);
// Adds each line of `text` behind `indent` blanks.
void text_indent(struct strbuf *out, const char *text, int indent);

#endif
