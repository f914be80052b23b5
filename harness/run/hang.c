#include "run/hang.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/symbols.h"
#include "run/still.h"

#include <stdlib.h>
#include <string.h>

// More than these help no reader, and each costs a stop of its thread.
#define MAX_THREADS 256
#define MAX_STACKS  64
#define MAX_FRAMES  64

void hang_release(struct hang *hang)
{
	for (size_t i = 0; i < hang->nr; i++) {
		free(hang->items[i].wait);
		free(hang->items[i].object);
		stack_release(&hang->items[i].stack);
	}
	free(hang->items);
	*hang = (struct hang){ 0 };
}

struct call_list {
	struct proc_call *items; // one per thread of the hang; nr is -1: no call
	size_t nr, alloc;
};

static void add_thread(struct hang *hang, struct call_list *list, pid_t pid, pid_t tid, bool naps)
{
	struct proc_call call = { .nr = -1 };
	struct hang_thread *thread;
	struct proc_stat stat;

	if (hang->nr >= MAX_THREADS || proc_stat(pid, tid, &stat) < 0 || stat.state == 'Z' ||
	    stat.state == 'X')
		return;
	if (stat.state == 'S' && proc_call(pid, tid, &call) < 0)
		call.nr = -1;
	if (naps && tid != pid && call.nr >= 0 && still_nap(pid, &call))
		return;
	*VEC_PUSH(list) = call;
	thread = VEC_PUSH(hang);
	thread->pid = pid;
	thread->tid = tid;
	thread->is_main = pid == tid;
	if (call.nr >= 0)
		thread->wait = proc_call_name(call.nr);
	else if (stat.state == 'T')
		thread->wait = xstrdup("stopped");
	else if (stat.state != 'R')
		thread->wait = xstrdup("sleeps");
}

static void add_process(struct hang *hang, struct call_list *list, pid_t pid, bool naps)
{
	struct pid_list threads = { 0 };

	(void)proc_threads(pid, &threads);
	for (size_t i = 0; i < threads.nr; i++)
		add_thread(hang, list, pid, threads.items[i], naps);
	pid_list_release(&threads);
}

/*
 * Explains the threads of one process, whose stacks are taken first: the
 * unwinder stops a thread, which changes the call it is in, so the calls were
 * read before.
 */
static void explain_process(struct hang *hang, const struct call_list *list, pid_t pid, bool unwind)
{
	Dwfl *dwfl = hang_attach(pid);
	unsigned stacks = 0;

	for (size_t i = 0; i < hang->nr; i++) {
		struct hang_thread *thread = &hang->items[i];

		if (thread->pid != pid)
			continue;
		// The unwinder waits for a thread to stop; one that sleeps uninterruptibly won't.
		if (unwind && dwfl && stacks++ < MAX_STACKS &&
		    (!thread->wait || strcmp(thread->wait, "sleeps")))
			hang_unwind(dwfl, thread);
		hang_explain(hang, thread, &list->items[i], dwfl);
	}
	if (dwfl)
		dwfl_end(dwfl);
}

void hang_take(struct hang *hang, const struct pid_list *processes, bool unwind, bool tool_naps)
{
	struct call_list list = { 0 };

	for (size_t i = 0; i < processes->nr; i++)
		add_process(hang, &list, processes->items[i], tool_naps);
	for (size_t i = 0; i < processes->nr; i++)
		explain_process(hang, &list, processes->items[i], unwind);
	free(list.items);
}

static bool is_system_library(const char *path)
{
	return proc_is_libc(path) || !strncmp(fs_base(path), "ld-", 3);
}

/*
 * The C library's debug information takes a hundred times as long to read as
 * everything else together and would name internal functions only. That of
 * others is taken when it is installed: the standard search may go to servers
 * on the network.
 */
static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			  const char *file, const char *link, GElf_Word crc, char **path)
{
	if (is_system_library(name))
		return -1;
	return dwfl_build_id_find_debuginfo(module, data, name, base, file, link, crc, path);
}

static char *default_path;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = find_debuginfo,
	.debuginfo_path = &default_path,
};

Dwfl *hang_attach(pid_t pid)
{
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (!dwfl)
		return NULL;
	dwfl_report_begin(dwfl);
	if (dwfl_linux_proc_report(dwfl, pid) != 0 || dwfl_report_end(dwfl, NULL, NULL) != 0) {
		dwfl_end(dwfl);
		return NULL;
	}
	// Without this there are names, but no stacks.
	(void)dwfl_linux_proc_attach(dwfl, pid, false);
	return dwfl;
}

struct unwinding {
	Dwfl *dwfl;
	struct stack *stack;
};

// An internal function of a system library means nothing to a reader without its name.
static void drop_nameless(struct stack *stack)
{
	struct frame *last = stack->nr ? &stack->items[stack->nr - 1] : NULL;

	if (last && !last->func && last->module && is_system_library(last->module)) {
		free(last->module);
		free(last->file);
		stack->nr--;
	}
}

static int on_frame(Dwfl_Frame *frame, void *arg)
{
	struct unwinding *unwinding = arg;
	bool activation;
	Dwarf_Addr pc;

	if (!dwfl_frame_pc(frame, &pc, &activation))
		return DWARF_CB_ABORT;
	symbols_add_frames(unwinding->dwfl, activation ? pc : pc - 1, unwinding->stack);
	drop_nameless(unwinding->stack);
	return unwinding->stack->nr < MAX_FRAMES ? DWARF_CB_OK : DWARF_CB_ABORT;
}

void hang_unwind(Dwfl *dwfl, struct hang_thread *thread)
{
	struct unwinding unwinding = { .dwfl = dwfl, .stack = &thread->stack };

	(void)dwfl_getthread_frames(dwfl, thread->tid, on_frame, &unwinding);
}
