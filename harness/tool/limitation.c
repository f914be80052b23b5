#include "tool/limitation.h"

#include <stddef.h>
#include <string.h>

#define BIT(tool)      (1u << TOOL_##tool)
#define BOTH_TSANS     (BIT(TSAN) | BIT(TSAN_GCC))
#define BOTH_VALGRINDS (BIT(HELGRIND) | BIT(DRD))
#define RACE           KIND_BIT(KIND_DATA_RACE)

const struct limitation limitations[] = {
	{
		.id = "valgrind-atomics",
		.tools = BOTH_VALGRINDS,
		.versions = "valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = RACE,
		.means = MEANS_ATOMICS,
		.trigger =
			"the order rests on atomic operations alone, or both accesses are atomic",
		.wrong = "sees plain memory accesses in place of C11 atomic operations",
		.source = "valgrind-users, 2018-09-25, \"helgrind and atomic_flag\"; measured",
	},
	{
		.id = "tsan-fences",
		.tools = BOTH_TSANS,
		.versions = "clang 14, gcc 12",
		.proof = PROOF_EXPLORER,
		.kinds = RACE | KIND_BIT(KIND_USE_AFTER_FREE),
		.means = MEANS_FENCES,
		.trigger = "the order rests on atomic operations alone, with fences beside them",
		.wrong = "does not know what atomic_thread_fence() orders",
		.source = "github.com/google/sanitizers issue 1352; gcc's -Wtsan; measured",
	},
	{
		.id = "c11-locks",
		.tools = BOTH_TSANS | BOTH_VALGRINDS,
		.versions = "clang 14, gcc 12, valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = RACE,
		.means = MEANS_C11,
		.trigger = "the order rests on mtx_t, cnd_t or once_flag alone",
		.wrong = "does not see the locks and flags of <threads.h>",
		.source = "github.com/google/sanitizers issue 1603; measured",
	},
	{
		.id = "c11-threads",
		.tools = BOTH_TSANS | BIT(DRD),
		.versions = "clang 14 to 22, gcc 12, valgrind 3.19",
		.proof = PROOF_PROBE,
		.means = -1,
		.symbol = "thrd_create",
		.probe = "c11_threads",
		.trigger = "the program calls thrd_create(), and a probe that does so fails",
		.wrong = "does not survive threads that thrd_create() makes",
		.source = "github.com/llvm/llvm-project issue 199585; measured",
	},
	{
		.id = "robust-recovery",
		.tools = BOTH_TSANS | BOTH_VALGRINDS,
		.versions = "clang 14, gcc 12, valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = RACE | KIND_BIT(KIND_BAD_UNLOCK) | KIND_BIT(KIND_API_MISUSE) |
			 KIND_BIT(KIND_INVALID_LOCK),
		.means = MEANS_RECOVERY,
		.trigger = "the mutex is robust and was taken over from a thread that had ended",
		.wrong = "takes the lock for not taken, or sees no order from the thread that died",
		.source = "measured",
	},
	{
		.id = "robust-held",
		.tools = BOTH_VALGRINDS,
		.versions = "valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = KIND_BIT(KIND_LOCK_HELD_AT_EXIT),
		.means = MEANS_RECOVERY,
		.anywhere = true,
		.trigger = "a robust mutex was taken over from a thread that had ended",
		.wrong = "objects to a thread that ends with a robust mutex, which POSIX allows",
		.source = "POSIX pthread_mutexattr_setrobust(); measured",
	},
	{
		.id = "cancelled-holder",
		.tools = BOTH_TSANS | BIT(HELGRIND),
		.versions = "clang 14, gcc 12, valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = KIND_BIT(KIND_DOUBLE_LOCK) | KIND_BIT(KIND_BAD_UNLOCK),
		.means = MEANS_CANCELLATION,
		.trigger = "a thread that is cancelled gives the lock back",
		.wrong = "loses track of the locks of a thread that is cancelled",
		.source = "measured",
	},
	{
		.id = "destroyed-barrier",
		.tools = BOTH_TSANS | BIT(DRD),
		.versions = "clang 14, gcc 12, valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = RACE | KIND_BIT(KIND_BARRIER_MISUSE),
		.means = -1,
		.frame = "pthread_barrier_destroy",
		.trigger = "the report is about the destruction of a barrier",
		.wrong = "wants more order between a barrier's last use and its destruction than "
			 "POSIX does",
		.source = "POSIX pthread_barrier_destroy(); measured",
	},
	{
		.id = "destroyed-mutex",
		.tools = BOTH_VALGRINDS,
		.versions = "valgrind 3.19",
		.proof = PROOF_EXPLORER,
		.kinds = RACE | KIND_BIT(KIND_DESTROY_LOCKED) | KIND_BIT(KIND_INVALID_LOCK),
		.means = -1,
		.frame = "pthread_mutex_destroy",
		.trigger = "the report is about the destruction of a mutex",
		.wrong = "takes a mutex for locked until its last unlock has returned",
		.source = "POSIX pthread_mutex_destroy(); measured",
	},
	{
		.id = "tsan-fork",
		.tools = BOTH_TSANS,
		.versions = "clang 14, gcc 12",
		.proof = PROOF_REPORT,
		.kinds = KIND_BIT(KIND_THREAD_LEAK),
		.means = -1,
		.forked = true,
		.trigger = "a process that was forked while threads ran wrote the report",
		.wrong = "takes the parent's threads for threads of the child, which has one",
		.source = "POSIX fork(); measured",
	},
	{
		.id = "tsan-last-thread",
		.tools = BOTH_TSANS,
		.versions = "clang 14, gcc 12",
		.proof = PROOF_HARNESS,
		.means = -1,
		.trigger = "main() calls pthread_exit(); the linked object ends the process then",
		.wrong = "keeps a process whose threads have ended alive by one of its own",
		.source = "measured",
	},
	{
		.id = "tsan-fork-status",
		.tools = BOTH_TSANS,
		.versions = "clang 14, gcc 12",
		.proof = PROOF_HARNESS,
		.means = -1,
		.trigger = "a process was forked; the linked object keeps the status that it ends "
			   "with",
		.wrong = "ends a child that it has reports of with another status than the program",
		.source = "measured",
	},
	{ .id = NULL },
};

const struct limitation *limitation_from_id(const char *id)
{
	const struct limitation *row = limitations;

	while (row->id && strcmp(row->id, id) != 0)
		row++;
	return row->id ? row : NULL;
}

static bool stack_has(const struct stack *stack, const char *function)
{
	for (size_t i = 0; i < stack->nr; i++)
		if (stack->items[i].func && strstr(stack->items[i].func, function))
			return true;
	return false;
}

static bool names_frame(const struct limitation *row, const struct finding *finding)
{
	for (size_t i = 0; i < finding->accesses.nr; i++)
		if (stack_has(&finding->accesses.items[i].stack, row->frame))
			return true;
	return false;
}

// Threads came to the places, and whenever they did they were ordered.
static bool explorer_agrees(const struct limitation *row, const struct witness *witness)
{
	if (!witness->met || witness->contested)
		return false;
	return row->means < 0 || witness->means[row->means];
}

// The report may stand anywhere: where the thread ended, or where it was joined.
static bool explorer_agrees_anywhere(const struct limitation *row,
				     const struct witness_list *answers)
{
	for (size_t i = 0; i < answers->nr; i++)
		if (explorer_agrees(row, &answers->items[i]))
			return true;
	return false;
}

static bool explains(const struct limitation *row, const struct finding *finding,
		     const struct witness_list *answers)
{
	const struct witness *witness = witness_about(answers, finding);
	bool agreed = row->anywhere ? explorer_agrees_anywhere(row, answers)
				    : witness && explorer_agrees(row, witness);

	if (!(row->kinds & KIND_BIT(finding->kind)) || (row->frame && !names_frame(row, finding)) ||
	    (row->forked && !finding->forked))
		return false;
	return row->proof == PROOF_REPORT || (row->proof == PROOF_EXPLORER && agreed);
}

const struct limitation *limitation_of(const struct finding *finding, enum tool_id tool,
				       const struct witness_list *answers)
{
	for (const struct limitation *row = limitations; row->id; row++)
		if (limitation_is_of(row, tool) && explains(row, finding, answers))
			return row;
	return NULL;
}
