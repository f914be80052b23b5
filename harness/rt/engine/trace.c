// What happened, step by step, if the request asks for it.
#include "engine/sched.h"
#include "hb/report.h"

void rt_trace(const struct rt_pending *op)
{
	struct rt_result *result = &rt_shared->result;

	if (result->nr_events < RT_MAX_EVENTS)
		rt_shared->events[result->nr_events++] = (struct rt_event){
			.address = op->address,
			.pc = op->pc,
			.step = (uint32_t)rt_iteration.step,
			.thread = rt_self->id,
			.op = op->op,
			.size = op->size,
		};
}

static bool is_marked(const struct rt_result *result, enum rt_mark_kind kind, uintptr_t address)
{
	for (uint32_t i = 0; i < result->nr_marks; i++)
		if (rt_shared->marks[i].kind == kind && rt_shared->marks[i].address == address)
			return true;
	return false;
}

void rt_mark(enum rt_mark_kind kind, uintptr_t address)
{
	struct rt_result *result = &rt_shared->result;

	if (RT_LIKELY(!rt_shared->request.trace) || result->nr_marks == RT_MAX_MARKS)
		return;
	// An object stays what it is.
	if (kind == RT_MARK_C11 && is_marked(result, kind, address))
		return;
	rt_shared->marks[result->nr_marks++] = (struct rt_mark){
		.address = address,
		.step = (uint32_t)rt_iteration.step,
		.thread = rt_self->id,
		.kind = (uint8_t)kind,
	};
}

void rt_watch(const struct rt_pending *op)
{
	const struct rt_request *request = &rt_shared->request;

	if (request->stop_step == rt_iteration.step)
		rt_stop_here();
	for (uint32_t i = 0; i < request->nr_watches; i++) {
		if (request->watches[i] == rt_iteration.step)
			rt_site_here(&rt_shared->result.watched[i], op->op, op->address, op->size,
				     op->pc);
		if (request->watches[i] > rt_iteration.step) {
			rt_iteration.next_watch = request->watches[i];
			return;
		}
	}
	rt_iteration.next_watch = UINT64_MAX;
}
