// The end of a program whose main thread has ended before the others.
#ifndef RACEGATE_TSAN_MAIN_THREAD_H
#define RACEGATE_TSAN_MAIN_THREAD_H

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static unsigned count_threads(void)
{
	struct {
		uint64_t ino, off;
		unsigned short len;
		unsigned char type;
		char name[];
	} * entry;
	uint64_t piece[512];
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/task",
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	unsigned nr = 0;
	long got;

	while (fd >= 0 && (got = syscall(SYS_getdents64, fd, piece, sizeof(piece))) > 0)
		for (long at = 0; at < got; at += entry->len) {
			entry = (void *)((char *)piece + at);
			nr += entry->name[0] != '.';
		}
	if (fd >= 0)
		syscall(SYS_close, fd);
	return nr;
}

static pthread_key_t main_thread; // set in it alone

/*
 * main() has called pthread_exit(): the process ends with its last thread. TSan's own never
 * does, so the process would stay for ever. The first rounds are for the program's destructors.
 */
static void after_main_thread(void *value)
{
	enum { ROUNDS = 3, MAIN_AND_TSANS_OWN = 2, NAP_NS = 2000000 };
	const struct timespec nap = { .tv_nsec = NAP_NS };
	uintptr_t round = (uintptr_t)value;

	if (round < ROUNDS) {
		pthread_setspecific(main_thread, (void *)(round + 1));
		return;
	}
	while (count_threads() > MAIN_AND_TSANS_OWN)
		syscall(SYS_nanosleep, &nap, NULL);
	exit(0);
}

static void watch_main_thread(void)
{
	if (!pthread_key_create(&main_thread, after_main_thread))
		pthread_setspecific(main_thread, (void *)1);
}

#endif
