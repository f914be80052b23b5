/*
 * Three tasks save their records in an event loop, which runs until all have finished.
 *
 * The loop is left when no task waits any more, so each has come to its end. Where a
 * program has to end earlier, it has to cancel what still waits, so that those tasks can
 * tidy up, and to say what was not done.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "../../include/event_loop.h"

struct record {
	struct task task; // the first member: a pointer to it is one to the record
	long delay_ms;
	bool saved;
};

static void save(struct task *self)
{
	struct record *record = (struct record *)self;

	await_sleep(self, record->delay_ms); // the disk
	record->saved = true;
}

int main(int argc, char **argv)
{
	long nr = argc > 1 ? atol(argv[1]) : 3, lost = 0;
	struct record *records = calloc((size_t)nr, sizeof(*records));
	struct event_loop loop;

	if (!records)
		return 1;
	loop_open(&loop);
	for (long i = 0; i < nr; i++) {
		records[i].delay_ms = i + 1;
		loop_start(&loop, &records[i].task, save);
	}
	loop_run(&loop);
	loop_close(&loop);
	for (long i = 0; i < nr; i++)
		lost += !records[i].saved;
	printf("lost records %ld\n", lost);
	free(records);
	return 0;
}
