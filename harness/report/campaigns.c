#include "report/campaigns.h"

#include "base/fs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ULL(x) ((unsigned long long)(x))

// One case: its racy variant, and its fixed one when that was asked about.
struct row {
	const struct score_cell *racy, *fixed;
	struct time_to_detection ttd; // of the racy one
};

// All rows together.
struct total {
	size_t cases, always,
		few; // detected by every campaign; by half of them within DETECTION_FEW
	uint64_t campaigns, detected, fixed, alarms;
};

// The next row from `at`, which moves past it. False: there is none.
static bool next_row(const struct scoreboard *board, size_t *at, struct row *row)
{
	for (; *at < board->nr; ++*at) {
		const struct score_cell *sc = &board->items[*at];

		if (!sc->campaigns.nr || sc->variant != VARIANT_RACY || sc->state != SCORE_ANSWERED)
			continue;
		*row = (struct row){ .racy = sc };
		time_to_detection_of(&sc->campaigns, &row->ttd);
		for (size_t i = 0; i < board->nr; i++) {
			const struct score_cell *other = &board->items[i];

			if (other->variant == VARIANT_FIXED && other->tool == sc->tool &&
			    other->state == SCORE_ANSWERED && !strcmp(other->id, sc->id))
				row->fixed = other;
		}
		++*at;
		return true;
	}
	return false;
}

static void count(struct total *total, const struct row *row)
{
	total->cases++;
	total->always += row->ttd.detected == row->ttd.campaigns;
	total->few += row->ttd.median <= DETECTION_FEW;
	total->campaigns += row->ttd.campaigns;
	total->detected += row->ttd.detected;
	if (row->fixed) {
		total->fixed += row->fixed->runs;
		total->alarms += row->fixed->hits;
	}
}

// "2", "2.5", "-" where more than half of the campaigns did not catch it.
static const char *median_text(char text[16], const struct time_to_detection *ttd)
{
	if (isnan(ttd->median))
		snprintf(text, 16, "-");
	else
		snprintf(text, 16, "%.*f", fmod(ttd->median, 1) > 0 ? 1 : 0, ttd->median);
	return text;
}

static const char *most_text(char text[24], const struct time_to_detection *ttd)
{
	snprintf(text, 24, ttd->most ? "%llu" : "-", ULL(ttd->most));
	return text;
}

void campaigns_words(const struct campaign_list *campaigns, struct strbuf *out)
{
	struct time_to_detection ttd;
	char text[16];

	time_to_detection_of(campaigns, &ttd);
	if (!ttd.campaigns)
		return;
	if (ttd.campaigns == 1 && ttd.detected) {
		strbuf_addf(out, "first by schedule %llu", ULL(ttd.most));
		return;
	}
	strbuf_addf(out, "%zu/%zu campaigns", ttd.detected, ttd.campaigns);
	if (!isnan(ttd.median))
		strbuf_addf(out, ", median %s", median_text(text, &ttd));
	if (ttd.most)
		strbuf_addf(out, ", most %llu", ULL(ttd.most));
}

json_t *campaigns_json(const struct campaign_list *campaigns)
{
	struct time_to_detection ttd;

	time_to_detection_of(campaigns, &ttd);
	return json_pack("{s:I,s:I,s:I,s:o,s:o}", "campaigns", (json_int_t)ttd.campaigns,
			 "detected", (json_int_t)ttd.detected, "schedules",
			 (json_int_t)ttd.schedules, "median",
			 isnan(ttd.median) ? json_null() : json_real(ttd.median), "max",
			 ttd.most ? json_integer((json_int_t)ttd.most) : json_null());
}

json_t *campaigns_table_json(const struct scoreboard *board)
{
	json_t *table = json_array();
	struct row row;

	for (size_t at = 0; next_row(board, &at, &row);) {
		json_t *fixed =
			row.fixed ? json_pack("{s:I,s:I}", "schedules", (json_int_t)row.fixed->runs,
					      "detected", (json_int_t)row.fixed->hits)
				  : json_null();

		json_array_append_new(table, json_pack("{s:s,s:o,s:o}", "case", row.racy->id,
						       "racy", campaigns_json(&row.racy->campaigns),
						       "fixed", fixed));
	}
	return table;
}

static void add_row(const struct row *row, struct strbuf *out)
{
	char detected[48], median[16], most[24];

	snprintf(detected, sizeof(detected), "%zu/%zu", row->ttd.detected, row->ttd.campaigns);
	strbuf_addstr(out, "  ");
	strbuf_addpad(out, row->racy->id, 37);
	strbuf_addf(out, " %8s %7s %6s", detected, median_text(median, &row->ttd),
		    most_text(most, &row->ttd));
	if (row->fixed)
		strbuf_addf(out, " %9llu %5llu", ULL(row->fixed->runs), ULL(row->fixed->hits));
	strbuf_addch(out, '\n');
}

static void add_total(const struct total *total, struct strbuf *out)
{
	strbuf_addf(
		out,
		"%zu case%s, %llu campaigns: %llu detected the bug, all of them in %zu cases; half "
		"of them\n  within %d schedules in %zu cases. Fixed variants: %llu schedules, %llu "
		"with a finding.\n",
		total->cases, total->cases == 1 ? "" : "s", ULL(total->campaigns),
		ULL(total->detected), total->always, DETECTION_FEW, total->few, ULL(total->fixed),
		ULL(total->alarms));
}

void campaigns_table(const struct scoreboard *board, const struct ink *ink, struct strbuf *out)
{
	struct total total = { 0 };
	struct row row;

	for (size_t at = 0; next_row(board, &at, &row); count(&total, &row)) {
		if (!total.cases)
			strbuf_addf(
				out,
				"\n%sSchedules until detected (explore)%s\n  %s%-37s %8s %7s %6s "
				"%9s %5s%s\n",
				ink->bold, ink->off, ink->bold, "CASE", "DETECTED", "MEDIAN", "MAX",
				"FIXED", "HITS", ink->off);
		add_row(&row, out);
	}
	if (total.cases) {
		strbuf_addstr(out, "  ");
		add_total(&total, out);
	}
}

void campaigns_markdown(const struct scoreboard *board, struct strbuf *out)
{
	struct total total = { 0 };
	struct row row;

	for (size_t at = 0; next_row(board, &at, &row); count(&total, &row)) {
		char median[16], most[24];

		if (!total.cases)
			strbuf_addstr(out,
				      "\nSchedules until the explorer detected the bug, over its "
				      "campaigns:\n\n"
				      "| case | campaigns that detected it | median | max | "
				      "schedules of the fixed variant | with a finding |\n"
				      "|---|--:|--:|--:|--:|--:|\n");
		strbuf_addf(out, "| %s | %zu/%zu | %s | %s |", row.racy->id, row.ttd.detected,
			    row.ttd.campaigns, median_text(median, &row.ttd),
			    most_text(most, &row.ttd));
		if (row.fixed)
			strbuf_addf(out, " %llu | %llu |\n", ULL(row.fixed->runs),
				    ULL(row.fixed->hits));
		else
			strbuf_addstr(out, " | |\n");
	}
}
