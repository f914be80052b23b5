// What the end of a run says by itself.
#include "base/mem.h"
#include "base/strbuf.h"
#include "detect/detect.h"
#include "model/record.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void stack_copy(struct stack *to, const struct stack *from)
{
	for (size_t i = 0; i < from->nr; i++)
		stack_add(to, from->items[i].func, from->items[i].file, from->items[i].line,
			  from->items[i].col, from->items[i].module);
}

static struct finding *finding_new(struct finding_list *out, enum finding_kind kind, char *words)
{
	struct finding *finding = VEC_PUSH(out);

	finding->kind = kind;
	finding->words = words;
	return finding;
}

/* A program that ended itself. */

static const struct {
	int signal;
	const char *words;
} faults[] = {
	{ SIGSEGV, "SIGSEGV: invalid memory access" },
	{ SIGBUS, "SIGBUS: invalid memory access" },
	{ SIGFPE, "SIGFPE: arithmetic fault" },
	{ SIGILL, "SIGILL: illegal instruction" },
};

static const char *const assertion_marks[] = {
	"Assertion", "assert", "terminate called", "*** ",
	"free()",    "malloc", "corrupt",          "double free",
};

// The last line of stderr if it says why the program aborted, else NULL.
static char *assertion_words(const struct strbuf *err)
{
	size_t end = err->len, start;
	struct strbuf words = STRBUF_INIT;
	char *line = NULL;

	while (end && (err->buf[end - 1] == '\n' || err->buf[end - 1] == '\0'))
		end--;
	for (start = end; start && err->buf[start - 1] != '\n'; start--)
		;
	strbuf_add_escaped(&words, err->buf + start, end - start);
	for (size_t i = 0; !line && i < ARRAY_SIZE(assertion_marks); i++)
		if (strstr(words.buf, assertion_marks[i]))
			line = xstrdup(words.buf);
	strbuf_release(&words);
	return line;
}

static void signal_finding(const struct run_result *result, struct finding_list *out)
{
	char *words;

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (result->code == faults[i].signal)
			finding_new(out, KIND_CRASH, xstrdup(faults[i].words));
	if (result->code == SIGABRT) {
		words = assertion_words(&result->err);
		finding_new(out, KIND_ASSERTION,
			    words ? words : xstrdup("SIGABRT: the program aborted"));
	}
}

/* A program that waited. */

// The threads of a hang in the order in which they were created, with their names.
struct waiters {
	const struct hang_thread **items;
	char **names;
	size_t nr;
	bool one_process;
};

static int by_age(const void *a, const void *b)
{
	const struct hang_thread *x = *(const struct hang_thread *const *)a;
	const struct hang_thread *y = *(const struct hang_thread *const *)b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->is_main != y->is_main)
		return x->is_main ? -1 : 1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

// "main", "T1", "T2"; with several processes "main of child 1", "T1 of child 1", ...
static void name_threads(struct waiters *w)
{
	unsigned process = 0, thread = 0;

	for (size_t i = 0; i < w->nr; i++) {
		const struct hang_thread *thread_here = w->items[i];
		char *name;

		if (i && thread_here->pid != w->items[i - 1]->pid) {
			process++;
			thread = 0;
		}
		name = thread_here->is_main ? xstrdup("main") : xasprintf("T%u", ++thread);
		w->names[i] = process ? xasprintf("%s of child %u", name, process) : xstrdup(name);
		free(name);
	}
}

static struct waiters waiters_of(const struct hang *hang)
{
	struct waiters w = { .nr = hang->nr };

	w.items = xcalloc(hang->nr + 1, sizeof(*w.items));
	w.names = xcalloc(hang->nr + 1, sizeof(*w.names));
	for (size_t i = 0; i < hang->nr; i++)
		w.items[i] = &hang->items[i];
	qsort(w.items, w.nr, sizeof(*w.items), by_age);
	name_threads(&w);
	return w;
}

static void waiters_release(struct waiters *w)
{
	for (size_t i = 0; i < w->nr; i++)
		free(w->names[i]);
	free(w->names);
	free(w->items);
}

// Index of the thread with that id; w->nr when it does not live any more.
static size_t find_thread(const struct waiters *w, pid_t tid)
{
	size_t i = 0;

	while (i < w->nr && w->items[i]->tid != tid)
		i++;
	return i;
}

/*
 * Follows who holds what the thread waits for. True when that leads into a
 * cycle, or to a holder that has ended and so will never release.
 */
static bool never_gets_it(const struct waiters *w, size_t start)
{
	size_t at = start;

	for (size_t steps = 0; steps < w->nr && w->items[at]->holder; steps++) {
		at = find_thread(w, w->items[at]->holder);
		if (at == start || at == w->nr)
			return true;
	}
	return w->items[at]->holder != 0;
}

// Whether it waits for a thread or process to end: then the "holder" is what it waits for.
static bool joins(const struct hang_thread *thread)
{
	return thread->object && (!strncmp(thread->object, "thread ", 7) ||
				  !strncmp(thread->object, "child process ", 14));
}

// What the thread waits for, in words without ids that differ from run to run; caller owns it.
static char *wanted(const struct waiters *w, const struct hang_thread *thread)
{
	size_t holder = find_thread(w, thread->holder);

	if (joins(thread) && holder < w->nr)
		return xasprintf("%s to end", w->names[holder]);
	if (thread->object)
		return xstrdup(thread->object);
	return xstrdup(thread->lock_addr ? "a lock" : thread->wait);
}

// The holder's name, borrowed; NULL when it is unknown or this is not a lock.
static const char *holder_name(const struct waiters *w, const struct hang_thread *thread)
{
	size_t holder = find_thread(w, thread->holder);

	if (!thread->holder || (joins(thread) && holder < w->nr))
		return NULL;
	if (holder < w->nr)
		return w->items[holder] == thread ? "itself" : w->names[holder];
	return "a thread that has ended";
}

// "T1 waits for mutex b (held by T2)".
static void describe_wait(const struct waiters *w, size_t i, struct strbuf *out)
{
	const char *holder = holder_name(w, w->items[i]);
	char *what = wanted(w, w->items[i]);

	strbuf_addf(out, "%s%s waits for %s", out->len ? ", " : "", w->names[i], what);
	if (holder)
		strbuf_addf(out, " (held by %s)", holder);
	free(what);
}

static void add_waits(const struct waiters *w, const bool *chosen, struct finding *finding)
{
	for (size_t i = 0; i < w->nr; i++) {
		const struct hang_thread *thread = w->items[i];
		struct access *access;

		if (!chosen[i])
			continue;
		access = finding_add_access(finding, thread->wait ? OP_WAIT : OP_CALL);
		access->thread = xstrdup(w->names[i]);
		access->wants = thread->wait ? wanted(w, thread) : NULL;
		access->held_by = xstrdup(holder_name(w, thread));
		stack_copy(&access->stack, &thread->stack);
	}
}

static bool deadlock_finding(const struct waiters *w, struct finding_list *out)
{
	bool *stuck = xcalloc(w->nr + 1, sizeof(*stuck)), any = false;
	struct strbuf words = STRBUF_INIT;

	for (size_t i = 0; i < w->nr; i++) {
		stuck[i] = never_gets_it(w, i);
		if (stuck[i])
			describe_wait(w, i, &words);
		any |= stuck[i];
	}
	if (any)
		add_waits(w, stuck, finding_new(out, KIND_DEADLOCK, strbuf_detach(&words)));
	strbuf_release(&words);
	free(stuck);
	return any;
}

static bool waits_for(const struct hang_thread *thread, const char *what)
{
	return thread->object && !strncmp(thread->object, what, strlen(what));
}

static void add_count(struct strbuf *out, size_t nr, const char *what)
{
	strbuf_addf(out, "%zu thread%s wait%s %s", nr, nr == 1 ? "" : "s", nr == 1 ? "s" : "",
		    what);
}

// Common waits that one sentence describes better than a list.
static const struct {
	const char *object, *words;
} group_waits[] = {
	{ "barrier", "at a barrier for threads that never arrive" },
	{ "condition", "for a condition variable that no thread signals" },
	{ "semaphore", "for a semaphore that no thread posts" },
};

static void describe_hang(const struct waiters *w, struct strbuf *out)
{
	bool *described = xcalloc(w->nr + 1, sizeof(*described));

	for (size_t g = 0; g < ARRAY_SIZE(group_waits); g++) {
		size_t nr = 0;

		for (size_t i = 0; i < w->nr; i++)
			if (waits_for(w->items[i], group_waits[g].object))
				nr += described[i] = true;
		if (nr) {
			strbuf_addstr(out, out->len ? ", " : "");
			add_count(out, nr, group_waits[g].words);
		}
	}
	for (size_t i = 0; i < w->nr; i++)
		if (!described[i] && w->items[i]->wait)
			describe_wait(w, i, out);
	if (!out->len)
		strbuf_addstr(out, "no thread of the program could run any more");
	free(described);
}

static void hang_findings(const struct run_result *result, struct finding_list *out)
{
	struct waiters w = waiters_of(&result->hang);
	struct strbuf words = STRBUF_INIT;
	bool *all = xcalloc(w.nr + 1, sizeof(*all));

	memset(all, true, w.nr);
	if (!deadlock_finding(&w, out)) {
		describe_hang(&w, &words);
		add_waits(&w, all, finding_new(out, KIND_HANG, strbuf_detach(&words)));
	}
	strbuf_release(&words);
	free(all);
	waiters_release(&w);
}

// Only a busy program that makes no progress: another may be slow.
static void timeout_finding(const struct run_result *result, struct finding_list *out)
{
	struct waiters w = waiters_of(&result->hang);
	bool *all = xcalloc(w.nr + 1, sizeof(*all));
	double seconds = (double)result->wall_ns / 1e9;
	char *words = xasprintf("spins without progress: after %.*f s its threads come back to "
				"the same state over and over",
				seconds < 10 ? 1 : 0, seconds);

	memset(all, true, w.nr);
	add_waits(&w, all, finding_new(out, KIND_LIVELOCK, words));
	free(all);
	waiters_release(&w);
}

void ending_findings(const struct run_result *result, struct finding_list *out)
{
	switch (result->how) {
	case ENDING_EXIT:
	case ENDING_LIMIT: // says nothing about the program
	case ENDING_NOT_STARTED:
		break;
	case ENDING_SIGNAL:
		signal_finding(result, out);
		break;
	case ENDING_HANG:
		hang_findings(result, out);
		break;
	case ENDING_TIMEOUT:
		if (result->hang.spinning)
			timeout_finding(result, out);
		break;
	}
}
