/*
 * Five processes keep each other out of a room by a lock file that one of them can make.
 *
 * With O_EXCL open makes the file or fails if it is there, in one step of the file
 * system: of two that try, one gets it. A guest that dies in the room leaves the file
 * behind, so a lock that the system gives back (flock, fcntl) is the better choice where
 * it is to be had.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define GUESTS 5

static struct {
	atomic_int inside;
	atomic_long meetings; // how often somebody came in and was not alone
} * room;                     // in shared memory

static void take_time(long microseconds)
{
	nanosleep(&(struct timespec){ 0, microseconds * 1000 }, NULL);
}

static bool take_lock(const char *path)
{
	int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (file < 0)
		return false;
	take_time(20); // a line in a log
	close(file);
	return true;
}

static void use_room(void)
{
	if (atomic_fetch_add(&room->inside, 1) > 0)
		atomic_fetch_add(&room->meetings, 1);
	take_time(100);
	atomic_fetch_sub(&room->inside, 1);
}

static void run_guest(const char *path, long visits)
{
	start_line_wait();
	for (long i = 0; i < visits; i++) {
		while (!take_lock(path))
			sched_yield();
		use_room();
		unlink(path);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/room-XXXXXX", path[32];
	long visits = argc > 1 ? atol(argv[1]) : 50;

	room = mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || !mkdtemp(folder))
		exit(1);
	snprintf(path, sizeof(path), "%s/lock", folder);
	start_line_set();
	for (int i = 0; i < GUESTS; i++)
		if (fork_child() == 0)
			run_guest(path, visits);
	for (int i = 0; i < GUESTS; i++)
		wait(NULL);
	rmdir(folder);
	printf("meetings %ld\n", room->meetings);
	return 0;
}
