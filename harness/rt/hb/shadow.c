/*
 * Which thread touched what: data races by happens-before on the schedule that runs,
 * with the epochs of FastTrack (C. Flanagan, S. Freund, FastTrack: Efficient and
 * Precise Dynamic Race Detection, PLDI 2009). There is no window and no lost
 * history: every access is compared with all that are not ordered with it.
 *
 * Eight bytes of the program have one cell. As long as they are used in one way
 * (always these four of them, say) it has one state; then one for each byte.
 */
#include "hb/shadow.h"
#include "core/iteration.h"
#include "core/table.h"
#include "hb/report.h"

#include <string.h>

enum { LINE_SHIFT = 7, LINE_CELLS = 16, MAX_LINES = 1 << 20 };

/*
 * The latest access of its sort. Two words, which are copied as such:
 * clock (0: none) and step; place (offset from the program's base), thread,
 * enum rt_op and size.
 */
struct past {
	uint64_t when, where;
};

// What few variables have: one for each thread, or NULL.
struct more {
	struct past *atomic_reads, *atomic_writes;
	struct past *writes; // that others followed without order
};

struct var {
	struct past write, read;
	struct past *reads; // one for each thread, once two read at the same time
	struct more *more;
};

struct cell {
	struct var var;
	uint8_t mask; // the bytes that `var` is about; 0: untouched
	bool freed;
	struct var *bytes; // eight of them; then `var` is no longer used
};

// Lines: the cells of 128 bytes of the program each, by line_of().
static RT_ITERATION_STATE struct rt_table lines;

void rt_shadow_begin(void)
{
	rt_table_begin(&lines);
}

static struct cell *new_line(uintptr_t number)
{
	struct cell *cells = rt_alloc(LINE_CELLS * sizeof(*cells));

	if (!rt_table_reserve(&lines, MAX_LINES, NULL))
		rt_end_limit("room for the history of memory");
	rt_table_put(&lines, number, cells);
	return cells;
}

static inline uintptr_t line_of(uintptr_t address)
{
	return address >> LINE_SHIFT;
}

static inline struct cell *cell_of(uintptr_t address)
{
	struct cell *cells = rt_table_slot(&lines, line_of(address))->value;

	if (RT_UNLIKELY(!cells))
		cells = new_line(line_of(address));
	return &cells[address >> 3 & (LINE_CELLS - 1)];
}

static inline uint32_t clock_of(struct past past)
{
	return (uint32_t)past.when;
}

static inline unsigned thread_of(struct past past)
{
	return past.where >> 32 & 0xffff;
}

static inline enum rt_op op_of(struct past past)
{
	return (enum rt_op)(past.where >> 48 & 0xff);
}

static inline struct past past_now(unsigned size, enum rt_op op, uintptr_t pc)
{
	const struct rt_thread *self = rt_self;

	return (struct past){
		.when = self->clock[self->id] | rt_iteration.step << 32,
		.where = (uint32_t)(pc - rt_shared->base) | (uint64_t)self->id << 32 |
			 (uint64_t)op << 48 | (uint64_t)(size < 255 ? size : 255) << 56,
	};
}

static inline bool before_me(struct past past)
{
	return clock_of(past) <= rt_self->clock[thread_of(past)];
}

static struct past *per_thread(void)
{
	return rt_alloc(rt_iteration.capacity * sizeof(struct past));
}

static const struct past *unordered_of(const struct past *pasts)
{
	for (uint32_t i = 0; pasts && i < rt_iteration.nr_threads; i++)
		if (clock_of(pasts[i]) && !before_me(pasts[i]))
			return &pasts[i];
	return NULL;
}

static __attribute__((noinline)) const struct past *older_conflict(const struct more *more,
								   bool writing, bool atomic)
{
	const struct past *other = unordered_of(more->writes);

	if (!other && !atomic)
		other = unordered_of(more->atomic_writes);
	if (!other && !atomic && writing)
		other = unordered_of(more->atomic_reads);
	return other;
}

// An earlier access that conflicts with the new one and is not ordered with it, or NULL.
static inline const struct past *conflict(const struct var *var, enum rt_op op)
{
	bool writing = op == RT_OP_WRITE || op == RT_OP_ATOMIC_WRITE;
	bool atomic = op == RT_OP_ATOMIC_READ || op == RT_OP_ATOMIC_WRITE;
	const struct past *other = NULL;

	if (!before_me(var->write))
		return &var->write;
	if (writing) {
		other = RT_UNLIKELY(var->reads != NULL) ? unordered_of(var->reads)
			: before_me(var->read)          ? NULL
							: &var->read;
	}
	if (!other && RT_UNLIKELY(var->more != NULL))
		other = older_conflict(var->more, writing, atomic);
	return other;
}

static void remember_in_turn(struct var *var, struct past now)
{
	if (!var->reads) {
		var->reads = per_thread();
		var->reads[thread_of(var->read)] = var->read;
	}
	var->reads[thread_of(now)] = now;
}

static struct more *more_of(struct var *var)
{
	if (!var->more)
		var->more = rt_alloc(sizeof(*var->more));
	return var->more;
}

static void remember_among(struct past **pasts, struct past past)
{
	if (!*pasts)
		*pasts = per_thread();
	(*pasts)[thread_of(past)] = past;
}

static void remember_atomic(struct var *var, struct past now)
{
	struct more *more = more_of(var);

	remember_among(op_of(now) == RT_OP_ATOMIC_READ ? &more->atomic_reads : &more->atomic_writes,
		       now);
}

/*
 * What comes after a race is a race with both: the write that is about to be forgotten is
 * kept beside the new one. The accesses before it are forgotten, as after any write.
 */
static __attribute__((noinline)) void keep_write(struct var *var)
{
	remember_among(&more_of(var)->writes, var->write);
}

static inline void remember(struct var *var, struct past now, enum rt_op op)
{
	if (op == RT_OP_READ) {
		if (!var->reads && before_me(var->read))
			var->read = now;
		else
			remember_in_turn(var, now);
	} else if (op == RT_OP_WRITE) {
		var->write = now;
		var->read.when = 0;
		if (RT_UNLIKELY(var->reads != NULL))
			memset(var->reads, 0, rt_iteration.capacity * sizeof(*var->reads));
	} else {
		remember_atomic(var, now);
	}
}

/*
 * Races that were reported: a program that has one has it again and again, which is
 * not worth another look at the call stacks.
 */
static bool is_reported(struct past past, struct past now, bool add)
{
	enum { REPORTED = 32 };
	static RT_ITERATION_STATE struct {
		uint32_t places[2];
		uint8_t ops[2];
		bool used;
	} reported[REPORTED];
	const uint32_t here = (uint32_t)now.where, there = (uint32_t)past.where;
	unsigned i = (here * 31 + there * 17 + op_of(now)) % REPORTED;

	if (reported[i].used && reported[i].places[0] == here && reported[i].places[1] == there &&
	    reported[i].ops[0] == op_of(now) && reported[i].ops[1] == op_of(past))
		return true;
	if (add) {
		reported[i].places[0] = here;
		reported[i].places[1] = there;
		reported[i].ops[0] = (uint8_t)op_of(now);
		reported[i].ops[1] = (uint8_t)op_of(past);
		reported[i].used = true;
	}
	return false;
}

// Earlier accesses are known by their steps: a second run asks for their call stacks.
static void report(struct past past, struct past now, uintptr_t address)
{
	static RT_ITERATION_STATE struct rt_site *sites;

	if (is_reported(past, now, false))
		return;
	if (!sites)
		sites = rt_alloc(2 * sizeof(*sites));
	rt_site_here(&sites[0], op_of(now), address, now.where >> 56,
		     rt_shared->base + (uint32_t)now.where);
	sites[1] = (struct rt_site){
		.thread = thread_of(past),
		.op = op_of(past),
		.size = (uint32_t)(past.where >> 56),
		.address = address,
		.step = past.when >> 32,
		.nr_stack = 1,
		.stack = { rt_shared->base + (uint32_t)past.where },
	};
	if (rt_report(RT_FOUND_RACE, sites, 2))
		is_reported(past, now, true);
}

static __attribute__((noinline)) void report_conflicts(struct var *var, const struct past *other,
						       struct past now, uintptr_t address)
{
	report(*other, now, address);
	for (uint32_t i = 0; var->more && var->more->writes && i < rt_iteration.nr_threads; i++) {
		const struct past *older = &var->more->writes[i];

		if (older != other && clock_of(*older) && !before_me(*older))
			report(*older, now, address);
	}
	if (op_of(now) == RT_OP_WRITE && clock_of(var->write) && !before_me(var->write))
		keep_write(var);
}

// True when a race was reported: once is enough for one access.
static inline __attribute__((always_inline)) bool
check_var(struct var *var, struct past now, enum rt_op op, uintptr_t address, bool quiet)
{
	const struct past *other;

	// FastTrack's short cut: nothing new within one epoch.
	if (op == RT_OP_WRITE && thread_of(var->write) == thread_of(now) &&
	    clock_of(var->write) == clock_of(now) && !clock_of(var->read) && !var->reads &&
	    !var->more)
		return false;
	other = quiet ? NULL : conflict(var, op);
	if (RT_UNLIKELY(other != NULL))
		report_conflicts(var, other, now, address);
	remember(var, now, op);
	return other != NULL;
}

static struct past *copy_of(const struct past *pasts)
{
	return pasts ? memcpy(per_thread(), pasts, rt_iteration.capacity * sizeof(*pasts)) : NULL;
}

static void own_vectors(struct var *var)
{
	const struct more *more = var->more;

	var->reads = copy_of(var->reads);
	if (!more)
		return;
	var->more = rt_alloc(sizeof(*var->more));
	*var->more = (struct more){ copy_of(more->atomic_reads), copy_of(more->atomic_writes),
				    copy_of(more->writes) };
}

static void split(struct cell *cell)
{
	cell->bytes = rt_alloc(8 * sizeof(*cell->bytes));
	for (int i = 0; i < 8; i++)
		if (cell->mask >> i & 1)
			cell->bytes[i] = cell->var;
	// Vectors would be shared by the bytes: each gets its own from the single entries.
	for (int i = 0; i < 8; i++)
		own_vectors(&cell->bytes[i]);
}

static bool check_cell(struct cell *cell, uint8_t mask, struct past now, uintptr_t address,
		       bool quiet)
{
	if (!cell->bytes && (!cell->mask || cell->mask == mask)) {
		cell->mask = mask;
		return check_var(&cell->var, now, op_of(now), address, quiet);
	}
	if (!cell->bytes)
		split(cell);
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1)
			quiet |= check_var(&cell->bytes[i], now, op_of(now), address, quiet);
	return quiet;
}

static void report_freed(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc)
{
	static RT_COLD_STATE struct rt_site site;

	rt_site_here(&site, op, address, size, pc);
	rt_report(RT_FOUND_USE_AFTER_FREE, &site, 1);
}

static __attribute__((noinline)) void check_range(uintptr_t address, unsigned size, enum rt_op op,
						  uintptr_t pc)
{
	const struct past now = past_now(size, op, pc);
	uintptr_t end = address + size;
	bool reported = false;

	for (uintptr_t at = address; at < end;) {
		uintptr_t next = (at | 7) + 1 < end ? (at | 7) + 1 : end;
		struct cell *cell = cell_of(at);
		uint8_t mask = (uint8_t)(((1u << (next - at)) - 1) << (at & 7));

		if (RT_UNLIKELY(cell->freed) && !reported) {
			report_freed(address, size, op, pc);
			reported = true;
		}
		reported |= check_cell(cell, mask, now, address, reported);
		at = next;
	}
}

// Nearly every access lies within one cell, which is always used in the same way.
static inline __attribute__((always_inline)) void check(uintptr_t address, unsigned size,
							enum rt_op op, uintptr_t pc)
{
	unsigned first = address & 7, mask;
	struct cell *cell;

	if (RT_UNLIKELY(rt_self->ignoring))
		return;
	if (RT_UNLIKELY(first + size > 8)) {
		check_range(address, size, op, pc);
		return;
	}
	cell = cell_of(address);
	mask = ((1u << size) - 1) << first;
	if (RT_UNLIKELY(cell->mask != mask || cell->freed || cell->bytes)) {
		check_range(address, size, op, pc);
		return;
	}
	check_var(&cell->var, past_now(size, op, pc), op, address, false);
}

void rt_read(uintptr_t address, unsigned size, uintptr_t pc)
{
	check(address, size, RT_OP_READ, pc);
}

void rt_write(uintptr_t address, unsigned size, uintptr_t pc)
{
	check(address, size, RT_OP_WRITE, pc);
}

void rt_access(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc)
{
	if (!rt_self->ignoring)
		check_range(address, size, op, pc);
}

// Forgets the part of the line that lies in the range.
static void clear_line(const struct rt_slot *line, uintptr_t from, uintptr_t to)
{
	uintptr_t start = line->key << LINE_SHIFT, end = start + (1u << LINE_SHIFT);
	struct cell *cells = line->value;

	if (!cells || end <= from || start >= to)
		return;
	if (start < from)
		start = from;
	if (end > to)
		end = to;
	for (uintptr_t at = start; at < end; at += 8)
		cells[at >> 3 & (LINE_CELLS - 1)] = (struct cell){ 0 };
}

// Walks through the smaller of the two: the range or all known lines.
void rt_shadow_clear(uintptr_t address, size_t size)
{
	uintptr_t from = address & ~(uintptr_t)7, to = address + size, first = line_of(from),
		  last = line_of(to - 1);

	if (!size)
		return;
	if (last - first < lines.size) {
		for (uintptr_t number = first; number <= last; number++)
			clear_line(rt_table_slot(&lines, number), from, to);
	} else {
		for (unsigned i = 0; i < lines.size; i++)
			clear_line(&lines.slots[i], from, to);
	}
}

void rt_shadow_free(uintptr_t address, size_t size)
{
	for (uintptr_t at = address & ~(uintptr_t)7; at < address + size; at += 8)
		cell_of(at)->freed = true;
}

void rt_access_range(const void *from, size_t size, enum rt_op op, uintptr_t pc)
{
	enum { CHECKED = 1 << 20 };

	rt_access((uintptr_t)from, size < CHECKED ? (unsigned)size : CHECKED, op, pc);
}
