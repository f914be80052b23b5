/*
 * main reads from a pipe until its end, and keeps the end for writing open itself.
 *
 *   1. main makes a pipe and forks writer    both have both of its ends
 *   2. writer writes everything and ends     its ends are closed
 *   3. main reads everything and reads on    the pipe still has a writer: main
 *   4. main waits for itself to write        for ever
 *
 * A pipe ends when the last descriptor for writing is closed, in whatever process it
 * is. fork copies descriptors like everything else, so closing one's own is never
 * enough, and a forgotten one is never missed before somebody waits for the end.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

static void run_writer(const int ends[2], long words)
{
	close(ends[0]);
	for (long i = 0; i < words; i++)
		if (write(ends[1], "word ", 5) != 5)
			_exit(1);
	_exit(0);
}

static long read_to_end(int from)
{
	char text[512];
	long bytes = 0;
	ssize_t got;

	while ((got = read(from, text, sizeof(text))) > 0)
		bytes += got;
	return bytes;
}

int main(int argc, char **argv)
{
	long bytes, words = argc > 1 ? atol(argv[1]) : 1000;
	int ends[2]; // of a pipe: read from 0, write to 1
	pid_t writer;

	if (pipe(ends) < 0)
		exit(1);
	writer = fork_child();
	if (writer == 0)
		run_writer(ends, words);
	bytes = read_to_end(ends[0]);
	waitpid(writer, NULL, 0);
	printf("missing bytes %ld\n", 5 * words - bytes);
	return 0;
}
