// A tool that knows C11 threads stays silent here; one that does not crashes, or sees a race.
#include <stdio.h>
#include <threads.h>

static mtx_t lock; // protects tally
static int tally;

static int bump(void *unused)
{
	(void)unused;
	mtx_lock(&lock);
	tally++;
	mtx_unlock(&lock);
	return 0;
}

int main(void)
{
	thrd_t a, b;

	mtx_init(&lock, mtx_plain);
	thrd_create(&a, bump, NULL);
	thrd_create(&b, bump, NULL);
	thrd_join(a, NULL);
	thrd_join(b, NULL);
	puts(tally == 2 ? "ordered" : "not run");
	return 0;
}
