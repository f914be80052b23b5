/*
 * Five processes each count up the number that stands in a file, without a lock.
 *
 *   1. visitor 0 reads the file                      "7"
 *   2. visitor 1, another process, reads it too      "7"
 *   3. visitor 0 writes what it read + 1             "8"
 *   4. visitor 1 writes what it read + 1             "8"   a visit is lost
 *
 * For so few bytes each read and each write is whole here, so nobody reads half a
 * number. (POSIX asks for that, Linux does not keep it: larger reads are torn.)
 * That the read and the write belong together the system cannot know.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define VISITORS 5
#define DIGITS   32 // the file holds one number as text, zeros behind it

static long read_number(int file)
{
	char text[DIGITS] = "";

	if (pread(file, text, sizeof(text) - 1, 0) < 0)
		_exit(1);
	return atol(text);
}

static void write_number(int file, long number)
{
	char text[DIGITS] = "";

	snprintf(text, sizeof(text), "%ld", number);
	if (pwrite(file, text, sizeof(text), 0) != sizeof(text))
		_exit(1);
}

static void visit(int file)
{
	write_number(file, read_number(file) + 1);
}

static void start_visitor(int file, long visits)
{
	if (fork_child() > 0)
		return;
	start_line_wait();
	for (long i = 0; i < visits; i++)
		visit(file);
	_exit(0);
}

int main(int argc, char **argv)
{
	long visits = argc > 1 ? atol(argv[1]) : 2000;
	int file = memfd_create("visits", MFD_CLOEXEC);

	if (file < 0)
		exit(1);
	start_line_set();
	for (int i = 0; i < VISITORS; i++)
		start_visitor(file, visits);
	for (int i = 0; i < VISITORS; i++)
		wait(NULL);
	printf("lost %ld\n", VISITORS * visits - read_number(file));
	return 0;
}
