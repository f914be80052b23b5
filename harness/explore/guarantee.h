#ifndef RACEGATE_EXPLORE_GUARANTEE_H
#define RACEGATE_EXPLORE_GUARANTEE_H

#include "explore/campaign.h"

// What the campaign has shown. Its `search` is the caller's.
struct guarantee campaign_guarantee(const struct campaign *campaign);

#endif
