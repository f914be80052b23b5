/*
 * Five threads of a pool write lines to one log, each line in one call.
 *
 * A call locks the stream from its first character to its last, so a line that is
 * written by one call stays whole. Where a line has to be put together from several
 * calls, flockfile and funlockfile around them do the same. Both hold between the
 * threads of one process; several processes need one write() for each line, to a
 * file opened with O_APPEND.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define WORKERS 5

static long tasks;
static FILE *log_stream;

static void log_line(int worker, const char *what)
{
	fprintf(log_stream, "thread %d %s\n", worker, what);
}

static void *work(void *number)
{
	int worker = *(int *)number;

	start_line_wait();
	for (long i = 0; i < tasks; i++) {
		log_line(worker, "starts");
		log_line(worker, "ends");
	}
	return NULL;
}

// Where a line's end is missing, an empty line stands later on.
static long count_empty_lines(FILE *stream)
{
	long nr = 0;
	int last = '\n', c;

	rewind(stream);
	while ((c = fgetc(stream)) != EOF) {
		nr += c == '\n' && last == '\n';
		last = c;
	}
	return nr;
}

int main(int argc, char **argv)
{
	pthread_t threads[WORKERS];
	int numbers[WORKERS];

	tasks = argc > 1 ? atol(argv[1]) : 400;
	log_stream = tmpfile();
	if (!log_stream)
		return 1;
	start_line_set();
	for (int i = 0; i < WORKERS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, work, &numbers[i]);
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	printf("lines run together %ld\n", count_empty_lines(log_stream));
	fclose(log_stream);
	return 0;
}
