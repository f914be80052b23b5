// One <error> of Helgrind or DRD, between the XML parser and the finding.
#ifndef RACEGATE_VALGRIND_ERROR_H
#define RACEGATE_VALGRIND_ERROR_H

#include "detect/valgrind_objects.h"
#include "model/finding.h"

#include <stdbool.h>

// Text and the stack that follows it; the first part is the error itself (<what>).
struct vg_part {
	char *text;         // owned; NULL: a stack without text
	bool is_allocation; // DRD's <allocation_context>
	bool is_creation;   // DRD's <first_observed_at>
	char *address;      // owned; of a created object, else NULL
	struct stack stack;
};

struct vg_error {
	bool drd;
	char *kind; // owned; <kind>
	struct {
		struct vg_part *items;
		size_t nr, alloc;
	} parts;
};

void vg_error_release(struct vg_error *error);
// Moves what `error` says into a new finding at the end of `out`; `objects` names addresses.
void vg_error_finding(struct vg_error *error, struct vg_objects *objects, struct finding_list *out);

#endif
