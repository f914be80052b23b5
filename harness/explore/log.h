/*
 * What a campaign leaves on disk: FILE, JSON lines that detect/explore_log.c
 * reads, and beside it FILE.1.sched, FILE.2.sched, ...
 */
#ifndef RACEGATE_EXPLORE_LOG_H
#define RACEGATE_EXPLORE_LOG_H

#include "explore/campaign.h"

// Writes it all; 0, or -1 with `err`.
int campaign_log(const struct campaign *campaign, const char *path, struct err *err);

#endif
