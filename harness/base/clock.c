#include "base/clock.h"

#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

void clock_stamp(char *buf)
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(buf, 32, "%Y-%m-%dT%H:%M:%S%z", &local);
}
