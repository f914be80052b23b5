#include "model/finding_kind.h"

#include <string.h>

static const struct {
	const char *name, *meaning;
} kinds[] = {
#define KIND(id, name, meaning) { name, meaning },
#include "model/finding_kind.def"
#undef KIND
};

const char *kind_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

const char *kind_meaning(enum finding_kind kind)
{
	return kinds[kind].meaning;
}

int kind_from_name(const char *name)
{
	for (int i = 0; i < KIND_NR; i++)
		if (!strcmp(kinds[i].name, name))
			return i;
	return -1;
}

bool kind_is_inconclusive(enum finding_kind kind)
{
	return kind == KIND_UNSUPPORTED || kind == KIND_UNCONTROLLED || kind == KIND_TAMPERED ||
	       kind == KIND_TOOL_ERROR;
}
