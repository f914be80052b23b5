// What makes two findings the same bug: fingerprints and partial matches.
#include "base/hash.h"
#include "base/mem.h"
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

struct names {
	char **items;
	size_t nr, alloc;
};

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->nr; i++)
		free(names->items[i]);
	free(names->items);
}

static bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->nr; i++)
		if (!strcmp(names->items[i], name))
			return true;
	return false;
}

// Takes `name` over; keeps it once.
static void names_add(struct names *names, char *name)
{
	if (names_have(names, name))
		free(name);
	else
		*VEC_PUSH(names) = name;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_sort(struct names *names)
{
	if (names->nr)
		qsort(names->items, names->nr, sizeof(*names->items), by_text);
}

// gcc's clones ("work.part.0", "work.constprop.0") are the function they were made from.
static char *function_name(const char *func)
{
	return xstrndup(func, strcspn(func, "."));
}

// The variable alone: tools disagree on whether and how they name members and elements.
static char *object_name(const char *object)
{
	return xstrndup(object, strcspn(object, "+[."));
}

static void add_function(struct names *names, const struct stack *stack)
{
	const struct frame *frame = stack_program_frame(stack);

	if (frame)
		names_add(names, function_name(frame->func));
}

bool finding_is_about(const struct finding *finding, size_t i)
{
	switch (finding->kind) {
	case KIND_LOCK_ORDER:
	case KIND_LOCK_INVERSION:
		return finding->accesses.items[i].nr_locks > 0;
	case KIND_DOUBLE_LOCK:
	case KIND_BAD_UNLOCK:
	case KIND_DESTROY_LOCKED:
	case KIND_INVALID_LOCK:
	case KIND_RWLOCK_MISUSE:
	case KIND_CONDVAR_MISUSE:
	case KIND_SIGNAL_UNLOCKED:
	case KIND_BARRIER_MISUSE:
	case KIND_SEMAPHORE_MISUSE:
	case KIND_LOCK_HELD_AT_EXIT:
	case KIND_EXIT_WITH_LOCK:
	case KIND_SIGNAL_UNSAFE:
	case KIND_API_MISUSE:
		return i == 0;
	case KIND_DATA_RACE:
	case KIND_DEADLOCK:
	case KIND_HANG:
	case KIND_LIVELOCK:
	case KIND_LOST_WAKEUP:
	case KIND_USE_AFTER_FREE:
	case KIND_THREAD_LEAK:
	case KIND_CRASH:
	case KIND_ASSERTION:
	case KIND_DIVERGENCE:
	case KIND_LINE_ORDER:
	case KIND_LOST_WORK:
	case KIND_UNSUPPORTED:
	case KIND_UNCONTROLLED:
	case KIND_TAMPERED:
	case KIND_TOOL_ERROR:
	case KIND_OTHER:
	case KIND_NR:
		break;
	}
	return true;
}

static void functions_of(const struct finding *finding, struct names *out)
{
	for (size_t i = 0; i < finding->accesses.nr; i++)
		if (finding_is_about(finding, i))
			add_function(out, &finding->accesses.items[i].stack);
	names_sort(out);
}

/*
 * The variable or block that a race is about. Locks do not count: Helgrind
 * names none in most of its reports. Nor does the name of an object on a
 * thread's stack, which Helgrind knows and TSan does not.
 */
static void object_of(const struct finding *finding, struct names *out)
{
	const struct location *location = &finding->location;

	if (finding->kind != KIND_DATA_RACE && finding->kind != KIND_USE_AFTER_FREE)
		return;
	if (location->kind == LOCATION_STACK || location->kind == LOCATION_TLS)
		names_add(out, xstrdup(location_kind_name(location->kind)));
	else if (location->object && strncmp(location->object, "0x", 2))
		names_add(out, object_name(location->object));
}

static uint64_t hash_names(uint64_t hash, const struct names *names)
{
	for (size_t i = 0; i < names->nr; i++)
		hash = hash_str(hash, names->items[i]);
	return hash_str(hash, "");
}

uint64_t finding_fingerprint(const struct finding *finding)
{
	struct names functions = { 0 }, object = { 0 };
	uint64_t hash = hash_str(HASH_INIT, kind_name(finding->kind));

	functions_of(finding, &functions);
	object_of(finding, &object);
	hash = hash_names(hash, &object);
	hash = hash_names(hash, &functions);
	names_release(&functions);
	names_release(&object);
	return hash;
}

static bool is_subset(const struct names *part, const struct names *whole)
{
	for (size_t i = 0; i < part->nr; i++)
		if (!names_have(whole, part->items[i]))
			return false;
	return true;
}

/*
 * Whether all that `part` waits for, `whole` waits for as well: a hang under
 * valgrind reports without stacks.
 */
static bool same_waits(const struct finding *part, const struct finding *whole)
{
	struct names mine = { 0 }, all = { 0 };
	bool same;

	for (size_t i = 0; i < part->accesses.nr; i++)
		if (part->accesses.items[i].wants)
			names_add(&mine, xstrdup(part->accesses.items[i].wants));
	for (size_t i = 0; i < whole->accesses.nr; i++)
		if (whole->accesses.items[i].wants)
			names_add(&all, xstrdup(whole->accesses.items[i].wants));
	names_sort(&mine);
	names_sort(&all);
	same = mine.nr && is_subset(&mine, &all);
	names_release(&mine);
	names_release(&all);
	return same;
}

bool finding_is_part_of(const struct finding *part, const struct finding *whole)
{
	struct names part_functions = { 0 }, whole_functions = { 0 };
	struct names part_object = { 0 }, whole_object = { 0 };
	bool result = part->kind == whole->kind;

	functions_of(part, &part_functions);
	functions_of(whole, &whole_functions);
	object_of(part, &part_object);
	object_of(whole, &whole_object);
	result = result && is_subset(&part_functions, &whole_functions) &&
		 (!part_object.nr || is_subset(&part_object, &whole_object));
	// Nothing known in common would make everything a part of everything.
	result = result && (part_functions.nr || part_object.nr || same_waits(part, whole));
	names_release(&part_functions);
	names_release(&whole_functions);
	names_release(&part_object);
	names_release(&whole_object);
	return result;
}
