/*
 * The log of a campaign, one JSON object a line: explore/log.c writes it,
 * detect/explore_log.c reads it. LINE_BEGIN comes first, LINE_END last.
 */
#ifndef RACEGATE_MODEL_EXPLORE_LOG_H
#define RACEGATE_MODEL_EXPLORE_LOG_H

#include "model/explored.h"
#include "model/finding.h"
#include "model/witness.h"

enum explore_line_kind {
	LINE_BEGIN,
	LINE_FINDING,
	LINE_OUTCOME,
	LINE_UNCONTROLLED,
	LINE_ANSWERS,
	LINE_END
};

struct explore_line {
	enum explore_line_kind kind;
	char *text;  // the program's hash, the outcome, or the call that is not controlled
	char *place; // LINE_UNCONTROLLED: where it is called
	struct finding finding;
	bool ended;                  // LINE_OUTCOME: by itself, whatever its exit status
	int code;                    // LINE_OUTCOME: exit status, when it ended by itself
	char *err;                   // LINE_OUTCOME: the last lines of its stderr; NULL: none
	char *limit;                 // LINE_OUTCOME: that ended it; NULL: none did
	uint64_t lines;              // LINE_OUTCOME: as in struct explored_outcome
	uint64_t count, first;       // schedules that showed it; the first of them, from 1
	char *schedule;              // file name; NULL: it was counted and not followed again
	bool confirmed;              // following the schedule twice showed the same
	uint64_t preemptions;        // of the schedule
	char *divergence;            // why it is not confirmed
	struct witness_list answers; // LINE_ANSWERS
	struct explored explored;    // LINE_END: all but first and outcomes
	bool stopped;                // LINE_END: before its time
};

json_t *explore_line_to_json(const struct explore_line *line); // new reference
// 0, or -1 when the JSON is no such line (`line` is empty then).
int explore_line_from_json(const json_t *json, struct explore_line *line);
void explore_line_release(struct explore_line *line);

#endif
