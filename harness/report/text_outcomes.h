// Outcomes as tables of the text report.
#ifndef RACEGATE_TEXT_OUTCOMES_H
#define RACEGATE_TEXT_OUTCOMES_H

#include "report/ink.h"
#include "report/report.h"

// The outcomes of a case whose variants are `racy` and `fixed`, one of which may be NULL.
void text_outcomes(const struct report *report, const struct report_target *racy,
		   const struct report_target *fixed, const struct ink *ink, struct strbuf *out);
// Those of a target that is not a case.
void text_own_outcomes(const struct report *report, const struct report_target *target,
		       const struct ink *ink, struct strbuf *out);

#endif
