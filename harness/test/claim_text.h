// A campaign's claim as the reports say it.
#ifndef RACEGATE_TEST_CLAIM_TEXT_H
#define RACEGATE_TEST_CLAIM_TEXT_H

#include "explore/campaign.h"

// Owned.
static inline char *claim_text(const struct campaign *campaign)
{
	struct claim claim = campaign_claim(campaign);
	char *words = claim_words(&claim);

	claim_release(&claim);
	return words;
}

#endif
