/*
 * Pages are fetched side by side, and the k-th to be there is taken for the k-th asked for.
 *
 *   1. the tasks for pages 0, 1 and 2 start, they take 3, 2 and 1 ms
 *   2. the task for page 2 finishes first   lengths[0] is the length of page 2
 *   3. the task for page 1 finishes         lengths[1] is right, by chance
 *   4. the task for page 0 finishes last    lengths[2] is the length of page 0
 *
 * No result is lost, and where all pages take the same time each is in its place. But
 * waiting for what is finished next says that something is finished, not what: the
 * order of completion is the order of the pages' delays.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "../../include/event_loop.h"

struct page {
	struct task task; // the first member: a pointer to it is one to the page
	long number, length;
};

static long pages;

static long length_of(long number)
{
	return 1000 + number;
}

// The first pages are the slowest.
static void fetch(struct task *self)
{
	struct page *page = (struct page *)self;

	await_sleep(self, pages - page->number);
	page->length = length_of(page->number);
}

static void fetch_all(struct event_loop *loop, struct page *page, long *lengths)
{
	for (long i = 0; i < pages; i++) {
		page[i].number = i;
		loop_start(loop, &page[i].task, fetch);
	}
	for (long i = 0; i < pages; i++) {
		struct page *finished = (struct page *)loop_next_finished(loop);
		lengths[i] = finished->length; // RACE: lengths
	}
}

int main(int argc, char **argv)
{
	struct event_loop loop;
	struct page *page;
	long *lengths, misplaced = 0;

	pages = argc > 1 ? atol(argv[1]) : 3;
	page = calloc((size_t)pages, sizeof(*page));
	lengths = calloc((size_t)pages, sizeof(*lengths));
	if (!page || !lengths)
		return 1;
	loop_open(&loop);
	fetch_all(&loop, page, lengths);
	loop_close(&loop);
	for (long i = 0; i < pages; i++)
		misplaced += lengths[i] != length_of(i);
	printf("misplaced %ld\n", misplaced);
	free(lengths);
	free(page);
	return 0;
}
