// A case as people read it: a page of its own, or two lines in a list. 80 columns.
#ifndef RACEGATE_CASE_PAGE_H
#define RACEGATE_CASE_PAGE_H

#include "base/strbuf.h"
#include "catalog/testcase.h"
#include "report/ink.h"

/*
 * The whole story: what goes wrong, the racing lines, the fix as a diff, the
 * outcomes, what each tool says and why. Fails when a source cannot be read.
 */
int case_page(const struct testcase *tc, const struct ink *ink, struct strbuf *out,
	      struct err *err);

/*
 * Two lines: name, class and the tools that detect the racy variant, each in a
 * column of its own (`~`: in some runs only); the title.
 */
void case_row(const struct testcase *tc, const struct ink *ink, struct strbuf *out);

#endif
