/*
 * Calls that are not controlled. Each is reported once, with its place; other threads
 * go first, then it is made, while all threads of the program wait.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "outside/outside.h"

#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/time.h>
#include <time.h>

static void name_and_yield(const char *name, uintptr_t pc)
{
	rt_report_uncontrolled(name, pc);
	rt_progress();
	rt_yield(pc);
}

#define UNCONTROLLED(ret, name, params, ...)                                                       \
	OBSERVE_OWN(ret, name, params, name_and_yield(#name, RT_PC()), __VA_ARGS__)

UNCONTROLLED(ssize_t, mq_receive, (mqd_t queue, char *to, size_t size, unsigned *priority), queue,
	     to, size, priority)
UNCONTROLLED(int, mq_send, (mqd_t queue, const char *from, size_t size, unsigned priority), queue,
	     from, size, priority)
UNCONTROLLED(ssize_t, msgrcv, (int queue, void *to, size_t size, long type, int flags), queue, to,
	     size, type, flags)
UNCONTROLLED(int, msgsnd, (int queue, const void *from, size_t size, int flags), queue, from, size,
	     flags)
UNCONTROLLED(int, semop, (int set, struct sembuf *operations, size_t nr), set, operations, nr)
UNCONTROLLED(ssize_t, mq_timedreceive,
	     (mqd_t queue, char *restrict to, size_t size, unsigned *restrict priority,
	      const struct timespec *restrict until),
	     queue, to, size, priority, until)
UNCONTROLLED(int, mq_timedsend,
	     (mqd_t queue, const char *from, size_t size, unsigned priority,
	      const struct timespec *until),
	     queue, from, size, priority, until)
UNCONTROLLED(int, semtimedop,
	     (int set, struct sembuf *operations, size_t nr, const struct timespec *timeout), set,
	     operations, nr, timeout)
UNCONTROLLED(int, sched_setscheduler, (pid_t pid, int policy, const struct sched_param *param),
	     rt_real_pid(pid), policy, param)

/*
 * What is said of one of the kernel's threads. The program's have none of their own:
 * that they have another priority is named, on which processor they run is not.
 */
static int name_priority(const char *name, uintptr_t pc)
{
	rt_report_uncontrolled(name, pc);
	return 0;
}

INTERCEPT(int, pthread_setschedparam,
	  (pthread_t thread, int policy, const struct sched_param *param),
	  name_priority("pthread_setschedparam", RT_PC()), thread, policy, param)
INTERCEPT(int, pthread_setschedprio, (pthread_t thread, int priority),
	  name_priority("pthread_setschedprio", RT_PC()), thread, priority)
INTERCEPT(int, pthread_setaffinity_np, (pthread_t thread, size_t size, const cpu_set_t *set), 0,
	  thread, size, set)
INTERCEPT(int, pthread_setname_np, (pthread_t thread, const char *name), 0, thread, name)

/*
 * Threads and processes that share our memory would run in our hooks while we do:
 * they are refused.
 */
void rt_begin_clone(const char *name, unsigned long flags, uintptr_t pc)
{
	rt_report_uncontrolled(name, pc);
	if (flags & CLONE_VM)
		rt_end_limit("control: clone() that shares the memory");
	rt_iteration.processes = true;
	rt_shared->result.processes = true;
}

RT_EXPORT int clone(int (*function)(void *), void *stack, int flags, void *arg, ...)
{
	void *more[3];
	va_list list;

	va_start(list, arg);
	for (int i = 0; i < 3; i++)
		more[i] = va_arg(list, void *);
	va_end(list);
	if (RT_OWN_CALL())
		rt_begin_clone("clone", (unsigned long)flags, RT_PC());
	return RT_REAL(clone)(function, stack, flags, arg, more[0], more[1], more[2]);
}
