// What a search may spend.
#ifndef RACEGATE_BUDGET_H
#define RACEGATE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget {
	uint64_t most_trials, most_steps; // the trial that reaches most_steps runs to its end
	uint64_t trials, steps;           // used
};

static inline bool budget_is_spent(const struct budget *budget)
{
	return budget->trials >= budget->most_trials || budget->steps >= budget->most_steps;
}

#endif
