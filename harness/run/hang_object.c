#include "run/hang.h"

#include "base/mem.h"
#include "base/symbols.h"

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

// Offsets in glibc's types, which its ABI fixes (sysdeps/nptl/bits/struct_mutex.h, _rwlock.h,
// thread-shared-types.h).
#define MUTEX_OWNER    8
#define RWLOCK_WRPHASE 8
#define RWLOCK_WRITERS 12
#define RWLOCK_WRITER  24
#define TOP_FRAMES     8

enum object_kind {
	OBJ_MUTEX,
	OBJ_RWLOCK,
	OBJ_COND,
	OBJ_BARRIER,
	OBJ_SEM,
	OBJ_JOIN,
	OBJ_ONCE,
	OBJ_LIBC,
	OBJ_NR
};

static const char *const kind_words[] = {
	[OBJ_MUTEX] = "mutex",
	[OBJ_RWLOCK] = "rwlock",
	[OBJ_COND] = "condition variable",
	[OBJ_BARRIER] = "barrier",
	[OBJ_SEM] = "semaphore",
	[OBJ_JOIN] = "thread",
	[OBJ_ONCE] = "once",
	[OBJ_LIBC] = "lock inside libc",
};

// What a thread waits for shows in the library's functions on top of its stack.
static const struct {
	const char *part; // of the function's name
	enum object_kind kind;
} functions[] = {
	{ "pthread_cond_", OBJ_COND },
	{ "cnd_", OBJ_COND },
	{ "pthread_barrier_wait", OBJ_BARRIER },
	{ "pthread_rwlock_", OBJ_RWLOCK },
	{ "sem_wait", OBJ_SEM },
	{ "sem_timedwait", OBJ_SEM },
	{ "sem_clockwait", OBJ_SEM },
	{ "pthread_join", OBJ_JOIN },
	{ "pthread_clockjoin", OBJ_JOIN },
	{ "pthread_timedjoin", OBJ_JOIN },
	{ "thrd_join", OBJ_JOIN },
	{ "pthread_once", OBJ_ONCE },
	{ "call_once", OBJ_ONCE },
	{ "pthread_mutex_", OBJ_MUTEX },
	{ "mtx_", OBJ_MUTEX },
	{ "lll_lock_wait_private", OBJ_LIBC },
};

static bool peek(pid_t pid, uint64_t addr, void *to, size_t size)
{
	struct iovec local = { to, size };
	// An address of the other process; the kernel checks it.
	struct iovec remote = { (void *)(uintptr_t)addr, size };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

static bool is_thread_of(const struct hang *hang, pid_t tid)
{
	for (size_t i = 0; i < hang->nr; i++)
		if (hang->items[i].tid == tid)
			return true;
	return false;
}

static enum object_kind kind_by_stack(const struct stack *stack)
{
	for (size_t f = 0; f < stack->nr && f < TOP_FRAMES; f++)
		for (size_t i = 0; stack->items[f].func && i < ARRAY_SIZE(functions); i++)
			if (strstr(stack->items[f].func, functions[i].part))
				return functions[i].kind;
	return OBJ_NR;
}

/*
 * Without a stack: a joined thread's number is where the kernel clears it,
 * in a futex that is never private; a mutex is held by a thread of this run;
 * else the size of a variable may give its type away.
 */
static enum object_kind kind_by_memory(const struct hang *hang, pid_t pid,
				       const struct proc_call *call, uint64_t size, bool inside)
{
	uint32_t words[3];

	if (peek(pid, call->args[0], words, sizeof(words))) {
		if (!(call->args[1] & FUTEX_PRIVATE_FLAG) && is_thread_of(hang, (pid_t)words[0]))
			return OBJ_JOIN;
		if (words[0] == 2 && is_thread_of(hang, (pid_t)words[MUTEX_OWNER / 4]))
			return OBJ_MUTEX;
	}
	// Both are of one size, and threads wait at the start of a semaphore, but not of a barrier.
	if (size == sizeof(sem_t))
		return inside ? OBJ_BARRIER : OBJ_SEM;
	return size == sizeof(pthread_cond_t)     ? OBJ_COND
	       : size == sizeof(pthread_rwlock_t) ? OBJ_RWLOCK
	       : size == sizeof(pthread_mutex_t)  ? OBJ_MUTEX
						  : OBJ_NR;
}

// sem_wait() itself is missing in stacks (it jumps to an internal function): a value of 0 and a
// few waiters, waited for as only condition variables, which do show, are as well.
static bool looks_like_sem(pid_t pid, const struct proc_call *call)
{
	uint32_t words[2];

	return (call->args[1] & ~(uint64_t)FUTEX_PRIVATE_FLAG) ==
		       (FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME) &&
	       peek(pid, call->args[0], words, sizeof(words)) && words[0] == 0 && words[1] > 0 &&
	       words[1] < 4096;
}

static uint64_t rwlock_base(pid_t pid, uint64_t futex, const struct hang *hang)
{
	static const uint64_t offsets[] = { RWLOCK_WRPHASE, RWLOCK_WRITERS };
	int32_t writer;

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++)
		if (peek(pid, futex - offsets[i] + RWLOCK_WRITER, &writer, sizeof(writer)) &&
		    writer && is_thread_of(hang, writer))
			return futex - offsets[i];
	return futex - RWLOCK_WRPHASE;
}

static void find_holder(const struct hang *hang, struct hang_thread *thread, enum object_kind kind,
			const struct proc_call *call)
{
	uint64_t futex = call->args[0], cmd = call->args[1] & (uint64_t)FUTEX_CMD_MASK;
	int32_t word = 0;

	if (kind == OBJ_MUTEX) {
		thread->lock_addr = futex;
		if (cmd == FUTEX_WAIT &&
		    peek(thread->pid, futex + MUTEX_OWNER, &word, sizeof(word)))
			thread->holder = word;
		else if (cmd != FUTEX_WAIT && peek(thread->pid, futex, &word, sizeof(word)))
			thread->holder = word & FUTEX_TID_MASK;
	} else if (kind == OBJ_RWLOCK) {
		thread->lock_addr = rwlock_base(thread->pid, futex, hang);
		if (peek(thread->pid, thread->lock_addr + RWLOCK_WRITER, &word, sizeof(word)))
			thread->holder = word;
	} else if (kind == OBJ_JOIN) {
		if (peek(thread->pid, futex, &word, sizeof(word)))
			thread->holder = word;
	}
}

static void explain_futex(const struct hang *hang, struct hang_thread *thread,
			  const struct proc_call *call, Dwfl *dwfl)
{
	uint64_t size = 0;
	char *name = dwfl ? symbols_object(dwfl, call->args[0], &size) : NULL;
	enum object_kind kind = kind_by_stack(&thread->stack);

	if (kind == OBJ_NR)
		kind = kind_by_memory(hang, thread->pid, call, size, name && strchr(name, '+'));
	if (kind == OBJ_NR && thread->stack.nr && looks_like_sem(thread->pid, call))
		kind = OBJ_SEM;
	if (kind < OBJ_NR)
		find_holder(hang, thread, kind, call);
	if (kind == OBJ_JOIN) {
		thread->object = thread->holder ? xasprintf("thread %d to end", thread->holder)
						: xstrdup("a thread to end");
	} else if (name || kind < OBJ_NR) {
		// The futex lies somewhere inside the object.
		if (name && kind < OBJ_NR && kind != OBJ_LIBC && size <= sizeof(pthread_rwlock_t))
			name[strcspn(name, "+")] = '\0';
		thread->object = xasprintf("%s%s%s", kind < OBJ_NR ? kind_words[kind] : "futex",
					   name ? " " : "", name ? name : "");
	}
	free(name);
}

static void explain_stream(struct hang_thread *thread, const struct proc_call *call, bool write)
{
	int fd = (int)call->args[0];
	char link[128];

	if (proc_fd_link(thread->pid, fd, link, sizeof(link)) < 0)
		return;
	// "pipe:[123]" and "socket:[123]" carry numbers that help no reader.
	link[strcspn(link, ":")] = '\0';
	thread->object = *link == '/'
				 ? xasprintf("%s %s", write ? "write to" : "read of", link)
				 : xasprintf("%s %s %d", write ? "write to" : "read of", link, fd);
}

static void explain_child(struct hang_thread *thread, const struct proc_call *call)
{
	int child = (int)call->args[call->nr == SYS_waitid ? 1 : 0];

	if (call->nr == SYS_waitid && call->args[0] != P_PID)
		child = -1;
	if (child > 0)
		thread->holder = child;
	thread->object = child > 0 ? xasprintf("child process %d to end", child)
				   : xstrdup("any child process to end");
}

void hang_explain(const struct hang *hang, struct hang_thread *thread, const struct proc_call *call,
		  Dwfl *dwfl)
{
	enum proc_wait wait = proc_call_wait(call->nr);

	if (wait == WAIT_FUTEX)
		explain_futex(hang, thread, call, dwfl);
	else if (wait == WAIT_READ || wait == WAIT_WRITE)
		explain_stream(thread, call, wait == WAIT_WRITE);
	else if (wait == WAIT_CHILD)
		explain_child(thread, call);
}
