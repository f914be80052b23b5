// One bug as the text report shows it, and how to replay a schedule.
#ifndef RACEGATE_TEXT_FINDING_H
#define RACEGATE_TEXT_FINDING_H

#include "report/ink.h"
#include "report/report.h"

// The line that says how to follow a schedule of the target, a file below the session.
void text_replay(const struct report *report, const struct target *target, const char *schedule,
		 struct strbuf *out);

// One finding with its rates, accesses, stacks and source lines.
void text_finding(const struct report *report, const struct bug *bug, const struct ink *ink,
		  struct strbuf *out);

#endif
