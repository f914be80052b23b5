/*
 * The first thread that needs a table makes it, under a lock; the others look without.
 *
 *   1. first finds no table, locks, looks again, sets table   its rows are empty
 *   2. second sees a table and returns it without the lock
 *   3. second reads the last row                              0
 *   4. first fills the last row
 *
 * Looking twice saves the lock once there is a table, and needs the pointer to be set
 * when everything behind it is ready. To set it last is not enough: to the compiler and
 * to the processor, both are plain stores, and their order is theirs to choose.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 4

static long rows;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // held to make the table
static long *table;
static atomic_int misled;

static void make_table(void)
{
	table = calloc((size_t)rows, sizeof(*table)); // RACE: table
	if (!table)
		exit(1);
	for (long i = 0; i < rows; i++)
		table[i] = i * i + 1; // RACE: rows
}

static const long *get_table(void)
{
	if (!table) { // RACE: table
		pthread_mutex_lock(&lock);
		if (!table)
			make_table();
		pthread_mutex_unlock(&lock);
	}
	return table; // RACE: table
}

static void *use_table(void *unused)
{
	misled += get_table()[rows - 1] == 0; // RACE: rows
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
