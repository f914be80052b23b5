/*
 * A request waits for its answer and is freed; the server signals after its unlock.
 *
 *   1. server sets done and unlocks
 *   2. client, woken by chance or not yet asleep, sees done, destroys and frees
 *   3. server signals the condition      of a request that is gone
 *
 * A signal may be sent without the lock, and often is, to spare the woken thread a wait.
 * But the unlock already tells the client all that it waits for. From then on the
 * request is its to free, the condition included.
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
	pthread_mutex_unlock(&request->lock);
	pthread_cond_signal(&request->answered); // RACE: request
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
	pthread_cond_destroy(&request->answered); // RACE: request
	pthread_mutex_destroy(&request->lock);
	free(request); // RACE: request
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
