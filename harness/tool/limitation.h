/*
 * What tools are known to get wrong, one row each. A row explains a finding only when
 * its trigger was observed: in the report itself, or by the explorer in the program. So
 * no version has to be known: one that gets it right makes no such report.
 */
#ifndef RACEGATE_LIMITATION_H
#define RACEGATE_LIMITATION_H

#include "model/finding.h"
#include "model/tool_id.h"
#include "model/witness.h"

#include <stdbool.h>

// What decides that the row applies.
enum limitation_proof {
	PROOF_EXPLORER, // the explorer saw the threads at the places, always ordered, by `means`
	PROOF_REPORT,   // the report says it: it cannot be right
	PROOF_PROBE,    // a small program of racegate's own, run once a session, fails under it
	PROOF_HARNESS,  // racegate sees it itself and allows for it: no finding comes of it
};

struct limitation {
	const char *id;
	unsigned tools;       // bit per tool
	const char *versions; // that were seen to have it
	enum limitation_proof proof;
	kind_set kinds;     // of findings that it explains
	int means;          // enum means that the order must rest on alone; -1: any
	const char *frame;  // function that must stand in a stack of the report; NULL: none must
	bool anywhere;      // the trigger may be seen at other places of the program
	bool forked;        // a process that was forked must have written the report
	const char *symbol; // of a probe: function that the program must call
	const char *probe;  // its source below tool/canary/
	const char *trigger, *wrong, *source; // in words; `wrong` follows the tool's name
};

extern const struct limitation limitations[]; // ended by an id of NULL

const struct limitation *limitation_from_id(const char *id); // NULL: there is none
static inline bool limitation_is_of(const struct limitation *limitation, enum tool_id tool)
{
	return limitation->tools >> tool & 1;
}

/*
 * The row that explains why `tool` reports this finding although it is none; NULL: none does.
 * `answers` are the explorer's about places of the target.
 */
const struct limitation *limitation_of(const struct finding *finding, enum tool_id tool,
				       const struct witness_list *answers);

#endif
