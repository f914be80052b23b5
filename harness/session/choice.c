#include "session/choice.h"

#include "explore/linked.h"

bool tool_applies(const struct settings *settings, const struct target *target, enum tool_id tool,
		  bool has_tsan)
{
	bool tsan = tool == TOOL_TSAN || tool == TOOL_TSAN_GCC;

	if (settings->tools_given && !settings->tools[tool])
		return false;
	// A tool that the case does not mention runs only when it is named.
	if (target->tc && !settings->tools_given &&
	    target->tc->expect[target->variant][tool].answer == ANSWER_NONE)
		return false;
	if (target->source)
		return true;
	if (tool == TOOL_EXPLORE || linked_at_all(target->argv[0]))
		return tool == TOOL_EXPLORE && linked_at_all(target->argv[0]);
	// Valgrind cannot run a TSan program, and TSan's runtime cannot be added to another.
	return has_tsan ? tool == TOOL_TSAN : !tsan;
}
