// The scoreboard for people: 80 columns, and a compact table for Markdown.
#include "report/campaigns.h"
#include "report/render_scoreboard.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static const struct score_scope everything = { .class = -1 };
static const struct score_scope of_its_kind = { .in_kind = true, .class = -1 };

static void add_right(struct strbuf *out, const char *text, int width)
{
	int room = width;

	for (const char *p = text; *p; p++)
		room -= ((unsigned char)*p & 0xC0) != 0x80;
	strbuf_addf(out, "%*s%s", room > 0 ? room : 0, "", text);
}

static void add_count(struct strbuf *out, uint64_t value, int width)
{
	strbuf_addf(out, "%*llu", width, (unsigned long long)value);
}

// A ratio, a dash where it is 0/0.
static void ratio_text(char text[16], double value)
{
	if (isnan(value))
		snprintf(text, 16, "–");
	else
		snprintf(text, 16, "%.3f", value);
}

static void add_ratio(struct strbuf *out, double value, int width)
{
	char text[16];

	ratio_text(text, value);
	add_right(out, text, width);
}

static void add_counts(struct strbuf *out, const struct score *s)
{
	add_count(out, s->tp, 4);
	add_count(out, s->fp, 4);
	add_count(out, s->tn, 4);
	add_count(out, s->fn, 4);
}

static void add_ratios(struct strbuf *out, const struct score *s)
{
	add_ratio(out, s->recall, 7);
	add_ratio(out, s->specificity, 6);
	add_ratio(out, s->precision, 6);
	add_ratio(out, s->f1, 6);
	add_ratio(out, s->accuracy, 6);
	add_ratio(out, s->support, 6);
}

static void add_in_kind(struct strbuf *out, const struct score *s, int width)
{
	unsigned long long racy = s->tp + s->fn;
	char text[48];

	snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)s->racy_in_kind, racy);
	add_right(out, text, width);
}

static void add_heads(struct strbuf *out, const struct ink *ink, const char *rest)
{
	strbuf_addf(out, "  %s", ink->bold);
	strbuf_addpad(out, "TOOL", 9);
	strbuf_addf(out, "%s%s\n", rest, ink->off);
}

// The score of a tool, whose row is begun; false when there is nothing to say of it.
static bool begin_row(const struct scoreboard *board, enum tool_id tool,
		      const struct score_scope *scope, struct score *score, struct strbuf *out)
{
	scoreboard_sum(board, tool, scope, score);
	if (!score_any(score))
		return false;
	strbuf_addstr(out, "  ");
	strbuf_addpad(out, tool_name(tool), 9);
	return true;
}

#define SCORE_HEADS "  TP  FP  TN  FN RECALL  SPEC  PREC    F1   ACC  SUPP"

static void add_scores(const struct scoreboard *board, const struct score_scope *scope,
		       const struct ink *ink, struct strbuf *out)
{
	add_heads(out, ink, SCORE_HEADS "  /RUN  KIND");
	for (int t = 0; t < TOOL_NR; t++) {
		struct score s;

		if (!begin_row(board, (enum tool_id)t, scope, &s, out))
			continue;
		add_counts(out, &s);
		add_ratios(out, &s);
		add_ratio(out, s.run_recall, 6);
		add_in_kind(out, &s, 6);
		strbuf_addch(out, '\n');
	}
}

static void add_first(struct strbuf *out, const struct score *s)
{
	char text[32] = "–";

	if (!isnan(s->first_median))
		snprintf(text, sizeof(text), "%.*f", fmod(s->first_median, 1) > 0 ? 1 : 0,
			 s->first_median);
	add_right(out, text, 9);
	snprintf(text, sizeof(text), s->first_max ? "%llu" : "–", (unsigned long long)s->first_max);
	add_right(out, text, 7);
}

static void add_effort(const struct scoreboard *board, const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "\n%sEffort, all cases%s\n", ink->bold, ink->off);
	add_heads(out, ink, "    RUNS    CPU s       RACY HITS     FIXED HITS   MEDIAN    MAX");
	for (int t = 0; t < TOOL_NR; t++) {
		char text[64];
		struct score s;

		if (!begin_row(board, (enum tool_id)t, &everything, &s, out))
			continue;
		add_count(out, s.runs, 8);
		strbuf_addf(out, "%9.1f", (double)s.cpu_ns / 1e9);
		snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)s.racy_hits,
			 (unsigned long long)s.racy_runs);
		add_right(out, text, 16);
		snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)s.fixed_hits,
			 (unsigned long long)s.fixed_runs);
		add_right(out, text, 15);
		add_first(out, &s);
		strbuf_addch(out, '\n');
	}
}

static void add_classes(const struct scoreboard *board, const struct ink *ink, struct strbuf *out)
{
	for (int c = 0; c < CLASS_NR; c++) {
		const struct score_scope scope = { .class = c };
		bool there = false;

		for (size_t i = 0; i < board->nr && !there; i++)
			there = (int)board->items[i].class == c;
		if (!there)
			continue;
		strbuf_addf(out, "\n%sClass %s%s\n", ink->bold, class_name((enum bug_class)c),
			    ink->off);
		add_scores(board, &scope, ink, out);
	}
}

static void add_definitions(const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "\n%sDefinitions%s\n", ink->bold, ink->off);
	for (const struct score_definition *d = score_definitions; d->column; d++) {
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, d->column, 7);
		strbuf_addch(out, ' ');
		text_wrap(out, d->meaning, 10, 80);
	}
	strbuf_addstr(out, "  –       0/0, undefined\n");
}

// A tool by the version that each session saw, once.
static void add_versions(const struct report *reports, size_t nr, enum tool_id tool,
			 struct strbuf *out)
{
	struct strbuf line = STRBUF_INIT;

	for (size_t i = 0; i < nr; i++) {
		const json_t *entry;
		size_t k;

		json_array_foreach (json_object_get(reports[i].session, "tools"), k, entry) {
			const char *version = text_of(entry, "version"); // "" is in every line

			if (!strcmp(text_of(entry, "tool"), tool_name(tool)) &&
			    !strstr(line.buf, version))
				strbuf_addf(&line, "%s%s", line.len ? " and " : "", version);
		}
	}
	if (line.len) {
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, tool_name(tool), 9);
		strbuf_addch(out, ' ');
		text_wrap(out, line.buf, 12, 80);
	}
	strbuf_release(&line);
}

static void add_board_head(const struct scoreboard *board, const struct report *reports, size_t nr,
			   const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "%sScoreboard of %zu case%s, %zu session%s%s\n", ink->bold,
		    score_cases(board), score_cases(board) == 1 ? "" : "s", nr, nr == 1 ? "" : "s",
		    ink->off);
	text_wrap(
		out,
		"Columns as in DataRaceBench (Liao et al., SC 2017, doi:10.1145/3126908.3126958). "
		"A racy variant is a positive, a fixed one a negative; one run of many that "
		"detects is enough. A variant that a tool cannot run is unsupported, not a "
		"negative. "
		"Each column is defined at the end.",
		0, 80);
	for (size_t i = 0; i < nr; i++)
		if (reports[i].incomplete || reports[i].damaged_lines)
			strbuf_addf(out, "%s%s: %s%s\n", ink->yellow, fs_base(reports[i].dir),
				    reports[i].damage ? reports[i].damage
				    : reports[i].damaged_lines
					    ? "unreadable lines of runs.jsonl were skipped"
					    : "did not finish; its results so far are scored",
				    ink->off);
	strbuf_addch(out, '\n');
	for (int t = 0; t < TOOL_NR; t++)
		add_versions(reports, nr, (enum tool_id)t, out);
}

static void add_unmeasured(const struct scoreboard *board, const struct ink *ink,
			   struct strbuf *out)
{
	for (int t = 0; t < TOOL_NR; t++) {
		struct score s;

		scoreboard_sum(board, (enum tool_id)t, &everything, &s);
		if (s.unmeasured)
			strbuf_addf(out,
				    "  %s%s: %llu not measured, so not counted (nothing ran, or no "
				    "tool)%s\n",
				    ink->yellow, tool_name(t), (unsigned long long)s.unmeasured,
				    ink->off);
	}
}

void score_text(const struct scoreboard *board, const struct report *reports, size_t nr_reports,
		const struct ink *ink, struct strbuf *out)
{
	add_board_head(board, reports, nr_reports, ink, out);
	strbuf_addf(out, "\n%sAll cases%s\n", ink->bold, ink->off);
	add_scores(board, &everything, ink, out);
	add_unmeasured(board, ink, out);
	strbuf_addf(out, "\n%sOnly cases of a kind that the tool can detect%s\n", ink->bold,
		    ink->off);
	add_scores(board, &of_its_kind, ink, out);
	add_effort(board, ink, out);
	campaigns_table(board, ink, out);
	add_classes(board, ink, out);
	add_definitions(ink, out);
}

void score_text_brief(const struct scoreboard *board, const struct ink *ink, struct strbuf *out)
{
	if (score_cases(board) < 2)
		return;
	strbuf_addf(out, "\n%sScoreboard%s (columns as in DataRaceBench)\n", ink->bold, ink->off);
	add_heads(out, ink, SCORE_HEADS " R/KIND CPU s");
	for (int t = 0; t < TOOL_NR; t++) {
		struct score s, kind;

		if (!begin_row(board, (enum tool_id)t, &everything, &s, out))
			continue;
		scoreboard_sum(board, (enum tool_id)t, &of_its_kind, &kind);
		add_counts(out, &s);
		add_ratios(out, &s);
		add_ratio(out, kind.recall, 7);
		strbuf_addf(out, "%6.0f\n", (double)s.cpu_ns / 1e9);
	}
	add_unmeasured(board, ink, out);
	strbuf_addf(out,
		    "%s  racy = positive, found in one run or more; R/KIND: recall over the cases "
		    "of a\n"
		    "  kind that the tool can detect; `racegate scoreboard` defines every "
		    "column%s\n",
		    ink->dim, ink->off);
}

static void add_md_ratio(struct strbuf *out, double value)
{
	char text[16];

	ratio_text(text, value);
	strbuf_addf(out, " %s |", text);
}

void score_markdown(const struct scoreboard *board, struct strbuf *out)
{
	if (score_cases(board) < 2)
		return;
	strbuf_addstr(
		out, "\nScoreboard (columns as in DataRaceBench, Liao et al., SC 2017): a racy "
		     "variant is a positive, found in at least one run. *Of its kind*: recall over "
		     "the cases of a kind that the tool can detect. `racegate scoreboard` "
		     "defines every column.\n\n"
		     "| tool | TP | FP | TN | FN | recall | specificity | precision | F1 | "
		     "accuracy | support | of its kind | CPU s |\n"
		     "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
	for (int t = 0; t < TOOL_NR; t++) {
		struct score s, kind;

		scoreboard_sum(board, (enum tool_id)t, &everything, &s);
		scoreboard_sum(board, (enum tool_id)t, &of_its_kind, &kind);
		if (!score_any(&s))
			continue;
		strbuf_addf(out, "| %s | %llu | %llu | %llu | %llu |", tool_name(t),
			    (unsigned long long)s.tp, (unsigned long long)s.fp,
			    (unsigned long long)s.tn, (unsigned long long)s.fn);
		add_md_ratio(out, s.recall);
		add_md_ratio(out, s.specificity);
		add_md_ratio(out, s.precision);
		add_md_ratio(out, s.f1);
		add_md_ratio(out, s.accuracy);
		add_md_ratio(out, s.support);
		add_md_ratio(out, kind.recall);
		strbuf_addf(out, " %.0f |\n", (double)s.cpu_ns / 1e9);
	}
}
