// A detector must see this: two threads write `tally` and nothing orders them.
#include <pthread.h>
#include <stdio.h>

static int tally;

static void *bump(void *unused)
{
	(void)unused;
	tally++;
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, bump, NULL);
	pthread_create(&b, NULL, bump, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	puts(tally ? "raced" : "not run");
	return 0;
}
