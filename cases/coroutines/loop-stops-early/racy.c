/*
 * Three tasks save their records in an event loop, which is left when one has finished.
 *
 *   1. the tasks begin, and each awaits its disk
 *   2. the first disk is ready      its task saves and finishes
 *   3. the loop returns, main closes it
 *   4. the second and third disk would be ready    nobody resumes their tasks
 *
 * A task that waits is not a thread: it goes on only if the loop resumes it. When the
 * loop is left, all that has not finished stops where it awaits, for good. No error
 * says so, and with one task nothing is missing.
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
	loop_next_finished(&loop); // RACE: records
	loop_close(&loop);
	for (long i = 0; i < nr; i++)
		lost += !records[i].saved;
	printf("lost records %ld\n", lost);
	free(records);
	return 0;
}
