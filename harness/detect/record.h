/*
 * The record of one run: one line of runs.jsonl. It holds what was seen and
 * nothing of what we think of it, so that a session can be graded again.
 */
#ifndef RACEGATE_RECORD_H
#define RACEGATE_RECORD_H

#include "base/tool_id.h"
#include "detect/detect.h"
#include "detect/explored.h"

struct record {
	uint64_t run; // 1, 2, ... in the order of starting
	char *target; // id
	enum tool_id tool;
	char *build;   // "O2"; "" for a program built elsewhere
	uint64_t seed; // of the perturbation
	long scale;    // argv[1]; 0: none was given
	uint64_t cpus; // affinity; 0: all
	bool perturbed, no_aslr;
	enum ending_how how;
	int code;              // exit status or signal
	char *limit, *trouble; // as in run_result; NULL when there is none
	int64_t wall_ns, cpu_ns;
	long max_rss_kib;
	char *out, *err;    // escaped (strbuf_add_escaped), cut at the limits
	uint64_t out_total; // bytes that it wrote
	unsigned orphans;
	enum evidence evidence;
	struct finding_list findings; // the tool's
	struct finding_list endings;  // the harness's own: crash, deadlock, hang
	struct explored explored;     // what the explorer's campaign adds
	char **logs;                  // kept raw logs, relative to the session
	size_t nr_logs;
};

void record_release(struct record *record);

// Takes over what `result` shows: ending, times, output. The result may be released afterwards.
void record_take_result(struct record *record, const struct run_result *result);

json_t *record_to_json(const struct record *record); // new reference
// 0, or -1 when the JSON is no record (`record` is empty then).
int record_from_json(const json_t *json, struct record *record);

/*
 * The log of racegate-explore (explore/log.c). Unlike the other parsers it fills
 * more than findings.
 */
enum evidence explore_log_parse(const char *log, size_t len, struct record *record);

const char *
ending_name(enum ending_how how); // "exit", "signal", "hang", "timeout", "limit", "not-started"

#endif
