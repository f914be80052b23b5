/*
 * A directed campaign: it asks of the places that other tools named whether threads
 * come to them, whether they are ever unordered there, and what orders them.
 */
#ifndef RACEGATE_EXPLORE_ASK_H
#define RACEGATE_EXPLORE_ASK_H

#include "explore/campaign.h"

// More are not answered: their counts stay 0.
enum { ASK_MOST = 32 };

/*
 * In place of campaign_run(): tries the number of schedules, each traced, and adds to the
 * answers in options->asked. What it finds itself is confirmed as in any campaign.
 */
int ask_run(struct campaign *campaign, const struct campaign_options *options, struct err *err);

#endif
