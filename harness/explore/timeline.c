#include "explore/timeline.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/source_line.h"
#include "base/symbols.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAX_COLUMNS = 16,
	STEP_WIDTH = 6, // "   12*"
	MIN_COLUMN = 18,
	MAX_ROWS = 2000
};

// A place in the source, looked up once.
struct place {
	uint64_t pc;
	char *file; // NULL: none
	int line;
	char *text;
};

struct sheet {
	const struct translator *translator;
	struct strbuf *out;
	unsigned columns, width; // number of columns; width of each
	unsigned text;           // width of a line of source in any column
	struct no_return no_return;
	const char *file; // the program's main file; lines of other files are shown with their name
	struct {
		struct place *items;
		size_t nr, alloc;
	} places;
};

static const struct place *place_of(struct sheet *sheet, uint64_t pc)
{
	struct stack stack = { 0 };
	struct place *place;

	for (size_t i = 0; i < sheet->places.nr; i++)
		if (sheet->places.items[i].pc == pc)
			return &sheet->places.items[i];
	place = VEC_PUSH(&sheet->places);
	*place = (struct place){ .pc = pc };
	if (sheet->translator->dwfl && pc)
		symbols_add_frames(sheet->translator->dwfl, pc - 1, &stack);
	if (stack.nr && stack.items[0].file && !translate_is_runtime(sheet->translator, pc)) {
		place->file = xstrdup(stack.items[0].file);
		place->line = stack.items[0].line;
		place->text = source_line(place->file, place->line);
	}
	stack_release(&stack);
	return place;
}

static bool is_marked(const struct rt_shared *shared, uint64_t step, uint16_t thread)
{
	for (uint32_t i = 0; i < shared->result.nr_findings; i++) {
		const struct rt_finding *f = &shared->result.findings[i];

		for (uint32_t k = 0; k < f->nr_sites; k++)
			if (f->sites[k].step == step && f->sites[k].thread == thread)
				return true;
	}
	return false;
}

struct op_words {
	const char *verb; // NULL: the line of source shows it
	bool synchronises;
};

// The last row is for invalid values: a program may have overwritten the memory.
static const struct op_words ops[RT_OP_NR + 1] = {
	[RT_OP_ATOMIC_READ] = { NULL, true },
	[RT_OP_ATOMIC_WRITE] = { NULL, true },
	[RT_OP_LOCK] = { "lock", true },
	[RT_OP_UNLOCK] = { "unlock", true },
	[RT_OP_WAIT] = { "wait", true },
	[RT_OP_WAKE] = { "wake", true },
	[RT_OP_CREATE] = { "create", true },
	[RT_OP_JOIN] = { "join", true },
	[RT_OP_FREE] = { "free", false },
	[RT_OP_YIELD] = { "yield", false },
	[RT_OP_SLEEP] = { "sleep", false },
	[RT_OP_END] = { "end", true },
	[RT_OP_SPURIOUS] = { "wakes without a signal", true },
};

static const struct op_words *words_of(const struct rt_event *event)
{
	return &ops[event->op < RT_OP_NR ? event->op : RT_OP_NR];
}

static void add_row(struct sheet *sheet, uint32_t step, unsigned thread, char mark,
		    const char *cell)
{
	struct strbuf row = STRBUF_INIT;

	strbuf_addf(&row, "%5u%c", step, mark);
	unsigned column = thread < sheet->columns ? thread : sheet->columns - 1;

	strbuf_addf(&row, "%*s", (int)(column * sheet->width), "");
	if (column != thread) // threads beyond the columns share the last one
		strbuf_addf(&row, "T%u ", thread);
	strbuf_addf(&row, "%.*s", (int)sheet->text, cell);
	strbuf_trim(&row);
	strbuf_addf(sheet->out, "%s\n", row.buf);
	strbuf_release(&row);
}

static void add_event(struct sheet *sheet, const struct rt_shared *shared,
		      const struct rt_event *first, const struct rt_event *last)
{
	const struct place *place = place_of(sheet, first->pc);
	const char *what = words_of(first)->verb;
	char mark = ' ', *cell;

	for (const struct rt_event *e = first; e <= last && mark != '*'; e++)
		if (is_marked(shared, e->step, e->thread))
			mark = '*';
		else if (words_of(e)->synchronises)
			mark = '+';
	if (!place->file && !what)
		return;
	if (place->text && first->op != RT_OP_SPURIOUS)
		what = place->text;
	if (!place->file)
		cell = xstrdup(what);
	else if (what == place->text && sheet->file && !strcmp(place->file, sheet->file))
		cell = xasprintf("%d %s", place->line, what);
	else
		cell = xasprintf("%s:%d %s", fs_base(place->file), place->line, what ? what : "");
	add_row(sheet, first->step, first->thread, mark, cell);
	free(cell);
}

static unsigned places_in(const struct sheet *sheet, const char *file)
{
	unsigned nr = 0;

	for (size_t i = 0; i < sheet->places.nr; i++)
		nr += sheet->places.items[i].file && !strcmp(sheet->places.items[i].file, file);
	return nr;
}

// Looks up all places. The file that has most of them is the program's main file.
static void find_file(struct sheet *sheet, const struct rt_shared *shared)
{
	unsigned most = 0;

	for (uint32_t i = 0; i < shared->result.nr_events; i++)
		place_of(sheet, shared->events[i].pc);
	for (size_t i = 0; i < sheet->places.nr; i++) {
		const char *file = sheet->places.items[i].file;

		if (file && !text_ends_with(file, ".h") && places_in(sheet, file) > most) {
			most = places_in(sheet, file);
			sheet->file = file;
		}
	}
}

static void add_head(struct sheet *sheet)
{
	strbuf_addf(sheet->out, " step ");
	for (unsigned i = 0; i < sheet->columns; i++) {
		char *name = thread_name(i);

		strbuf_addf(sheet->out, "%-*s", i + 1 < sheet->columns ? (int)sheet->width : 0,
			    name);
		free(name);
	}
	strbuf_addch(sheet->out, '\n');
}

static bool same_line(struct sheet *sheet, const struct rt_event *a, const struct rt_event *b)
{
	const struct place *x = place_of(sheet, a->pc);
	int line = x->line;
	bool has_file = x->file != NULL;
	const struct place *y = place_of(sheet, b->pc); // may move the places in memory

	return a->thread == b->thread && has_file && y->file && line == y->line &&
	       words_of(a)->verb == words_of(b)->verb &&
	       !(sheet->no_return.tried && a->step <= sheet->no_return.step &&
		 b->step > sheet->no_return.step);
}

void no_return_words(const struct no_return *n, struct strbuf *out)
{
	strbuf_addf(out, "after step %llu all of %u other continuations showed it too",
		    (unsigned long long)n->step, n->tried);
}

// A line across all columns, once, before the first step after the point of no return.
static void add_no_return(struct sheet *sheet, uint32_t next_step)
{
	struct no_return *n = &sheet->no_return;

	if (!n->tried || next_step <= n->step)
		return;
	strbuf_addstr(sheet->out, " ---- ");
	no_return_words(n, sheet->out);
	strbuf_addstr(sheet->out, " ----\n");
	n->tried = 0;
}

void timeline_render(const struct translator *translator, const struct rt_shared *shared,
		     const struct no_return *no_return, unsigned width, struct strbuf *out)
{
	const struct rt_result *r = &shared->result;
	struct sheet sheet = { .translator = translator, .out = out, .no_return = *no_return };
	unsigned rows = 0;

	sheet.columns = r->threads && r->threads < MAX_COLUMNS ? r->threads : MAX_COLUMNS;
	sheet.width = (width - STEP_WIDTH) / sheet.columns;
	sheet.text = sheet.width - 1;
	// With many threads the columns overlap: each line begins in its own column.
	if (sheet.width < MIN_COLUMN) {
		sheet.text = MIN_COLUMN;
		sheet.width = (width - STEP_WIDTH - MIN_COLUMN - 4) / (sheet.columns - 1);
	}
	find_file(&sheet, shared);
	add_head(&sheet);
	for (uint32_t i = 0, next; i < r->nr_events && rows < MAX_ROWS; i = next, rows++) {
		add_no_return(&sheet, shared->events[i].step);
		for (next = i + 1; next < r->nr_events &&
				   same_line(&sheet, &shared->events[i], &shared->events[next]);
		     next++)
			;
		add_event(&sheet, shared, &shared->events[i], &shared->events[next - 1]);
	}
	if (rows == MAX_ROWS)
		strbuf_addstr(out, "  ... (truncated)\n");
	for (size_t i = 0; i < sheet.places.nr; i++) {
		free(sheet.places.items[i].file);
		free(sheet.places.items[i].text);
	}
	free(sheet.places.items);
}
