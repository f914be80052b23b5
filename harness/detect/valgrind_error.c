// From an error of Helgrind or DRD to a finding.
#include "detect/valgrind_error.h"

#include "base/mem.h"
#include "base/symbols.h"

#include <stdlib.h>
#include <string.h>

struct kind_row {
	const char *kind;  // of the tool
	const char *words; // part of the text; NULL: any
	enum finding_kind means;
	enum access_op op; // of the first stack
};

// First match wins.
static const struct kind_row kind_rows[] = {
	{ "Race", NULL, KIND_DATA_RACE, OP_READ },
	{ "UnlockUnlocked", NULL, KIND_BAD_UNLOCK, OP_UNLOCK },
	{ "UnlockForeign", NULL, KIND_BAD_UNLOCK, OP_UNLOCK },
	{ "UnlockBogus", NULL, KIND_BAD_UNLOCK, OP_UNLOCK },
	{ "LockOrder", NULL, KIND_LOCK_ORDER, OP_LOCK },
	{ "PthAPIerror", NULL, KIND_API_MISUSE, OP_CALL },
	{ "Misc", "re-lock a non-recursive lock", KIND_DOUBLE_LOCK, OP_LOCK },
	{ "Misc", "of a locked mutex", KIND_DESTROY_LOCKED, OP_CALL },
	// Two holders at once: somebody released what he did not hold.
	{ "Misc", "granted on mutex/rwlock which is currently", KIND_BAD_UNLOCK, OP_CALL },
	{ "Misc", "still holds", KIND_LOCK_HELD_AT_EXIT, OP_CALL },
	{ "Misc", "associated lock is not held", KIND_SIGNAL_UNLOCKED, OP_CALL },
	{ "Misc", "pthread_cond_", KIND_CONDVAR_MISUSE, OP_CALL },
	{ "Dubious", "associated lock is not held", KIND_SIGNAL_UNLOCKED, OP_CALL },
	{ "Dubious", "pthread_cond_", KIND_CONDVAR_MISUSE, OP_CALL },
	{ "Misc", "pthread_barrier_", KIND_BARRIER_MISUSE, OP_CALL },
	{ "Misc", "sem_", KIND_SEMAPHORE_MISUSE, OP_CALL },
	{ "Misc", "pthread_rwlock_", KIND_RWLOCK_MISUSE, OP_CALL },
	{ "Misc", "pthread_rwlock_t", KIND_INVALID_LOCK, OP_CALL },
	{ "Misc", "invalid argument", KIND_INVALID_LOCK, OP_CALL },
	{ "Misc", "invalid mutex", KIND_INVALID_LOCK, OP_CALL },
	{ "ConflictingAccess", NULL, KIND_DATA_RACE, OP_READ },
	{ "MutexErr", "Destroying locked mutex", KIND_DESTROY_LOCKED, OP_CALL },
	{ "MutexErr", "Recursive locking", KIND_DOUBLE_LOCK, OP_LOCK },
	{ "MutexErr", "still locked at thread exit", KIND_LOCK_HELD_AT_EXIT, OP_CALL },
	{ "MutexErr", "locked simultaneously by two threads", KIND_BAD_UNLOCK, OP_CALL },
	{ "MutexErr", "Mutex not locked", KIND_BAD_UNLOCK, OP_UNLOCK },
	{ "MutexErr", NULL, KIND_INVALID_LOCK, OP_CALL },
	{ "CondErr", NULL, KIND_CONDVAR_MISUSE, OP_CALL },
	{ "CondDestrErr", NULL, KIND_CONDVAR_MISUSE, OP_CALL },
	{ "CondRaceErr", NULL, KIND_SIGNAL_UNLOCKED, OP_CALL },
	{ "CondWaitErr", NULL, KIND_CONDVAR_MISUSE, OP_CALL },
	{ "SemaphoreErr", NULL, KIND_SEMAPHORE_MISUSE, OP_CALL },
	{ "BarrierErr", NULL, KIND_BARRIER_MISUSE, OP_CALL },
	{ "RwlockErr", "still locked at thread exit", KIND_LOCK_HELD_AT_EXIT, OP_CALL },
	{ "RwlockErr", NULL, KIND_RWLOCK_MISUSE, OP_CALL },
	{ "GenericErr", "Not a mutex", KIND_INVALID_LOCK, OP_CALL },
	{ "GenericErr", "Not a reader-writer lock", KIND_RWLOCK_MISUSE, OP_CALL },
	{ "GenericErr", "Not a spinlock", KIND_INVALID_LOCK, OP_CALL },
	{ "GenericErr", "Not a barrier", KIND_BARRIER_MISUSE, OP_CALL },
	{ "GenericErr", "Not a semaphore", KIND_SEMAPHORE_MISUSE, OP_CALL },
	{ "GenericErr", "condition variable", KIND_CONDVAR_MISUSE, OP_CALL },
	{ "InvalidThreadId", NULL, KIND_API_MISUSE, OP_CALL },
};

void vg_error_release(struct vg_error *error)
{
	for (size_t i = 0; i < error->parts.nr; i++) {
		free(error->parts.items[i].text);
		free(error->parts.items[i].address);
		stack_release(&error->parts.items[i].stack);
	}
	free(error->parts.items);
	free(error->kind);
	*error = (struct vg_error){ 0 };
}

static struct kind_row kind_of(const struct vg_error *error, const char *words)
{
	for (size_t i = 0; error->kind && i < ARRAY_SIZE(kind_rows); i++)
		if (!strcmp(error->kind, kind_rows[i].kind) &&
		    (!kind_rows[i].words || strstr(words, kind_rows[i].words)))
			return kind_rows[i];
	return (struct kind_row){ .means = KIND_OTHER, .op = OP_CALL };
}

// The number after `mark` in `text`; -1 if there is none.
static long number_after(const char *text, const char *mark)
{
	const char *p = text ? strstr(text, mark) : NULL;
	char *end;
	long value;

	if (!p)
		return -1;
	p += strlen(mark);
	value = strtol(p, &end, 10);
	return end == p || value < 0 ? -1 : value;
}

static char *thread_in(const char *text)
{
	long number = number_after(text, "hread #");

	// Helgrind's thread #1 and DRD's thread 1 are the main thread.
	return thread_name((number >= 0 ? number : number_after(text, "hread ")) - 1);
}

static enum access_op access_kind(const char *text)
{
	return strstr(text, "write of") || strstr(text, "onflicting store") ? OP_WRITE : OP_READ;
}

// The access that a race's text describes.
static struct access *add_access(struct finding *finding, struct vg_part *part, enum access_op op)
{
	struct access *access = finding_add_access(finding, op);
	long size = number_after(part->text, "size ");

	access->size = size > 0 ? (unsigned)size : 0;
	access->thread = thread_in(part->text);
	access->stack = part->stack;
	part->stack = (struct stack){ 0 };
	return access;
}

static void set_object(struct location *location, enum location_kind kind, char *name)
{
	location->kind = kind;
	free(location->object);
	location->object = name;
}

static char *quoted_after(const char *text, const char *mark)
{
	const char *p = strstr(text, mark);

	return p ? xstrndup(p + strlen(mark), strcspn(p + strlen(mark), "\"")) : NULL;
}

static char *symbol_in(const char *text)
{
	char *symbol = quoted_after(text, "data symbol \""), *plain, *inside;
	long offset = number_after(text, " is ");

	if (!symbol)
		return NULL;
	plain = symbols_plain_name(symbol);
	free(symbol);
	if (offset <= 0)
		return plain;
	inside = xasprintf("%s+%ld", plain, offset);
	free(plain);
	return inside;
}

// "... 0 bytes inside accounts[1].cents," is --read-var-info's way to name a part of a variable.
static char *variable_in(const char *text)
{
	const char *p = strstr(text, " bytes inside ");
	size_t len;

	p = p ? p + strlen(" bytes inside ") : NULL;
	len = p ? strcspn(p, ", ") : 0;
	return p && p[len] == ',' ? xstrndup(p, len) : NULL;
}

// The function that allocated a block names it.
static void set_heap(struct location *location, struct stack *stack)
{
	const struct frame *frame;

	location->stack = *stack;
	*stack = (struct stack){ 0 };
	frame = stack_program_frame(&location->stack);
	set_object(location, LOCATION_HEAP,
		   frame ? xasprintf("heap block from %s", frame->func) : NULL);
}

static void set_stack(struct location *location, const char *text)
{
	char *thread = thread_in(text);

	set_object(location, LOCATION_STACK, thread ? xasprintf("stack of %s", thread) : NULL);
	free(thread);
}

// What a text after the accesses says about the memory; others are skipped.
static void describe_location(struct location *location, struct vg_part *part)
{
	const char *text = part->text ? part->text : "";
	char *name;

	if (part->is_allocation) {
		set_heap(location, &part->stack);
	} else if (strstr(text, "inside a block of size") && part->stack.nr) {
		long size = number_after(text, "of size ");

		location->size = size > 0 ? (uint64_t)size : 0;
		set_heap(location, &part->stack);
	} else if ((name = symbol_in(text)) || (name = quoted_after(text, "global var \""))) {
		set_object(location, LOCATION_GLOBAL, name);
	} else if ((name = quoted_after(text, "local var \""))) {
		set_object(location, LOCATION_STACK, name);
	} else if (strstr(text, "'s stack")) {
		set_stack(location, text);
	} else if ((name = variable_in(text))) {
		set_object(location, LOCATION_GLOBAL, name);
	} else if (strstr(text, "in frame #") && strstr(text, "declared at")) {
		location->kind = LOCATION_STACK;
	}
}

// The static object at the address after `mark`, or NULL.
static char *object_after(struct vg_objects *objects, const char *text, const char *mark,
			  uint64_t *size)
{
	const char *p = text ? strstr(text, mark) : NULL;

	return p ? vg_objects_name(objects, strtoull(p + strlen(mark), NULL, 16), size) : NULL;
}

static void name_location(struct finding *finding, struct vg_objects *objects)
{
	struct location *location = &finding->location;

	if (location->kind != LOCATION_UNKNOWN)
		return;
	location->object = object_after(objects, finding->words, " at 0x", &location->size);
	if (location->object)
		location->kind = LOCATION_GLOBAL;
}

static void fill_race(struct vg_error *error, struct vg_objects *objects, struct finding *finding)
{
	finding->accesses.items[0].op = access_kind(finding->words);
	for (size_t i = 1; i < error->parts.nr; i++) {
		struct vg_part *part = &error->parts.items[i];

		if (part->text && strstr(part->text, "conflicts with a previous"))
			add_access(finding, part, access_kind(part->text));
		else
			describe_location(&finding->location, part);
	}
	name_location(finding, objects);
}

// The lock at the address after `mark`: its variable or the address itself; NULL: no address.
static char *lock_after(struct vg_objects *objects, const char *text, const char *mark)
{
	const char *p = text ? strstr(text, mark) : NULL;
	char *name;

	if (!p || strncmp(p + strlen(mark), "0x", 2))
		return NULL;
	name = object_after(objects, text, mark, NULL);
	p += strlen(mark);
	return name ? name : xstrndup(p, strspn(p, "0123456789abcdefABCDEFx"));
}

// Lock order "0xA before 0xB" violated: this thread took A while it held B, another B after A.
static void fill_lock_order(struct vg_error *error, struct vg_objects *objects,
			    struct finding *finding)
{
	char *first = lock_after(objects, finding->words, "lock order \"");
	char *second = lock_after(objects, finding->words, " before ");

	if (first && second) {
		finding->accesses.items[0].wants = xstrdup(first);
		access_add_lock(&finding->accesses.items[0], second);
		set_object(&finding->location, LOCATION_LOCK, xasprintf("%s, %s", first, second));
	}
	for (size_t i = 1; i < error->parts.nr; i++) {
		struct vg_part *part = &error->parts.items[i];
		bool outer = part->text && strstr(part->text, "was established by acquisition");
		bool inner = part->text && strstr(part->text, "followed by a later acquisition");
		struct access *access;

		if (!outer && !inner)
			continue;
		access = add_access(finding, part, OP_LOCK);
		access->wants = xstrdup(outer ? first : second);
		if (inner && first)
			access_add_lock(access, first);
	}
	free(first);
	free(second);
}

// What precedes the address of the object; of a condition variable the mutex is named as well.
static const char *const lock_marks[] = {
	"condition variable ",
	"reader-writer lock ",
	"barrier ",
	"semaphore ",
	"mutex ",
	"lock at ",
};

// Misuse of a lock, condition variable, ...: only where the object was first seen is reported.
static void fill_misuse(struct vg_error *error, struct vg_objects *objects, struct finding *finding)
{
	struct location *location = &finding->location;

	for (size_t i = 0; i < ARRAY_SIZE(lock_marks) && !location->object; i++)
		location->object = lock_after(objects, finding->words, lock_marks[i]);
	if (location->object)
		location->kind = LOCATION_LOCK;
	for (size_t i = 1; i < error->parts.nr; i++) {
		struct vg_part *part = &error->parts.items[i];
		const char *text = part->text ? part->text : "";
		bool creation = part->is_creation || strstr(text, "was first observed");

		if (creation && !location->stack.nr) {
			location->kind = LOCATION_LOCK;
			location->stack = part->stack;
			part->stack = (struct stack){ 0 };
			if (!location->object)
				location->object = lock_after(objects, part->address, "");
		} else if (strstr(text, "previously acquired")) {
			add_access(finding, part, OP_LOCK);
		}
	}
}

static bool same_place(const struct frame *a, const struct frame *b)
{
	return a && b && a->line == b->line && a->line && !strcmp(a->func, b->func) && a->file &&
	       b->file && !strcmp(a->file, b->file);
}

/*
 * Helgrind reports a misuse when the call begins and, where the call then
 * fails, the failure as a second error: that one adds nothing.
 */
static bool is_twin(const struct finding *finding, const struct finding_list *list)
{
	const struct frame *here = stack_program_frame(&finding->accesses.items[0].stack);

	for (size_t i = 0; finding->kind == KIND_API_MISUSE && i < list->nr; i++) {
		const struct finding *other = &list->items[i];

		if (other != finding && other->kind != KIND_API_MISUSE &&
		    other->kind != KIND_DATA_RACE && other->accesses.nr &&
		    same_place(here, stack_program_frame(&other->accesses.items[0].stack)))
			return true;
	}
	return false;
}

// Helgrind says "exiting thread" also of the threads that a process has when it exits.
static bool process_exits(const struct finding *finding)
{
	static const char *const thread_ends[] = { "start_thread", "(below main)",
						   "__libc_start_call_main" };
	const struct stack *stack = &finding->accesses.items[0].stack;

	if (finding->kind != KIND_LOCK_HELD_AT_EXIT || !strstr(finding->words, "Exiting thread") ||
	    !stack->nr || !stack->items[0].func)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(thread_ends); i++)
		if (!strcmp(stack->items[0].func, thread_ends[i]))
			return false;
	return true;
}

void vg_error_finding(struct vg_error *error, struct vg_objects *objects, struct finding_list *out)
{
	struct finding *finding = VEC_PUSH(out);
	struct vg_part none = { 0 }, *what = error->parts.nr ? &error->parts.items[0] : &none;
	struct kind_row row;

	finding->words = xstrdup(what->text ? what->text : error->kind);
	if (!finding->words)
		finding->words = xstrdup("error without a message");
	row = kind_of(error, finding->words);
	finding->kind = row.means;
	add_access(finding, what, row.op);
	if (process_exits(finding))
		finding->kind = KIND_EXIT_WITH_LOCK;
	if (finding->kind == KIND_DATA_RACE)
		fill_race(error, objects, finding);
	else if (finding->kind == KIND_LOCK_ORDER)
		fill_lock_order(error, objects, finding);
	else
		fill_misuse(error, objects, finding);
	if (is_twin(finding, out)) {
		finding_release(finding);
		out->nr--;
	}
}
