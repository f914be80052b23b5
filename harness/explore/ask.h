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
 * Tries the campaign's number of schedules, each traced, and adds to the answers in
 * options->asked. What it finds itself is confirmed as in any campaign. 0, or -1.
 */
int ask_run(struct campaign *campaign, struct err *err);

#endif
