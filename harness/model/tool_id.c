#include "model/tool_id.h"

#include <string.h>

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
	for (int i = 0; i < TOOL_NR; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}
