// The copies of its cases that a session keeps, so that it can be judged anywhere and later.
#ifndef RACEGATE_KEPT_CASES_H
#define RACEGATE_KEPT_CASES_H

#include "catalog/catalog.h"

// Into DIR/cases/; `dir` is the session's.
int kept_cases_save(const char *dir, const struct target_list *targets, struct err *err);

#endif
