// One report of ThreadSanitizer as tsan/report_hook.c wrote it, between its lines and the finding.
#ifndef RACEGATE_TSAN_FINDING_H
#define RACEGATE_TSAN_FINDING_H

#include "model/finding.h"

#include <elfutils/libdwfl.h>
#include <stdint.h>

enum tsan_record_kind {
	TSAN_MOP, // number: tid, address, size, write, atomic
	TSAN_STACK,
	TSAN_LOC,    // name: type; number: address, start, size, tid, fd
	TSAN_MUTEX,  // number: id, address, destroyed
	TSAN_THREAD, // number: tid, os id, running, parent; name
	TSAN_UNIQUE, // number: tid
	TSAN_RECORD_NR
};

struct tsan_record {
	uint64_t number[5];
	char *name; // owned
	struct {
		uint64_t *items; // return addresses, innermost first
		size_t nr, alloc;
	} pcs;
};

// The locks held at one memory operation, by TSan's numbers.
struct tsan_locks {
	unsigned long *items;
	size_t nr, alloc;
};

struct tsan_report {
	char *kind; // TSan's identifier, owned
	struct {
		struct tsan_record *items;
		size_t nr, alloc;
	} records[TSAN_RECORD_NR];
	struct {
		struct tsan_locks *items; // in the order of the memory operations
		size_t nr, alloc;
	} locks;
};

void tsan_report_release(struct tsan_report *report);

/*
 * A line that TSan printed: takes the locks of a memory operation from it for
 * the report whose record follows; a fatal error becomes a finding in `out`.
 */
void tsan_report_text(struct tsan_report *report, const char *line, struct finding_list *out);

// Adds the finding; `dwfl` knows the program's addresses; NULL: unknown.
void tsan_report_finding(const struct tsan_report *report, Dwfl *dwfl, struct finding_list *out);

#endif
