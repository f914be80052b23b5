#include "model/programs.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void programs_release(struct program_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		free(list->items[i].name);
	free(list->items);
	*list = (struct program_list){ 0 };
}

void programs_add(struct program_list *list, const char *name, bool examined, uint64_t processes)
{
	for (size_t i = 0; i < list->nr; i++)
		if (list->items[i].examined == examined && !strcmp(list->items[i].name, name)) {
			list->items[i].processes += processes;
			return;
		}
	*VEC_PUSH(list) = (struct seen_program){ xstrdup(name), examined, processes };
}

bool programs_examined(const struct program_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		if (list->items[i].examined)
			return true;
	return false;
}

json_t *programs_to_json(const struct program_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->nr; i++) {
		json_t *program = json_object();

		set_text(program, "name", list->items[i].name);
		json_object_set_new(program, "examined", json_boolean(list->items[i].examined));
		set_number(program, "processes", list->items[i].processes);
		json_array_append_new(array, program);
	}
	return array;
}

void programs_from_json(const json_t *json, struct program_list *list)
{
	const json_t *program;
	size_t i;

	json_array_foreach (json, i, program) {
		programs_add(list, text_of(program, "name"),
			     json_is_true(json_object_get(program, "examined")),
			     (uint64_t)number_of(program, "processes"));
	}
}
