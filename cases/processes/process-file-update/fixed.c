/*
 * Five processes each count up the number in a file under a lock on that file.
 *
 * The lock is held from the read to the write, so nobody reads a number that
 * somebody else is about to replace. It is the system's and belongs to the file:
 * it is there for every process that opens the file, and when a holder dies the
 * system takes it back. flock() would not do here: its locks belong to the opened
 * file, which forked children share, so all five would hold one and the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
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

// Locks (F_WRLCK) or unlocks (F_UNLCK) the whole file; whoever comes second waits.
static void set_lock(int file, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	if (fcntl(file, F_SETLKW, &lock) < 0)
		_exit(1);
}

static void visit(int file)
{
	set_lock(file, F_WRLCK);
	write_number(file, read_number(file) + 1);
	set_lock(file, F_UNLCK);
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
