/*
 * Logs of a run to findings. Every parser takes bytes, whole or cut off
 * anywhere, keeps every complete report in them and never fails on rubbish:
 * it says in `struct evidence` how far the log can be trusted.
 */
#ifndef RACEGATE_DETECT_H
#define RACEGATE_DETECT_H

#include "base/strbuf.h"
#include "model/record.h"
#include "run/run.h"

#include <stddef.h>

/*
 * What a log is held against, and what it says of its end. Parsers take NULL for a log of nobody
 * knows what run.
 */
struct log_facts {
	uint64_t key;          // of the hook's seals; 0: there are none
	long pid;              // of the process; 0: unknown
	bool first;            // it is the run's first process
	struct record *record; // gets what was suppressed; NULL: nobody
	// Filled in:
	uint64_t reports; // of the last program that the process was
	uint64_t counted; // of them the tool had counted when it decided the exit code
	bool decided;     // the tool decided it
	bool threads;     // the process had a second thread; only tsan_data_parse knows
	const char *why;  // tampered: a clause, static; NULL: it is not in the tool's format
};

// Reports as the hook in tsan/report_hook.c writes them. Symbols are looked up through the
// memory map that the log carries.
enum evidence tsan_data_parse(const char *log, size_t len, struct log_facts *facts,
			      struct finding_list *out);
// TSan's printed reports (programs that somebody else built), gcc's and clang's.
enum evidence tsan_text_parse(const char *log, size_t len, struct log_facts *facts,
			      struct finding_list *out);
// The XML of Helgrind and DRD (protocol 4). The file name is not needed: the log says which tool
// wrote it.
enum evidence valgrind_xml_parse(const char *log, size_t len, struct log_facts *facts,
				 struct finding_list *out);

/*
 * What the ending itself says: a crash, an assertion, a hang with its threads
 * (deadlock when the locks show a cycle or an owner that will never release,
 * hang otherwise), a livelock. Adds at most one finding.
 */
void ending_findings(const struct run_result *result, struct finding_list *out);

/*
 * The log of racegate-explore (explore/log.c). Unlike the other parsers it fills
 * more than findings.
 */
enum evidence explore_log_parse(const char *log, size_t len, struct record *record);

// Takes over what `result` shows: ending, times, output. The result may be released afterwards.
void record_take_result(struct record *record, const struct run_result *result);

#endif
