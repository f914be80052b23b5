#include "base/json.h"
#include "base/mem.h"
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

static json_t *stack_to_json(const struct stack *stack)
{
	json_t *array = json_array();

	for (size_t i = 0; i < stack->nr; i++) {
		const struct frame *frame = &stack->items[i];
		json_t *object = json_object();

		set_text(object, "func", frame->func);
		set_text(object, "file", frame->file);
		set_number(object, "line", (uint64_t)frame->line);
		set_number(object, "col", (uint64_t)frame->col);
		set_text(object, "module", frame->module);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *access_to_json(const struct access *access)
{
	json_t *object = json_object(), *locks = json_array();

	set_text(object, "op", access_op_name(access->op));
	set_number(object, "size", access->size);
	set_text(object, "thread", access->thread);
	for (size_t i = 0; i < access->nr_locks; i++) {
		json_t *name = json_string(access->locks[i]);

		json_array_append_new(locks, name ? name : json_string("?"));
	}
	json_object_set_new(object, "locks", locks);
	set_text(object, "wants", access->wants);
	set_text(object, "held_by", access->held_by);
	json_object_set_new(object, "stack", stack_to_json(&access->stack));
	return object;
}

json_t *finding_to_json(const struct finding *finding)
{
	json_t *object = json_object(), *accesses = json_array(), *location = json_object();

	set_text(object, "kind", kind_name(finding->kind));
	set_text(object, "words", finding->words);
	for (size_t i = 0; i < finding->accesses.nr; i++)
		json_array_append_new(accesses, access_to_json(&finding->accesses.items[i]));
	json_object_set_new(object, "accesses", accesses);
	set_text(location, "kind", location_kind_name(finding->location.kind));
	set_text(location, "object", finding->location.object);
	set_number(location, "size", finding->location.size);
	json_object_set_new(location, "stack", stack_to_json(&finding->location.stack));
	json_object_set_new(object, "location", location);
	if (finding->forked)
		json_object_set_new(object, "forked", json_true());
	set_text(object, "schedule", finding->schedule);
	set_number(object, "hits", finding->hits);
	set_number(object, "first", finding->first);
	return object;
}

// A member that may be absent but must not be of another type.
static int get_text(const json_t *object, const char *key, char **out)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_string(value))
		return -1;
	*out = value ? xstrdup(json_string_value(value)) : NULL;
	return 0;
}

static int get_number(const json_t *object, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_integer(value))
		return -1;
	*out = value ? (uint64_t)json_integer_value(value) : 0;
	return 0;
}

static int stack_from_json(const json_t *array, struct stack *out)
{
	size_t i;
	json_t *object;

	if (!json_is_array(array))
		return -1;
	json_array_foreach (array, i, object) {
		struct frame *frame = VEC_PUSH(out);
		uint64_t line, col;

		if (get_text(object, "func", &frame->func) ||
		    get_text(object, "file", &frame->file) ||
		    get_text(object, "module", &frame->module) ||
		    get_number(object, "line", &line) || get_number(object, "col", &col))
			return -1;
		frame->line = (int)line;
		frame->col = (int)col;
	}
	return 0;
}

static int access_from_json(const json_t *object, struct access *out)
{
	int op = access_op_from_name(json_string_value(json_object_get(object, "op")));
	const json_t *locks = json_object_get(object, "locks");
	uint64_t size;
	json_t *name;
	size_t i;

	if (op < 0 || !json_is_array(locks))
		return -1;
	out->op = (enum access_op)op;
	json_array_foreach (locks, i, name) {
		if (!json_is_string(name))
			return -1;
		access_add_lock(out, json_string_value(name));
	}
	if (get_number(object, "size", &size) || get_text(object, "thread", &out->thread) ||
	    get_text(object, "wants", &out->wants) || get_text(object, "held_by", &out->held_by))
		return -1;
	out->size = (unsigned)size;
	return stack_from_json(json_object_get(object, "stack"), &out->stack);
}

static int location_from_json(const json_t *object, struct location *out)
{
	int kind = location_kind_from_name(json_string_value(json_object_get(object, "kind")));

	if (kind < 0)
		return -1;
	out->kind = (enum location_kind)kind;
	if (get_text(object, "object", &out->object) || get_number(object, "size", &out->size))
		return -1;
	return stack_from_json(json_object_get(object, "stack"), &out->stack);
}

static int finding_fill(const json_t *json, struct finding *finding)
{
	const char *kind = json_string_value(json_object_get(json, "kind"));
	const json_t *accesses = json_object_get(json, "accesses");
	int id = kind ? kind_from_name(kind) : -1;
	json_t *access;
	size_t i;

	if (id < 0 || !json_is_array(accesses) || get_text(json, "words", &finding->words) ||
	    get_text(json, "schedule", &finding->schedule) ||
	    get_number(json, "hits", &finding->hits) || get_number(json, "first", &finding->first))
		return -1;
	finding->kind = (enum finding_kind)id;
	finding->forked = json_is_true(json_object_get(json, "forked"));
	json_array_foreach (accesses, i, access) {
		if (access_from_json(access, finding_add_access(finding, OP_READ)))
			return -1;
	}
	return location_from_json(json_object_get(json, "location"), &finding->location);
}

int finding_from_json(const json_t *json, struct finding *finding)
{
	*finding = (struct finding){ 0 };
	if (!finding_fill(json, finding))
		return 0;
	finding_release(finding);
	return -1;
}
