// Every witness must stay silent here: the same two threads, one lock.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects tally
static int tally;

static void *bump(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	tally++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, bump, NULL);
	pthread_create(&b, NULL, bump, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	puts(tally == 2 ? "ordered" : "not run");
	return 0;
}
