/*
 * A case of the catalogue: one documented pattern in a racy and a fixed
 * variant, and what is known about it. Three truths stay apart: what is wrong
 * with the program (class, kinds, RACE marks, outcomes), what a tool says
 * (expect), and what a tool is known to get wrong (a limitation and its reason).
 */
#ifndef RACEGATE_TESTCASE_H
#define RACEGATE_TESTCASE_H

#include "base/err.h"
#include "catalog/case_terms.h"
#include "catalog/marks.h"
#include "model/finding_kind.h"
#include "model/tool_id.h"

#include <stddef.h>
#include <stdint.h>

struct expectation {
	enum answer answer;
	const char *reason; // of a limitation, borrowed from the case; else NULL
};

struct testcase {
	char *id;     // "family/case"
	char *family; // first folder
	char *dir;    // "cases/family/case", as it was found
	char *title, *why, *fix;
	char *seed_file, *seed_section; // NULL: no document has anything like it
	enum relation seed_relation;
	char *seed_note; // what the document says that is not so; NULL: nothing
	enum bug_class class;
	kind_set kinds; // findings that are true of the racy variant
	unsigned threads, processes;
	long scale_default, scale_small, scale_tsan, scale_explore;
	int64_t timeout_ns;
	struct outcome_row *outcomes;
	size_t nr_outcomes;
	struct expectation expect[VARIANT_NR][TOOL_NR];
	char **reasons; // owned texts behind expect[][].reason
	size_t nr_reasons;
	char **tags;
	size_t nr_tags;
	struct race_marks marks; // of racy.c, by line
};

/*
 * Loads DIR/case.yaml and the marks of DIR/racy.c, and checks all of it: an
 * error is ERR_INPUT and starts with file:line:column. On failure `tc` is
 * empty. `id` is taken from the last two folders of `dir`.
 */
int testcase_load(const char *dir, struct testcase *tc, struct err *err);
void testcase_release(struct testcase *tc);

// "DIR/racy.c"; the caller owns it.
char *testcase_source(const struct testcase *tc, enum variant variant);

#endif
