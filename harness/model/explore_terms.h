// What the explorer does not try, by request. Zero: it tries all.
#ifndef RACEGATE_EXPLORE_TERMS_H
#define RACEGATE_EXPLORE_TERMS_H

#include <stdbool.h>

struct explore_terms {
	bool few_spurious; // of a schedule at most `spurious` waits end without a signal
	unsigned spurious;
	bool due_timeouts; // a time-out comes when nothing else can happen, and never early
};

#endif
