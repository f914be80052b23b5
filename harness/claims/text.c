#include "base/text.h"
#include "claims/output.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 80, WHAT = 27, MEASURED = 22, PART = 36, RATIO = 18 };

void measured_release(struct measured *measured)
{
	free(measured->samples);
	free(measured->error);
	*measured = (struct measured){ 0 };
}

// Three digits of any figure.
static void add_figure(struct strbuf *out, double value)
{
	strbuf_addf(out, "%.*f", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
}

static void add_right(struct strbuf *out, double value, int width)
{
	struct strbuf text = STRBUF_INIT;

	add_figure(&text, value);
	strbuf_addf(out, "%*s", width, text.buf);
	strbuf_release(&text);
}

// "201 (200-205)", padded.
static void add_span(struct strbuf *out, double middle, double low, double high, int width)
{
	struct strbuf text = STRBUF_INIT;

	add_figure(&text, middle);
	strbuf_addstr(&text, " (");
	add_figure(&text, low);
	strbuf_addch(&text, '-');
	add_figure(&text, high);
	strbuf_addch(&text, ')');
	strbuf_addpad(out, text.buf, width);
	strbuf_release(&text);
}

static void add_heading(const struct claim *claim, struct strbuf *out)
{
	strbuf_addf(out, "%s  %s\n", claim->name, claim->title);
	for (size_t i = 0; i < claim->nr_seeds; i++) {
		const struct seed_reference *seed = &claim->seeds[i];

		strbuf_addf(out, "  %s, %s:\n    ", seed->file, seed->section);
		text_wrap(out, seed->figures, 4, WIDTH);
	}
}

static void add_variant(const struct measured *measured, size_t i, struct strbuf *out)
{
	const struct claim *claim = measured->claim;
	const struct claim_variant *variant = &claim->variants[i];
	const struct graded_variant *graded = &measured->grade.variants[i];
	double base = claim->variants[variant->base].seed_seconds;

	strbuf_addstr(out, "  ");
	strbuf_addpad(out, variant->what, WHAT);
	if (variant->seed_seconds > 0) {
		strbuf_addf(out, " %#6.*g ", variant->seed_seconds < 0.01 ? 2 : 3,
			    variant->seed_seconds);
		add_right(out, variant->seed_seconds / base, 6);
	} else {
		strbuf_addf(out, " %6s %6s", "-", "-");
	}
	strbuf_addstr(out, "  ");
	add_span(out, graded->seconds.median * claim->per_second,
		 graded->seconds.min * claim->per_second, graded->seconds.max * claim->per_second,
		 MEASURED);
	add_right(out, graded->ratio.median, 6);
	strbuf_addf(out, " %5.2f\n", graded->cpus);
}

static void add_variants(const struct measured *measured, struct strbuf *out)
{
	char unit[32];

	snprintf(unit, sizeof(unit), "HERE %s (min-max)", measured->claim->unit);
	strbuf_addf(out, "  %-*s %6s %6s  ", WHAT, "WHAT", "SEED s", "RATIO");
	strbuf_addpad(out, unit, MEASURED);
	strbuf_addf(out, "%6s %5s\n", "RATIO", "CPUS");
	for (size_t i = 0; i < measured->claim->nr_variants; i++)
		add_variant(measured, i, out);
}

static void add_parts(const struct measured *measured, struct strbuf *out)
{
	static const char *const words[DECISION_NR] = {
		[DECISION_HOLDS] = "yes",
		[DECISION_FAILS] = "no",
		[DECISION_OPEN] = "open",
	};

	strbuf_addf(out, "  %-*s %-*s %6s %6s  %s\n", PART, "CLAIM", RATIO, "RATIO (90 %)", "HOLDS",
		    "NOT", "IN C");
	for (size_t i = 0; i < measured->claim->nr_parts; i++) {
		const struct claim_part *part = &measured->claim->parts[i];
		const struct graded_part *graded = &measured->grade.parts[i];
		bool at_most = part->bounds.side == AT_MOST;

		strbuf_addstr(out, "  ");
		strbuf_addpad(out, part->what, PART + 1);
		add_span(out, graded->ratio.median, graded->ratio.low, graded->ratio.high, RATIO);
		strbuf_addf(out, "  %s%.2f  %s%.2f  %s\n", at_most ? "<" : ">", part->bounds.holds,
			    at_most ? ">" : "<", part->bounds.fails, words[graded->decision]);
	}
}

static void add_verdict(const struct measured *measured, struct strbuf *out)
{
	const struct claim *claim = measured->claim;
	const struct claim_grade *grade = &measured->grade;
	struct strbuf line = STRBUF_INIT;
	size_t hold = 0;

	for (size_t i = 0; i < claim->nr_parts; i++)
		hold += grade->parts[i].decision == DECISION_HOLDS;
	strbuf_addstr(&line, decision_text(grade->decision));
	if (hold && hold < claim->nr_parts)
		strbuf_addf(&line, " (%zu of %zu parts do)", hold, claim->nr_parts);
	strbuf_addstr(&line, ": ");
	grade_explain(claim, grade, measured->cpus, &line);
	strbuf_addch(&line, '.');
	strbuf_addstr(out, "  ");
	text_wrap(out, line.buf, 2, WIDTH);
	strbuf_release(&line);
}

void claim_text(const struct measured *measured, struct strbuf *out)
{
	add_heading(measured->claim, out);
	if (measured->error) {
		strbuf_addstr(out, "  not measured: ");
		text_wrap(out, measured->error, 2, WIDTH);
		return;
	}
	add_variants(measured, out);
	add_parts(measured, out);
	add_verdict(measured, out);
}
