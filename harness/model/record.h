/*
 * The record of one run: one line of runs.jsonl. It holds what was seen and
 * nothing of what we think of it, so that a session can be graded again.
 */
#ifndef RACEGATE_RECORD_H
#define RACEGATE_RECORD_H

#include "model/ending.h"
#include "model/explored.h"
#include "model/finding.h"
#include "model/programs.h"
#include "model/tool_id.h"
#include "model/witness.h"

enum evidence {
	EVIDENCE_NONE,     // the tool writes none (native)
	EVIDENCE_WHOLE,    // began and ended as the tool ends it
	EVIDENCE_CUT,      // began as it should and stops in the middle (a killed run)
	EVIDENCE_MISSING,  // no log at all
	EVIDENCE_TAMPERED, // not what the tool writes
};

const char *evidence_name(enum evidence evidence); // "none", "whole", "cut", "missing", "tampered"
int evidence_from_name(const char *name);          // -1 when there is none

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
	int code;      // exit status or signal
	int tool_code; // exit status that TSan was told to end with when it has reports; else 0
	long pid;      // of the first process; 0: unknown
	char *limit, *error; // as in run_result; NULL when there is none
	int64_t wall_ns, cpu_ns;
	long max_rss_kib;
	char *out, *err;    // escaped (strbuf_add_escaped), cut at the limits
	uint64_t out_total; // bytes that it wrote
	uint64_t out_hash;  // of all of them; 0: unknown
	uint64_t out_cut;   // of them, that are not in `out`
	uint64_t lines;     // lines_hash() of all of them; 0: not known
	unsigned alive;     // threads and processes at once, as in run_result
	unsigned orphans;
	char *left; // processes that outlived the first one, each with what ended it; else NULL
	enum evidence evidence;
	char *tampering;              // what is wrong with tampered evidence, a clause; else NULL
	struct finding_list findings; // the tool's
	struct finding_list endings;  // the harness's own: crash, deadlock, hang
	struct explored explored;     // what the explorer's campaign adds
	bool asked;                   // a directed campaign: it counts in no rate
	struct witness_list answers;  // its answers
	struct {
		struct suppressed {
			char *name; // of the suppression
			uint64_t count;
		} * items;
		size_t nr, alloc;
	} suppressed;                 // the user's and the tool's own
	struct program_list programs; // of one built elsewhere: that the tool saw
	char **logs;                  // kept raw logs, relative to the session
	size_t nr_logs;
};

// Reports that settings of the user kept a tool from making.
void record_add_suppressed(struct record *record, const char *name, uint64_t count);
void record_release(struct record *record);

void record_add_log(struct record *record, char *log); // takes it over
// The evidence cannot be believed, says the clause (taken over); the first one is kept.
void record_tampered(struct record *record, char *clause);

json_t *record_to_json(const struct record *record); // new reference
// 0, or -1 when the JSON is not a record (`record` is empty then).
int record_from_json(const json_t *json, struct record *record);

#endif
