#include "model/finding_kind.h"

#include <string.h>

static const struct {
	const char *name;
	enum severity severity;
	const char *meaning;
} kinds[] = {
#define KIND(id, name, severity, meaning) { name, SEVERITY_##severity, meaning },
#include "model/finding_kind.def"
#undef KIND
};

static const char *const severity_names[SEVERITY_NR] = { "error", "warning", "note" };

const char *kind_name(enum finding_kind kind)
{
	return kinds[kind].name;
}

const char *kind_meaning(enum finding_kind kind)
{
	return kinds[kind].meaning;
}

enum severity kind_severity(enum finding_kind kind)
{
	return kinds[kind].severity;
}

int kind_from_name(const char *name)
{
	for (int i = 0; i < KIND_NR; i++)
		if (!strcmp(kinds[i].name, name))
			return i;
	return -1;
}

const char *severity_name(enum severity severity)
{
	return severity_names[severity];
}

int severity_from_name(const char *name)
{
	for (int i = 0; i < SEVERITY_NR; i++)
		if (!strcmp(severity_names[i], name))
			return i;
	return -1;
}

bool kind_is_inconclusive(enum finding_kind kind)
{
	return kind == KIND_UNSUPPORTED || kind == KIND_UNCONTROLLED || kind == KIND_TAMPERED ||
	       kind == KIND_TOOL_ERROR;
}
