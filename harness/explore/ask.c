#include "explore/ask.h"

#include "base/fs.h"
#include "base/mem.h"
#include "explore/order.h"

#include <stdlib.h>
#include <string.h>

// Bits of a question: its first and its second place.
#define PLACE_BIT(question, place) (UINT64_C(1) << (2 * (question) + (place)))
#define PLACE_BITS(question)       (UINT64_C(3) << 2 * (question))

// What a program counter is, looked up once.
struct known_pc {
	uint64_t pc, places; // pc 0: free
};

struct asker {
	struct campaign *campaign;
	const struct rt_shared *shared;
	struct witness *items;
	size_t nr;
	struct {
		struct known_pc *items;
		size_t nr, size; // size is a power of two
	} pcs;
	struct {
		uint32_t *items; // events at any of the places
		size_t nr, alloc;
	} events;
	struct order order; // of the last iteration
};

static uint64_t places_at(const struct asker *a, uint64_t pc)
{
	struct stack stack = { 0 };
	const struct frame *frame;
	uint64_t places = 0;

	translate_stack(&a->campaign->running.translator, pc, &stack);
	frame = stack_program_frame(&stack);
	for (size_t q = 0; frame && frame->file && q < a->nr; q++)
		for (int p = 0; p < 2; p++) {
			const struct witness_place *place = &a->items[q].places[p];

			if (place->file && place->line == frame->line &&
			    !strcmp(fs_base(place->file), fs_base(frame->file)))
				places |= PLACE_BIT(q, p);
		}
	stack_release(&stack);
	return places;
}

static struct known_pc *pc_slot(const struct asker *a, uint64_t pc)
{
	size_t i = (pc * 0x9e3779b97f4a7c15) >> 40 & (a->pcs.size - 1);

	while (a->pcs.items[i].pc && a->pcs.items[i].pc != pc)
		i = (i + 1) & (a->pcs.size - 1);
	return &a->pcs.items[i];
}

static void make_room(struct asker *a)
{
	struct known_pc *old = a->pcs.items;
	size_t nr = a->pcs.size;

	if (2 * a->pcs.nr < a->pcs.size)
		return;
	a->pcs.size = nr ? 2 * nr : 256;
	a->pcs.items = xcalloc(a->pcs.size, sizeof(*a->pcs.items));
	for (size_t i = 0; i < nr; i++)
		if (old[i].pc)
			*pc_slot(a, old[i].pc) = old[i];
	free(old);
}

// The places that this program counter is at.
static uint64_t places_of(struct asker *a, uint64_t pc)
{
	struct known_pc *known;

	if (!pc)
		return 0;
	make_room(a);
	known = pc_slot(a, pc);
	if (!known->pc) {
		*known = (struct known_pc){ pc, places_at(a, pc) };
		a->pcs.nr++;
	}
	return known->places;
}

static bool is_memory(const struct rt_event *e)
{
	return e->op == RT_OP_READ || e->op == RT_OP_WRITE || e->op == RT_OP_ATOMIC_READ ||
	       e->op == RT_OP_ATOMIC_WRITE;
}

static bool only_reads(const struct rt_event *e)
{
	return e->op == RT_OP_READ || e->op == RT_OP_ATOMIC_READ;
}

// Whether a detector could object to the two: of two threads, at one object, not two reads.
static bool meet(const struct rt_event *a, const struct rt_event *b)
{
	const uint64_t a_size = a->size ? a->size : 1, b_size = b->size ? b->size : 1;

	// Of a lock order: each takes its second one.
	if (a->op == RT_OP_LOCK && b->op == RT_OP_LOCK)
		return a->thread != b->thread;
	if (a->thread == b->thread || !a->address || is_memory(a) != is_memory(b) ||
	    (only_reads(a) && only_reads(b)))
		return false;
	return a->address < b->address + b_size && b->address < a->address + a_size;
}

// What one iteration says to one question.
struct answer_here {
	bool met, contested;
	means_set means;
	unsigned pairs; // that were looked at
};

enum { MOST_PAIRS = 8, MOST_EVENTS = 64 };

static void take_pair(const struct asker *a, uint32_t from, uint32_t to, struct answer_here *here)
{
	here->met = true;
	if (here->pairs++ < MOST_PAIRS)
		here->means |= order_rests_on(&a->order, from, to);
}

// An access of another thread to the same memory, before and after the event.
static void look_around(const struct asker *a, uint32_t at, struct answer_here *here)
{
	const struct rt_event *events = a->shared->events;

	for (uint32_t i = at; i-- > 0;)
		if (meet(&events[i], &events[at])) {
			take_pair(a, i, at, here);
			break;
		}
	for (uint32_t i = at + 1; i < a->shared->result.nr_events; i++)
		if (meet(&events[i], &events[at])) {
			take_pair(a, at, i, here);
			break;
		}
}

static bool is_at(struct asker *a, uint32_t event, uint64_t places)
{
	return places_of(a, a->shared->events[event].pc) & places;
}

static void look_for_pairs(struct asker *a, size_t q, struct answer_here *here)
{
	const struct rt_event *events = a->shared->events;
	const size_t nr = a->events.nr;

	for (size_t i = 0; i < nr && here->pairs < MOST_PAIRS; i++) {
		const uint32_t to = a->events.items[i];
		const bool first = is_at(a, to, PLACE_BIT(q, 0)),
			   second = is_at(a, to, PLACE_BIT(q, 1));

		if (!first && !second)
			continue;
		for (size_t k = i > MOST_EVENTS ? i - MOST_EVENTS : 0; k < i; k++) {
			const uint32_t from = a->events.items[k];

			if (((first && is_at(a, from, PLACE_BIT(q, 1))) ||
			     (second && is_at(a, from, PLACE_BIT(q, 0)))) &&
			    meet(&events[from], &events[to]))
				take_pair(a, from, to, here);
		}
	}
}

// The report names one place: a call, or one side of a race.
static void look_alone(struct asker *a, size_t q, struct answer_here *here)
{
	unsigned looked = 0;

	for (size_t i = 0; i < a->events.nr && looked < MOST_PAIRS; i++) {
		const uint32_t at = a->events.items[i];
		const struct rt_event *e = &a->shared->events[at];

		if (!is_at(a, at, PLACE_BIT(q, 0)))
			continue;
		looked++;
		if (is_memory(e)) {
			look_around(a, at, here);
		} else {
			here->met = true;
			here->means |= order_means_of(&a->order, e->address);
		}
	}
}

// The explorer's own findings there: then nothing speaks against the report.
static bool is_contested(struct asker *a, size_t q)
{
	const struct rt_result *r = &a->shared->result;

	for (uint32_t i = 0; i < r->nr_findings; i++)
		for (uint32_t k = 0; k < r->findings[i].nr_sites; k++) {
			const struct rt_site *site = &r->findings[i].sites[k];

			if (site->nr_stack && places_of(a, site->stack[0]) & PLACE_BITS(q))
				return true;
		}
	return false;
}

static void answer_question(struct asker *a, size_t q)
{
	struct witness *w = &a->items[q];
	struct answer_here here = { .contested = is_contested(a, q) };

	if (w->places[1].file)
		look_for_pairs(a, q, &here);
	else
		look_alone(a, q, &here);
	w->schedules++;
	w->met += here.met;
	w->contested += here.contested;
	for (int m = 0; m < MEANS_NR; m++)
		w->means[m] += here.means >> m & 1;
}

static void answer_questions(struct asker *a)
{
	order_init(&a->order, a->shared);
	a->events.nr = 0;
	for (uint32_t i = 0; i < a->shared->result.nr_events; i++)
		if (places_of(a, a->shared->events[i].pc))
			*VEC_PUSH(&a->events) = i;
	for (size_t q = 0; q < a->nr; q++)
		answer_question(a, q);
	order_release(&a->order);
}

// One traced iteration; `*again`: it needs more threads than there were.
static int ask_once(struct asker *a, const struct slot *slot, bool *again, struct err *err)
{
	struct campaign *c = a->campaign;
	struct request request = campaign_request(c, slot, c->known.done + 1);
	struct policy_stats *stats =
		guarantee_stats(&c->known.guarantee, slot->policy->title, slot->depth);

	request.rt.trace = true;
	if (warm_request(&c->running.warm, &request, err))
		return -1;
	*again = campaign_note(c, stats);
	if (*again)
		return 0;
	c->known.done++;
	policy_stats_draw(stats, request.rt.steps, 1);
	if (!c->running.translator.maps)
		translator_init(&c->running.translator, c->running.warm.pid);
	answer_questions(a);
	return campaign_take_findings(c, slot->policy, err);
}

int ask_run(struct campaign *c, const struct campaign_options *o, struct err *err)
{
	struct asker a = { .campaign = c,
			   .items = o->asked->items,
			   .nr = o->asked->nr < ASK_MOST ? o->asked->nr : ASK_MOST };
	int rc = 0;

	if (campaign_start(c, o, err))
		return -1;
	a.shared = c->running.warm.shared;
	for (uint64_t n = 0; !rc && n < o->iterations; n++) {
		const struct slot slot = campaign_slot(o, n);
		bool again = true;

		if (o->all_steps && c->known.all_steps > o->all_steps)
			break;
		while (!rc && again)
			rc = ask_once(&a, &slot, &again, err);
	}
	free(a.pcs.items);
	free(a.events.items);
	return campaign_stop(c, rc, err);
}
