#include "detect/tsan_finding.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/symbols.h"
#include "detect/tsan_kind.h"

#include <stdlib.h>
#include <string.h>

struct builder {
	const struct tsan_report *report;
	Dwfl *dwfl;
	struct finding *finding;
};

static void release_records(struct tsan_report *report, int kind)
{
	for (size_t i = 0; i < report->records[kind].nr; i++) {
		free(report->records[kind].items[i].name);
		free(report->records[kind].items[i].pcs.items);
	}
	free(report->records[kind].items);
}

static void release_locks(struct tsan_report *report)
{
	for (size_t i = 0; i < report->locks.nr; i++)
		free(report->locks.items[i].items);
	free(report->locks.items);
}

void tsan_report_release(struct tsan_report *report)
{
	for (int kind = 0; kind < TSAN_RECORD_NR; kind++)
		release_records(report, kind);
	release_locks(report);
	free(report->kind);
	*report = (struct tsan_report){ 0 };
}

static void take_lock(void *ctx, unsigned long number)
{
	struct tsan_locks *locks = ctx;

	*VEC_PUSH(locks) = number;
}

void tsan_report_text(struct tsan_report *report, const char *line, struct finding_list *out)
{
	if (!strncmp(line, "WARNING: ThreadSanitizer: ", 26)) {
		release_locks(report);
		report->locks.items = NULL;
		report->locks.nr = report->locks.alloc = 0;
	} else if (tsan_is_memory_operation(line)) {
		struct tsan_locks *locks = VEC_PUSH(&report->locks);

		tsan_lock_set(line, take_lock, locks);
	} else if (tsan_is_failure(line)) {
		tsan_add_failure(line, out);
	}
}

// TSan's PCs are return addresses; the call is just before.
static void add_stack(const struct builder *b, const struct tsan_record *record,
		      struct stack *stack)
{
	for (size_t i = 0; i < record->pcs.nr; i++)
		symbols_add_frames(b->dwfl, record->pcs.items[i] - 1, stack);
}

static const struct tsan_record *record_at(const struct builder *b, enum tsan_record_kind kind,
					   size_t i)
{
	return i < b->report->records[kind].nr ? &b->report->records[kind].items[i] : NULL;
}

// Its variable's name, or TSan's own "M0".
static char *mutex_name(const struct builder *b, const struct tsan_record *mutex)
{
	char *name = symbols_object(b->dwfl, mutex->number[1], NULL);

	return name ? name : xasprintf("M%llu", (unsigned long long)mutex->number[0]);
}

static void add_held(const struct builder *b, struct access *access, size_t mop)
{
	const struct tsan_locks *locks =
		mop < b->report->locks.nr ? &b->report->locks.items[mop] : NULL;

	for (size_t i = 0; locks && i < locks->nr; i++) {
		struct tsan_record unknown = { .number = { locks->items[i] } };
		const struct tsan_record *mutex, *found = &unknown;
		char *name;

		for (size_t k = 0; (mutex = record_at(b, TSAN_MUTEX, k)); k++)
			if (mutex->number[0] == locks->items[i])
				found = mutex;
		name = mutex_name(b, found);
		access_add_lock(access, name);
		free(name);
	}
}

static void add_memory_operations(const struct builder *b)
{
	const struct tsan_record *mop;

	for (size_t i = 0; (mop = record_at(b, TSAN_MOP, i)); i++) {
		enum access_op plain = mop->number[3] ? OP_WRITE : OP_READ;
		enum access_op atomic = mop->number[3] ? OP_ATOMIC_WRITE : OP_ATOMIC_READ;
		struct access *access =
			finding_add_access(b->finding, mop->number[4] ? atomic : plain);

		access->size = (unsigned)mop->number[2];
		access->thread = thread_name((long)mop->number[0]);
		add_stack(b, mop, &access->stack);
		add_held(b, access, i);
	}
}

static const struct {
	const char *type;
	enum location_kind means;
} location_types[] = {
	{ "global", LOCATION_GLOBAL }, { "heap", LOCATION_HEAP }, { "stack", LOCATION_STACK },
	{ "tls", LOCATION_TLS },       { "fd", LOCATION_FD },
};

static enum location_kind location_type(const char *type)
{
	for (size_t i = 0; type && i < ARRAY_SIZE(location_types); i++)
		if (!strcmp(type, location_types[i].type))
			return location_types[i].means;
	return LOCATION_UNKNOWN;
}

static char *of_thread(const char *what, uint64_t tid)
{
	char *thread = thread_name((long)tid), *name = NULL;

	if (thread)
		name = xasprintf("%s of %s", what, thread);
	free(thread);
	return name;
}

// Without symbols TSan knows no globals, so their names come from the address.
static void set_location(const struct builder *b, uint64_t addr)
{
	const struct tsan_record *loc = record_at(b, TSAN_LOC, 0);
	struct location *location = &b->finding->location;

	location->kind = loc ? location_type(loc->name) : LOCATION_UNKNOWN;
	if (loc) {
		location->size = loc->number[2];
		add_stack(b, loc, &location->stack);
	}
	switch (location->kind) {
	case LOCATION_HEAP:
		location->object = tsan_heap_name(&location->stack);
		break;
	case LOCATION_STACK:
		location->object = of_thread("stack", loc->number[3]);
		break;
	case LOCATION_TLS:
		location->object = of_thread("TLS", loc->number[3]);
		break;
	case LOCATION_FD:
		location->object = xasprintf("file descriptor %d", (int)loc->number[4]);
		break;
	case LOCATION_UNKNOWN:
	case LOCATION_GLOBAL:
	case LOCATION_LOCK:
		location->object = symbols_object(b->dwfl, addr, &location->size);
		if (location->object)
			location->kind = LOCATION_GLOBAL;
	}
}

static struct access *add_lock_access(const struct builder *b, size_t stack, size_t edge,
				      const char *wants)
{
	const struct tsan_record *tid = record_at(b, TSAN_UNIQUE, edge);
	struct access *access = finding_add_access(b->finding, OP_LOCK);

	add_stack(b, record_at(b, TSAN_STACK, stack), &access->stack);
	access->thread = tid ? thread_name((long)tid->number[0]) : NULL;
	access->wants = xstrdup(wants);
	return access;
}

/*
 * A cycle of n mutexes has n edges: on edge i a thread took mutex i+1 while it
 * held mutex i. With second_deadlock_stack=1 each edge has a second stack,
 * where it had taken mutex i; that one is put first, as it happened.
 */
static void add_lock_order(const struct builder *b)
{
	size_t edges = b->report->records[TSAN_MUTEX].nr;
	size_t stacks = b->report->records[TSAN_STACK].nr;
	size_t step = edges && stacks >= 2 * edges ? 2 : 1;
	struct strbuf objects = STRBUF_INIT;

	for (size_t i = 0; i < edges && i * step < stacks; i++) {
		char *held = mutex_name(b, record_at(b, TSAN_MUTEX, i));
		char *taken = mutex_name(b, record_at(b, TSAN_MUTEX, (i + 1) % edges));

		if (step == 2)
			add_lock_access(b, i * step + 1, i, held);
		access_add_lock(add_lock_access(b, i * step, i, taken), held);
		strbuf_addf(&objects, "%s%s", i ? ", " : "", held);
		free(held);
		free(taken);
	}
	b->finding->location.kind = LOCATION_LOCK;
	b->finding->location.object = strbuf_detach(&objects);
}

// A call that went wrong: the stacks, and the lock that it is about.
static void add_call(const struct builder *b, enum access_op op)
{
	const struct tsan_record *stack, *mutex = record_at(b, TSAN_MUTEX, 0);
	struct location *location = &b->finding->location;

	for (size_t i = 0; (stack = record_at(b, TSAN_STACK, i)); i++)
		// The second one is where the lock had been taken.
		add_stack(b, stack, &finding_add_access(b->finding, i ? OP_LOCK : op)->stack);
	if (!mutex)
		return;
	location->kind = LOCATION_LOCK;
	location->object = mutex_name(b, mutex);
	add_stack(b, mutex, &location->stack);
}

static void add_leaked_threads(const struct builder *b)
{
	const struct tsan_record *thread;

	for (size_t i = 0; (thread = record_at(b, TSAN_THREAD, i)); i++) {
		struct access *access = finding_add_access(b->finding, OP_CREATE);

		access->thread = thread_name((long)thread->number[0]);
		add_stack(b, thread, &access->stack);
	}
}

void tsan_report_finding(const struct tsan_report *report, Dwfl *dwfl, struct finding_list *out)
{
	const struct tsan_kind *kind = tsan_kind_of_id(report->kind);
	struct builder b = { report, dwfl, VEC_PUSH(out) };

	b.finding->kind = kind->means;
	b.finding->words = xstrdup(kind->words ? kind->words : report->kind);
	if (report->records[TSAN_MOP].nr) {
		add_memory_operations(&b);
		set_location(&b, report->records[TSAN_MOP].items[0].number[1]);
	} else if (kind->means == KIND_LOCK_ORDER) {
		add_lock_order(&b);
	} else if (kind->means == KIND_THREAD_LEAK) {
		add_leaked_threads(&b);
	} else {
		add_call(&b, kind->op);
	}
}
