// What changes from racy.c to fixed.c, without the top comments, which differ anyway.
#ifndef RACEGATE_CASE_DIFF_H
#define RACEGATE_CASE_DIFF_H

#include "base/err.h"
#include "base/strbuf.h"
#include "report/ink.h"

int case_diff(const char *racy, const char *fixed, const struct ink *ink, struct strbuf *out,
	      struct err *err);

#endif
