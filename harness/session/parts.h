/*
 * The schedules of a target are split into several campaigns to keep several cores
 * busy (with other tools in the session they are busy anyway, and a campaign stays
 * whole). The number depends only on the settings, so that a seed gives the same
 * result on every machine.
 */
#ifndef RACEGATE_PARTS_H
#define RACEGATE_PARTS_H

#include <stdint.h>

// Fewer schedules are not worth starting a program; more parts are not needed.
enum { PART_LEAST = 250, PARTS_MOST = 16 };

// Campaigns for so many schedules. `strategy`: NULL: all. Depth-first search continues where it
// was, so it is one campaign.
unsigned parts_of(uint64_t schedules, const char *strategy);
// Schedules of campaign number `nth`, from 0; together `schedules` in each round of `parts`.
uint64_t part_share(uint64_t schedules, unsigned parts, uint64_t nth);
// Of which so many may go to depth-first search: one campaign of a round does it for all, since
// it would do the same in each.
uint64_t part_search(uint64_t schedules, unsigned parts, uint64_t nth);

#endif
