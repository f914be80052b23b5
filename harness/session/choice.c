#include "session/choice.h"

#include "base/fs.h"
#include "base/strbuf.h"
#include "explore/linked.h"

#include <string.h>

// The symbols of a program built elsewhere show whether it contains TSan.
static bool built_with_tsan(const char *program)
{
	struct strbuf content = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	bool found;

	fs_read(program, 0, &content, &ignored);
	found = content.len && memmem(content.buf, content.len, "__tsan_init", 11);
	strbuf_release(&content);
	return found;
}

bool tool_applies(const struct settings *settings, const struct target *target, enum tool_id tool)
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
	if (built_with_tsan(target->argv[0]))
		return tool == TOOL_TSAN;
	return !tsan;
}
