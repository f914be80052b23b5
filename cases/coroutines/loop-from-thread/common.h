/*
 * Where the loop of both variants sleeps: in epoll, with an eventfd as its alarm, which
 * any thread may raise.
 */
#ifndef LOOP_FROM_THREAD_COMMON_H
#define LOOP_FROM_THREAD_COMMON_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct callback {
	void (*run)(void);
	struct callback *next;
};

struct loop {
	int epoll, alarm;
};

static inline void loop_open(struct loop *loop)
{
	struct epoll_event readable = { .events = EPOLLIN };

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->alarm, &readable) < 0)
		exit(1);
}

static inline void loop_close(struct loop *loop)
{
	close(loop->alarm);
	close(loop->epoll);
}

// Sleeps until the alarm is raised, and clears it. An alarm that was raised before counts.
static inline void loop_sleep(struct loop *loop)
{
	struct epoll_event event;
	uint64_t times;

	while (read(loop->alarm, &times, sizeof(times)) < 0)
		epoll_wait(loop->epoll, &event, 1, -1);
}

// For any thread: ends the sleep of the loop, or the next one if it is awake.
static inline void loop_raise_alarm(struct loop *loop)
{
	const uint64_t once = 1;

	if (write(loop->alarm, &once, sizeof(once)) < 0)
		exit(1);
}

#endif
