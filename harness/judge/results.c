#include "judge/results.h"

#include "base/mem.h"

#define ULL(x) ((unsigned long long)(x))

static bool same_lines(const struct cell *cell)
{
	return cell->lines.nr == 1 && !cell->lines.unknown;
}

enum results_differ results_differ(const struct cell *cell)
{
	if (cell->target->tc || cell_results(cell) < 2)
		return RESULTS_AGREE;
	switch (cell->target->gate.results) {
	case RESULTS_SAME:
		return same_lines(cell) ? RESULTS_REORDER : RESULTS_DIVERGE;
	case RESULTS_LINES:
		return same_lines(cell) ? RESULTS_AGREE : RESULTS_DIVERGE;
	case RESULTS_ANY:
	case RESULTS_LISTED:
	case RESULTS_NR:
		break;
	}
	return RESULTS_AGREE;
}

char *results_words(const struct cell *cell)
{
	const char *least = cell->other_outcomes ? "at least " : "";

	if (results_differ(cell) == RESULTS_REORDER)
		return xasprintf("order of lines: the same lines came in %s%zu orders in %llu "
				 "runs; if any order is right: --outcomes lines",
				 least, cell_results(cell), ULL(cell->runs));
	return xasprintf("divergence: %s%zu different outcomes in %llu runs; if all are right: "
			 "--outcomes any, or FILE with a grade for each",
			 least, cell_results(cell), ULL(cell->runs));
}
