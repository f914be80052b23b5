// The programs of a run that were seen under a tool: what runs below a script, or make.
#ifndef RACEGATE_MODEL_PROGRAMS_H
#define RACEGATE_MODEL_PROGRAMS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_program {
	char *name;
	bool examined; // the tool could see what it did
	uint64_t processes;
};

struct program_list {
	struct seen_program *items;
	size_t nr, alloc;
};

void programs_release(struct program_list *list);
// So many more processes of the program.
void programs_add(struct program_list *list, const char *name, bool examined, uint64_t processes);
bool programs_examined(const struct program_list *list); // any of them

json_t *programs_to_json(const struct program_list *list); // new reference
void programs_from_json(const json_t *json, struct program_list *list);

#endif
