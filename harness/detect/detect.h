/*
 * Logs of a run to findings. Every parser takes bytes, whole or cut off
 * anywhere, keeps every complete report in them and never fails on rubbish:
 * it says in `struct evidence` how far the log can be trusted.
 */
#ifndef RACEGATE_DETECT_H
#define RACEGATE_DETECT_H

#include "base/strbuf.h"
#include "detect/finding.h"
#include "run/run.h"

#include <stddef.h>

enum evidence {
	EVIDENCE_NONE,     // the tool writes none (native)
	EVIDENCE_WHOLE,    // began and ended as the tool ends it
	EVIDENCE_CUT,      // began as it should and stops in the middle (a killed run)
	EVIDENCE_MISSING,  // no log at all
	EVIDENCE_TAMPERED, // not what the tool writes
};

const char *evidence_name(enum evidence evidence); // "none", "whole", "cut", "missing", "tampered"
int evidence_from_name(const char *name);          // -1 when there is none

// Reports as the hook in rt/tsan_report.c writes them. Symbols are looked up through the
// memory map that the log carries.
enum evidence tsan_data_parse(const char *log, size_t len, struct finding_list *out);
// TSan's printed reports (programs that somebody else built), gcc's and clang's.
enum evidence tsan_text_parse(const char *log, size_t len, struct finding_list *out);
// The XML of Helgrind and DRD (protocol 4). The file name is not needed: it says who wrote it.
enum evidence valgrind_xml_parse(const char *log, size_t len, struct finding_list *out);

/*
 * What the ending itself says: a crash, an assertion, a hang with its threads
 * (deadlock when the locks show a cycle or an owner that will never release,
 * hang otherwise), a livelock. Adds at most one finding.
 */
void ending_findings(const struct run_result *result, struct finding_list *out);

/*
 * Adds how a run ended, as outcomes say it, behind a blank when `text` holds
 * something: "[exit 2]", "[signal SIGSEGV]", "[hang]", "[timeout]", "[limit
 * memory]". Nothing is said of exit 0. `limit` may be NULL.
 */
void ending_add_text(enum ending_how how, int code, const char *limit, struct strbuf *text);

#endif
