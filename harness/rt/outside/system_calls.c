/*
 * System calls that the program makes by their numbers. One that has a function of the C library
 * is that function, with its model; one that nobody can wait in and that says nothing about other
 * threads is the kernel's; all else is named and then made, while all threads wait.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/*
 * The kernel's own business: these neither wait nor show what other threads do, and the
 * same schedule gets the same answer, or one that does not matter for it.
 */
static const long passed[] = { SYS_brk,
			       SYS_capget,
			       SYS_capset,
			       SYS_chdir,
			       SYS_epoll_create1,
			       SYS_eventfd2,
			       SYS_fadvise64,
			       SYS_fallocate,
			       SYS_fchmod,
			       SYS_fdatasync,
			       SYS_fstat,
			       SYS_fsync,
			       SYS_ftruncate,
			       SYS_getcpu,
			       SYS_getcwd,
			       SYS_getdents64,
			       SYS_getegid,
			       SYS_geteuid,
			       SYS_getgid,
			       SYS_getpriority,
			       SYS_getresgid,
			       SYS_getresuid,
			       SYS_getrlimit,
			       SYS_getrusage,
			       SYS_getsockname,
			       SYS_getsockopt,
			       SYS_getuid,
			       SYS_ioprio_get,
			       SYS_listen,
			       SYS_lseek,
			       SYS_madvise,
			       SYS_memfd_create,
			       SYS_mincore,
			       SYS_mlock,
			       SYS_mmap,
			       SYS_mprotect,
			       SYS_mremap,
			       SYS_munlock,
			       SYS_munmap,
			       SYS_newfstatat,
			       SYS_openat,
			       SYS_pipe2,
			       SYS_pkey_alloc,
			       SYS_pkey_free,
			       SYS_pkey_mprotect,
			       SYS_prctl,
			       SYS_pread64,
			       SYS_prlimit64,
			       SYS_pwrite64,
			       SYS_readahead,
			       SYS_rseq,
			       SYS_sched_getaffinity,
			       SYS_sched_getparam,
			       SYS_sched_getscheduler,
			       SYS_sched_setaffinity,
			       SYS_set_robust_list,
			       SYS_setsockopt,
			       SYS_socket,
			       SYS_statfs,
			       SYS_statx,
			       SYS_sysinfo,
			       SYS_umask,
			       SYS_uname,
			       SYS_unlinkat };

// Named by more than their number.
#define SYSTEM_CALLS_NAMED(X)                                                                      \
	X(clone)                                                                                   \
	X(exit) X(futex) X(io_uring_enter) X(rt_sigaction) X(rt_sigprocmask) X(tgkill) X(tkill)

static void name_call(long number, const unsigned long *a, uintptr_t pc)
{
	static const struct {
		long number;
		const char *name;
	} named[] = {
#define ROW(name) { SYS_##name, "syscall(SYS_" #name ")" },
		SYSTEM_CALLS_NAMED(ROW)
#undef ROW
	};
	char other[32];

	snprintf(other, sizeof(other), "syscall(%ld)", number);
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (named[i].number == number) {
			if (number == SYS_clone)
				rt_begin_clone(named[i].name, a[0], pc);
			rt_report_uncontrolled(named[i].name, pc);
			return;
		}
	rt_report_uncontrolled(other, pc);
}

static bool is_passed(long number)
{
	for (size_t i = 0; i < sizeof(passed) / sizeof(*passed); i++)
		if (passed[i] == number)
			return true;
	return false;
}

static long call_fails(int error)
{
	errno = error;
	return -1;
}

// All threads of the program run on one processor: its step is all that a barrier does.
static long memory_barrier(const unsigned long *a, uintptr_t pc)
{
	rt_point(RT_OP_CALL, 0, 0, pc);
	rt_progress();
	return RT_REAL(syscall)(SYS_membarrier, a[0], a[1], a[2]);
}

// False: the call has no model of its own.
static bool call_modelled(long number, const unsigned long *a, uintptr_t pc, long *result)
{
	switch (number) {
	case SYS_gettid:
		*result = gettid();
		return true;
	case SYS_getpid:
		*result = getpid();
		return true;
	case SYS_getppid:
		*result = getppid();
		return true;
	case SYS_getrandom:
		rt_fill_randomly((void *)a[0], a[1]);
		*result = (long)a[1];
		return true;
	case SYS_sched_yield:
		rt_yield(pc);
		*result = 0;
		return true;
	case SYS_clock_gettime:
		*result = clock_gettime((clockid_t)a[0], (struct timespec *)a[1]);
		return true;
	case SYS_gettimeofday:
		*result = gettimeofday((struct timeval *)a[0], NULL);
		return true;
	case SYS_nanosleep:
		*result = nanosleep((const struct timespec *)a[0], (struct timespec *)a[1]);
		return true;
	case SYS_close:
		*result = rt_close((int)a[0], pc);
		return true;
	case SYS_membarrier:
		*result = memory_barrier(a, pc);
		return true;
	case SYS_io_uring_setup:
		*result = call_fails(ENOSYS);
		return true;
	case SYS_exit_group:
		_exit((int)a[0]);
	case SYS_futex:
		if (rt_futex_modelled((int)a[1]))
			*result = rt_futex(a, pc);
		return rt_futex_modelled((int)a[1]);
	default:
		return false;
	}
}

RT_EXPORT long syscall(long number, ...)
{
	unsigned long a[6];
	long result = 0;
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, unsigned long);
	va_end(list);
	if (RT_OWN_CALL()) {
		if (call_modelled(number, a, RT_PC(), &result))
			return result;
		if (!is_passed(number))
			name_call(number, a, RT_PC());
		rt_progress();
		rt_yield(RT_PC());
	}
	return RT_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
