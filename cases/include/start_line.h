/*
 * A start line for the threads of a case.
 *
 * Creating a thread takes about as long as a small worker runs. So workers
 * that are started in a loop often run one after the other, and a bug that
 * needs them to overlap does not show. With a start line they all begin
 * within a microsecond of each other, provided that there is a CPU for each
 * of them:
 *
 *     static void *work(void *unused)
 *     {
 *             start_line_wait();          first thing in every worker
 *             ...
 *     }
 *     int main(void)
 *     {
 *             start_line_set();           once, before any pthread_create
 *             pthread_create(...); pthread_create(...);
 *
 * Contract
 *  - start_line_set() picks one instant, START_LINE_AHEAD_NS from now. main
 *    calls it once, before it creates the threads, and never again while one
 *    of them is alive. This is the only write, and it comes before
 *    pthread_create: what the threads read afterwards never changes.
 *  - start_line_wait() returns at that instant, or at once if it has passed.
 *    Any number of threads may call it, main included. The threads do not wait
 *    for each other, so one that is late or missing delays none of them.
 *  - There is no lock, no atomic and no barrier: only the clock brings the
 *    threads together. So there is no happens-before order that would hide a
 *    race from a detector, and no additional race. Racy and fixed variants
 *    may both include the header: it changes when a thread starts, never what
 *    it may do.
 *  - Needs clock_nanosleep: define _POSIX_C_SOURCE 200809L or _GNU_SOURCE
 *    before any #include. Only one source file per program may include it.
 */
#ifndef START_LINE_H
#define START_LINE_H

#include <errno.h>
#include <time.h>

#ifndef TIMER_ABSTIME
#error "define _POSIX_C_SOURCE 200809L before the first #include"
#endif

#define START_LINE_AHEAD_NS 2000000L // from set to start: time to create the threads
#define START_LINE_SPIN_NS  150000L  // awake before the start: a wake-up is less late than this
#define START_LINE_STILL    100      // this many equal clock readings: the clock stands still

static struct timespec start_line_instant;

static inline struct timespec start_line_shift(struct timespec t, long ns)
{
	t.tv_nsec += ns;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_nsec -= 1000000000L;
		t.tv_sec++;
	} else if (t.tv_nsec < 0) {
		t.tv_nsec += 1000000000L;
		t.tv_sec--;
	}
	return t;
}

static inline long start_line_left(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)(start_line_instant.tv_sec - now.tv_sec) * 1000000000L +
	       (start_line_instant.tv_nsec - now.tv_nsec);
}

static inline void start_line_set(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	start_line_instant = start_line_shift(now, START_LINE_AHEAD_NS);
}

/*
 * Sleeps until shortly before the instant (a wake-up comes 50 to 100
 * microseconds late), then polls the clock. Under a scheduler with virtual time
 * the clock stands still while a thread polls it, so a clock that does not move
 * counts as the start.
 */
static inline void start_line_wait(void)
{
	struct timespec awake = start_line_shift(start_line_instant, -START_LINE_SPIN_NS);
	long left, before = -1;
	int still = 0;

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &awake, NULL) == EINTR)
		; // interrupted by a signal: the instant stays the same
	while ((left = start_line_left()) > 0 && still < START_LINE_STILL) {
		still = left == before ? still + 1 : 0;
		before = left;
	}
}

#endif
