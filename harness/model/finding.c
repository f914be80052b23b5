#include "model/finding.h"

#include "base/mem.h"
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

static void access_release(struct access *access)
{
	free(access->thread);
	stack_release(&access->stack);
	for (size_t i = 0; i < access->nr_locks; i++)
		free(access->locks[i]);
	free(access->locks);
	free(access->wants);
	free(access->held_by);
}

void finding_release(struct finding *finding)
{
	free(finding->words);
	free(finding->schedule);
	for (size_t i = 0; i < finding->accesses.nr; i++)
		access_release(&finding->accesses.items[i]);
	free(finding->accesses.items);
	free(finding->location.object);
	stack_release(&finding->location.stack);
	*finding = (struct finding){ 0 };
}

void finding_list_release(struct finding_list *list)
{
	for (size_t i = 0; i < list->nr; i++)
		finding_release(&list->items[i]);
	free(list->items);
	*list = (struct finding_list){ 0 };
}

struct access *finding_add_access(struct finding *finding, enum access_op op)
{
	struct access *access = VEC_PUSH(&finding->accesses);

	access->op = op;
	return access;
}

void access_add_lock(struct access *access, const char *name)
{
	if (access->nr_locks == access->alloc_locks)
		access->locks = xgrow(access->locks, &access->alloc_locks, sizeof(*access->locks));
	access->locks[access->nr_locks++] = xstrdup(name);
}

static const char *const op_names[] = {
	[OP_READ] = "read",
	[OP_WRITE] = "write",
	[OP_ATOMIC_READ] = "atomic read",
	[OP_ATOMIC_WRITE] = "atomic write",
	[OP_LOCK] = "lock",
	[OP_UNLOCK] = "unlock",
	[OP_WAIT] = "wait",
	[OP_CREATE] = "create",
	[OP_CALL] = "call",
};

const char *access_op_name(enum access_op op)
{
	return op_names[op];
}

int access_op_from_name(const char *name)
{
	return name_index(op_names, ARRAY_SIZE(op_names), name);
}

static const char *const location_names[] = {
	[LOCATION_UNKNOWN] = "unknown", [LOCATION_GLOBAL] = "global", [LOCATION_HEAP] = "heap",
	[LOCATION_STACK] = "stack",     [LOCATION_TLS] = "tls",       [LOCATION_FD] = "fd",
	[LOCATION_LOCK] = "lock",
};

const char *location_kind_name(enum location_kind kind)
{
	return location_names[kind];
}

int location_kind_from_name(const char *name)
{
	return name_index(location_names, ARRAY_SIZE(location_names), name);
}

char *thread_name(long nr)
{
	if (nr < 0)
		return NULL;
	return nr ? xasprintf("T%ld", nr) : xstrdup("main");
}
