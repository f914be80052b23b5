/*
 * Evidence of ThreadSanitizer as data.
 *
 * This object is linked into every program that is built with
 * -fsanitize=thread (it is itself compiled without). TSan calls
 * __tsan_on_report() for each report; what the report holds is appended to the
 * file "$RACEGATE_EVIDENCE.<pid>". Without that variable nothing is written.
 *
 * The file is text, one record per line, fields separated by one space,
 * addresses in hexadecimal, everything else in decimal:
 *
 *   racegate-tsan 1 <pid> <parent>       first line; parent is 0 in the first process, else
 *                                        the process that forked this one
 *   maps ... endmaps                     the file mappings as /proc/self/maps has them; before
 *                                        the first report and again when they changed
 *   begin <kind>                         a report; the kind is TSan's own identifier
 *   mop <tid> <addr> <size> <write> <atomic> <pc>...       a memory operation
 *   stack <pc>...
 *   loc <type> <addr> <start> <size> <tid> <fd> <pc>...    where the memory belongs
 *   mutex <id> <addr> <destroyed> <pc>...
 *   thread <tid> <os id> <running> <parent tid> <name> <pc>...
 *                                        the name has %XX for odd bytes, "-" is no name
 *   unique <tid>                         a thread of a lock cycle, in the cycle's order
 *   end <seal>
 *   threads                              the process has begun its second thread; may come
 *                                        between any two lines, like
 *   exit <reports> <seal>                the process ended by itself after so many reports, and
 *                                        TSan decides its exit code; TSan's last reports (leaked
 *                                        threads) may follow
 *   quit <reports> <seal>                the same, with an exit code of the program's own
 *
 * With a key in $RACEGATE_SEAL reports and ends have seals (seal.h) that the program cannot make:
 * it never sees the key, which is replaced by the one for what the program starts.
 *
 * PCs are return addresses, innermost first. Any other line between records is
 * TSan's own printed text: its reports are sent to the same file, because the
 * locks that a thread held at an access are only there. The printed report
 * precedes its `begin`.
 *
 * No libc function that TSan intercepts is called from a report, and nothing
 * is allocated: system calls are made directly.
 */
#include "main_thread.h"
#include "out.h"
#include "surroundings.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIGH_FD 200 // out of the way of programs that count on low numbers

int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
			   int *mop_count, int *loc_count, int *mutex_count, int *thread_count,
			   int *unique_tid_count, void **sleep_trace, unsigned long trace_size);
int __tsan_get_report_stack(void *report, unsigned long i, void **trace, unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long i, int *tid, void **addr, int *size,
			  int *write, int *atomic, void **trace, unsigned long trace_size);
int __tsan_get_report_loc(void *report, unsigned long i, const char **type, void **addr,
			  unsigned long *start, unsigned long *size, int *tid, int *fd,
			  int *suppressable, void **trace, unsigned long trace_size);
int __tsan_get_report_mutex(void *report, unsigned long i, unsigned long *mutex_id, void **addr,
			    int *destroyed, void **trace, unsigned long trace_size);
int __tsan_get_report_thread(void *report, unsigned long i, int *tid, pid_t *os_id, int *running,
			     const char **name, int *parent_tid, void **trace,
			     unsigned long trace_size);
int __tsan_get_report_unique_tid(void *report, unsigned long i, int *tid);
void __sanitizer_set_report_fd(void *fd);
void __tsan_on_report(void *report);
void __interceptor__exit(int status) __attribute__((noreturn));
int __interceptor_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
				 void *(*run)(void *), void *arg);

// Reports come one at a time: TSan holds its report lock around the hook, which guards all of
// this. Only `exit` lines are written outside, with a buffer of their own.
static struct {
	char path[4096]; // RACEGATE_EVIDENCE; empty: nothing is to be written
	int fd;
	dev_t dev;
	ino_t ino;
	pid_t pid;   // whose file `fd` is
	bool forked; // that process is a child of one that had this object
	unsigned reports;
	bool threads; // it has begun one; atomic
	uint64_t key; // of the seals; 0: there are none
	uint64_t maps_hash;
	struct out out;
} ev = { .fd = -1 };

static pid_t own_pid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

// "<path>.<pid>" for the process that calls.
static void file_name(char *name, pid_t pid)
{
	char digits[16] = { 0 };
	unsigned nr = 0, len = 0;

	for (const char *p = ev.path; *p; p++)
		name[len++] = *p;
	name[len++] = '.';
	for (; pid; pid /= 10)
		digits[nr++] = (char)('0' + pid % 10);
	while (nr)
		name[len++] = digits[--nr];
	name[len] = '\0';
}

static bool still_ours(void)
{
	struct stat st;

	return ev.fd >= 0 && !syscall(SYS_fstat, ev.fd, &st) && st.st_dev == ev.dev &&
	       st.st_ino == ev.ino;
}

static int open_high(const char *name)
{
	int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, name, flags, 0600);
	int high;

	if (fd < 0)
		return -1;
	high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, HIGH_FD);
	if (high < 0)
		return fd;
	syscall(SYS_close, fd);
	return high;
}

static void write_header(pid_t pid, pid_t parent)
{
	put_text(&ev.out, "racegate-tsan 1");
	put_int(&ev.out, pid);
	put_int(&ev.out, parent);
	put_char(&ev.out, '\n');
	out_flush(&ev.out);
}

/*
 * Makes `ev.fd` the file of this process: a program may have closed or reused
 * the descriptor, and a forked child starts a file of its own.
 */
static bool open_evidence(pid_t parent)
{
	char name[sizeof(ev.path) + 16];
	pid_t pid = own_pid();
	bool is_new = ev.pid != pid;
	struct stat st;

	if (!ev.path[0])
		return false;
	if (!is_new && still_ours())
		return true;
	if (is_new && still_ours())
		syscall(SYS_close, ev.fd); // the parent's
	file_name(name, pid);
	ev.fd = open_high(name);
	if (ev.fd < 0 || syscall(SYS_fstat, ev.fd, &st))
		return false;
	ev.dev = st.st_dev;
	ev.ino = st.st_ino;
	ev.out.fd = ev.fd;
	__sanitizer_set_report_fd((void *)(intptr_t)ev.fd);
	if (is_new) {
		ev.pid = pid;
		ev.forked = parent != 0;
		ev.reports = 0;
		ev.threads = false;
		ev.maps_hash = 0;
		ev.out.nr = 0;
		ev.out.hash = SEAL_HASH;
		write_header(pid, parent);
	}
	return true;
}

static void write_maps(void)
{
	uint64_t hash = walk_maps(NULL);

	if (hash == ev.maps_hash)
		return;
	ev.maps_hash = hash;
	put_text(&ev.out, "maps\n");
	walk_maps(&ev.out);
	put_text(&ev.out, "endmaps\n");
}

static void write_mops(void *report, int nr, void **trace)
{
	for (int i = 0; i < nr; i++) {
		int tid = 0, size = 0, is_write = 0, is_atomic = 0;
		void *addr = NULL;

		__tsan_get_report_mop(report, (unsigned long)i, &tid, &addr, &size, &is_write,
				      &is_atomic, trace, MAX_PCS);
		put_text(&ev.out, "mop");
		put_int(&ev.out, tid);
		put_addr(&ev.out, addr);
		put_int(&ev.out, size);
		put_int(&ev.out, is_write);
		put_int(&ev.out, is_atomic);
		put_trace(&ev.out, trace);
	}
}

static void write_stacks(void *report, int nr, void **trace)
{
	for (int i = 0; i < nr; i++) {
		__tsan_get_report_stack(report, (unsigned long)i, trace, MAX_PCS);
		put_text(&ev.out, "stack");
		put_trace(&ev.out, trace);
	}
}

static void write_locations(void *report, int nr, void **trace)
{
	for (int i = 0; i < nr; i++) {
		int tid = 0, fd = 0, suppressable = 0;
		unsigned long start = 0, size = 0;
		const char *type = NULL;
		void *addr = NULL;

		__tsan_get_report_loc(report, (unsigned long)i, &type, &addr, &start, &size, &tid,
				      &fd, &suppressable, trace, MAX_PCS);
		put_text(&ev.out, "loc");
		put_name(&ev.out, type);
		put_addr(&ev.out, addr);
		put_number(&ev.out, start, 16);
		put_number(&ev.out, size, 10);
		put_int(&ev.out, tid);
		put_int(&ev.out, fd);
		put_trace(&ev.out, trace);
	}
}

static void write_mutexes(void *report, int nr, void **trace)
{
	for (int i = 0; i < nr; i++) {
		unsigned long id = 0;
		int destroyed = 0;
		void *addr = NULL;

		__tsan_get_report_mutex(report, (unsigned long)i, &id, &addr, &destroyed, trace,
					MAX_PCS);
		put_text(&ev.out, "mutex");
		put_number(&ev.out, id, 10);
		put_addr(&ev.out, addr);
		put_int(&ev.out, destroyed);
		put_trace(&ev.out, trace);
	}
}

static void write_threads(void *report, int nr, void **trace)
{
	for (int i = 0; i < nr; i++) {
		int tid = 0, running = 0, parent = 0;
		const char *name = NULL;
		pid_t os_id = 0;

		__tsan_get_report_thread(report, (unsigned long)i, &tid, &os_id, &running, &name,
					 &parent, trace, MAX_PCS);
		put_text(&ev.out, "thread");
		put_int(&ev.out, tid);
		put_int(&ev.out, os_id);
		put_int(&ev.out, running);
		put_int(&ev.out, parent);
		put_name(&ev.out, name);
		put_trace(&ev.out, trace);
	}
}

static void write_unique_tids(void *report, int nr)
{
	for (int i = 0; i < nr; i++) {
		int tid = 0;

		__tsan_get_report_unique_tid(report, (unsigned long)i, &tid);
		put_text(&ev.out, "unique");
		put_int(&ev.out, tid);
		put_char(&ev.out, '\n');
	}
}

__attribute__((visibility("default"))) void __tsan_on_report(void *report)
{
	int count = 0, stacks = 0, mops = 0, locs = 0, mutexes = 0, threads = 0, unique_tids = 0;
	void *trace[MAX_PCS] = { NULL }, *sleep_trace[1] = { NULL };
	const char *kind = NULL;

	if (!open_evidence(0))
		return;
	__tsan_get_report_data(report, &kind, &count, &stacks, &mops, &locs, &mutexes, &threads,
			       &unique_tids, sleep_trace, 1);
	write_maps();
	put_text(&ev.out, "begin");
	put_name(&ev.out, kind);
	put_char(&ev.out, '\n');
	write_mops(report, mops, trace);
	write_stacks(report, stacks, trace);
	write_locations(report, locs, trace);
	write_mutexes(report, mutexes, trace);
	write_threads(report, threads, trace);
	write_unique_tids(report, unique_tids);
	put_text(&ev.out, "end");
	put_seal(&ev.out, ev.key, seal_of(ev.key, (uint64_t)ev.pid, ev.reports + 1, ev.out.hash));
	out_flush(&ev.out);
	__atomic_fetch_add(&ev.reports, 1, __ATOMIC_RELAXED);
}

static void write_end(const char *how)
{
	struct out out;

	out.fd = ev.fd;
	out.nr = 0;
	out.hash = SEAL_HASH;
	// A child of vfork or clone shares this memory and must not speak for its parent.
	if (ev.pid != own_pid() || !still_ours())
		return;
	put_text(&out, how);
	put_int(&out, __atomic_load_n(&ev.reports, __ATOMIC_RELAXED));
	put_seal(&out, ev.key, seal_of(ev.key, (uint64_t)ev.pid, 0, out.hash));
	out_flush(&out);
}

static void write_quit(void)
{
	write_end("quit");
}

static void write_threads_line(void)
{
	static const char line[] = "threads\n";

	if (ev.pid == own_pid() && still_ours())
		syscall(SYS_write, ev.fd, line, sizeof(line) - 1);
}

// Because of TSan's own thread nobody can tell from outside whether the program has another. This
// is in no stack: the call becomes a jump.
__attribute__((visibility("default"))) int
pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	if (!__atomic_exchange_n(&ev.threads, true, __ATOMIC_RELAXED))
		write_threads_line();
	return __interceptor_pthread_create(thread, attr, run, arg);
}

static void after_fork_in_child(void)
{
	open_evidence((pid_t)syscall(SYS_getppid));
}

/*
 * TSan ends a process that it has reports of with a status of its own. A parent may look at how
 * its child ended: that must not depend on the tool. The first process's status is racegate's.
 */
bool tsan_on_finalize(bool failed) __asm__("_ZN6__tsan10OnFinalizeEb");
__attribute__((visibility("default"))) bool tsan_on_finalize(bool failed)
{
	return failed && !ev.forked;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("RACEGATE_EVIDENCE");
	const bool early = ev.threads; // another constructor has begun some
	unsigned len = 0;

	ev.key = take_key();
	for (; path && path[len] && len < sizeof(ev.path) - 1; len++)
		ev.path[len] = path[len];
	if (!open_evidence(0))
		return;
	ev.threads = early;
	if (early)
		write_threads_line();
	pthread_atfork(NULL, NULL, after_fork_in_child);
	(void)at_quick_exit(write_quit);
	watch_main_thread();
}

__attribute__((destructor)) static void finish(void)
{
	write_end("exit");
}

// _exit skips destructors; TSan's own wrapper does the rest.
__attribute__((visibility("default"))) void _exit(int status)
{
	write_end("exit");
	__interceptor__exit(status);
}
