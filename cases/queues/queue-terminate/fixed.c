/*
 * When the producer is done, main puts a last item that means the end, and waits for
 * the consumer.
 *
 * The queue keeps its order, so the end arrives after everything that was put, and
 * the consumer leaves by itself when it has consumed it all. Nothing is cut off in
 * the middle of its work either. A pause before the signal would only guess how
 * long the consumer needs; and a queue that is seen empty may have its last item in
 * the hands of the consumer.
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define THE_END 0

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
	while (get(queue) != THE_END)
		++*consumed;
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
	put(&queue, THE_END);
	waitpid(consumer, NULL, 0);
	printf("%ld items lost\n", items - *consumed);
	return 0;
}
