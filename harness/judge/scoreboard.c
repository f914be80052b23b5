#include "judge/scoreboard.h"

#include "base/mem.h"
#include "tool/tool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void scoreboard_release(struct scoreboard *board)
{
	for (size_t i = 0; i < board->nr; i++) {
		free(board->items[i].id);
		free(board->items[i].campaigns.items);
	}
	free(board->items);
	*board = (struct scoreboard){ 0 };
}

bool scoreboard_in_kind(enum tool_id tool, const struct testcase *tc)
{
	if (tool_get(tool)->sees & tc->kinds)
		return true;
	for (size_t i = 0; tool_get(tool)->shows_outcomes && i < tc->nr_outcomes; i++)
		if (tc->outcomes[i].racy != GRADE_ACCEPTABLE)
			return true;
	return false;
}

static uint64_t hits_of(const struct cell *cell)
{
	if (tool_get(cell->tool)->shows_outcomes)
		return cell->bug_runs;
	return cell->target->variant == VARIANT_RACY ? cell->detected : cell->unexpected;
}

static enum score_state state_of(const struct cell *cell, const struct verdict *verdict,
				 bool build_failed)
{
	const struct target *target = cell->target;
	enum answer answer = target->tc->expect[target->variant][cell->tool].answer;

	if (build_failed)
		return SCORE_UNSUPPORTED;
	if (!cell->runs)
		return SCORE_UNMEASURED;
	if (verdict->status == VERDICT_INCONCLUSIVE ||
	    (answer == ANSWER_UNSUPPORTED && verdict->limitation))
		return SCORE_UNSUPPORTED;
	// Its runs are not believed for a reason of the tool's own.
	if (verdict->status == VERDICT_ERROR)
		return SCORE_UNMEASURED;
	// Under a detector that breaks every run, silence says nothing.
	if (!tool_get(cell->tool)->shows_outcomes && cell->unlisted == cell->runs && !hits_of(cell))
		return SCORE_UNSUPPORTED;
	return SCORE_ANSWERED;
}

static struct score_cell *score_cell_find(struct scoreboard *board, const struct cell *cell)
{
	for (size_t i = 0; i < board->nr; i++) {
		struct score_cell *sc = &board->items[i];

		if (sc->tool == cell->tool && sc->variant == cell->target->variant &&
		    !strcmp(sc->id, cell->target->tc->id))
			return sc;
	}
	return NULL;
}

static enum score_state both(enum score_state a, enum score_state b)
{
	if (a == SCORE_UNSUPPORTED || b == SCORE_UNSUPPORTED)
		return SCORE_UNSUPPORTED;
	return a > b ? a : b;
}

void scoreboard_add(struct scoreboard *board, const struct cell *cell,
		    const struct verdict *verdict, bool build_failed)
{
	const struct testcase *tc = cell->target->tc;
	enum score_state state = state_of(cell, verdict, build_failed);
	struct score_cell *sc = score_cell_find(board, cell);

	if (!sc) {
		sc = VEC_PUSH(board);
		*sc = (struct score_cell){
			.id = xstrdup(tc->id),
			.variant = cell->target->variant,
			.tool = cell->tool,
			.class = tc->class,
			.in_kind = scoreboard_in_kind(cell->tool, tc),
			.state = state,
		};
	}
	sc->state = both(sc->state, state);
	if (state == SCORE_UNMEASURED)
		return;
	if (!sc->first && cell->first_detection)
		sc->first = sc->runs + cell->first_detection;
	sc->runs += cell->runs;
	sc->hits += hits_of(cell);
	sc->cpu_ns += cell->cpu_ns;
	for (size_t i = 0; i < cell->campaigns.nr; i++)
		*VEC_PUSH(&sc->campaigns) = cell->campaigns.items[i];
}

static bool in_scope(const struct score_cell *sc, enum tool_id tool,
		     const struct score_scope *scope)
{
	return sc->tool == tool && (!scope->in_kind || sc->in_kind) &&
	       (scope->class < 0 || (int)sc->class == scope->class);
}

static void count_answer(struct score *score, const struct score_cell *sc)
{
	bool racy = sc->variant == VARIANT_RACY;
	uint64_t *column = racy       ? (sc->hits ? &score->tp : &score->fn)
			   : sc->hits ? &score->fp
				      : &score->tn;

	++*column;
	*(racy ? &score->racy_runs : &score->fixed_runs) += sc->runs;
	*(racy ? &score->racy_hits : &score->fixed_hits) += sc->hits;
	score->racy_in_kind += racy && sc->in_kind;
	if (racy)
		score->run_recall += (double)sc->hits / (double)sc->runs;
}

static void count(struct score *score, const struct score_cell *sc)
{
	score->runs += sc->runs;
	score->cpu_ns += sc->cpu_ns;
	switch (sc->state) {
	case SCORE_UNMEASURED:
		score->unmeasured++;
		return;
	case SCORE_UNSUPPORTED:
		score->unsupported++;
		return;
	case SCORE_ANSWERED:
		count_answer(score, sc);
		return;
	}
}

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

static void take_ratios(struct score *s)
{
	double answered = (double)(s->tp + s->fp + s->tn + s->fn);

	s->recall = ratio((double)s->tp, (double)(s->tp + s->fn));
	s->specificity = ratio((double)s->tn, (double)(s->tn + s->fp));
	s->precision = ratio((double)s->tp, (double)(s->tp + s->fp));
	s->accuracy = ratio((double)(s->tp + s->tn), answered);
	// 2PR/(P+R), written so that it is 0/0 only when there is nothing to find and nothing found
	s->f1 = ratio(2 * (double)s->tp, (double)(2 * s->tp + s->fp + s->fn));
	s->support = ratio(answered, answered + (double)s->unsupported);
	s->adjusted_f1 = s->support * s->f1;
	s->run_recall = ratio(s->run_recall, (double)(s->tp + s->fn));
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void take_firsts(struct score *score, uint64_t *firsts, size_t nr)
{
	size_t low = nr ? (nr - 1) / 2 : 0, high = nr / 2; // the same when there is a middle

	score->first_median = NAN;
	if (!nr)
		return;
	qsort(firsts, nr, sizeof(*firsts), by_size);
	score->first_median = ((double)firsts[low] + (double)firsts[high]) / 2;
	score->first_max = firsts[nr - 1];
}

void scoreboard_sum(const struct scoreboard *board, enum tool_id tool,
		    const struct score_scope *scope, struct score *score)
{
	uint64_t *firsts = xcalloc(board->nr + 1, sizeof(*firsts));
	size_t nr = 0;

	*score = (struct score){ 0 };
	for (size_t i = 0; i < board->nr; i++) {
		const struct score_cell *sc = &board->items[i];

		if (!in_scope(sc, tool, scope))
			continue;
		count(score, sc);
		if (sc->state == SCORE_ANSWERED && sc->variant == VARIANT_RACY && sc->hits)
			firsts[nr++] = sc->first;
	}
	take_ratios(score);
	take_firsts(score, firsts, nr);
	free(firsts);
}

bool score_any(const struct score *score)
{
	return score->tp + score->fp + score->tn + score->fn + score->unsupported +
		       score->unmeasured >
	       0;
}
