/*
 * Two owners give up an object, and the last one is to free it.
 *
 *   1. first takes itself off refs        2 - 1 = 1
 *   2. second takes itself off refs       1 - 1 = 0
 *   3. first reads refs                   0: it is the last one, and frees
 *   4. second reads refs                  0: it frees the same object again
 *
 * Each step is atomic, and there is no data race. But subtracting and looking are two
 * steps, and what the second one sees may be the doing of both owners. The log between
 * them only makes it likely.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
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
	object->refs--; // RACE: refs
	write_log();
	if (object->refs == 0) // RACE: refs
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
