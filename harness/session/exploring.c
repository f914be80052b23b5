#include "session/exploring.h"

#include "session/parts.h"
#include "tool/tool.h"

enum { QUICK_SCHEDULES = 100 };

// Other tools would keep the CPUs busy that a campaign leaves free.
static bool explores_only(const struct settings *o)
{
	for (int t = 0; t < TOOL_NR; t++)
		if (t != TOOL_EXPLORE && (!o->tools_given || o->tools[t]))
			return false;
	return true;
}

struct explore_settings exploring_of(const struct settings *o)
{
	uint64_t usual = o->quick ? QUICK_SCHEDULES : tool_get(TOOL_EXPLORE)->iterations,
		 schedules = o->schedules ? o->schedules : usual;

	return (struct explore_settings){
		.schedules = schedules,
		// With --runs each campaign takes all schedules.
		.parts = o->runs || !explores_only(o) ? 1 : parts_of(schedules, o->strategy),
		.limited = !o->schedules,
		.strategy = o->strategy,
		.depth = o->depth,
		.preemptions = o->preemptions,
		.bounded = o->preemptions_given,
		.max_steps = o->max_steps,
		.as_found = o->as_found,
	};
}
