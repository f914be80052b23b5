/*
 * An endless consumer process is terminated as soon as the producer is done.
 *
 *   1. the producer puts items 1 to 10000 and ends
 *   2. the consumer has consumed 4000 of them; the others wait in the queue
 *   3. main has waited for the producer, terminates the consumer
 *   4. nobody will take the 6000 items that are left
 *
 * The producer's end says that all is put, not that all is consumed. With few items
 * and a pause after each, the consumer keeps up and all seems well.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

struct queue {
	int ends[2]; // of a pipe: get from 0, put into 1
};

static long items;
static atomic_long *consumed; // in memory that the processes share

static void put(const struct queue *queue, long item)
{
	if (write(queue->ends[1], &item, sizeof(item)) != sizeof(item))
		_exit(1);
}

static long get(const struct queue *queue)
{
	long item;

	if (read(queue->ends[0], &item, sizeof(item)) != sizeof(item))
		_exit(1);
	return item;
}

static void produce(const struct queue *queue)
{
	for (long i = 1; i <= items; i++)
		put(queue, i);
}

static void consume(const struct queue *queue)
{
	for (;;) {
		get(queue);
		++*consumed;
	}
}

static pid_t start(void (*work)(const struct queue *), const struct queue *queue)
{
	pid_t child = fork_child();

	if (child > 0)
		return child;
	work(queue);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct queue queue;
	pid_t producer, consumer;

	items = argc > 1 ? atol(argv[1]) : 10000;
	consumed = mmap(NULL, sizeof(*consumed), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (consumed == MAP_FAILED || pipe(queue.ends) < 0)
		exit(1);
	producer = start(produce, &queue);
	consumer = start(consume, &queue);
	waitpid(producer, NULL, 0);
	kill(consumer, SIGTERM); // RACE: queue
	waitpid(consumer, NULL, 0);
	printf("%ld items lost\n", items - *consumed);
	return 0;
}
