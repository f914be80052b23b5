#include "model/tool_id.h"

#include "base/names.h"

static const char *const names[] = {
#define X(id, member, name) name,
	TOOL_TABLE(X)
#undef X
};

const char *tool_name(enum tool_id id)
{
	return names[id];
}

int tool_from_name(const char *name)
{
	return name_index(names, TOOL_NR, name);
}
