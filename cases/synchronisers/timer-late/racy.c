/*
 * Every request starts a timer that raises an alarm on it when it takes too long.
 * Requests are quick, and nobody stops their timers.
 *
 *   1. request 1 starts a timer with its address   alarm after 25 ms
 *   2. request 1 is answered and freed             10 ms
 *   3. request 3 is allocated at the same address  20 ms
 *   4. the timer of request 1 fires                25 ms: alarm on request 3
 *
 * A timer is a thread, and its pointer keeps nothing alive. When it fires, its
 * request may be gone and the memory given to the next one, which then looks
 * late without being it; or the memory is free and the write corrupts it.
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
	int number = request->number; // RACE: request

	take_time(LIMIT_MS);
	request->alarm = number; // RACE: request
	return NULL;
}

static struct request *new_request(int number)
{
	struct request *request = malloc(sizeof(*request));

	if (!request)
		exit(1);
	clock_gettime(CLOCK_MONOTONIC, &request->begun); // RACE: request
	request->number = number;                        // RACE: request
	request->alarm = 0;                              // RACE: request
	return request;
}

static bool serve(int number)
{
	struct request *request = new_request(number);
	pthread_t timer;
	bool stray;

	pthread_create(&timer, NULL, run_timer, request);
	pthread_detach(timer);
	take_time(ANSWER_MS);
	stray = request->alarm != 0 && request->alarm != number; // RACE: request
	free(request);                                           // RACE: request
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
