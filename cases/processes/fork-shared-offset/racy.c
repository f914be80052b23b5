/*
 * Two child processes each read all records of a file that was opened before the fork.
 *
 *   1. main opens the file and forks two children    they share one offset, 0
 *   2. child 1 reads record 0                        the offset is at record 1
 *   3. child 2 reads                                 record 1: 0 is past for it
 *
 * fork copies the descriptors, not what they refer to. The offset belongs to the open
 * file, so whatever one process reads is skipped for the other, and lseek moves both.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define CHILDREN 2

static long count_records(int file)
{
	long record, nr = 0;

	while (read(file, &record, sizeof(record)) == sizeof(record))
		nr++;
	return nr;
}

static void start_child(int file, long *counted)
{
	if (fork_child() > 0)
		return;
	*counted = count_records(file);
	_exit(0);
}

static int make_file(long records)
{
	int file = memfd_create("records", MFD_CLOEXEC);

	for (long i = 0; i < records; i++)
		if (pwrite(file, &i, sizeof(i), i * (off_t)sizeof(i)) != sizeof(i))
			exit(1);
	return file;
}

int main(int argc, char **argv)
{
	long records = argc > 1 ? atol(argv[1]) : 1000, missing = CHILDREN * records;
	int file = make_file(records);
	long *counted = mmap(NULL, CHILDREN * sizeof(*counted), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (counted == MAP_FAILED)
		exit(1);
	for (int i = 0; i < CHILDREN; i++)
		start_child(file, &counted[i]);
	for (int i = 0; i < CHILDREN; i++)
		wait(NULL);
	for (int i = 0; i < CHILDREN; i++)
		missing -= counted[i];
	printf("missing records %ld\n", missing);
	return 0;
}
