// The policies of the runtime as campaigns, options and messages know them.
#ifndef RACEGATE_EXPLORE_POLICY_H
#define RACEGATE_EXPLORE_POLICY_H

#include "rt/protocol.h"

struct policy {
	enum rt_policy_id id;
	const char *name, *title;
	enum rt_policy_use use;
	unsigned least_depth, most_depth; // 0: it has none
	const char *slots;                // see RT_POLICY_TABLE
	const char *description;
};

// A part of the portfolio, or of what was asked for in its place.
struct slot {
	const struct policy *policy;
	unsigned depth;
};

const struct policy *policy_get(enum rt_policy_id id);
// One that a campaign may be asked for; NULL: there is none of that name.
const struct policy *policy_from_name(const char *name);
unsigned policy_most_depth(void); // of any of them

// All that a campaign may be asked for, "random, pct, …", and the literal `after`.
#define POLICY_NAMES(after)           (&(RT_POLICY_TABLE(POLICY_NAME) after)[2])
#define POLICY_NAME_RT_SAMPLES(name)  ", " #name
#define POLICY_NAME_RT_SEARCHES(name) ", " #name
#define POLICY_NAME_RT_INTERNAL(name)
#define POLICY_NAME(id, name, title, use, least, most, slots, description) POLICY_NAME_##use(name)

unsigned portfolio_size(void);
struct slot portfolio_slot(unsigned number); // 0 to portfolio_size() - 1

#endif
