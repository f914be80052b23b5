#include "explore/policy.h"

#include "base/mem.h"

#include <string.h>

static const struct policy policies[] = {
#define ROW(id, name, title, use, least, most, slots, description)                                 \
	{ RT_POLICY_##id, #name, title, use, least, most, slots, description },
	RT_POLICY_TABLE(ROW)
#undef ROW
};

const struct policy *policy_get(enum rt_policy_id id)
{
	return &policies[id];
}

const struct policy *policy_from_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(policies); i++)
		if (policies[i].use != RT_INTERNAL && !strcmp(policies[i].name, name))
			return &policies[i];
	return NULL;
}

unsigned policy_most_depth(void)
{
	unsigned most = 0;

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++)
		if (policies[i].most_depth > most)
			most = policies[i].most_depth;
	return most;
}

unsigned portfolio_size(void)
{
	return (unsigned)strlen(policies[RT_POLICY_RANDOM].slots);
}

struct slot portfolio_slot(unsigned number)
{
	size_t i = 0;

	while (strlen(policies[i].slots) <= number || policies[i].slots[number] == '.')
		i++;
	return (struct slot){ &policies[i], (unsigned)(policies[i].slots[number] - '0') };
}
