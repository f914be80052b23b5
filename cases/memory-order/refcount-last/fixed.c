/*
 * Two owners give up an object, and each learns from its own step whether it is the last.
 *
 * The subtraction returns the number from before, which is 1 for exactly one owner. It
 * must not be relaxed: what the other owners did to the object has to come before the
 * freeing, and the default order sees to that.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define OWNERS      2
#define MAX_OBJECTS 1000L

struct object {
	atomic_int refs;
	atomic_int freed; // how often; in earnest it would be memory
};

static long nr_objects;
static struct object objects[MAX_OBJECTS];

static void write_log(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

static void release(struct object *object)
{
	bool last = atomic_fetch_sub(&object->refs, 1) == 1;

	write_log();
	if (last)
		object->freed++;
}

static void *give_up_all(void *unused)
{
	start_line_wait();
	for (long i = 0; i < nr_objects; i++)
		release(&objects[i]);
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t owners[OWNERS];
	long twice = 0;

	nr_objects = argc > 1 ? atol(argv[1]) : 200;
	nr_objects = nr_objects < MAX_OBJECTS ? nr_objects : MAX_OBJECTS;
	for (long i = 0; i < nr_objects; i++)
		objects[i].refs = OWNERS;
	start_line_set();
	for (int i = 0; i < OWNERS; i++)
		pthread_create(&owners[i], NULL, give_up_all, NULL);
	for (int i = 0; i < OWNERS; i++)
		pthread_join(owners[i], NULL);
	for (long i = 0; i < nr_objects; i++)
		twice += objects[i].freed != 1;
	printf("freed twice %ld\n", twice);
	return 0;
}
