/*
 * Who touched what: data races by happens-before on the schedule that runs,
 * with the epochs of FastTrack (C. Flanagan, S. Freund, FastTrack: Efficient and
 * Precise Dynamic Race Detection, PLDI 2009). There is no window and no lost
 * history: every access is compared with all that are not ordered with it.
 *
 * Eight bytes of the program have one cell. As long as they are used in one way
 * (always these four of them, say) it has one state; then one for each byte.
 */
#include "rt.h"

#include <string.h>

enum { PAGE_SHIFT = 12, PAGE_CELLS = 512, PAGES = 1 << 15 };

// The latest access of its sort; clock 0: none.
struct past {
	uint32_t clock, step, pc; // pc: offset from the program's base
	uint16_t thread;
	uint8_t op, size;
};

struct atomics {
	struct past *reads, *writes; // one for each thread
};

struct var {
	struct past write, read;
	struct past *reads; // one for each thread, once two read at the same time
	struct atomics *atomics;
};

struct cell {
	struct var var;
	uint8_t mask; // the bytes that `var` is about; 0: untouched
	bool freed;
	struct var *bytes; // eight of them; then `var` is no longer used
};

struct page {
	uintptr_t number;
	struct cell *cells;
};

static struct page pages[PAGES];
static struct page *last = pages;
static unsigned nr_pages;

static struct page *page_slot(uintptr_t number)
{
	unsigned i = (unsigned)(number * 0x9e3779b97f4a7c15 >> 49) & (PAGES - 1);

	while (pages[i].cells && pages[i].number != number)
		i = (i + 1) & (PAGES - 1);
	return &pages[i];
}

static struct cell *cell_of(uintptr_t address)
{
	uintptr_t number = address >> PAGE_SHIFT;

	if (RT_UNLIKELY(last->number != number || !last->cells)) {
		last = page_slot(number);
		if (!last->cells) {
			if (++nr_pages > PAGES / 2)
				rt_end_limit("room for the history of memory");
			last->number = number;
			last->cells = rt_alloc(PAGE_CELLS * sizeof(struct cell));
		}
	}
	return &last->cells[address >> 3 & (PAGE_CELLS - 1)];
}

static bool before_me(const struct past *past)
{
	return past->clock <= rt_clock_of(rt_self)[past->thread];
}

static struct past *per_thread(void)
{
	return rt_alloc(rt_world.capacity * sizeof(struct past));
}

static const struct past *unordered_of(const struct past *pasts)
{
	for (uint32_t i = 0; pasts && i < rt_world.nr_threads; i++)
		if (pasts[i].clock && !before_me(&pasts[i]))
			return &pasts[i];
	return NULL;
}

// An earlier access that conflicts with the new one and is not ordered with it, or NULL.
static const struct past *conflict(const struct var *var, enum rt_op op)
{
	bool writing = op == RT_OP_WRITE || op == RT_OP_ATOMIC_WRITE;
	bool atomic = op == RT_OP_ATOMIC_READ || op == RT_OP_ATOMIC_WRITE;
	const struct past *other = NULL;

	if (!before_me(&var->write))
		return &var->write;
	if (writing) {
		other = var->reads              ? unordered_of(var->reads)
			: before_me(&var->read) ? NULL
						: &var->read;
	}
	if (!other && !atomic && var->atomics) {
		other = unordered_of(var->atomics->writes);
		if (!other && writing)
			other = unordered_of(var->atomics->reads);
	}
	return other;
}

static void remember_read(struct var *var, const struct past *now)
{
	if (!var->reads && (!var->read.clock || before_me(&var->read))) {
		var->read = *now;
		return;
	}
	if (!var->reads) {
		var->reads = per_thread();
		var->reads[var->read.thread] = var->read;
	}
	var->reads[now->thread] = *now;
}

static void remember_atomic(struct var *var, const struct past *now)
{
	if (!var->atomics) {
		var->atomics = rt_alloc(sizeof(*var->atomics));
		var->atomics->reads = per_thread();
		var->atomics->writes = per_thread();
	}
	(now->op == RT_OP_ATOMIC_READ ? var->atomics->reads : var->atomics->writes)[now->thread] =
		*now;
}

static void remember(struct var *var, const struct past *now)
{
	if (now->op == RT_OP_READ) {
		remember_read(var, now);
	} else if (now->op == RT_OP_WRITE) {
		var->write = *now;
		var->read.clock = 0;
		if (var->reads)
			memset(var->reads, 0, rt_world.capacity * sizeof(*var->reads));
	} else {
		remember_atomic(var, now);
	}
}

// The places of the past are known by their steps: a second run asks who was there.
static void report(const struct past *past, uintptr_t address, unsigned size, enum rt_op op,
		   uintptr_t pc)
{
	static struct rt_site sites[2];

	rt_site_here(&sites[0], op, address, size, pc);
	sites[1] = (struct rt_site){
		.thread = past->thread,
		.op = past->op,
		.size = past->size,
		.address = address,
		.step = past->step,
		.nr_stack = 1,
		.stack = { rt_shared->base + past->pc },
	};
	rt_report(RT_FOUND_RACE, sites, 2);
}

// True when a race was reported: once is enough for one access.
static bool check_var(struct var *var, const struct past *now, uintptr_t address, bool quiet)
{
	const struct past *other;

	// FastTrack's short cut: nothing new within one epoch.
	if (now->op == RT_OP_WRITE && var->write.thread == now->thread &&
	    var->write.clock == now->clock && !var->read.clock && !var->reads && !var->atomics)
		return false;
	other = quiet ? NULL : conflict(var, now->op);
	if (RT_UNLIKELY(other != NULL))
		report(other, address, now->size, now->op, rt_shared->base + now->pc);
	remember(var, now);
	return other != NULL;
}

static void split(struct cell *cell)
{
	cell->bytes = rt_alloc(8 * sizeof(*cell->bytes));
	for (int i = 0; i < 8; i++)
		if (cell->mask >> i & 1)
			cell->bytes[i] = cell->var;
	// Vectors would be shared by the bytes: each gets its own from the single entries.
	for (int i = 0; i < 8; i++) {
		struct var *var = &cell->bytes[i];

		if (var->reads)
			var->reads = memcpy(per_thread(), var->reads,
					    rt_world.capacity * sizeof(*var->reads));
		if (var->atomics) {
			struct atomics *own = rt_alloc(sizeof(*own));

			own->reads = memcpy(per_thread(), var->atomics->reads,
					    rt_world.capacity * sizeof(*own->reads));
			own->writes = memcpy(per_thread(), var->atomics->writes,
					     rt_world.capacity * sizeof(*own->writes));
			var->atomics = own;
		}
	}
}

static bool check_cell(struct cell *cell, uint8_t mask, const struct past *now, uintptr_t address,
		       bool quiet)
{
	if (!cell->bytes && (!cell->mask || cell->mask == mask)) {
		cell->mask = mask;
		return check_var(&cell->var, now, address, quiet);
	}
	if (!cell->bytes)
		split(cell);
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1)
			quiet |= check_var(&cell->bytes[i], now, address, quiet);
	return quiet;
}

static void report_freed(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc)
{
	static struct rt_site site;

	rt_site_here(&site, op, address, size, pc);
	rt_report(RT_FOUND_USE_AFTER_FREE, &site, 1);
}

void rt_access(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc)
{
	const struct past now = {
		.clock = rt_clock_of(rt_self)[rt_self->id],
		.step = (uint32_t)rt_world.step,
		.pc = (uint32_t)(pc - rt_shared->base),
		.thread = rt_self->id,
		.op = (uint8_t)op,
		.size = (uint8_t)(size < 255 ? size : 255),
	};
	uintptr_t end = address + size;
	bool told = false;

	if (RT_UNLIKELY(rt_self->ignoring))
		return;
	for (uintptr_t at = address; at < end;) {
		uintptr_t next = (at | 7) + 1 < end ? (at | 7) + 1 : end;
		struct cell *cell = cell_of(at);
		uint8_t mask = (uint8_t)(((1u << (next - at)) - 1) << (at & 7));

		if (RT_UNLIKELY(cell->freed) && !told) {
			report_freed(address, size, op, pc);
			told = true;
		}
		told |= check_cell(cell, mask, &now, address, told);
		at = next;
	}
}

void rt_shadow_clear(uintptr_t address, size_t size)
{
	for (uintptr_t at = address & ~(uintptr_t)7; at < address + size; at += 8) {
		struct page *page = page_slot(at >> PAGE_SHIFT);

		if (page->cells)
			memset(&page->cells[at >> 3 & (PAGE_CELLS - 1)], 0, sizeof(struct cell));
		else
			at |= ((uintptr_t)1 << PAGE_SHIFT) - 8;
	}
}

void rt_shadow_free(uintptr_t address, size_t size)
{
	for (uintptr_t at = address & ~(uintptr_t)7; at < address + size; at += 8)
		cell_of(at)->freed = true;
}
