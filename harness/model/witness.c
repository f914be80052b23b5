#include "model/witness.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *const means_names[] = {
#define MEANS_NAME(id, name, words) name,
	MEANS_TABLE(MEANS_NAME)
#undef MEANS_NAME
};

const char *means_words(enum means means)
{
	static const char *const texts[] = {
#define MEANS_WORDS(id, name, words) words,
		MEANS_TABLE(MEANS_WORDS)
#undef MEANS_WORDS
	};

	return texts[means];
}

static void witness_release(struct witness *witness)
{
	free(witness->places[0].file);
	free(witness->places[1].file);
	*witness = (struct witness){ 0 };
}

void witness_list_release(struct witness_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		witness_release(&list->items[i]);
	free(list->items);
	*list = (struct witness_list){ 0 };
}

void witness_list_take(struct witness_list *list, struct witness_list *from)
{
	for (size_t i = 0; i < from->nr; i++)
		*VEC_PUSH(list) = from->items[i];
	free(from->items);
	*from = (struct witness_list){ 0 };
}

// What a finding is asked about: the first two places that it is about and that are in a source.
static bool places_of(const struct finding *finding, struct witness *out)
{
	size_t nr = 0;

	*out = (struct witness){ 0 };
	for (size_t i = 0; i < finding->accesses.nr && nr < 2; i++) {
		const struct frame *frame = stack_program_frame(&finding->accesses.items[i].stack);

		if (finding_is_about(finding, i) && frame && frame->file && frame->line > 0)
			out->places[nr++] = (struct witness_place){ frame->file, frame->line };
	}
	return nr > 0;
}

static bool same_place(const struct witness_place *a, const struct witness_place *b)
{
	if (!a->file || !b->file)
		return a->file == b->file;
	return a->line == b->line && !strcmp(fs_base(a->file), fs_base(b->file));
}

static bool same_places(const struct witness *a, const struct witness *b)
{
	return (same_place(&a->places[0], &b->places[0]) &&
		same_place(&a->places[1], &b->places[1])) ||
	       (same_place(&a->places[0], &b->places[1]) &&
		same_place(&a->places[1], &b->places[0]));
}

const struct witness *witness_same(const struct witness_list *list, const struct witness *about)
{
	for (size_t i = 0; i < list->nr; i++)
		if (same_places(&list->items[i], about))
			return &list->items[i];
	return NULL;
}

bool witness_ask(struct witness_list *list, const struct finding *finding)
{
	struct witness about;

	if (!places_of(finding, &about) || witness_same(list, &about))
		return false;
	about.places[0].file = xstrdup(about.places[0].file);
	about.places[1].file = xstrdup(about.places[1].file);
	*VEC_PUSH(list) = about;
	return true;
}

const struct witness *witness_about(const struct witness_list *list, const struct finding *finding)
{
	struct witness about;

	return places_of(finding, &about) ? witness_same(list, &about) : NULL;
}

static json_t *witness_to_json(const struct witness *w)
{
	json_t *json = json_object(), *places = json_array(), *means = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(w->places) && w->places[i].file; i++) {
		json_t *place = json_object();

		set_text(place, "file", w->places[i].file);
		set_number(place, "line", (uint64_t)w->places[i].line);
		json_array_append_new(places, place);
	}
	for (int m = 0; m < MEANS_NR; m++)
		set_number(means, means_names[m], w->means[m]);
	json_object_set_new(json, "places", places);
	set_number(json, "schedules", w->schedules);
	set_number(json, "met", w->met);
	set_number(json, "contested", w->contested);
	json_object_set_new(json, "means", means);
	return json;
}

json_t *witness_list_to_json(const struct witness_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->nr; i++)
		json_array_append_new(array, witness_to_json(&list->items[i]));
	return array;
}

// A count as it is written: absent when it is 0.
static int get_count(const json_t *json, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(json, key);

	*out = (uint64_t)json_integer_value(value);
	return value && (!json_is_integer(value) || json_integer_value(value) < 0) ? -1 : 0;
}

static int witness_fill(const json_t *json, struct witness *w)
{
	const json_t *places = json_object_get(json, "places"), *place;
	size_t i;

	json_array_foreach (places, i, place) {
		if (i >= ARRAY_SIZE(w->places) || !*text_of(place, "file"))
			return -1;
		w->places[i].file = xstrdup(text_of(place, "file"));
		w->places[i].line = (int)number_of(place, "line");
	}
	for (int m = 0; m < MEANS_NR; m++)
		if (get_count(json_object_get(json, "means"), means_names[m], &w->means[m]))
			return -1;
	return !w->places[0].file || get_count(json, "schedules", &w->schedules) ||
			       get_count(json, "met", &w->met) ||
			       get_count(json, "contested", &w->contested)
		       ? -1
		       : 0;
}

int witness_list_from_json(const json_t *json, struct witness_list *list)
{
	const json_t *entry;
	size_t i;

	*list = (struct witness_list){ 0 };
	if (!json_is_array(json))
		return -1;
	json_array_foreach (json, i, entry) {
		if (witness_fill(entry, VEC_PUSH(list))) {
			witness_list_release(list);
			return -1;
		}
	}
	return 0;
}
