#include "catalog/gate.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/names.h"
#include "catalog/yaml_file.h"

#include <stdlib.h>

static const char *const results_names[RESULTS_NR] = { "same", "lines", "any", "listed" };

const char *results_name(enum results results)
{
	return results_names[results];
}

int results_from_name(const char *name)
{
	return name_index(results_names, ARRAY_SIZE(results_names), name);
}

void gate_release(struct gate *gate)
{
	for (size_t i = 0; i < gate->nr_rows; i++) {
		free(gate->rows[i].result);
		free(gate->rows[i].meaning);
	}
	free(gate->rows);
	free(gate->accepted);
	*gate = (struct gate){ 0 };
}

bool gate_stops(const struct gate *gate, enum finding_kind kind)
{
	return kind_severity(kind) <= gate->fail_on;
}

bool gate_accepts(const struct gate *gate, int exit_status)
{
	if (exit_status <= 0 || exit_status > 255)
		return !exit_status;
	return gate->ok_exits[exit_status / 32] >> exit_status % 32 & 1;
}

static void add_exit(struct gate *gate, long status)
{
	gate->ok_exits[status / 32] |= UINT32_C(1) << status % 32;
}

int gate_add_exits(struct gate *gate, const char *list, struct err *err)
{
	const char *at = list;
	char *end;

	for (;; at = end + 1) {
		long status = strtol(at, &end, 10);

		if (end == at || (*end && *end != ',') || status < 0 || status > 255)
			return err_input(err,
					 "'%s' is not a list of exit statuses from 0 to 255, as "
					 "in 1,3",
					 list);
		add_exit(gate, status);
		if (!*end)
			return 0;
	}
}

static void gate_add_row(struct gate *gate, const char *result, enum grade grade,
			 const char *meaning)
{
	gate->rows = xrealloc(gate->rows, gate->nr_rows + 1, sizeof(*gate->rows));
	gate->rows[gate->nr_rows++] = (struct outcome_row){ .result = xstrdup(result),
							    .racy = grade,
							    .fixed = grade,
							    .meaning = xstrdup(meaning) };
}

struct outcome_file {
	struct outcome_row *rows;
	unsigned nr_rows;
};

static const cyaml_strval_t grades[] = {
	{ "acceptable", GRADE_ACCEPTABLE },
	{ "interesting", GRADE_INTERESTING },
	{ "forbidden", GRADE_FORBIDDEN },
};

static const cyaml_schema_field_t row_fields[] = {
	CYAML_FIELD_STRING_PTR("result", CYAML_FLAG_POINTER, struct outcome_row, result, 0,
			       CYAML_UNLIMITED),
	CYAML_FIELD_ENUM("grade", CYAML_FLAG_STRICT, struct outcome_row, fixed, grades,
			 ARRAY_SIZE(grades)),
	CYAML_FIELD_STRING_PTR("meaning", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			       struct outcome_row, meaning, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t row_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct outcome_row, row_fields),
};

static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE_COUNT("outcomes", CYAML_FLAG_POINTER, struct outcome_file, rows,
				   nr_rows, &row_value, 1, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct outcome_file, file_fields),
};

int gate_load_outcomes(struct gate *gate, const char *path, struct err *err)
{
	void *image = NULL;

	if (yaml_file_load(path, &file_schema, &image, err))
		return -1;
	const struct outcome_file *file = image;

	for (unsigned i = 0; i < file->nr_rows; i++)
		gate_add_row(gate, file->rows[i].result, file->rows[i].fixed,
			     file->rows[i].meaning);
	gate->results = RESULTS_LISTED;
	yaml_file_free(&file_schema, image);
	return 0;
}

json_t *gate_to_json(const struct gate *gate)
{
	json_t *exits = json_array();

	for (int status = 1; status < 256; status++)
		if (gate_accepts(gate, status))
			json_array_append_new(exits, json_integer(status));
	json_t *json = json_pack("{s:s,s:b,s:b,s:s,s:o}", "fail_on", severity_name(gate->fail_on),
				 "strict", gate->strict, "allow_sequential", gate->allow_sequential,
				 "results", results_name(gate->results), "ok_exits", exits);

	if (gate->nr_rows) {
		json_t *rows = json_array();

		for (size_t i = 0; i < gate->nr_rows; i++) {
			json_t *row = json_object();

			set_text(row, "result", gate->rows[i].result);
			set_text(row, "grade", grade_name(gate->rows[i].fixed));
			set_text(row, "meaning", gate->rows[i].meaning);
			json_array_append_new(rows, row);
		}
		json_object_set_new(json, "outcomes", rows);
	}
	set_text(json, "accepted", gate->accepted);
	return json;
}

void gate_from_json(const json_t *json, struct gate *gate)
{
	int fail_on = severity_from_name(text_of(json, "fail_on")),
	    results = results_from_name(text_of(json, "results"));
	const json_t *row, *status;
	size_t i;

	*gate = (struct gate){
		.fail_on = fail_on < 0 ? SEVERITY_ERROR : (enum severity)fail_on,
		.strict = json_is_true(json_object_get(json, "strict")),
		.results = results < 0 ? RESULTS_SAME : (enum results)results,
		.accepted = xstrdup(json_string_value(json_object_get(json, "accepted"))),
		.allow_sequential = json_is_true(json_object_get(json, "allow_sequential")),
	};
	json_array_foreach (json_object_get(json, "ok_exits"), i, status) {
		json_int_t value = json_integer_value(status);

		if (value > 0 && value < 256)
			add_exit(gate, (long)value);
	}
	json_array_foreach (json_object_get(json, "outcomes"), i, row) {
		int grade = grade_from_name(text_of(row, "grade"));

		gate_add_row(gate, text_of(row, "result"),
			     grade < 0 ? GRADE_FORBIDDEN : (enum grade)grade,
			     text_of(row, "meaning"));
	}
}
