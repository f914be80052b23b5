/*
 * Five threads of a pool write lines to one log, each line in two calls.
 *
 *   1. worker 2 writes "thread 2 ends"   without the end of the line
 *   2. worker 1 writes "thread 1 ends"   behind it: thread 2 endsthread 1 ends
 *   3. worker 2 writes the line's end
 *   4. worker 1 writes the line's end    an empty line
 *
 * Each call locks the stream, so no character is lost and no two are mixed; but
 * between the calls the lock is free. Anything may come between them, and a race
 * detector sees only accesses that are well locked.
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
	fprintf(log_stream, "thread %d %s", worker, what);
	fputc('\n', log_stream);
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
