/*
 * main sets the thread-local name of the user, and its threads greet that user.
 *
 *   1. main sets user            Alice, in main's own variable
 *   2. main starts a thread      with a variable of its own, as at the beginning
 *   3. the thread greets user    nobody
 *
 * A thread-local variable is not copied from the thread that starts another. Each
 * thread begins with the initial value, whatever its creator has stored. When the
 * variable was still a global one, this worked.
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
	if (strcmp(user, "nobody") == 0) // RACE: user
		strangers++;
}

static void *run(void *unused)
{
	(void)unused;
	greet();
	return NULL;
}

int main(int argc, char **argv)
{
	char name[] = "Alice";
	pthread_t threads[MAX_THREADS];
	int nr = argc > 1 ? atoi(argv[1]) : 2;

	nr = nr < MAX_THREADS ? nr : MAX_THREADS;
	user = name; // RACE: user
	greet();
	for (int i = 0; i < nr; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	printf("greeted as nobody %d\n", strangers);
	return 0;
}
