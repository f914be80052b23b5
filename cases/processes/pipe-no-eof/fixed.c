/*
 * main closes the end of the pipe that it does not use, then reads until the end.
 *
 * After the fork each process closes the ends that it does not need, so writer has the
 * only descriptor for writing, and its end is the end of the pipe, however it comes
 * about. O_CLOEXEC does the same for programs that are started later and would inherit
 * the descriptor. Stopping after a known number of bytes would work until writer fails.
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
	close(ends[1]);
	bytes = read_to_end(ends[0]);
	waitpid(writer, NULL, 0);
	printf("missing bytes %ld\n", 5 * words - bytes);
	return 0;
}
