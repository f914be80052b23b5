// Parts of the text report: a target with its tables and findings.
#ifndef RACEGATE_TEXT_TARGET_H
#define RACEGATE_TEXT_TARGET_H

#include "report/ink.h"
#include "report/report.h"

/*
 * Everything about target number `index`. A case appears once, with both its
 * variants side by side, at its first target; the second one adds nothing.
 */
void text_target(const struct report *report, size_t index, const struct ink *ink,
		 struct strbuf *out);

#endif
