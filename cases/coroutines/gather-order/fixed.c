/*
 * Pages are fetched side by side, and each result is taken from the task that fetched it.
 *
 * The loop runs until all tasks have finished, in whatever order; then each length is
 * read where its own task has left it, so the place of a result says which page it
 * is, and not when it came. Should the results be wanted as soon as they come, the
 * finished page has to be asked for its number. Starting each task when the one before
 * has finished would keep the order too, and lose all that was gained by tasks.
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
	loop_run(loop);
	for (long i = 0; i < pages; i++)
		lengths[i] = page[i].length;
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
