/*
 * A case of the catalogue: one documented pattern in a racy and a fixed
 * variant, and what is known about it. Three truths stay apart: what is wrong
 * with the program (class, kinds, RACE marks, outcomes), what a tool says
 * (expect), and what a tool is known to get wrong (a limitation and its reason).
 */
#ifndef RACEGATE_TESTCASE_H
#define RACEGATE_TESTCASE_H

#include "base/err.h"
#include "model/finding_kind.h"
#include "model/tool_id.h"

#include <stddef.h>
#include <stdint.h>

enum variant { VARIANT_RACY, VARIANT_FIXED, VARIANT_NR };
enum grade { GRADE_ACCEPTABLE, GRADE_INTERESTING, GRADE_FORBIDDEN, GRADE_NR };

enum bug_class {
	CLASS_DATA_RACE,
	CLASS_ATOMICITY,
	CLASS_ORDER,
	CLASS_DEADLOCK,
	CLASS_LOST_WAKEUP,
	CLASS_LOST_WORK,
	CLASS_ISOLATION,
	CLASS_NR
};

enum answer {
	ANSWER_NONE,
	ANSWER_DETECTS,     // the tool itself reports a finding of one of the case's kinds
	ANSWER_DIVERGES,    // native, explore: an outcome is interesting or forbidden
	ANSWER_SILENT,      // says nothing, and rightly
	ANSWER_MISSES,      // limitation: says nothing of a bug that it is made to see
	ANSWER_FALSE_ALARM, // limitation: a false positive
	ANSWER_UNSUPPORTED, // limitation: cannot run the program
	ANSWER_SOMETIMES,   // limitation: sees it in some runs, too few to rely on
	ANSWER_NR
};

struct outcome_row {
	char *result; // exact text; `*` matches any text
	enum grade racy, fixed;
	char *meaning;
};

struct expectation {
	enum answer answer;
	const char *reason; // of a limitation, borrowed from the case; else NULL
};

struct race_mark {
	int line;
	char *object;
};

struct race_marks {
	struct race_mark *items;
	size_t nr, alloc;
};

struct testcase {
	char *id;     // "family/case"
	char *family; // first folder
	char *dir;    // "cases/family/case", as it was found
	char *title, *why, *fix, *seed_file, *seed_section;
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

const char *variant_name(enum variant variant); // "racy", "fixed"
int variant_from_name(const char *name);        // -1 when there is none
const char *grade_name(enum grade grade);
int grade_from_name(const char *name);
const char *class_name(enum bug_class class); // "data-race", "atomicity", ...
const char *answer_name(enum answer answer);  // "detects", "misses", ...
int answer_from_name(const char *name);

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
