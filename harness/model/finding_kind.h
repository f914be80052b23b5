// Kinds of findings, from finding_kind.def.
#ifndef RACEGATE_FINDING_KIND_H
#define RACEGATE_FINDING_KIND_H

#include <stdbool.h>
#include <stdint.h>

enum finding_kind {
#define KIND(id, name, severity, meaning) KIND_##id,
#include "model/finding_kind.def"
#undef KIND
	KIND_NR
};

// Worst first. An error is a bug; a warning is one in most programs; a note is worth knowing.
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_NR };

const char *kind_name(enum finding_kind kind);    // "data-race"
const char *kind_meaning(enum finding_kind kind); // one clause, lower case, no full stop
int kind_from_name(const char *name);             // -1 when there is none of that name
enum severity kind_severity(enum finding_kind kind);

const char *severity_name(enum severity severity); // "error", "warning", "note"
int severity_from_name(const char *name);          // -1 when there is none of that name
#define SEVERITY_NAMES "error, warning, note"

// Nothing can be said of the run (unsupported, uncontrolled, tampered, tool-error): never a pass.
bool kind_is_inconclusive(enum finding_kind kind);

// A set of kinds, one bit each.
typedef uint64_t kind_set;
#define KIND_BIT(kind) ((kind_set)1 << (kind))
_Static_assert(KIND_NR <= 64, "kind_set has a bit for every kind");

#endif
