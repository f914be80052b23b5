#include "model/record.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

static const char *const evidence_names[] = {
	[EVIDENCE_NONE] = "none",       [EVIDENCE_WHOLE] = "whole",       [EVIDENCE_CUT] = "cut",
	[EVIDENCE_MISSING] = "missing", [EVIDENCE_TAMPERED] = "tampered",
};

const char *evidence_name(enum evidence evidence)
{
	return evidence_names[evidence];
}

int evidence_from_name(const char *name)
{
	return name_index(evidence_names, ARRAY_SIZE(evidence_names), name);
}

void record_release(struct record *record)
{
	free(record->target);
	free(record->build);
	free(record->limit);
	free(record->error);
	free(record->left);
	free(record->out);
	free(record->err);
	free(record->tampering);
	for (size_t i = 0; i < record->suppressed.nr; i++)
		free(record->suppressed.items[i].name);
	free(record->suppressed.items);
	finding_list_release(&record->findings);
	finding_list_release(&record->endings);
	explored_release(&record->explored);
	programs_release(&record->programs);
	witness_list_release(&record->answers);
	for (size_t i = 0; i < record->nr_logs; i++)
		free(record->logs[i]);
	free(record->logs);
	*record = (struct record){ 0 };
}

void record_add_log(struct record *record, char *log)
{
	record->logs = xrealloc(record->logs, record->nr_logs + 1, sizeof(*record->logs));
	record->logs[record->nr_logs++] = log;
}

void record_tampered(struct record *record, char *clause)
{
	record->evidence = EVIDENCE_TAMPERED;
	if (record->tampering)
		free(clause);
	else
		record->tampering = clause;
}

void record_add_suppressed(struct record *record, const char *name, uint64_t count)
{
	*VEC_PUSH(&record->suppressed) = (struct suppressed){ xstrdup(name), count };
}

static json_t *suppressed_to_json(const struct record *record)
{
	json_t *json = json_object();

	for (size_t i = 0; i < record->suppressed.nr; i++) {
		const struct suppressed *s = &record->suppressed.items[i];

		set_number(json, s->name, (uint64_t)number_of(json, s->name) + s->count);
	}
	return json;
}

static json_t *findings_to_json(const struct finding_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->nr; i++)
		json_array_append_new(array, finding_to_json(&list->items[i]));
	return array;
}

static void set_some_text(json_t *json, const char *key, const char *text)
{
	if (text && *text)
		set_text(json, key, text);
}

static void add_output(json_t *json, const struct record *r)
{
	set_some_text(json, "stdout", r->out);
	set_some_text(json, "stderr", r->err);
	set_number(json, "stdout_bytes", r->out_total);
	set_number(json, "stdout_cut", r->out_cut);
	if (r->out_hash)
		set_hash(json, "stdout_hash", r->out_hash);
	if (r->lines)
		set_hash(json, "stdout_lines", r->lines);
}

json_t *record_to_json(const struct record *r)
{
	// Affinities use all 64 bits; JSON's numbers do not.
	char cpus[24];
	json_t *json = json_object();

	snprintf(cpus, sizeof(cpus), "%llx", (unsigned long long)r->cpus);
	set_number(json, "run", r->run);
	set_some_text(json, "target", r->target);
	set_some_text(json, "tool", tool_name(r->tool));
	set_some_text(json, "build", r->build);
	set_hash(json, "seed", r->seed);
	set_number(json, "scale", (uint64_t)r->scale);
	if (r->cpus)
		set_some_text(json, "cpus", cpus);
	if (r->perturbed)
		json_object_set_new(json, "perturbed", json_true());
	if (r->no_aslr)
		json_object_set_new(json, "no_aslr", json_true());
	set_some_text(json, "ending", ending_name(r->how));
	json_object_set_new(json, "code", json_integer(r->code));
	set_number(json, "tool_code", (uint64_t)r->tool_code);
	set_number(json, "pid", (uint64_t)r->pid);
	set_some_text(json, "limit", r->limit);
	set_some_text(json, "error", r->error);
	json_object_set_new(json, "wall_ns", json_integer(r->wall_ns));
	json_object_set_new(json, "cpu_ns", json_integer(r->cpu_ns));
	set_number(json, "max_rss_kib", (uint64_t)r->max_rss_kib);
	add_output(json, r);
	set_number(json, "alive", r->alive);
	set_number(json, "orphans", r->orphans);
	set_some_text(json, "left", r->left);
	if (r->evidence != EVIDENCE_NONE)
		set_some_text(json, "evidence", evidence_name(r->evidence));
	set_some_text(json, "tampering", r->tampering);
	if (r->suppressed.nr)
		json_object_set_new(json, "suppressed", suppressed_to_json(r));
	if (r->findings.nr)
		json_object_set_new(json, "findings", findings_to_json(&r->findings));
	if (r->endings.nr)
		json_object_set_new(json, "endings", findings_to_json(&r->endings));
	if (r->programs.nr)
		json_object_set_new(json, "programs", programs_to_json(&r->programs));
	if (r->explored.schedules)
		json_object_set_new(json, "explored", explored_to_json(&r->explored));
	if (r->asked)
		json_object_set_new(json, "asked", witness_list_to_json(&r->answers));
	if (r->nr_logs) {
		json_t *logs = json_array();

		for (size_t i = 0; i < r->nr_logs; i++)
			json_array_append_new(logs, json_string(r->logs[i]));
		json_object_set_new(json, "logs", logs);
	}
	return json;
}

static char *text_or_null(const json_t *json, const char *key)
{
	return xstrdup(json_string_value(json_object_get(json, key)));
}

static int findings_from_json(const json_t *array, struct finding_list *list)
{
	size_t i;
	json_t *entry;

	json_array_foreach (array, i, entry) {
		struct finding finding;

		if (finding_from_json(entry, &finding))
			return -1;
		*VEC_PUSH(list) = finding;
	}
	return 0;
}

static void suppressed_from_json(const json_t *json, struct record *r)
{
	const char *name;
	json_t *count;

	json_object_foreach ((json_t *)json, name, count) {
		record_add_suppressed(r, name, (uint64_t)json_integer_value(count));
	}
}

static void logs_from_json(const json_t *array, struct record *r)
{
	size_t i;
	json_t *entry;

	r->logs = xcalloc(json_array_size(array), sizeof(*r->logs));
	json_array_foreach (array, i, entry) {
		if (json_is_string(entry))
			r->logs[r->nr_logs++] = xstrdup(json_string_value(entry));
	}
}

// Whether every member is absent or of the type that it is written with: what is damaged must not
// pass for absent.
static bool well_typed(const json_t *json)
{
	static const struct {
		const char *key;
		json_type type;
	} members[] = {
		{ "run", JSON_INTEGER },          { "target", JSON_STRING },
		{ "tool", JSON_STRING },          { "build", JSON_STRING },
		{ "seed", JSON_STRING },          { "scale", JSON_INTEGER },
		{ "cpus", JSON_STRING },          { "ending", JSON_STRING },
		{ "code", JSON_INTEGER },         { "limit", JSON_STRING },
		{ "tool_code", JSON_INTEGER },    { "pid", JSON_INTEGER },
		{ "error", JSON_STRING },         { "wall_ns", JSON_INTEGER },
		{ "cpu_ns", JSON_INTEGER },       { "max_rss_kib", JSON_INTEGER },
		{ "stdout", JSON_STRING },        { "stderr", JSON_STRING },
		{ "stdout_bytes", JSON_INTEGER }, { "stdout_cut", JSON_INTEGER },
		{ "stdout_hash", JSON_STRING },   { "orphans", JSON_INTEGER },
		{ "left", JSON_STRING },          { "alive", JSON_INTEGER },
		{ "programs", JSON_ARRAY },       { "asked", JSON_ARRAY },
		{ "evidence", JSON_STRING },      { "tampering", JSON_STRING },
		{ "findings", JSON_ARRAY },       { "endings", JSON_ARRAY },
		{ "logs", JSON_ARRAY },           { "explored", JSON_OBJECT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const json_t *value = json_object_get(json, members[i].key);

		if (value && json_typeof(value) != members[i].type)
			return false;
	}
	return true;
}

int record_from_json(const json_t *json, struct record *r)
{
	int tool = tool_from_name(text_of(json, "tool"));
	int how = ending_from_name(text_of(json, "ending"));
	const char *evidence = text_of(json, "evidence");
	int kept = *evidence ? evidence_from_name(evidence) : EVIDENCE_NONE;

	*r = (struct record){ 0 };
	if (tool < 0 || how < 0 || kept < 0 || !json_object_get(json, "target") ||
	    !well_typed(json) || number_of(json, "run") < 1)
		return -1;
	r->run = (uint64_t)number_of(json, "run");
	r->target = text_or_null(json, "target");
	r->tool = (enum tool_id)tool;
	r->build = xstrdup(text_of(json, "build"));
	r->seed = strtoull(text_of(json, "seed"), NULL, 16);
	r->scale = (long)number_of(json, "scale");
	r->cpus = strtoull(text_of(json, "cpus"), NULL, 16);
	r->perturbed = json_is_true(json_object_get(json, "perturbed"));
	r->no_aslr = json_is_true(json_object_get(json, "no_aslr"));
	r->how = (enum ending_how)how;
	r->code = (int)number_of(json, "code");
	r->tool_code = (int)number_of(json, "tool_code");
	r->pid = (long)number_of(json, "pid");
	r->limit = text_or_null(json, "limit");
	r->error = text_or_null(json, "error");
	r->wall_ns = number_of(json, "wall_ns");
	r->cpu_ns = number_of(json, "cpu_ns");
	r->max_rss_kib = (long)number_of(json, "max_rss_kib");
	r->out = xstrdup(text_of(json, "stdout"));
	r->err = xstrdup(text_of(json, "stderr"));
	r->out_total = (uint64_t)number_of(json, "stdout_bytes");
	r->out_cut = (uint64_t)number_of(json, "stdout_cut");
	r->out_hash = strtoull(text_of(json, "stdout_hash"), NULL, 16);
	r->lines = hash_of(json, "stdout_lines");
	r->alive = (unsigned)number_of(json, "alive");
	r->orphans = (unsigned)number_of(json, "orphans");
	r->left = text_or_null(json, "left");
	r->evidence = (enum evidence)kept;
	r->tampering = text_or_null(json, "tampering");
	r->asked = json_object_get(json, "asked") != NULL;
	suppressed_from_json(json_object_get(json, "suppressed"), r);
	logs_from_json(json_object_get(json, "logs"), r);
	programs_from_json(json_object_get(json, "programs"), &r->programs);
	if ((r->asked && witness_list_from_json(json_object_get(json, "asked"), &r->answers)) ||
	    (json_object_get(json, "explored") &&
	     explored_from_json(json_object_get(json, "explored"), &r->explored)) ||
	    findings_from_json(json_object_get(json, "findings"), &r->findings) ||
	    findings_from_json(json_object_get(json, "endings"), &r->endings)) {
		record_release(r);
		return -1;
	}
	return 0;
}
