/*
 * One request for schedules is explored as several campaigns, so that several
 * cores have something to do; beside other tools they have, and a campaign stays
 * whole. How many depends on the request alone: a seed gives the same result on
 * every machine.
 */
#ifndef RACEGATE_PARTS_H
#define RACEGATE_PARTS_H

#include <stdint.h>

// A campaign of fewer schedules is not worth starting a program for; one of more has enough parts.
enum { PART_LEAST = 250, PARTS_MOST = 16 };

// Campaigns for so many schedules. `strategy`: as on the command line, NULL: all; depth-first
// search goes on where it was, so it is one.
unsigned parts_of(uint64_t schedules, const char *strategy);
// Schedules of campaign number `nth`, from 0; together `schedules` in each round of `parts`.
uint64_t part_share(uint64_t schedules, unsigned parts, uint64_t nth);
// Of which so many may go to depth-first search: one campaign of a round does it for all, as it
// would be the same in each.
uint64_t part_search(uint64_t schedules, unsigned parts, uint64_t nth);

#endif
