// The terms of case.yaml and their names.
#ifndef RACEGATE_CASE_TERMS_H
#define RACEGATE_CASE_TERMS_H

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

// What the document of a case's seed has to do with it.
enum relation {
	RELATION_DOCUMENTED,  // it describes what the case does
	RELATION_INSPIRED_BY, // it has the subject, not the mistake
	RELATION_NR
};

struct outcome_row {
	char *result; // exact text; `*` matches any text
	enum grade racy, fixed;
	char *meaning;
};

const char *variant_name(enum variant variant); // "racy", "fixed"
int variant_from_name(const char *name);        // -1 when there is none
const char *grade_name(enum grade grade);
int grade_from_name(const char *name);        // -1 when there is none
const char *class_name(enum bug_class class); // "data-race", "atomicity", ...
const char *answer_name(enum answer answer);  // "detects", "misses", ...

#endif
