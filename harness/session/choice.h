// Which tools are asked about a target.
#ifndef RACEGATE_CHOICE_H
#define RACEGATE_CHOICE_H

#include "catalog/catalog.h"
#include "session/settings.h"

// `has_tsan`: of a program built elsewhere, it or what it starts contains ThreadSanitizer
// (below.h).
bool tool_applies(const struct settings *settings, const struct target *target, enum tool_id tool,
		  bool has_tsan);

#endif
