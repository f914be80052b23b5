#include "catalog/case_file.h"

#include "base/mem.h"

#define ENUM_FIELD(key, flags, structure, member, strings)                                         \
	CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT | (flags), structure, member, strings,             \
			 ARRAY_SIZE(strings))
#define ENUM_VALUE(type, strings)                                                                  \
	CYAML_VALUE_ENUM(CYAML_FLAG_STRICT, type, strings, ARRAY_SIZE(strings))

static const cyaml_strval_t classes[] = {
	{ "data-race", CLASS_DATA_RACE },
	{ "atomicity", CLASS_ATOMICITY },
	{ "order", CLASS_ORDER },
	{ "deadlock", CLASS_DEADLOCK },
	{ "lost-wakeup", CLASS_LOST_WAKEUP },
	{ "lost-work", CLASS_LOST_WORK },
	{ "isolation", CLASS_ISOLATION },
};

static const cyaml_strval_t kinds[] = {
#define KIND(id, name, severity, meaning) { name, KIND_##id },
#include "model/finding_kind.def"
#undef KIND
};

static const cyaml_strval_t tools[] = {
#define X(id, member, name) { name, TOOL_##id },
	TOOL_TABLE(X)
#undef X
};

static const cyaml_strval_t variants[] = {
	{ "racy", VARIANT_RACY },
	{ "fixed", VARIANT_FIXED },
};

static const cyaml_strval_t grades[] = {
	{ "acceptable", GRADE_ACCEPTABLE },
	{ "interesting", GRADE_INTERESTING },
	{ "forbidden", GRADE_FORBIDDEN },
};

static const cyaml_strval_t relations[] = {
	{ "documented", RELATION_DOCUMENTED },
	{ "inspired-by", RELATION_INSPIRED_BY },
};

static const cyaml_strval_t answers[] = {
	{ "detects", ANSWER_DETECTS },
	{ "diverges", ANSWER_DIVERGES },
	{ "silent", ANSWER_SILENT },
};

static const cyaml_strval_t limitations[] = {
	{ "misses", ANSWER_MISSES },
	{ "false-alarm", ANSWER_FALSE_ALARM },
	{ "unsupported", ANSWER_UNSUPPORTED },
	{ "sometimes", ANSWER_SOMETIMES },
};

#define TEXT(key, structure, member)                                                               \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, CYAML_UNLIMITED)

#define OPTIONAL_TEXT(key, structure, member)                                                      \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member,   \
			       1, CYAML_UNLIMITED)

static const cyaml_schema_field_t seed_fields[] = {
	TEXT("file", struct case_file_seed, file),
	TEXT("section", struct case_file_seed, section),
	ENUM_FIELD("relation", CYAML_FLAG_OPTIONAL, struct case_file_seed, relation, relations),
	OPTIONAL_TEXT("note", struct case_file_seed, note),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t scale_fields[] = {
	CYAML_FIELD_UINT("default", CYAML_FLAG_DEFAULT, struct case_file_scale, native),
	CYAML_FIELD_UINT("small", CYAML_FLAG_DEFAULT, struct case_file_scale, small),
	CYAML_FIELD_UINT("tsan", CYAML_FLAG_OPTIONAL, struct case_file_scale, tsan),
	CYAML_FIELD_UINT("explore", CYAML_FLAG_OPTIONAL, struct case_file_scale, explore),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t outcome_fields[] = {
	TEXT("result", struct outcome_row, result),
	ENUM_FIELD("racy", 0, struct outcome_row, racy, grades),
	ENUM_FIELD("fixed", 0, struct outcome_row, fixed, grades),
	TEXT("meaning", struct outcome_row, meaning),
	CYAML_FIELD_END,
};

#define ANSWER_OF(id, member, name)                                                                \
	ENUM_FIELD(name, CYAML_FLAG_OPTIONAL, struct case_file_answers, tools[TOOL_##id], answers),

static const cyaml_schema_field_t answer_fields[] = { TOOL_TABLE(ANSWER_OF) CYAML_FIELD_END };

static const cyaml_schema_field_t expect_fields[] = {
	CYAML_FIELD_MAPPING("racy", CYAML_FLAG_DEFAULT, struct case_file_expect, racy,
			    answer_fields),
	CYAML_FIELD_MAPPING("fixed", CYAML_FLAG_DEFAULT, struct case_file_expect, fixed,
			    answer_fields),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t tool_value = {
	ENUM_VALUE(enum tool_id, tools),
};

static const cyaml_schema_value_t kind_value = {
	ENUM_VALUE(enum finding_kind, kinds),
};

static const cyaml_schema_field_t limitation_fields[] = {
	ENUM_FIELD("variant", 0, struct case_file_limitation, variant, variants),
	CYAML_FIELD_SEQUENCE_COUNT("tools", CYAML_FLAG_POINTER, struct case_file_limitation, tools,
				   nr_tools, &tool_value, 1, CYAML_UNLIMITED),
	ENUM_FIELD("limitation", 0, struct case_file_limitation, limitation, limitations),
	TEXT("reason", struct case_file_limitation, reason),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t outcome_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct outcome_row, outcome_fields),
};

static const cyaml_schema_value_t limitation_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct case_file_limitation, limitation_fields),
};

static const cyaml_schema_value_t tag_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t file_fields[] = {
	TEXT("title", struct case_file, title),
	ENUM_FIELD("class", 0, struct case_file, class, classes),
	CYAML_FIELD_SEQUENCE_COUNT("kinds", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
				   struct case_file, kinds, nr_kinds, &kind_value, 0,
				   CYAML_UNLIMITED),
	CYAML_FIELD_MAPPING("seed", CYAML_FLAG_OPTIONAL, struct case_file, seed, seed_fields),
	TEXT("why", struct case_file, why),
	TEXT("fix", struct case_file, fix),
	CYAML_FIELD_UINT("threads", CYAML_FLAG_DEFAULT, struct case_file, threads),
	CYAML_FIELD_UINT("processes", CYAML_FLAG_OPTIONAL, struct case_file, processes),
	CYAML_FIELD_MAPPING("scale", CYAML_FLAG_DEFAULT, struct case_file, scale, scale_fields),
	TEXT("timeout", struct case_file, timeout),
	CYAML_FIELD_SEQUENCE_COUNT("outcomes", CYAML_FLAG_POINTER, struct case_file, outcomes,
				   nr_outcomes, &outcome_value, 1, CYAML_UNLIMITED),
	CYAML_FIELD_MAPPING("expect", CYAML_FLAG_DEFAULT, struct case_file, expect, expect_fields),
	CYAML_FIELD_SEQUENCE_COUNT("limitations", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
				   struct case_file, limitations, nr_limitations, &limitation_value,
				   0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE_COUNT("tags", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
				   struct case_file, tags, nr_tags, &tag_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t case_file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct case_file, file_fields),
};
