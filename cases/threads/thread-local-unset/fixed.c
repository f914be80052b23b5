/*
 * main passes the name of the user on, and each thread sets its own variable.
 *
 * What a thread needs from its creator it gets as an argument, which is ordered before
 * all that the thread does, and stores it where its functions look for it. A default
 * that stops the program (NULL instead of "nobody") would have shown at once that
 * nobody had set it.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 64

static _Thread_local const char *user = "nobody";
static atomic_int strangers;

static void greet(void)
{
	if (strcmp(user, "nobody") == 0)
		strangers++;
}

static void *run(void *name)
{
	user = name;
	greet();
	return NULL;
}

int main(int argc, char **argv)
{
	char name[] = "Alice";
	pthread_t threads[MAX_THREADS];
	int nr = argc > 1 ? atoi(argv[1]) : 2;

	nr = nr < MAX_THREADS ? nr : MAX_THREADS;
	user = name;
	greet();
	for (int i = 0; i < nr; i++)
		pthread_create(&threads[i], NULL, run, name);
	for (int i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	printf("greeted as nobody %d\n", strangers);
	return 0;
}
