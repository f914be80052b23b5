// Kinds of findings, from finding_kind.def.
#ifndef RACEGATE_FINDING_KIND_H
#define RACEGATE_FINDING_KIND_H

#include <stdbool.h>
#include <stdint.h>

enum finding_kind {
#define KIND(id, name, meaning) KIND_##id,
#include "model/finding_kind.def"
#undef KIND
	KIND_NR
};

const char *kind_name(enum finding_kind kind);    // "data-race"
const char *kind_meaning(enum finding_kind kind); // one clause, lower case, no full stop
int kind_from_name(const char *name);             // -1 when there is none of that name

// Nothing can be said of the run (unsupported, uncontrolled, tampered, tool-error): never a pass.
bool kind_is_inconclusive(enum finding_kind kind);

// A set of kinds, one bit each.
typedef uint32_t kind_set;
#define KIND_BIT(kind) ((kind_set)1 << (kind))
_Static_assert(KIND_NR <= 32, "kind_set has a bit for every kind");

#endif
