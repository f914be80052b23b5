/*
 * Sending signals, modelled from POSIX: pthread_kill(), raise(), sigqueue(). What a thread
 * sends itself and does not block, it handles before the call returns.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/signals.h"

#include <errno.h>
#include <unistd.h>

static siginfo_t info_of(int number, int code)
{
	siginfo_t info = { .si_signo = number, .si_code = code };

	info.si_pid = getpid();
	info.si_uid = getuid();
	return info;
}

static int send_now(struct rt_thread *to, const siginfo_t *info)
{
	int error;

	if (info->si_signo < 0 || info->si_signo >= NSIG)
		return EINVAL;
	if (!info->si_signo || (to && to->state == RT_ENDED))
		return 0;
	error = rt_signal_send(to, info, NULL);
	rt_progress();
	if (rt_self->attention)
		rt_attend();
	return error;
}

int rt_signal_process(int number)
{
	siginfo_t info = info_of(number, SI_USER);

	return send_now(NULL, &info);
}

static int send_to_thread(pthread_t handle, siginfo_t info, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_CALL, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (!thread || (thread->joined && thread != rt_self)) {
		rt_report_rule(RT_FOUND_API_MISUSE, thread ? RT_RULE_JOINED : RT_RULE_NO_THREAD,
			       (uintptr_t)handle, pc);
		return ESRCH;
	}
	return send_now(thread, &info);
}

static siginfo_t with_value(int number, union sigval value)
{
	siginfo_t info = info_of(number, SI_QUEUE);

	info.si_value = value;
	return info;
}

static int send_here(int number, uintptr_t pc)
{
	siginfo_t info = info_of(number, SI_TKILL);
	int error;

	rt_point(RT_OP_CALL, 0, 0, pc);
	error = send_now(rt_self, &info);
	if (error)
		errno = error;
	return error ? -1 : 0;
}

static int queue_for_process(int number, union sigval value, uintptr_t pc)
{
	siginfo_t info = with_value(number, value);
	int error;

	rt_point(RT_OP_CALL, 0, 0, pc);
	error = send_now(NULL, &info);
	if (error)
		errno = error;
	return error ? -1 : 0;
}

INTERCEPT(int, pthread_kill, (pthread_t handle, int number),
	  send_to_thread(handle, info_of(number, SI_TKILL), RT_PC()), handle, number)
INTERCEPT(int, pthread_sigqueue, (pthread_t handle, int number, const union sigval value),
	  send_to_thread(handle, with_value(number, value), RT_PC()), handle, number, value)
INTERCEPT_OWN(int, raise, (int number), send_here(number, RT_PC()), number)
RT_INTERCEPT_IF(RT_OWN_CALL() && pid == getpid(), int, sigqueue,
		(pid_t pid, int number, const union sigval value),
		queue_for_process(number, value, RT_PC()), pid, number, value)
