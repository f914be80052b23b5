// A campaign's guarantee as the reports say it.
#ifndef RACEGATE_TEST_GUARANTEE_TEXT_H
#define RACEGATE_TEST_GUARANTEE_TEXT_H

#include "explore/guarantee.h"

// Owned.
static inline char *campaign_guarantee_text(const struct campaign *campaign)
{
	struct guarantee guarantee = campaign_guarantee(campaign);
	char *words = guarantee_text(&guarantee);

	guarantee_release(&guarantee);
	return words;
}

#endif
