// Time, in nanoseconds.
#ifndef RACEGATE_CLOCK_H
#define RACEGATE_CLOCK_H

#include <stdint.h>

#define NS_PER_MS 1000000LL
#define NS_PER_S  1000000000LL

int64_t clock_now(void); // monotonic
// Writes the local time as 2026-01-31T12:00:00+0100 into `buf` of at least 32 bytes.
void clock_stamp(char *buf);

#endif
