/*
 * Outcomes as tables: of a case as it lists them, over plain runs and over the
 * explorer's schedules; of other programs as they came. Where a schedule shows a bad
 * one, how to follow it.
 */
#include "report/text_outcomes.h"

#include "base/mem.h"
#include "base/text.h"
#include "judge/outcome.h"
#include "report/text_finding.h"

#include <string.h>

enum { RESULT_WIDTH = 22, MOST_SHOWN = 10 };

struct table {
	const struct report *report;
	const struct report_target *targets[2]; // racy, fixed; NULL: not there
	enum tool_id tool;
	bool meanings; // else another table has shown them
	const struct ink *ink;
	struct strbuf *out;
};

// NULL: there is nothing to count.
static const struct cell *cell_of(const struct table *table, int variant)
{
	const struct report_target *target = table->targets[variant];

	return target && target->cells[table->tool].cell.runs ? &target->cells[table->tool].cell
							      : NULL;
}

static uint64_t row_count(const struct cell *cell, const struct outcome_row *row)
{
	uint64_t count = 0;

	for (size_t i = 0; i < cell->outcomes.nr; i++)
		if (outcome_row(cell->target, cell->outcomes.items[i].text) == row)
			count += cell->outcomes.items[i].count;
	return count;
}

static void add_count(const struct table *table, int variant, const struct outcome_row *row)
{
	const struct cell *cell = cell_of(table, variant);
	const enum grade grade = variant ? row->fixed : row->racy;
	const uint64_t count = cell ? row_count(cell, row) : 0;
	const bool bad = count && grade != GRADE_ACCEPTABLE;

	if (!cell) {
		strbuf_addpad(table->out, "", 28);
		return;
	}
	strbuf_addf(table->out, "%7llu %5.1f %%  %s", (unsigned long long)count,
		    100.0 * (double)count / (double)cell->runs, bad ? table->ink->red : "");
	strbuf_addpad(table->out, grade_name(grade), 11);
	strbuf_addf(table->out, "%s ", bad ? table->ink->off : "");
}

// The row may match many outcomes: the simplest schedule of a bad one.
static void add_replay(const struct table *table, int variant, const struct outcome_row *row)
{
	const struct cell *cell = cell_of(table, variant);
	const struct outcome_count *best = NULL;

	for (size_t i = 0; cell && i < cell->outcomes.nr; i++) {
		const struct outcome_count *o = &cell->outcomes.items[i];

		if (o->schedule && o->grade != GRADE_ACCEPTABLE &&
		    outcome_row(cell->target, o->text) == row &&
		    (!best || o->preemptions < best->preemptions))
			best = o;
	}
	if (best)
		text_replay(table->report, cell->target, best->schedule, table->out);
}

static void add_row(const struct table *table, const struct outcome_row *row)
{
	const char *text = row->result;
	const bool wide = text_width(text, strlen(text)) > RESULT_WIDTH;
	struct strbuf *out = table->out;

	strbuf_addf(out, "  %s", wide ? text : "");
	if (wide) // it has a line to itself
		strbuf_addf(out, "\n%*s", RESULT_WIDTH + 2, "");
	else
		strbuf_addpad(out, text, RESULT_WIDTH);
	for (int variant = 0; variant < 2; variant++)
		add_count(table, variant, row);
	strbuf_trim(out);
	strbuf_addch(out, '\n');
	if (table->meanings) {
		strbuf_addf(out, "      %s", table->ink->dim);
		text_wrap(out, row->meaning, 6, 80);
		out->buf[--out->len] = '\0';
		strbuf_addf(out, "%s\n", table->ink->off);
	}
	for (int variant = 0; variant < 2; variant++)
		add_replay(table, variant, row);
}

static void add_unlisted(const struct table *table, int variant)
{
	const struct cell *cell = cell_of(table, variant);
	const char *runs = table->tool == TOOL_EXPLORE ? "schedules" : "runs";
	unsigned nr = 0;

	for (size_t i = 0; cell && i < cell->outcomes.nr; i++) {
		const struct outcome_count *o = &cell->outcomes.items[i];

		if (o->listed || nr++ >= MOST_SHOWN)
			continue;
		strbuf_addf(table->out,
			    "  %s%s\n      unlisted, so forbidden: %llu of %llu %s of %s%s\n",
			    table->ink->red, *o->text ? o->text : "(nothing)",
			    (unsigned long long)o->count, (unsigned long long)cell->runs, runs,
			    variant ? "fixed" : "racy", table->ink->off);
		if (o->schedule)
			text_replay(table->report, cell->target, o->schedule, table->out);
	}
	if (nr > MOST_SHOWN)
		strbuf_addf(table->out, "  … and %u more that are not listed\n", nr - MOST_SHOWN);
}

static void add_table(const struct table *table, const struct testcase *tc)
{
	struct strbuf *out = table->out;

	strbuf_addf(out, "\n  %s", table->ink->bold);
	strbuf_addpad(out, "", RESULT_WIDTH);
	strbuf_addpad(out,
		      table->tool == TOOL_EXPLORE ? "   racy (schedules)" : "   racy (plain runs)",
		      28);
	strbuf_addstr(out, "   fixed\n  ");
	strbuf_addpad(out, "RESULT", RESULT_WIDTH);
	strbuf_addf(out, "SAMPLES   FREQ   EXPECT      SAMPLES   FREQ   EXPECT%s\n",
		    table->ink->off);
	for (size_t i = 0; i < tc->nr_outcomes; i++)
		add_row(table, &tc->outcomes[i]);
	for (int variant = 0; variant < 2; variant++)
		add_unlisted(table, variant);
}

void text_outcomes(const struct report *report, const struct report_target *racy,
		   const struct report_target *fixed, const struct ink *ink, struct strbuf *out)
{
	static const enum tool_id tools[] = { TOOL_NATIVE, TOOL_EXPLORE };
	struct table table = { .report = report,
			       .targets = { racy, fixed },
			       .meanings = true,
			       .ink = ink,
			       .out = out };

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		table.tool = tools[i];
		if (!cell_of(&table, 0) && !cell_of(&table, 1))
			continue;
		add_table(&table, (racy ? racy : fixed)->target->tc);
		table.meanings = false;
	}
}

void text_own_outcomes(const struct report *report, const struct report_target *target,
		       const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "\n  %sRESULT  (SAMPLES of runs, tool)%s\n", ink->bold, ink->off);
	for (int t = 0; t < TOOL_NR; t++) {
		const struct cell *cell = &target->cells[t].cell;

		for (size_t i = 0; i < cell->outcomes.nr && i < MOST_SHOWN; i++) {
			const struct outcome_count *o = &cell->outcomes.items[i];

			strbuf_addf(out, "  %s  (%llu of %llu, %s)\n",
				    *o->text ? o->text : "(nothing)", (unsigned long long)o->count,
				    (unsigned long long)cell->runs, tool_name(t));
			// The most frequent one is what mostly happens, unless it is bad.
			if (o->schedule && (i || o->grade != GRADE_ACCEPTABLE))
				text_replay(report, target->target, o->schedule, out);
		}
		if (cell->outcomes.nr > MOST_SHOWN)
			strbuf_addf(out, "  … and %s%zu more (%s)\n",
				    cell->other_outcomes ? "at least " : "",
				    cell_outcomes(cell) - MOST_SHOWN, tool_name(t));
	}
}
