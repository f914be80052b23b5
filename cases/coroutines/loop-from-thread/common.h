/*
 * Where the loop of both variants sleeps: in epoll, with an eventfd as its alarm, which
 * any thread may raise, and a timerfd that ticks as that of a heartbeat would.
 */
#ifndef LOOP_FROM_THREAD_COMMON_H
#define LOOP_FROM_THREAD_COMMON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define TICK_NS 1000000

struct callback {
	void (*run)(void);
	struct callback *next;
};

struct loop {
	int epoll, alarm, ticker;
	bool alarmed; // the last sleep was ended by the alarm
};

static inline void loop_watch(struct loop *loop, int fd)
{
	struct epoll_event readable = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &readable) < 0)
		exit(1);
}

static inline void loop_open(struct loop *loop)
{
	const struct itimerspec every_tick = { { 0, TICK_NS }, { 0, TICK_NS } };

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop->ticker = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop_watch(loop, loop->alarm);
	loop_watch(loop, loop->ticker);
	timerfd_settime(loop->ticker, 0, &every_tick, NULL);
}

static inline void loop_close(struct loop *loop)
{
	close(loop->ticker);
	close(loop->alarm);
	close(loop->epoll);
}

// Sleeps until the alarm is raised, or the next tick. An alarm raised before counts.
static inline void loop_sleep(struct loop *loop)
{
	struct epoll_event events[2];
	int nr = epoll_wait(loop->epoll, events, 2, -1);
	uint64_t times;

	loop->alarmed = false;
	for (int i = 0; i < nr; i++)
		if (read(events[i].data.fd, &times, sizeof(times)) == sizeof(times))
			loop->alarmed |= events[i].data.fd == loop->alarm;
}

// For any thread: ends the sleep of the loop, or the next one if it is awake.
static inline void loop_raise_alarm(struct loop *loop)
{
	const uint64_t once = 1;

	if (write(loop->alarm, &once, sizeof(once)) < 0)
		exit(1);
}

#endif
