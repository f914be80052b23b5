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
#include "hb/history.h"
#include "hb/report.h"

enum { LINE_SHIFT = 7, LINE_CELLS = 16, MAX_LINES = 1 << 20 };

struct cell {
	struct rt_var var;
	uint8_t mask; // the bytes that `var` is about; 0: untouched
	bool freed;
	struct rt_var *bytes; // eight of them; then `var` is no longer used
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

// True when a race was reported: once is enough for one access.
static inline __attribute__((always_inline)) bool
check_var(struct rt_var *var, struct rt_past now, enum rt_op op, uintptr_t address, bool quiet)
{
	const struct rt_past *other;

	// FastTrack's short cut: nothing new within one epoch.
	if (op == RT_OP_WRITE && rt_past_thread(var->write) == rt_past_thread(now) &&
	    rt_past_clock(var->write) == rt_past_clock(now) && !rt_past_clock(var->read) &&
	    !var->reads && !var->more)
		return false;
	if (RT_UNLIKELY(var->more != NULL) && rt_is_repeated(var->more, now, op))
		quiet = true;
	other = quiet ? NULL : rt_conflict(var, op);
	if (RT_UNLIKELY(other != NULL))
		rt_report_conflicts(var, other, now, address);
	rt_remember(var, now, op);
	return other != NULL;
}

static void split(struct cell *cell)
{
	cell->bytes = rt_alloc(8 * sizeof(*cell->bytes));
	for (int i = 0; i < 8; i++)
		if (cell->mask >> i & 1)
			cell->bytes[i] = cell->var;
	// Vectors would be shared by the bytes: each gets its own from the single entries.
	for (int i = 0; i < 8; i++)
		rt_own_vectors(&cell->bytes[i]);
}

static bool check_cell(struct cell *cell, uint8_t mask, struct rt_past now, uintptr_t address,
		       bool quiet)
{
	if (!cell->bytes && (!cell->mask || cell->mask == mask)) {
		cell->mask = mask;
		return check_var(&cell->var, now, rt_past_op(now), address, quiet);
	}
	if (!cell->bytes)
		split(cell);
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1)
			quiet |= check_var(&cell->bytes[i], now, rt_past_op(now), address, quiet);
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
	const struct rt_past now = rt_past_now(size, op, pc);
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
	check_var(&cell->var, rt_past_now(size, op, pc), op, address, false);
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
