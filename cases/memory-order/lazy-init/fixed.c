/*
 * The first thread that needs a table makes it, and the others wait until it is made.
 *
 * pthread_once runs make_table once; whoever comes meanwhile waits, and whoever comes
 * later goes on at once, with all that make_table wrote before its eyes. It costs no lock
 * then. With C11 atomics, a pointer that is stored with release after everything else
 * and loaded with acquire does the same; C11 has call_once too.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 4

static long rows;
static pthread_once_t made = PTHREAD_ONCE_INIT;
static long *table;
static atomic_int misled;

static void make_table(void)
{
	table = calloc((size_t)rows, sizeof(*table));
	if (!table)
		exit(1);
	for (long i = 0; i < rows; i++)
		table[i] = i * i + 1;
}

static const long *get_table(void)
{
	pthread_once(&made, make_table);
	return table;
}

static void *use_table(void *unused)
{
	misled += get_table()[rows - 1] == 0;
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	rows = argc > 1 ? atol(argv[1]) : 2000000;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, use_table, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("misled threads %d\n", misled);
	free(table);
	return 0;
}
