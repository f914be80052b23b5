// How a thread ends, and the program: exit(), or the end of its last thread.
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"

#include <stdlib.h>
#include <unistd.h>

static void report_leaks(void)
{
	static RT_COLD_STATE struct rt_site site;

	for (unsigned i = 1; i < rt_iteration.nr_threads; i++) {
		const struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_ENDED || thread->joined || thread->detached)
			continue;
		site = (struct rt_site){ .thread = thread->id,
					 .op = RT_OP_CREATE,
					 .step = thread->created_step,
					 .nr_stack = 1,
					 .stack = { thread->created_pc } };
		rt_report(RT_FOUND_THREAD_LEAK, &site, 1);
	}
}

static RT_ITERATION_STATE int exit_code;

/*
 * The program's exit handlers and destructors run under control, whichever thread exits: they
 * may lock, and join threads. They end in over().
 */
static _Noreturn void end_program(int code)
{
	exit_code = code;
	RT_REAL(exit)(code);
	__builtin_unreachable();
}

// The last of the program's destructors, which have priorities above: its streams are flushed next.
__attribute__((destructor(101))) static void over(void)
{
	if (!rt_controlled())
		return;
	report_leaks();
	rt_iteration.outside->leave();
	rt_note_end(RT_END_EXIT, exit_code & 0377);
}

RT_EXPORT void exit(int code)
{
	if (rt_controlled()) {
		rt_point(RT_OP_END, 0, 0, RT_PC());
		end_program(code);
	}
	RT_REAL(exit)(code);
	__builtin_unreachable();
}

RT_EXPORT void _exit(int code)
{
	if (rt_controlled())
		rt_note_end(RT_END_EXIT, code & 0377);
	RT_REAL(_exit)(code);
	__builtin_unreachable();
}

RT_EXPORT void _Exit(int code)
{
	_exit(code);
}

// Ends the process when the running thread is the last one.
static void last_thread_exits(void)
{
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (&rt_iteration.threads[i] != rt_self &&
		    rt_iteration.threads[i].state != RT_ENDED)
			return;
	end_program(0);
}

_Noreturn void rt_thread_finish(void *result)
{
	rt_self->result = result;
	rt_keys_destroy();
	rt_point(RT_OP_END, (uintptr_t)rt_self, 0, rt_self->pending.pc);
	// Who takes a robust one next is told.
	for (uint32_t i = 0; i < rt_self->nr_held; i++)
		if (!rt_self->held[i].object->robust)
			rt_report_here(RT_FOUND_LOCK_HELD, rt_self->held[i].object->address,
				       rt_self->held[i].pc);
	rt_mutex_orphan(rt_self);
	last_thread_exits();
	rt_thread_end();
}
