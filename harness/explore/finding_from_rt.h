// What the runtime found, in the form that all tools' findings have.
#ifndef RACEGATE_FINDING_FROM_RT_H
#define RACEGATE_FINDING_FROM_RT_H

#include "model/finding.h"
#include "rt/protocol.h"

#include <elfutils/libdwfl.h>
#include <sys/types.h>

struct translator {
	Dwfl *dwfl;
	char *maps; // of the warmed process
};

// Reads the warmed process's memory map; release it in either case.
void translator_init(struct translator *translator, pid_t pid);
void translator_release(struct translator *translator);

/*
 * Fills `out` from `found`. `watched` (nr of them, may be none) are sites that a
 * second run of the schedule gave for the places of which only the step was
 * known.
 */
void finding_from_rt(const struct translator *translator, const struct rt_finding *found,
		     const struct rt_site *watched, size_t nr, struct finding *out);

// What a schedule of the finding says it shows: "data-race at racy.c:12, racy.c:30", owned.
char *finding_shown_text(const struct finding *finding);

// Whether a return address lies in the runtime, which is linked into the program.
bool translate_is_runtime(const struct translator *translator, uint64_t pc);
// Appends the frames of a return address.
void translate_stack(const struct translator *translator, uint64_t pc, struct stack *stack);
// "f.c:12 in function", owned.
char *translate_place(const struct translator *translator, uint64_t pc);

#endif
