#include "perturb.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef volatile pthread_spinlock_t pthread_spin;

/*
 * The wrapped functions. REAL finds what the program would have called; the
 * condition variables have an older twin in the same library, of another
 * layout, that must not be taken.
 */
#ifdef __x86_64__
#define COND_VERSION "GLIBC_2.3.2"
#else
#define COND_VERSION NULL
#endif

static void *find_real(void **cache, const char *name, const char *version)
{
	void *found = __atomic_load_n(cache, __ATOMIC_RELAXED);

	if (!found) {
		found = version ? dlvsym(RTLD_NEXT, name, version) : dlsym(RTLD_NEXT, name);
		__atomic_store_n(cache, found, __ATOMIC_RELAXED);
	}
	return found;
}

#define WRAP(ret, name, version, params, before, call, after)                                      \
	EXPORT ret name params                                                                     \
	{                                                                                          \
		static void *cache;                                                                \
		union {                                                                            \
			void *found;                                                               \
			ret(*fn) params;                                                           \
		} real = { find_real(&cache, #name, version) };                                    \
		ret result;                                                                        \
                                                                                                   \
		before;                                                                            \
		result = real.fn call;                                                             \
		after;                                                                             \
		return result;                                                                     \
	}

#define NOISY(name, type) WRAP(int, name, NULL, (type * object), rg_noise(), (object), rg_noise())
#define NOISY_COND(name)                                                                           \
	WRAP(int, name, COND_VERSION, (pthread_cond_t * cond), rg_noise(), (cond), rg_noise())

NOISY(pthread_mutex_lock, pthread_mutex_t)
NOISY(pthread_mutex_trylock, pthread_mutex_t)
NOISY(pthread_mutex_unlock, pthread_mutex_t)
NOISY(pthread_spin_lock, pthread_spin)
NOISY(pthread_spin_unlock, pthread_spin)
NOISY(pthread_rwlock_rdlock, pthread_rwlock_t)
NOISY(pthread_rwlock_wrlock, pthread_rwlock_t)
NOISY(pthread_rwlock_unlock, pthread_rwlock_t)
NOISY(pthread_barrier_wait, pthread_barrier_t)
NOISY(sem_wait, sem_t)
NOISY(sem_trywait, sem_t)
NOISY(sem_post, sem_t)
NOISY(mtx_lock, mtx_t)
NOISY(mtx_unlock, mtx_t)
NOISY(cnd_signal, cnd_t)
NOISY(cnd_broadcast, cnd_t)
NOISY_COND(pthread_cond_signal)
NOISY_COND(pthread_cond_broadcast)
WRAP(int, pthread_cond_wait, COND_VERSION, (pthread_cond_t * cond, pthread_mutex_t *mutex),
     rg_noise(), (cond, mutex), rg_noise())
WRAP(int, cnd_wait, NULL, (cnd_t * cond, mtx_t *mutex), rg_noise(), (cond, mutex), rg_noise())
WRAP(int, pthread_join, NULL, (pthread_t thread, void **value), rg_noise(), (thread, value),
     rg_noise())

// The signal is blocked around calls that it would end, or whose amount it would change.
struct guard {
	bool on;
	sigset_t old;
};

static struct guard guard_enter(void)
{
	struct guard guard = { .on = rg_self.armed };
	sigset_t cut;

	rg_noise();
	guard.on = rg_self.armed;
	if (guard.on) {
		sigemptyset(&cut);
		sigaddset(&cut, RG_SIG_CUT);
		pthread_sigmask(SIG_BLOCK, &cut, &guard.old);
	}
	return guard;
}

static void guard_leave(const struct guard *guard)
{
	int saved = errno;

	if (guard->on)
		pthread_sigmask(SIG_SETMASK, &guard->old, NULL);
	errno = saved;
	rg_noise();
}

#define GUARDED(ret, name, params, call)                                                           \
	WRAP(ret, name, NULL, params, struct guard guard = guard_enter(), call, guard_leave(&guard))

GUARDED(int, nanosleep, (const struct timespec *ts, struct timespec *left), (ts, left))
GUARDED(int, clock_nanosleep,
	(clockid_t clock, int flags, const struct timespec *ts, struct timespec *left),
	(clock, flags, ts, left))
GUARDED(int, thrd_sleep, (const struct timespec *ts, struct timespec *left), (ts, left))
GUARDED(int, usleep, (useconds_t us), (us))
GUARDED(unsigned, sleep, (unsigned s), (s))
GUARDED(int, pause, (void), ())
GUARDED(int, poll, (struct pollfd * fds, nfds_t nr, int ms), (fds, nr, ms))
GUARDED(int, select, (int nr, fd_set *r, fd_set *w, fd_set *e, struct timeval *tv),
	(nr, r, w, e, tv))
GUARDED(int, epoll_wait, (int fd, struct epoll_event *events, int nr, int ms), (fd, events, nr, ms))
GUARDED(int, sem_timedwait, (sem_t * sem, const struct timespec *ts), (sem, ts))
GUARDED(int, sem_clockwait, (sem_t * sem, clockid_t clock, const struct timespec *ts),
	(sem, clock, ts))
GUARDED(int, msgsnd, (int id, const void *from, size_t len, int flags), (id, from, len, flags))
GUARDED(ssize_t, msgrcv, (int id, void *to, size_t len, long type, int flags),
	(id, to, len, type, flags))
GUARDED(int, semop, (int id, struct sembuf *ops, size_t nr), (id, ops, nr))
GUARDED(int, semtimedop, (int id, struct sembuf *ops, size_t nr, const struct timespec *ts),
	(id, ops, nr, ts))
GUARDED(ssize_t, read, (int fd, void *to, size_t len), (fd, to, len))
GUARDED(ssize_t, write, (int fd, const void *from, size_t len), (fd, from, len))
GUARDED(ssize_t, readv, (int fd, const struct iovec *to, int nr), (fd, to, nr))
GUARDED(ssize_t, writev, (int fd, const struct iovec *from, int nr), (fd, from, nr))
GUARDED(ssize_t, recv, (int fd, void *to, size_t len, int flags), (fd, to, len, flags))
GUARDED(ssize_t, recvfrom,
	(int fd, void *to, size_t len, int flags, __SOCKADDR_ARG peer, socklen_t *size),
	(fd, to, len, flags, peer, size))
GUARDED(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))
GUARDED(ssize_t, send, (int fd, const void *from, size_t len, int flags), (fd, from, len, flags))
GUARDED(ssize_t, sendto,
	(int fd, const void *from, size_t len, int flags, __CONST_SOCKADDR_ARG peer,
	 socklen_t size),
	(fd, from, len, flags, peer, size))
GUARDED(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))
GUARDED(int, connect, (int fd, __CONST_SOCKADDR_ARG peer, socklen_t size), (fd, peer, size))
GUARDED(int, accept, (int fd, __SOCKADDR_ARG peer, socklen_t *size), (fd, peer, size))

// Calls that take a set of signals: ours never is among those that the program waits for.
static const sigset_t *without_ours(const sigset_t *set, sigset_t *copy)
{
	*copy = *set;
	sigdelset(copy, RG_SIG_CUT);
	return rg.on ? copy : set;
}

static const sigset_t *with_ours(const sigset_t *set, sigset_t *copy)
{
	if (!set)
		return NULL;
	*copy = *set;
	sigaddset(copy, RG_SIG_CUT);
	return rg.on ? copy : set;
}

#define GUARDED_SET(ret, name, edit, params, call)                                                 \
	WRAP(ret, name, NULL, params, struct guard guard = guard_enter(); sigset_t copy;           \
	     set = edit(set, &copy), call, guard_leave(&guard))

GUARDED_SET(int, sigwait, without_ours, (const sigset_t *set, int *sig), (set, sig))
GUARDED_SET(int, sigwaitinfo, without_ours, (const sigset_t *set, siginfo_t *info), (set, info))
GUARDED_SET(int, sigtimedwait, without_ours,
	    (const sigset_t *set, siginfo_t *info, const struct timespec *ts), (set, info, ts))
GUARDED_SET(int, signalfd, without_ours, (int fd, const sigset_t *set, int flags), (fd, set, flags))
GUARDED_SET(int, sigsuspend, with_ours, (const sigset_t *set), (set))
GUARDED_SET(int, ppoll, with_ours,
	    (struct pollfd * fds, nfds_t nr, const struct timespec *ts, const sigset_t *set),
	    (fds, nr, ts, set))
GUARDED_SET(int, pselect, with_ours,
	    (int nr, fd_set *r, fd_set *w, fd_set *e, const struct timespec *ts,
	     const sigset_t *set),
	    (nr, r, w, e, ts, set))
GUARDED_SET(int, epoll_pwait, with_ours,
	    (int fd, struct epoll_event *events, int nr, int ms, const sigset_t *set),
	    (fd, events, nr, ms, set))

// A program that wants the signal has it.
static void give_up(int sig)
{
	if (!rg.on || sig != RG_SIG_CUT)
		return;
	__atomic_store_n(&rg.off, true, __ATOMIC_RELAXED);
	rg_disarm();
}

WRAP(int, sigaction, NULL, (int sig, const struct sigaction *action, struct sigaction *old),
     if (action) give_up(sig), (sig, action, old), (void)0)
WRAP(sighandler_t, signal, NULL, (int sig, sighandler_t handler), give_up(sig), (sig, handler),
     (void)0)

struct start {
	union {
		void *(*pthread)(void *);
		thrd_start_t thrd;
	} run;
	void *arg;
	uint64_t number;
};

static struct start enter_thread(void *memory)
{
	struct start start = *(struct start *)memory;

	free(memory);
	rg_begin_thread(start.number);
	rg_wait_gate(start.number);
	if (rg.start_ns)
		rg_rest(rg_next(&rg_self.calls) % rg.start_ns);
	rg_arm();
	return start;
}

static void *pthread_started(void *memory)
{
	struct start start = enter_thread(memory);

	return start.run.pthread(start.arg);
}

static int thrd_started(void *memory)
{
	struct start start = enter_thread(memory);

	return start.run.thrd(start.arg);
}

// What the new thread needs; NULL: it is created as the program says.
static struct start *prepare(void *arg)
{
	struct start *start = rg.on ? malloc(sizeof(*start)) : NULL;

	if (start) {
		start->arg = arg;
		start->number = __atomic_add_fetch(&rg.threads, 1, __ATOMIC_RELAXED);
	}
	return start;
}

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
			  void *arg)
{
	static void *cache;
	union {
		void *found;
		int (*fn)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	} real = { find_real(&cache, "pthread_create", NULL) };
	struct start *start = prepare(arg);
	int rc;

	if (!start)
		return real.fn(thread, attr, run, arg);
	start->run.pthread = run;
	rc = real.fn(thread, attr, pthread_started, start);
	if (rc)
		free(start);
	rg_arm();
	return rc;
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t run, void *arg)
{
	static void *cache;
	union {
		void *found;
		int (*fn)(thrd_t *, thrd_start_t, void *);
	} real = { find_real(&cache, "thrd_create", NULL) };
	struct start *start = prepare(arg);
	int rc;

	if (!start)
		return real.fn(thread, run, arg);
	start->run.thrd = run;
	rc = real.fn(thread, thrd_started, start);
	if (rc != thrd_success)
		free(start);
	rg_arm();
	return rc;
}
