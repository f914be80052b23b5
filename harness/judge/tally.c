#include "judge/tally.h"

#include "base/hash.h"
#include "base/mem.h"
#include "judge/outcome.h"
#include "model/limit.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_OUTCOMES = 1024 };

void cell_init(struct cell *cell, const struct target *target, enum tool_id tool)
{
	*cell = (struct cell){ .target = target, .tool = tool };
}

void cell_release(struct cell *cell)
{
	for (size_t i = 0; i < cell->outcomes.nr; i++) {
		free(cell->outcomes.items[i].text);
		free(cell->outcomes.items[i].schedule);
	}
	free(cell->outcomes.items);
	free(cell->lines.items);
	for (size_t i = 0; i < MAX_BUILDS; i++)
		free(cell->builds[i].name);
	guarantee_release(&cell->guarantee);
	free(cell->campaigns.items);
	free(cell->first_surprise);
	free(cell->first_unlisted);
	free(cell->first_note);
	free(cell->first_inconclusive);
	free(cell->first_left);
	free(cell->first_undecided);
	free(cell->first_failed);
	free(cell->first_alone);
	programs_release(&cell->programs);
	*cell = (struct cell){ 0 };
}

/*
 * Results whose texts are the same may differ: in a newline at their end, which no text has.
 * A case says what is the same.
 */
static bool same_outcome(const struct cell *cell, const struct outcome_count *outcome,
			 const char *text, uint64_t hash)
{
	return !strcmp(outcome->text, text) && (cell->target->tc || !hash || outcome->hash == hash);
}

// NULL: the table is full.
static struct outcome_count *count_outcome(struct cell *cell, const struct record *record,
					   const struct assessment *a, const char *text,
					   uint64_t hash, uint64_t times)
{
	struct outcome_count *outcome;

	for (size_t i = 0; i < cell->outcomes.nr; i++) {
		outcome = &cell->outcomes.items[i];
		if (same_outcome(cell, outcome, text, hash)) {
			outcome->count += times;
			return outcome;
		}
	}
	if (cell->outcomes.nr == MAX_OUTCOMES) {
		cell->other_outcomes += times;
		return NULL;
	}
	outcome = VEC_PUSH(&cell->outcomes);
	*outcome = (struct outcome_count){
		.text = xstrdup(text),
		.hash = hash,
		.bytes = record->out_total,
		.count = times,
		.first_run = record->run,
		.first_seed = record->seed,
		.grade = a->grade,
		.listed = a->listed,
		.undecided = a->undecided,
	};
	return outcome;
}

// `hash`: 0: not known.
static void count_lines(struct line_sets *sets, uint64_t hash, uint64_t times)
{
	for (size_t i = 0; hash && i < sets->nr; i++)
		if (sets->items[i].hash == hash) {
			sets->items[i].count += times;
			return;
		}
	if (!hash || sets->nr == MAX_OUTCOMES)
		sets->unknown = true;
	else
		*VEC_PUSH(sets) = (struct line_set){ hash, times };
}

static uint64_t lines_of(const struct record *record)
{
	struct strbuf ending = STRBUF_INIT;
	uint64_t hash = 0;

	if (record->lines) {
		ending_add_text(record->how, record->code, record->limit, &ending);
		hash = hash_str(record->lines, ending.buf);
	}
	strbuf_release(&ending);
	return hash;
}

static void count_build(struct cell *cell, const char *name, bool bug)
{
	for (size_t i = 0; i < MAX_BUILDS; i++) {
		struct build_count *build = &cell->builds[i];

		if (!build->name)
			build->name = xstrdup(name);
		if (!strcmp(build->name, name)) {
			build->runs++;
			build->bug_runs += bug;
			return;
		}
	}
}

static void note(char **first, char *text)
{
	if (*first)
		free(text);
	else
		*first = text;
}

static void take_schedule(struct outcome_count *counted, const struct explored_outcome *outcome)
{
	if (counted->schedule && counted->preemptions <= outcome->preemptions)
		return;
	free(counted->schedule);
	counted->schedule = xstrdup(outcome->schedule);
	counted->preemptions = outcome->preemptions;
}

// "stderr: …", of which the end says most.
static char *stderr_words(const char *err)
{
	enum { SHOWN = 160 };
	size_t len = err ? strlen(err) : 0;
	const char *from = len > SHOWN ? err + len - SHOWN : err;

	// Not from the middle of a character.
	while (from && from > err && ((unsigned char)*from & 0xc0) == 0x80)
		from++;
	return len ? xasprintf("stderr: %s%s", from > err ? "…" : "", from)
		   : xstrdup("nothing on stderr");
}

static char *failed_words(int code, const char *err)
{
	char *rest = stderr_words(err), *words = xasprintf("exit %d; %s", code, rest);

	free(rest);
	return words;
}

static void count_ends(struct cell *cell, const struct assessment *a, uint64_t times, int code,
		       const char *err)
{
	cell->skipped += a->skipped ? times : 0;
	cell->failed += a->failed ? times : 0;
	if (a->failed)
		note(&cell->first_failed, failed_words(code, err));
}

static void count_company(struct cell *cell, const struct record *record)
{
	const struct explored *e = &record->explored;
	const char *err = record->err;

	cell->records++;
	cell->concurrent += record->alive > 1;
	cell->alone += record->alive == 1;
	for (size_t i = 0; i < e->outcomes.nr && !(err && *err); i++)
		err = e->outcomes.items[i].err;
	if (record->alive == 1)
		note(&cell->first_alone, stderr_words(err));
}

static void count_undecided(struct cell *cell, const struct explored_outcome *o)
{
	cell->undecided += o->count;
	note(&cell->first_undecided,
	     xasprintf("schedule %llu, at the limit on %s: %s", (unsigned long long)o->first,
		       o->limit, limit_advice(o->limit)));
}

/*
 * Each schedule of a campaign counts as a run. How many showed a finding or a bad
 * outcome is known for each of them alone: their union is at least the larger.
 */
static void add_explored(struct cell *cell, const struct record *record, const struct assessment *a)
{
	const struct explored *e = &record->explored;
	uint64_t first = a->detected ? e->first : 0, diverged = 0;

	for (size_t i = 0; i < e->outcomes.nr; i++) {
		const struct explored_outcome *o = &e->outcomes.items[i];
		const struct graded_end graded = explored_grade(cell->target, o);
		struct assessment own = { .grade = graded.grade,
					  .failed = graded.failed,
					  .skipped = graded.skipped,
					  .undecided = graded.undecided };
		struct outcome_count *counted;

		if (outcome_is_bad(cell->target, own.grade)) {
			diverged += o->count;
			if (!first || o->first < first)
				first = o->first;
		}
		own.listed = outcome_row(cell->target, o->text);
		if (own.grade == GRADE_FORBIDDEN) {
			cell->unlisted += o->count;
			note(&cell->first_unlisted, xasprintf("'%s' (schedule %llu)", o->text,
							      (unsigned long long)o->first));
		}
		if (own.undecided)
			count_undecided(cell, o);
		else
			count_lines(&cell->lines, o->lines, o->count);
		count_ends(cell, &own, o->count, o->code, o->err);
		counted = count_outcome(cell, record, &own, o->text, 0, o->count);
		if (counted && o->schedule)
			take_schedule(counted, o);
	}
	guarantee_add(&cell->guarantee, &e->guarantee);
	if (first && !cell->first_detection)
		cell->first_detection = cell->runs + first;
	*VEC_PUSH(&cell->campaigns) =
		(struct campaign_count){ record->seed, e->schedules, a->first };
	cell->runs += e->schedules;
	cell->detected += a->detected ? e->found : 0;
	cell->unexpected += a->unexpected ? e->found : 0;
	cell->noted += a->noted && !a->detected && !a->unexpected ? e->found : 0;
	cell->diverged += diverged;
	cell->bug_runs += a->detected && e->found > diverged ? e->found : diverged;
}

static void add_run(struct cell *cell, const struct record *record, const struct assessment *a,
		    const char *text)
{
	cell->runs++;
	cell->detected += a->detected;
	cell->diverged += a->diverged;
	cell->bug_runs += a->detected || a->diverged;
	if (assessment_is_hit(cell->tool, a) && !cell->first_detection)
		cell->first_detection = cell->runs;
	if (a->grade == GRADE_FORBIDDEN) {
		cell->unlisted++;
		note(&cell->first_unlisted,
		     xasprintf("'%s' (run %llu)", text, (unsigned long long)record->run));
	}
	cell->unexpected += a->unexpected;
	cell->noted += a->noted && !a->detected && !a->unexpected;
	if (!a->undecided)
		count_lines(&cell->lines, lines_of(record), 1);
	count_ends(cell, a, 1, record->code, record->err);
	count_outcome(cell, record, a, text, record->out_hash, 1);
	if (record->build && *record->build)
		count_build(cell, record->build, a->detected || a->diverged);
}

static char *report_words(const struct finding *finding, const struct record *record)
{
	return xasprintf("%s: %s (run %llu)", kind_name(finding->kind),
			 finding->words ? finding->words : "", (unsigned long long)record->run);
}

void cell_add(struct cell *cell, const struct record *record)
{
	struct strbuf text = STRBUF_INIT;
	struct assessment a;

	assess(cell->target, record, &a);
	outcome_text(record, &text);
	cell->wall_ns += record->wall_ns;
	cell->cpu_ns += record->cpu_ns;
	count_company(cell, record);
	for (size_t i = 0; i < record->programs.nr; i++)
		programs_add(&cell->programs, record->programs.items[i].name,
			     record->programs.items[i].examined,
			     record->programs.items[i].processes);
	if (a.inconclusive) {
		cell->inconclusive++;
		note(&cell->first_inconclusive,
		     xasprintf("run %llu: %s", (unsigned long long)record->run, a.inconclusive));
	}
	if (record->left) {
		cell->left_runs++;
		note(&cell->first_left, xstrdup(record->left));
	}
	if (a.unexpected)
		note(&cell->first_surprise, report_words(a.surprise, record));
	if (a.noted)
		note(&cell->first_note, report_words(a.note, record));
	if (record->explored.schedules)
		add_explored(cell, record, &a);
	else
		add_run(cell, record, &a, text.buf);
	assessment_release(&a);
	strbuf_release(&text);
}

static int by_count(const void *a, const void *b)
{
	const struct outcome_count *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->text, y->text);
}

// What is told apart must not look the same.
static void tell_apart(struct outcome_count *items, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		for (size_t k = 0; k < i; k++) {
			struct strbuf text = STRBUF_INIT;

			if (strcmp(items[i].text, items[k].text) != 0)
				continue;
			strbuf_addstr(&text, items[i].text);
			outcome_add_cut(items[i].bytes, items[i].hash, &text);
			free(items[i].text);
			items[i].text = strbuf_detach(&text);
			break;
		}
}

void cell_sort(struct cell *cell)
{
	if (!cell->outcomes.nr)
		return;
	qsort(cell->outcomes.items, cell->outcomes.nr, sizeof(*cell->outcomes.items), by_count);
	tell_apart(cell->outcomes.items, cell->outcomes.nr);
}

size_t cell_outcomes(const struct cell *cell)
{
	return cell->outcomes.nr + (cell->other_outcomes ? 1 : 0);
}

size_t cell_results(const struct cell *cell)
{
	size_t results = cell_outcomes(cell);

	for (size_t i = 0; i < cell->outcomes.nr; i++)
		results -= cell->outcomes.items[i].undecided;
	return results;
}

bool cell_has_rate(const struct cell *cell)
{
	return cell->runs && (!tool_explores(tool_get(cell->tool)) ||
			      guarantee_samples(&cell->guarantee, cell->runs));
}
