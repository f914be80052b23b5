#include "explore/order.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void add_means(struct order *order, uint64_t address, enum means means)
{
	for (size_t i = 0; i < order->objects.nr; i++)
		if (order->objects.items[i].address == address) {
			order->objects.items[i].means |= MEANS_BIT(means);
			return;
		}
	*VEC_PUSH(&order->objects) = (struct order_object){ address, MEANS_BIT(means) };
}

// What a cancelled thread gives back; in this schedule that may have been before.
static void add_given_back(struct order *order, uint64_t thread)
{
	const struct rt_shared *shared = order->shared;

	for (uint32_t i = 0; i < shared->result.nr_events; i++) {
		const struct rt_event *e = &shared->events[i];

		if (e->op == RT_OP_UNLOCK && e->thread == thread)
			add_means(order, e->address, MEANS_CANCELLATION);
	}
}

void order_init(struct order *order, const struct rt_shared *shared)
{
	*order = (struct order){ .shared = shared };
	for (uint32_t i = 0; i < shared->result.nr_marks; i++) {
		const struct rt_mark *mark = &shared->marks[i];

		switch ((enum rt_mark_kind)mark->kind) {
		case RT_MARK_C11:
			add_means(order, mark->address, MEANS_C11);
			break;
		case RT_MARK_RECOVERED:
			add_means(order, mark->address, MEANS_RECOVERY);
			break;
		case RT_MARK_CANCELLED:
			add_given_back(order, mark->address);
			break;
		case RT_MARK_FENCE:
			break;
		}
	}
}

void order_release(struct order *order)
{
	free(order->objects.items);
	*order = (struct order){ 0 };
}

means_set order_means_of(const struct order *order, uint64_t address)
{
	for (size_t i = 0; i < order->objects.nr; i++)
		if (order->objects.items[i].address == address)
			return order->objects.items[i].means;
	return 0;
}

// How far what a thread knew at one event has come: threads, and objects that hand it on.
struct reach {
	bool threads[RT_MAX_THREADS];
	uint64_t awaits[RT_MAX_THREADS]; // object that the thread is taking; ANY: one of them
	struct {
		uint64_t *items;
		size_t nr, alloc;
	} objects;
};

#define ANY UINT64_MAX

static bool is_reached(const struct reach *reach, uint64_t object)
{
	// Where so much is handed on, everything is taken for ordered.
	enum { MOST = 256 };

	if (reach->objects.nr > MOST)
		return true;
	for (size_t i = 0; i < reach->objects.nr; i++)
		if (object == ANY || reach->objects.items[i] == object)
			return true;
	return false;
}

static void hand_on(struct reach *reach, uint64_t object)
{
	if (!is_reached(reach, object))
		*VEC_PUSH(&reach->objects) = object;
}

// Which of an event's sides order: it takes over what its object has, and hands on to it.
static void sides_of(const struct rt_event *e, bool *takes, bool *gives)
{
	switch ((enum rt_op)e->op) {
	case RT_OP_ATOMIC_READ:
	case RT_OP_LOCK:
	case RT_OP_JOIN:
		*takes = true;
		break;
	case RT_OP_UNLOCK:
	case RT_OP_WAKE:
	case RT_OP_CREATE:
	case RT_OP_END:
		*gives = true;
		break;
	case RT_OP_ATOMIC_WRITE: // also of a read-modify-write
	case RT_OP_WAIT:
	case RT_OP_CALL:
		*takes = *gives = true;
		break;
	case RT_OP_READ:
	case RT_OP_WRITE:
	case RT_OP_FREE:
	case RT_OP_YIELD:
	case RT_OP_SLEEP:
	case RT_OP_SPURIOUS:
	case RT_OP_NR:
		break;
	}
}

static bool is_atomic(const struct rt_event *e)
{
	return e->op == RT_OP_ATOMIC_READ || e->op == RT_OP_ATOMIC_WRITE;
}

static bool is_left_out(const struct order *order, const struct rt_event *e, means_set without)
{
	means_set means =
		is_atomic(e) ? MEANS_BIT(MEANS_ATOMICS) : order_means_of(order, e->address);

	return means & without;
}

// A thread that ends leaves its robust mutexes to others.
static void leave_robust(const struct order *order, struct reach *reach, means_set without)
{
	for (size_t i = 0; i < order->objects.nr; i++) {
		const struct order_object *object = &order->objects.items[i];

		if (object->means & MEANS_BIT(MEANS_RECOVERY) && !(object->means & without))
			hand_on(reach, object->address);
	}
}

// A thread's operation has been done when its next one is announced.
static void step_of_reach(const struct order *order, struct reach *reach, const struct rt_event *e,
			  means_set without)
{
	bool takes = false, gives = false;

	if (reach->awaits[e->thread] && is_reached(reach, reach->awaits[e->thread]))
		reach->threads[e->thread] = true;
	reach->awaits[e->thread] = 0;
	if (e->op == RT_OP_END && reach->threads[e->thread])
		leave_robust(order, reach, without);
	sides_of(e, &takes, &gives);
	if (!e->address || is_left_out(order, e, without))
		return;
	if (takes && is_atomic(e) && is_reached(reach, e->address))
		reach->threads[e->thread] = true;
	// A wait for a condition variable takes its mutex again, which no event says.
	if (takes)
		reach->awaits[e->thread] = e->op == RT_OP_WAIT ? ANY : e->address;
	if (gives && reach->threads[e->thread])
		hand_on(reach, e->address);
}

/*
 * The number of the thread that event `at` creates: they are counted in the order of
 * their creation. What creates a process has no address.
 */
static uint32_t created_by(const struct rt_shared *shared, uint32_t at)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i <= at; i++)
		nr += shared->events[i].op == RT_OP_CREATE && shared->events[i].address;
	return nr < RT_MAX_THREADS ? nr : 0;
}

static bool leads(const struct order *order, uint32_t from, uint32_t to, means_set without)
{
	const struct rt_event *events = order->shared->events;
	struct reach *reach = xcalloc(1, sizeof(*reach));
	bool reached;

	reach->threads[events[from].thread] = true;
	for (uint32_t i = from + 1; i <= to && !reach->threads[events[to].thread]; i++) {
		step_of_reach(order, reach, &events[i], without);
		if (events[i].op == RT_OP_CREATE && reach->threads[events[i].thread])
			reach->threads[created_by(order->shared, i)] = true;
	}
	reached = reach->threads[events[to].thread];
	free(reach->objects.items);
	free(reach);
	return reached;
}

static bool has_fence(const struct order *order, uint32_t from, uint32_t to)
{
	const struct rt_shared *shared = order->shared;
	const struct rt_event *first = &shared->events[from], *last = &shared->events[to];

	for (uint32_t i = 0; i < shared->result.nr_marks; i++) {
		const struct rt_mark *mark = &shared->marks[i];

		if (mark->kind == RT_MARK_FENCE && mark->step > first->step &&
		    mark->step < last->step &&
		    (mark->thread == first->thread || mark->thread == last->thread))
			return true;
	}
	return false;
}

means_set order_rests_on(const struct order *order, uint32_t from, uint32_t to)
{
	const struct rt_event *events = order->shared->events;
	means_set alone = 0;

	// No data race by definition, in whatever order they come.
	if (is_atomic(&events[from]) && is_atomic(&events[to]))
		return MEANS_BIT(MEANS_ATOMICS);
	if (!leads(order, from, to, 0))
		return 0;
	for (int m = 0; m < MEANS_NR; m++)
		if (m != MEANS_FENCES && !leads(order, from, to, MEANS_BIT(m)))
			alone |= MEANS_BIT(m);
	if (alone & MEANS_BIT(MEANS_ATOMICS) && has_fence(order, from, to))
		alone |= MEANS_BIT(MEANS_FENCES);
	return alone;
}
