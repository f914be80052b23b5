/*
 * A request waits for its answer and is freed; the server signals before its unlock.
 *
 * The client cannot see done before the server has unlocked, and the server does not
 * touch the request after that: unlocking is the last thing that it does with it. (POSIX
 * allows a mutex to be destroyed as soon as it is unlocked.) If the client joined the
 * server first, either order would do.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct request {
	pthread_mutex_t lock; // protects the two below
	long answer;
	bool done;
	pthread_cond_t answered;
};

static void *serve(void *argument)
{
	struct request *request = argument;

	pthread_mutex_lock(&request->lock);
	request->answer = 42;
	request->done = true;
	pthread_cond_signal(&request->answered);
	pthread_mutex_unlock(&request->lock);
	return NULL;
}

static struct request *new_request(void)
{
	struct request *request = calloc(1, sizeof(*request));

	if (!request)
		exit(1);
	pthread_mutex_init(&request->lock, NULL);
	pthread_cond_init(&request->answered, NULL);
	return request;
}

static long ask(pthread_t *server)
{
	struct request *request = new_request();
	long answer;

	pthread_create(server, NULL, serve, request);
	pthread_mutex_lock(&request->lock);
	while (!request->done)
		pthread_cond_wait(&request->answered, &request->lock);
	answer = request->answer;
	pthread_mutex_unlock(&request->lock);
	pthread_cond_destroy(&request->answered);
	pthread_mutex_destroy(&request->lock);
	free(request);
	return answer;
}

int main(int argc, char **argv)
{
	long requests = argc > 1 ? atol(argv[1]) : 100, wrong = 0;
	pthread_t server;

	for (long i = 0; i < requests; i++) {
		wrong += ask(&server) != 42;
		pthread_join(server, NULL);
	}
	printf("wrong answers %ld\n", wrong);
	return 0;
}
