#include "detect/tsan_kind.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tsan_kind rows[] = {
	{ "data-race", "data race", KIND_DATA_RACE, OP_READ },
	{ "data-race-vptr", "data race on vptr (ctor/dtor vs virtual call)", KIND_DATA_RACE,
	  OP_READ },
	{ "heap-use-after-free", "heap-use-after-free", KIND_USE_AFTER_FREE, OP_READ },
	{ "heap-use-after-free-vptr", "heap-use-after-free (virtual call vs free)",
	  KIND_USE_AFTER_FREE, OP_READ },
	{ "external-race", "race on external object", KIND_DATA_RACE, OP_READ },
	{ "thread-leak", "thread leak", KIND_THREAD_LEAK, OP_CREATE },
	{ "locked-mutex-destroy", "destroy of a locked mutex", KIND_DESTROY_LOCKED, OP_CALL },
	{ "mutex-double-lock", "double lock of a mutex", KIND_DOUBLE_LOCK, OP_LOCK },
	{ "mutex-invalid-access", "use of an invalid mutex (e.g. uninitialized or destroyed)",
	  KIND_INVALID_LOCK, OP_CALL },
	{ "mutex-bad-unlock", "unlock of an unlocked mutex (or by a wrong thread)", KIND_BAD_UNLOCK,
	  OP_UNLOCK },
	{ "mutex-bad-read-lock", "read lock of a write locked mutex", KIND_RWLOCK_MISUSE, OP_LOCK },
	{ "mutex-bad-read-unlock", "read unlock of a write locked mutex", KIND_RWLOCK_MISUSE,
	  OP_UNLOCK },
	{ "signal-unsafe-call", "signal-unsafe call inside of a signal", KIND_SIGNAL_UNSAFE,
	  OP_CALL },
	{ "errno-in-signal-handler", "signal handler spoils errno", KIND_SIGNAL_UNSAFE, OP_CALL },
	{ "lock-order-inversion", "lock-order-inversion (potential deadlock)", KIND_LOCK_ORDER,
	  OP_LOCK },
	{ "mutex-cannot-be-locked", "mutex cannot be locked", KIND_DEADLOCK, OP_LOCK },
};

static const struct tsan_kind other = { NULL, NULL, KIND_OTHER, OP_CALL };

const struct tsan_kind *tsan_kind_of_id(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].id, id))
			return &rows[i];
	return &other;
}

const struct tsan_kind *tsan_kind_of_words(const char *words)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].words, words))
			return &rows[i];
	// With external tags the object's type is named: "race on a library object".
	if (!strncmp(words, "race on ", 8))
		return tsan_kind_of_id("external-race");
	return &other;
}

char *tsan_heap_name(const struct stack *allocation)
{
	const struct frame *frame = stack_program_frame(allocation);

	return frame ? xasprintf("heap block from %s", frame->func) : NULL;
}

size_t tsan_lock_set(const char *line, void (*take)(void *ctx, unsigned long number), void *ctx)
{
	const char *p = strstr(line, "(mutexes: ");
	size_t nr = 0;

	while (p && (p = strchr(p, 'M'))) {
		char *end;
		unsigned long number = strtoul(p + 1, &end, 10);

		if (end == p + 1)
			return nr;
		take(ctx, number);
		nr++;
		p = *end == ',' ? end : NULL;
	}
	return nr;
}

bool tsan_is_memory_operation(const char *line)
{
	return line[0] == ' ' && !strstr(line, "  Location is ") && strstr(line, " of size ") &&
	       strstr(line, " at 0x") &&
	       (strstr(line, " by thread T") || strstr(line, " by main thread"));
}

static const struct {
	const char *mark;
	enum finding_kind means;
} failures[] = {
	{ "FATAL: ThreadSanitizer", KIND_TOOL_ERROR },
	{ "ThreadSanitizer: CHECK failed", KIND_TOOL_ERROR },
	{ "ThreadSanitizer CHECK failed", KIND_TOOL_ERROR },
	{ "ERROR: ThreadSanitizer: SEGV", KIND_CRASH },
	{ "ERROR: ThreadSanitizer: BUS", KIND_CRASH },
	{ "ERROR: ThreadSanitizer: FPE", KIND_CRASH },
	{ "ERROR: ThreadSanitizer: ILL", KIND_CRASH },
	{ "ERROR: ThreadSanitizer: ABRT", KIND_ASSERTION },
	{ "ERROR: ThreadSanitizer: stack-overflow", KIND_CRASH },
	{ "ERROR: ThreadSanitizer", KIND_TOOL_ERROR },
};

// The row, or -1.
static int failure_of(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++)
		if (strstr(line, failures[i].mark))
			return (int)i;
	return -1;
}

bool tsan_is_failure(const char *line)
{
	return failure_of(line) >= 0;
}

void tsan_add_failure(const char *line, struct finding_list *out)
{
	struct finding *finding = VEC_PUSH(out);
	// "==1234==ERROR: ..." names the process; the rest is the words.
	const char *words = strncmp(line, "==", 2) ? NULL : strstr(line + 2, "==");

	finding->kind = failures[failure_of(line)].means;
	finding->words = xstrdup(words ? words + 2 : line);
}

bool tsan_suppressed(const char *line, bool *inside, struct record *record)
{
	unsigned long long count;
	int at = 0;

	if (!strncmp(line, "ThreadSanitizer: Matched ", 25)) {
		*inside = true;
		return true;
	}
	if (!*inside || sscanf(line, "%llu %n", &count, &at) != 1 || !at || !strchr(line, ':')) {
		*inside = false;
		return false;
	}
	if (record)
		record_add_suppressed(record, line + at, count);
	return true;
}
