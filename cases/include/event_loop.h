/*
 * An event loop for the cases: one thread that runs many tasks, each a coroutine.
 *
 *     static void tick(struct task *self)
 *     {
 *             await_sleep(self, 5);             the other tasks run in the meantime
 *             ...
 *     }
 *
 *     struct event_loop loop;
 *     struct task first, second;
 *     loop_open(&loop);
 *     loop_start(&loop, &first, tick);          starts when the loop runs
 *     loop_start(&loop, &second, tick);
 *     loop_run(&loop);                          until all tasks have finished
 *     loop_close(&loop);
 *
 * Contract
 *  - A task runs until it awaits something or returns; until then no other task
 *    runs. The loop and its tasks belong to the thread that runs the loop.
 *  - Tasks are resumed in the order of their deadlines, which are times of the
 *    monotonic clock; tasks with the same deadline in the order in which they began
 *    to wait. The order is kept even if the loop itself is late.
 *  - A task lives until loop_next_finished() returns it or loop_run() returns, or the
 *    loop is closed.
 *  - Needs _GNU_SOURCE before any #include (coroutine.h).
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "coroutine.h"

#define NS_PER_S  1000000000LL
#define NS_PER_MS 1000000LL

struct task {
	struct coroutine coroutine;
	struct event_loop *loop;
	void (*body)(struct task *self);
	bool finished;
	int64_t deadline;  // when it is resumed
	struct task *next; // waiting task with the same deadline or a later one
};

struct event_loop {
	int epoll, timer;
	struct task *waiting;
};

static inline int64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static inline void loop_open(struct event_loop *loop)
{
	struct epoll_event readable = { .events = EPOLLIN };

	loop->waiting = NULL;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->timer, &readable) < 0)
		exit(1);
}

// Tasks that still wait never go on.
static inline void loop_close(struct event_loop *loop)
{
	for (struct task *task = loop->waiting; task; task = task->next)
		coroutine_destroy(&task->coroutine);
	close(loop->timer);
	close(loop->epoll);
}

static inline void loop_resume_at(struct event_loop *loop, struct task *task, int64_t deadline)
{
	struct task **at = &loop->waiting;

	while (*at && (*at)->deadline <= deadline)
		at = &(*at)->next;
	task->deadline = deadline;
	task->next = *at;
	*at = task;
}

// Lets other tasks run for ms milliseconds; with 0, each task that is due runs once.
static inline void await_sleep(struct task *self, long ms)
{
	loop_resume_at(self->loop, self, loop_now() + ms * NS_PER_MS);
	coroutine_suspend(&self->coroutine);
}

static inline void loop_begin_task(void *task)
{
	struct task *self = task;

	self->body(self);
	self->finished = true;
}

static inline void loop_start(struct event_loop *loop, struct task *task,
			      void (*body)(struct task *self))
{
	task->loop = loop;
	task->body = body;
	task->finished = false;
	coroutine_create(&task->coroutine, loop_begin_task, task);
	loop_resume_at(loop, task, loop_now());
}

// Sleeps in the kernel until the timer expires.
static inline void loop_sleep_until(struct event_loop *loop, int64_t deadline)
{
	struct itimerspec when = { .it_value = { deadline / NS_PER_S, deadline % NS_PER_S } };
	struct epoll_event event;
	uint64_t expirations;

	timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &when, NULL);
	while (read(loop->timer, &expirations, sizeof(expirations)) < 0)
		epoll_wait(loop->epoll, &event, 1, -1);
}

// Runs the tasks until one has finished and returns it; NULL if none is left.
static inline struct task *loop_next_finished(struct event_loop *loop)
{
	struct task *task;

	while ((task = loop->waiting)) {
		if (task->deadline > loop_now())
			loop_sleep_until(loop, task->deadline);
		loop->waiting = task->next;
		coroutine_resume(&task->coroutine);
		if (task->finished) {
			coroutine_destroy(&task->coroutine);
			return task;
		}
	}
	return NULL;
}

static inline void loop_run(struct event_loop *loop)
{
	while (loop_next_finished(loop))
		;
}

#endif
