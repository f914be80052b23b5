// What was found in this iteration, kept in the mapping that outlives it.
#include "hb/report.h"
#include "core/object.h"
#include "hb/blocks.h"

#include <string.h>

enum { MAX_BENIGN = 256 };

static RT_COLD_STATE struct {
	uintptr_t address;
	size_t size;
} benign[MAX_BENIGN];
static RT_ITERATION_STATE unsigned nr_benign;

void rt_note_benign(uintptr_t address, size_t size)
{
	if (nr_benign == MAX_BENIGN)
		return;
	benign[nr_benign].address = address;
	benign[nr_benign++].size = size;
}

static bool is_benign(uintptr_t address)
{
	for (unsigned i = 0; i < nr_benign; i++)
		if (address - benign[i].address < benign[i].size)
			return true;
	return false;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

void rt_site_here(struct rt_site *site, enum rt_op op, uintptr_t address, unsigned size,
		  uintptr_t pc)
{
	uint32_t depth = rt_self->depth < RT_MAX_DEPTH ? rt_self->depth : RT_MAX_DEPTH;

	*site = (struct rt_site){
		.thread = rt_self->id,
		.op = op,
		.size = size,
		.address = address,
		.step = rt_iteration.step,
	};
	if (pc)
		site->stack[site->nr_stack++] = pc;
	while (depth-- > 0 && site->nr_stack < RT_MAX_STACK)
		site->stack[site->nr_stack++] = rt_self->calls[depth];
	for (uint32_t i = 0; i < rt_self->nr_held && i < RT_MAX_LOCKS; i++)
		site->locks[site->nr_locks++] = (struct rt_lock_site){
			.object = rt_self->held[i].object->address,
			.pc = rt_self->held[i].pc,
			.type = rt_self->held[i].object->type,
		};
}

// Of the kind and the innermost places, in no order: the same in each iteration.
static uint64_t fingerprint_of(enum rt_finding_kind kind, const struct rt_site *sites, unsigned nr)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < nr; i++)
		sum += mix(sites[i].op, sites[i].nr_stack ? sites[i].stack[0] : 0);
	sum = mix(sum, kind + 1);
	return sum ? sum : 1;
}

static void add_block(struct rt_finding *finding, uintptr_t address)
{
	const struct rt_block *block = rt_block_at(address);

	if (!block)
		return;
	finding->block_size = block->size;
	finding->allocated.nr_stack = block->nr_stack;
	memcpy(finding->allocated.stack, block->stack, sizeof(block->stack));
}

// Debuggers have a breakpoint here.
__attribute__((noinline)) void rt_stop_here(void)
{
	__asm__ volatile("" ::: "memory");
}

bool rt_report(enum rt_finding_kind kind, const struct rt_site *sites, unsigned nr)
{
	struct rt_result *result = &rt_shared->result;
	uint64_t fingerprint = fingerprint_of(kind, sites, nr);
	struct rt_finding *finding;

	if (kind == RT_FOUND_RACE && is_benign(sites[0].address))
		return false;
	for (uint32_t i = 0; i < result->nr_findings; i++)
		if (result->findings[i].fingerprint == fingerprint)
			return true;
	if (result->nr_findings == RT_MAX_FINDINGS)
		return true;
	finding = &result->findings[result->nr_findings];
	// Not the unused sites: ten thousand bytes in each iteration.
	memset(finding, 0, offsetof(struct rt_finding, sites));
	memset(&finding->block_size, 0, sizeof(*finding) - offsetof(struct rt_finding, block_size));
	finding->kind = kind;
	finding->fingerprint = fingerprint;
	finding->nr_sites = nr < RT_MAX_SITES ? nr : RT_MAX_SITES;
	for (uint32_t i = 0; i < finding->nr_sites; i++)
		finding->sites[i] = sites[i];
	if (nr)
		add_block(finding, sites[0].address);
	result->nr_findings++;
	if (RT_UNLIKELY(rt_shared->request.stop_finding == fingerprint))
		rt_stop_here();
	return true;
}

void rt_report_rule(enum rt_finding_kind kind, enum rt_rule rule, uintptr_t object, uintptr_t pc)
{
	static RT_COLD_STATE struct rt_site site;
	const struct rt_object *known = rt_object_find(object);
	struct rt_result *result = &rt_shared->result;
	uint32_t nr = result->nr_findings;

	rt_site_here(&site, RT_OP_CALL, object, 0, pc);
	site.object_type = known ? known->type : RT_NO_OBJECT;
	rt_report(kind, &site, 1);
	if (result->nr_findings > nr)
		result->findings[nr].rule = rule;
}

void rt_report_here(enum rt_finding_kind kind, uintptr_t object, uintptr_t pc)
{
	rt_report_rule(kind, RT_RULE_NONE, object, pc);
}

static void add_holder(struct rt_site *site, const struct rt_thread *holder, bool reads,
		       uintptr_t pc)
{
	if (site->nr_holders < RT_MAX_HOLDERS)
		site->holders[site->nr_holders++] =
			(struct rt_holder){ holder->id, holder->state == RT_ENDED, reads, pc };
}

// Each once, however often it reads.
static void add_readers(struct rt_site *site, const struct rt_object *object)
{
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		const struct rt_thread *thread = &rt_iteration.threads[i];

		for (uint32_t k = 0; k < thread->nr_held; k++)
			if (thread->held[k].object == object) {
				add_holder(site, thread, true, thread->held[k].pc);
				break;
			}
	}
}

// A thread that spins: on what it is about to look at.
static void describe_spin(struct rt_site *site, struct rt_thread *thread)
{
	const struct rt_pending *next = &thread->pending;
	struct rt_thread *running = rt_self;

	rt_self = thread;
	rt_site_here(site, (enum rt_op)next->op, next->address, next->size, next->pc);
	rt_self = running;
	site->object_type = RT_NO_OBJECT;
}

static void describe_wait(struct rt_site *site, struct rt_thread *thread)
{
	struct rt_thread *running = rt_self;
	struct rt_object *object = rt_object_find(thread->wait_object);

	rt_self = thread;
	rt_site_here(site, RT_OP_WAIT, thread->wait_object, 0, thread->pending.pc);
	rt_self = running;
	site->object_type = thread->wait_type;
	if (thread->state == RT_BLOCKED)
		site->step = thread->wait_step;
	if (thread->wait_type == RT_THREAD) {
		const struct rt_thread *awaited = (const struct rt_thread *)thread->wait_object;

		add_holder(site, awaited, false, 0);
		site->address = awaited->id;
	} else if (object) {
		if (object->owner >= 0)
			add_holder(site, &rt_iteration.threads[object->owner], false, object->pc);
		else if (object->type == RT_RWLOCK)
			add_readers(site, object);
		// It had looked, and then the signal came before it waited. A signal that was sent
		// before it looked is not lost: the thread could see what it announced.
		site->signal_lost = object->signal_lost && object->lost_step > thread->looked;
		site->lost_pc = object->pc;
	}
}

void rt_report_stuck(void)
{
	static RT_COLD_STATE struct rt_site sites[RT_MAX_SITES];
	unsigned nr = 0;
	bool busy = rt_iteration.nr_deprioritised > 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads && nr < RT_MAX_SITES; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->deprioritised)
			describe_spin(&sites[nr++], thread);
		else if (thread->state == RT_BLOCKED)
			describe_wait(&sites[nr++], thread);
	}
	rt_report(busy ? RT_FOUND_LIVELOCK : RT_FOUND_STUCK, sites, nr);
}

void rt_report_uncontrolled(const char *name, uintptr_t pc)
{
	struct rt_shared *shared = rt_shared;

	if (!shared)
		return;
	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++)
		if (!strncmp(shared->uncontrolled[i].name, name, RT_MAX_NAME - 1))
			return;
	if (shared->nr_uncontrolled < 32) {
		struct rt_uncontrolled *entry = &shared->uncontrolled[shared->nr_uncontrolled++];

		strncpy(entry->name, name, RT_MAX_NAME - 1);
		entry->pc = pc;
	}
}

void rt_report_shared(const char *what, uintptr_t pc)
{
	if (!rt_iteration.processes)
		return;
	rt_iteration.shares = true;
	rt_report_uncontrolled(what, pc);
}
