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

// One finding with its rates, accesses, stacks and source lines.
void text_finding(const struct report *report, const struct merged *merged, const struct ink *ink,
		  struct strbuf *out);

// Adds `text` broken at blanks before column `width`; further lines start at `indent`. The first
// line goes on where `out` stands.
void text_wrap(struct strbuf *out, const char *text, int indent, int width);
// Takes blanks off the end.
void text_trim(struct strbuf *out);
// Adds each line of `text` behind `indent` blanks.
void text_indent(struct strbuf *out, const char *text, int indent);

#endif
