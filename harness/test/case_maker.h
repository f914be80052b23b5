// A case made by hand, for tests of what reads one.
#ifndef RACEGATE_TEST_CASE_MAKER_H
#define RACEGATE_TEST_CASE_MAKER_H

#include "catalog/testcase.h"

extern const char base_yaml[]; // a valid case.yaml

// A new folder (see scratch_drop) with the case fam/one: `yaml` and sources that are valid.
char *case_make(const char *yaml);
int case_load(const char *dir, struct testcase *tc, struct err *err);

// The case in `dir` must be refused with ERR_INPUT at `place` of `file`, in words that have `says`.
void refused_in(const char *dir, const char *file, const char *place, const char *says);
// The same of a case with this case.yaml.
void refused(const char *yaml, const char *place, const char *says);
// The same of base_yaml with `from` replaced by `to`.
void broken(const char *from, const char *to, const char *place, const char *says);

#endif
