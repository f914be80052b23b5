#include "explore/finding_from_rt.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/symbols.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum finding_kind kinds[RT_FOUND_NR] = {
	[RT_FOUND_RACE] = KIND_DATA_RACE,
	[RT_FOUND_STUCK] = KIND_HANG, // or deadlock, or lost-wakeup: the waits tell
	[RT_FOUND_LIVELOCK] = KIND_LIVELOCK,
	[RT_FOUND_USE_AFTER_FREE] = KIND_USE_AFTER_FREE,
	[RT_FOUND_DOUBLE_FREE] = KIND_USE_AFTER_FREE,
	[RT_FOUND_DOUBLE_LOCK] = KIND_DOUBLE_LOCK,
	[RT_FOUND_BAD_UNLOCK] = KIND_BAD_UNLOCK,
	[RT_FOUND_DESTROY_LOCKED] = KIND_DESTROY_LOCKED,
	[RT_FOUND_INVALID_LOCK] = KIND_INVALID_LOCK,
	[RT_FOUND_RWLOCK_MISUSE] = KIND_RWLOCK_MISUSE,
	[RT_FOUND_CONDVAR_MISUSE] = KIND_CONDVAR_MISUSE,
	[RT_FOUND_BARRIER_MISUSE] = KIND_BARRIER_MISUSE,
	[RT_FOUND_SEMAPHORE_MISUSE] = KIND_SEMAPHORE_MISUSE,
	[RT_FOUND_LOCK_HELD] = KIND_LOCK_HELD_AT_EXIT,
	[RT_FOUND_THREAD_LEAK] = KIND_THREAD_LEAK,
	[RT_FOUND_SIGNAL_UNSAFE] = KIND_SIGNAL_UNSAFE,
	[RT_FOUND_API_MISUSE] = KIND_API_MISUSE,
	[RT_FOUND_CRASH] = KIND_CRASH,
	[RT_FOUND_ASSERTION] = KIND_ASSERTION,
};

static const enum access_op ops[RT_OP_NR] = {
	[RT_OP_READ] = OP_READ,
	[RT_OP_WRITE] = OP_WRITE,
	[RT_OP_ATOMIC_READ] = OP_ATOMIC_READ,
	[RT_OP_ATOMIC_WRITE] = OP_ATOMIC_WRITE,
	[RT_OP_LOCK] = OP_LOCK,
	[RT_OP_UNLOCK] = OP_UNLOCK,
	[RT_OP_WAIT] = OP_WAIT,
	[RT_OP_WAKE] = OP_CALL,
	[RT_OP_CREATE] = OP_CREATE,
	[RT_OP_JOIN] = OP_WAIT,
	[RT_OP_FREE] = OP_WRITE,
	[RT_OP_YIELD] = OP_CALL,
	[RT_OP_SLEEP] = OP_WAIT,
	[RT_OP_END] = OP_CALL,
	[RT_OP_CALL] = OP_CALL,
	[RT_OP_SPURIOUS] = OP_WAIT,
};

static const char *const object_names[] = {
	[RT_NO_OBJECT] = "object", [RT_MUTEX] = "mutex",
	[RT_RWLOCK] = "rwlock",    [RT_COND] = "condition variable",
	[RT_BARRIER] = "barrier",  [RT_SEMAPHORE] = "semaphore",
	[RT_SPIN] = "spin lock",   [RT_ONCE] = "once",
	[RT_THREAD] = "thread",    [RT_FILE] = "stream",
	[RT_TIME] = "time",        [RT_ATOMIC] = "atomic",
	[RT_FD] = "descriptor",    [RT_CHILD] = "child process",
	[RT_SIGNAL] = "signal",    [RT_FUTEX] = "futex",
};

void translator_init(struct translator *translator, pid_t pid)
{
	char *path = xasprintf("/proc/%d/maps", (int)pid);
	struct strbuf maps = STRBUF_INIT;
	struct err ignored = ERR_INIT;

	fs_read(path, 0, &maps, &ignored);
	translator->maps = strbuf_detach(&maps);
	translator->dwfl = symbols_from_maps(translator->maps);
	free(path);
}

void translator_release(struct translator *translator)
{
	if (translator->dwfl)
		dwfl_end(translator->dwfl);
	free(translator->maps);
	*translator = (struct translator){ 0 };
}

static bool in_section(const struct translator *t, uint64_t address, const char *name)
{
	const char *section = symbols_section(t->dwfl, address);

	return section && !strcmp(section, name);
}

bool translate_is_runtime(const struct translator *t, uint64_t pc)
{
	return pc && in_section(t, pc - 1, "rt_text");
}

// All are return addresses: the call, or the access, stands just before. The runtime stands
// below the first function of a thread, and between a call and what it calls back.
static void add_stack(const struct translator *t, const struct rt_site *site, struct stack *stack)
{
	for (uint32_t i = 0; i < site->nr_stack && i < RT_MAX_STACK; i++)
		if (!translate_is_runtime(t, site->stack[i]))
			translate_stack(t, site->stack[i], stack);
}

// The public name of what the runtime keeps for the C library, not owned; NULL: it is not that.
static const char *hidden_name(const struct translator *t, uint64_t address)
{
	static const struct {
		const char *variable, *name;
	} rows[] = {
#define HIDDEN_ROW(variable, name) { #variable, name },
		RT_HIDDEN_TABLE(HIDDEN_ROW)
#undef HIDDEN_ROW
	};
	char *symbol = in_section(t, address, "rt_iteration")
			       ? symbols_object(t->dwfl, address, NULL)
			       : NULL;
	const char *name = NULL;

	for (size_t i = 0; symbol && i < ARRAY_SIZE(rows); i++)
		if (!strcmp(symbol, rows[i].variable))
			name = rows[i].name;
	free(symbol);
	return name;
}

// "mutex lock_a"; "mutex" of the heap or a stack has no name of its own.
static char *object_name(const struct translator *t, uint32_t type, uint64_t address)
{
	const char *what = type < ARRAY_SIZE(object_names) ? object_names[type] : "object";
	bool memory = type != RT_FD && type != RT_CHILD && type != RT_SIGNAL;
	char *symbol = t->dwfl && memory ? symbols_object(t->dwfl, address, NULL) : NULL;
	char *name = symbol ? xasprintf("%s %s", what, symbol) : xstrdup(what);

	if (type == RT_THREAD) {
		free(name);
		name = thread_name((uint32_t)address);
	} else if (type == RT_FD) {
		free(name);
		name = xasprintf("%s %llu", what, (unsigned long long)address);
	}
	free(symbol);
	return name;
}

void translate_stack(const struct translator *t, uint64_t pc, struct stack *stack)
{
	if (t->dwfl && pc)
		symbols_add_frames(t->dwfl, pc - 1, stack);
}

char *translate_place(const struct translator *t, uint64_t pc)
{
	struct stack stack = { 0 };
	char *place = NULL;

	translate_stack(t, pc, &stack);
	if (stack.nr && stack.items[0].file)
		place = xasprintf("%s:%d", fs_base(stack.items[0].file), stack.items[0].line);
	stack_release(&stack);
	return place ? place : xasprintf("0x%" PRIx64, pc);
}

static void add_wait(const struct translator *t, const struct rt_site *site, struct access *access)
{
	struct strbuf names = STRBUF_INIT;

	access->wants = object_name(t, site->object_type, site->address);
	for (uint32_t i = 0; i < site->nr_holders && i < RT_MAX_HOLDERS; i++) {
		char *name = thread_name(site->holders[i].thread);

		strbuf_addf(&names, "%s%s", i ? ", " : "", name);
		free(name);
	}
	if (names.len)
		access->held_by = strbuf_detach(&names);
}

static void add_site(const struct translator *t, const struct rt_site *site,
		     const struct rt_site *watched, size_t nr, struct finding *out)
{
	const struct rt_site *known = site;
	struct access *access;

	for (size_t i = 0; i < nr; i++)
		if (watched[i].nr_stack && watched[i].step == site->step &&
		    watched[i].thread == site->thread)
			known = &watched[i];
	access = finding_add_access(out, site->op < RT_OP_NR ? ops[site->op] : OP_CALL);
	access->size = hidden_name(t, site->address) ? 0 : site->size;
	access->thread = thread_name(site->thread);
	add_stack(t, known, &access->stack);
	for (uint32_t i = 0; i < known->nr_locks && i < RT_MAX_LOCKS; i++) {
		char *name = object_name(t, known->locks[i].type, known->locks[i].object);

		access_add_lock(access, name);
		free(name);
	}
	if (site->op == RT_OP_WAIT)
		add_wait(t, site, access);
}

// Whether the holders of what `from` waits for wait, at some remove, for the thread.
static bool leads_to(const struct rt_finding *found, uint32_t from, uint32_t thread, uint32_t *seen)
{
	const struct rt_site *site = &found->sites[from];

	*seen |= UINT32_C(1) << from;
	for (uint32_t h = 0; h < site->nr_holders && h < RT_MAX_HOLDERS; h++) {
		if (site->holders[h].thread == thread)
			return true;
		for (uint32_t i = 0; i < found->nr_sites && i < RT_MAX_SITES; i++)
			if (found->sites[i].thread == site->holders[h].thread &&
			    !(*seen >> i & 1) && leads_to(found, i, thread, seen))
				return true;
	}
	return false;
}

static bool in_cycle(const struct rt_finding *found, uint32_t site)
{
	uint32_t seen = 0;

	return leads_to(found, site, found->sites[site].thread, &seen);
}

static bool holder_ended(const struct rt_site *site)
{
	for (uint32_t i = 0; i < site->nr_holders && i < RT_MAX_HOLDERS; i++)
		if (site->holders[i].ended)
			return true;
	return false;
}

static enum finding_kind kind_of_stuck(const struct rt_finding *found)
{
	bool lost = false;

	for (uint32_t i = 0; i < found->nr_sites; i++) {
		const struct rt_site *site = &found->sites[i];

		if (in_cycle(found, i) || (holder_ended(site) && site->object_type != RT_THREAD))
			return KIND_DEADLOCK;
		lost |= site->signal_lost;
	}
	return lost ? KIND_LOST_WAKEUP : KIND_HANG;
}

static void say_holders(const struct translator *t, const struct rt_site *site,
			struct strbuf *words)
{
	for (uint32_t i = 0; i < site->nr_holders && i < RT_MAX_HOLDERS; i++) {
		const struct rt_holder *holder = &site->holders[i];
		char *name = thread_name(holder->thread);
		char *taken = translate_place(t, holder->pc);

		strbuf_addf(words, "%s%s %s%s (locked at %s)", i ? " and " : ", which ", name,
			    holder->ended ? "held when it ended" : "holds",
			    !holder->reads  ? ""
			    : holder->ended ? ", for reading"
					    : " for reading",
			    taken);
		free(name);
		free(taken);
	}
}

static void say_wait(const struct translator *t, const struct rt_site *site, struct strbuf *words)
{
	char *place = translate_place(t, site->nr_stack ? site->stack[0] : 0);
	char *object = object_name(t, site->object_type, site->address);
	char *name = thread_name(site->thread);

	if (words->len)
		strbuf_addstr(words, "; ");
	strbuf_addf(words, "%s waits for %s at %s", name, object, place);
	free(name);
	if (site->nr_holders && site->object_type != RT_THREAD) {
		say_holders(t, site, words);
	} else if (site->signal_lost) {
		char *lost = translate_place(t, site->lost_pc);

		strbuf_addf(words, ", whose signal was sent at %s when nobody waited", lost);
		free(lost);
	}
	free(place);
	free(object);
}

static void say_spin(const struct translator *t, const struct rt_site *site, struct strbuf *words)
{
	char *place = translate_place(t, site->nr_stack ? site->stack[0] : 0);
	char *symbol = t->dwfl ? symbols_object(t->dwfl, site->address, NULL) : NULL;
	char *name = thread_name(site->thread);

	strbuf_addf(words, "%s%s spins ", words->len ? "; " : "", name);
	if (symbol)
		strbuf_addf(words, "on %s ", symbol);
	strbuf_addf(words, "at %s", place);
	free(place);
	free(symbol);
	free(name);
}

// Threads that spin, and those that wait for them.
static void say_livelock(const struct translator *t, const struct rt_finding *found,
			 struct strbuf *words)
{
	for (uint32_t i = 0; i < found->nr_sites; i++) {
		if (found->sites[i].op == RT_OP_WAIT)
			say_wait(t, &found->sites[i], words);
		else
			say_spin(t, &found->sites[i], words);
	}
	strbuf_addstr(words, "; nobody else can run");
}

// A breach of a rule is about an object: of this type, where the runtime does not know better.
static const enum rt_object_type misused[RT_FOUND_NR] = {
	[RT_FOUND_DOUBLE_LOCK] = RT_MUTEX,      [RT_FOUND_BAD_UNLOCK] = RT_MUTEX,
	[RT_FOUND_DESTROY_LOCKED] = RT_MUTEX,   [RT_FOUND_INVALID_LOCK] = RT_MUTEX,
	[RT_FOUND_RWLOCK_MISUSE] = RT_RWLOCK,   [RT_FOUND_CONDVAR_MISUSE] = RT_COND,
	[RT_FOUND_BARRIER_MISUSE] = RT_BARRIER, [RT_FOUND_SEMAPHORE_MISUSE] = RT_SEMAPHORE,
	[RT_FOUND_API_MISUSE] = RT_THREAD,
};

// "barrier gate is initialised with count 0"
static void say_rule(const struct translator *t, const struct rt_finding *found,
		     struct strbuf *words)
{
	static const char *const rules[RT_RULE_NR] = {
#define RULE_WORDS(id, text) [RT_RULE_##id] = text,
		RT_RULE_TABLE(RULE_WORDS)
#undef RULE_WORDS
	};
	const struct rt_site *site = &found->sites[0];
	uint32_t type = site->object_type ? site->object_type : misused[found->kind];
	char *object =
		type == RT_THREAD ? xstrdup("a thread") : object_name(t, type, site->address);

	strbuf_addf(words, "%s %s", object, rules[found->rule]);
	free(object);
}

static void set_words(const struct translator *t, const struct rt_finding *found,
		      struct finding *out)
{
	struct strbuf words = STRBUF_INIT;

	if (found->kind == RT_FOUND_STUCK)
		for (uint32_t i = 0; i < found->nr_sites; i++)
			say_wait(t, &found->sites[i], &words);
	else if (found->kind == RT_FOUND_LIVELOCK)
		say_livelock(t, found, &words);
	else if (found->kind == RT_FOUND_CRASH)
		strbuf_addf(&words, "%s", strsignal((int)found->code));
	else if (found->kind == RT_FOUND_DOUBLE_FREE)
		strbuf_addf(&words, "memory is freed twice");
	else if (found->rule && found->rule < RT_RULE_NR && found->kind < RT_FOUND_NR)
		say_rule(t, found, &words);
	else
		strbuf_addf(&words, "%s", kind_meaning(out->kind));
	out->words = strbuf_detach(&words);
}

static void set_location(const struct translator *t, const struct rt_finding *found,
			 struct finding *out)
{
	struct location *location = &out->location;
	uint64_t address = found->nr_sites ? found->sites[0].address : 0;
	const char *hidden = hidden_name(t, address);

	if (!address || found->kind == RT_FOUND_STUCK)
		return;
	if (hidden) {
		location->kind = LOCATION_GLOBAL;
		location->object = xstrdup(hidden);
		return;
	}
	location->object = t->dwfl ? symbols_object(t->dwfl, address, &location->size) : NULL;
	if (location->object) {
		location->kind = found->kind == RT_FOUND_RACE ? LOCATION_GLOBAL : LOCATION_LOCK;
	} else if (found->block_size) {
		location->kind = LOCATION_HEAP;
		location->size = found->block_size;
		add_stack(t, &found->allocated, &location->stack);
		const struct frame *frame = stack_program_frame(&location->stack);

		location->object =
			xasprintf("heap block from %s", frame && frame->func ? frame->func : "?");
	} else if (found->kind != RT_FOUND_CRASH) { // which may lie nowhere
		location->kind = LOCATION_STACK;
	}
}

void finding_from_rt(const struct translator *translator, const struct rt_finding *found,
		     const struct rt_site *watched, size_t nr, struct finding *out)
{
	*out = (struct finding){ .kind = found->kind < RT_FOUND_NR ? kinds[found->kind]
								   : KIND_OTHER };
	if (found->kind == RT_FOUND_STUCK)
		out->kind = kind_of_stuck(found);
	if (found->kind == RT_FOUND_CRASH && found->code == SIGABRT)
		out->kind = KIND_ASSERTION;
	for (uint32_t i = 0; i < found->nr_sites && i < RT_MAX_SITES; i++)
		add_site(translator, &found->sites[i], watched, nr, out);
	set_words(translator, found, out);
	set_location(translator, found, out);
}

char *finding_shown_text(const struct finding *finding)
{
	struct strbuf text = STRBUF_INIT;
	const char *between = " at ";

	strbuf_addstr(&text, kind_name(finding->kind));
	for (size_t i = 0; i < finding->accesses.nr; i++) {
		const struct frame *frame = stack_program_frame(&finding->accesses.items[i].stack);

		if (!frame || !frame->file)
			continue;
		strbuf_addf(&text, "%s%s:%d", between, fs_base(frame->file), frame->line);
		between = ", ";
	}
	return strbuf_detach(&text);
}
