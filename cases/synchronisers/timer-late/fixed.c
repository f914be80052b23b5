/*
 * Every request starts a timer that raises an alarm on it when it takes too long,
 * and stops that timer before it goes.
 *
 * Cancelling reaches the timer in its sleep, where it holds nothing; a timer that
 * has woken up already raises its alarm in time. The join is what makes it safe:
 * after it the timer has either fired or never will, so the request may be freed.
 * Cancelling alone would only ask. Where a timer holds locks or memory, a flag and
 * a timed wait on a condition variable stop it more gently.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ANSWER_MS 10
#define LIMIT_MS  25

struct request {
	struct timespec begun;
	int number;
	int alarm; // number of the request whose time was up, 0 before
};

static void take_time(long milliseconds)
{
	struct timespec time = { 0, milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static void *run_timer(void *argument)
{
	struct request *request = argument;
	int number = request->number;

	take_time(LIMIT_MS);
	request->alarm = number;
	return NULL;
}

static struct request *new_request(int number)
{
	struct request *request = malloc(sizeof(*request));

	if (!request)
		exit(1);
	clock_gettime(CLOCK_MONOTONIC, &request->begun);
	request->number = number;
	request->alarm = 0;
	return request;
}

static bool serve(int number)
{
	struct request *request = new_request(number);
	pthread_t timer;
	bool stray;

	pthread_create(&timer, NULL, run_timer, request);
	take_time(ANSWER_MS);
	pthread_cancel(timer);
	pthread_join(timer, NULL);
	stray = request->alarm != 0 && request->alarm != number;
	free(request);
	return stray;
}

int main(int argc, char **argv)
{
	int requests = argc > 1 ? atoi(argv[1]) : 10, strays = 0;

	for (int number = 1; number <= requests; number++)
		strays += serve(number);
	printf("stray alarms %d\n", strays);
	return 0;
}
