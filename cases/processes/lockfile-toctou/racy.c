/*
 * Five processes keep each other out of a room by a lock file.
 *
 *   1. guest 1 looks for the lock file       there is none
 *   2. guest 2 looks for the lock file       there is none
 *   3. guest 1 makes the file and goes in
 *   4. guest 2 makes the file, which is there already, and goes in too
 *
 * Looking and making are two calls, and the file system may change between them; the
 * log only gives it more time to. open does what it was asked to: make the file unless
 * it is there.
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
	int file;

	if (access(path, F_OK) == 0) // RACE: path
		return false;
	take_time(20);                               // a line in a log
	file = open(path, O_CREAT | O_WRONLY, 0600); // RACE: path
	if (file < 0)
		return false;
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
