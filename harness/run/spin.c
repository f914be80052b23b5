#include "run/spin.h"

#include "base/hash.h"
#include "base/mem.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SAMPLES = 16,
	/*
	 * A loop of few instructions has few states, and so has memory in which only the kernel
	 * notes which CPU a thread runs on. What counts has another state in each sample, be it
	 * in registers or in memory.
	 */
	MOST_STATES = SAMPLES / 2,
	MOST_THREADS = 32,
	LEAST_RUN_NS = 200000, // between samples: one that did not run is where it was
	MOST_WAITS = 500,      // for all samples of all threads, about a millisecond each
	BELOW = 128, // the stack pointer: where functions that call no other keep their variables
	ABOVE = 1024,
	PAGE = 4096,
	MOST_PAGES = 4096, // of a process, that are hashed for each sample
};

struct states {
	uint64_t items[SAMPLES];
	unsigned nr; // different ones
};

#if defined(__x86_64__)
#define STACK_POINTER(regs) ((regs).rsp)
#elif defined(__aarch64__)
#define STACK_POINTER(regs) ((regs).sp)
#endif

/*
 * Without waiting for anything but the stop: the end of a process is left to whoever waits for
 * it. A thread that runs stops at once.
 */
static bool stops(pid_t tid)
{
	siginfo_t info = { 0 };

	return !ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) &&
	       !waitid(P_PID, (id_t)tid, &info, WSTOPPED | WEXITED | WNOWAIT | __WALL) &&
	       (info.si_code == CLD_TRAPPED || info.si_code == CLD_STOPPED);
}

// 0: not known.
static uint64_t state_of(pid_t pid, pid_t tid)
{
	struct user_regs_struct regs = { 0 };
	struct iovec set = { &regs, sizeof(regs) };
	char stack[BELOW + ABOVE];
	struct iovec to = { stack, sizeof(stack) }, from;
	uint64_t hash = 0;
	ssize_t n;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL))
		return 0;
	if (stops(tid) && !ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &set)) {
		from = (struct iovec){ (void *)(uintptr_t)(STACK_POINTER(regs) - BELOW),
				       sizeof(stack) };
		n = process_vm_readv(pid, &to, 1, &from, 1, 0);
		hash = hash_bytes(hash_bytes(HASH_INIT, &regs, sizeof(regs)), stack,
				  n > 0 ? (size_t)n : 0);
	}
	ptrace(PTRACE_DETACH, tid, NULL, NULL);
	return hash;
}

static bool runs(pid_t pid, pid_t tid)
{
	struct proc_stat stat;

	return !proc_stat(pid, tid, &stat) && stat.state == 'R';
}

// Time on a CPU; 0: not known.
static uint64_t ran_ns(pid_t pid, pid_t tid)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
	file = fopen(path, "re");
	if (file && fscanf(file, "%llu", &ns) != 1) // NOLINT(cert-err34-c): 0 then
		ns = 0;
	if (file)
		fclose(file);
	return ns;
}

// Until it has run some more. False: it did not get to, within `waits`.
static bool has_run(pid_t pid, pid_t tid, unsigned *waits)
{
	// No multiple of what a loop takes.
	const struct timespec moment = { .tv_nsec = 937111 };
	const uint64_t before = ran_ns(pid, tid);

	while (before && *waits < MOST_WAITS) {
		++*waits;
		nanosleep(&moment, NULL);
		if (ran_ns(pid, tid) >= before + LEAST_RUN_NS)
			return true;
	}
	return false;
}

// Adds the page to the hash; what cannot be read is left out.
static uint64_t hash_page(pid_t pid, uint64_t address, uint64_t hash)
{
	char bytes[PAGE];
	struct iovec to = { bytes, sizeof(bytes) }, from = { (void *)(uintptr_t)address, PAGE };
	const ssize_t n = process_vm_readv(pid, &to, 1, &from, 1, 0);

	return hash_bytes(hash_bytes(hash, &address, sizeof(address)), bytes,
			  n > 0 ? (size_t)n : 0);
}

// Adds those pages of [from, to) that are there. How many, or -1: they cannot be told.
static long hash_range(pid_t pid, int pagemap, uint64_t from, uint64_t to, uint64_t *hash)
{
	uint64_t entries[512];
	long nr = 0;

	while (from < to && nr <= MOST_PAGES) {
		const uint64_t left = (to - from) / PAGE;
		const size_t size = (left < 512 ? left : 512) * sizeof(*entries);
		const ssize_t n =
			pread(pagemap, entries, size, (off_t)(from / PAGE * sizeof(*entries)));

		if (n <= 0)
			return -1;
		for (size_t i = 0; i < (size_t)n / sizeof(*entries); i++, from += PAGE)
			if (entries[i] >> 62) { // in memory or swapped out
				*hash = hash_page(pid, from, *hash);
				nr++;
			}
	}
	return nr;
}

/*
 * Of all that the process can write; 0: it is too much, or cannot be read. The shadow of a
 * sanitizer is left out: it changes without the program's doing.
 */
static uint64_t memory_of(pid_t pid)
{
	const uint64_t shadow = UINT64_C(1) << 30;
	char *name = xasprintf("/proc/%d/maps", (int)pid);
	char *entries = xasprintf("/proc/%d/pagemap", (int)pid);
	int pagemap = open(entries, O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen(name, "re");
	unsigned long long from, to;
	uint64_t hash = HASH_INIT;
	long nr = pagemap < 0 ? -1 : 0;
	char line[512], mode[8];

	while (maps && nr >= 0 && nr <= MOST_PAGES && fgets(line, sizeof(line), maps)) {
		long more;

		if (sscanf(line, "%llx-%llx %7s", &from, &to, mode) != 3 ||
		    strncmp(mode, "rw", 2) != 0 || to - from >= shadow)
			continue;
		more = hash_range(pid, pagemap, from, to, &hash);
		nr = more < 0 ? -1 : nr + more;
	}
	if (maps)
		fclose(maps);
	if (pagemap >= 0)
		close(pagemap);
	free(entries);
	free(name);
	return nr > 0 && nr <= MOST_PAGES ? hash : 0;
}

// Whether there are few of them, this one among them.
static bool state_recurs(struct states *seen, uint64_t state)
{
	unsigned k = 0;

	while (k < seen->nr && seen->items[k] != state)
		k++;
	if (k == seen->nr)
		seen->items[seen->nr++] = state;
	return state && seen->nr <= MOST_STATES;
}

static bool spins(pid_t pid, pid_t tid, unsigned *waits)
{
	struct states own = { .nr = 0 }, memory = { .nr = 0 };

	for (unsigned i = 0; i < SAMPLES; i++)
		if (!state_recurs(&own, runs(pid, tid) ? state_of(pid, tid) : 0) ||
		    !state_recurs(&memory, memory_of(pid)) || !has_run(pid, tid, waits))
			return false;
	return true;
}

bool spin_proven(const struct pid_list *processes)
{
	unsigned seen = 0, spinning = 0, waits = 0;
	bool moves = false;

	for (size_t p = 0; p < processes->nr && !moves; p++) {
		struct pid_list threads = { 0 };
		const pid_t pid = processes->items[p];

		proc_threads(pid, &threads);
		for (size_t t = 0; t < threads.nr && !moves; t++) {
			if (!runs(pid, threads.items[t]))
				continue;
			moves = ++seen > MOST_THREADS || !spins(pid, threads.items[t], &waits);
			spinning += !moves;
		}
		pid_list_release(&threads);
	}
	return spinning && !moves;
}
