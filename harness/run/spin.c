#include "run/spin.h"

#include "base/hash.h"

#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

enum {
	SAMPLES = 16,
	// A loop of few instructions has few states. One that counts has another in each sample.
	MOST_STATES = SAMPLES / 2,
	MOST_THREADS = 32,
	LEAST_RUN_NS = 200000, // between samples: one that did not run is where it was
	MOST_WAITS = 500,      // for all samples of all threads, about a millisecond each
	BELOW = 128, // the stack pointer: where functions that call no other keep their variables
	ABOVE = 1024,
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

static bool spins(pid_t pid, pid_t tid, unsigned *waits)
{
	uint64_t states[SAMPLES];
	unsigned nr = 0;

	for (unsigned i = 0; i < SAMPLES; i++) {
		uint64_t state = runs(pid, tid) ? state_of(pid, tid) : 0;
		unsigned k = 0;

		if (!state || !has_run(pid, tid, waits))
			return false;
		while (k < nr && states[k] != state)
			k++;
		if (k == nr)
			states[nr++] = state;
		if (nr > MOST_STATES)
			return false;
	}
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
