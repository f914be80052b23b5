// case.yaml as it is in the file, before it is checked and becomes a testcase.
#ifndef RACEGATE_CASE_FILE_H
#define RACEGATE_CASE_FILE_H

#include "catalog/case_terms.h"
#include "model/finding_kind.h"
#include "model/tool_id.h"

#include <cyaml/cyaml.h>

struct case_file_seed {
	char *file, *section; // NULL: there is no seed
	enum relation relation;
	char *note; // NULL: none
};

struct case_file_scale {
	unsigned native, small, tsan, explore; // the first is `default` in the file
};

struct case_file_answers {
	enum answer tools[TOOL_NR];
};

struct case_file_expect {
	struct case_file_answers racy, fixed;
};

struct case_file_limitation {
	enum variant variant;
	enum tool_id *tools;
	unsigned nr_tools;
	enum answer limitation;
	char *reason;
};

struct case_file {
	char *title;
	enum bug_class class;
	enum finding_kind *kinds;
	unsigned nr_kinds;
	struct case_file_seed seed;
	char *why, *fix;
	unsigned threads, processes;
	struct case_file_scale scale;
	char *timeout;
	struct outcome_row *outcomes;
	unsigned nr_outcomes;
	struct case_file_expect expect;
	struct case_file_limitation *limitations;
	unsigned nr_limitations;
	char **tags;
	unsigned nr_tags;
};

extern const cyaml_schema_value_t case_file_schema;

#endif
