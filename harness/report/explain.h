/*
 * Findings and verdicts in full, for somebody who has to act on them: what was seen, by whom, how
 * sure that is, and what to do.
 */
#ifndef RACEGATE_EXPLAIN_H
#define RACEGATE_EXPLAIN_H

#include "report/report.h"

// New references: {"of", "target", "what", "by", "sure", "do"} and what belongs to the thing.
json_t *explain_finding(const struct report *report, const struct bug *bug);
json_t *explain_verdict(const struct report *report, size_t target, enum tool_id tool);
// The same as text, 80 columns wide.
void explain_text(const json_t *explanation, struct strbuf *out);

// What to do about a finding of the kind, or a verdict; one sentence without its full stop.
const char *explain_kind_advice(enum finding_kind kind);
const char *explain_verdict_advice(enum verdict_status status);

#endif
