// Plain runs must show this: the thread waits for a lock that its creator holds while joining it.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *enter(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return NULL;
}

int main(void)
{
	pthread_t visitor;

	pthread_mutex_lock(&gate);
	pthread_create(&visitor, NULL, enter, NULL);
	pthread_join(visitor, NULL);
	puts("never printed");
	return 0;
}
