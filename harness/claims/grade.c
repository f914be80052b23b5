#include "claims/grade.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

// A variant that had less than this share of the CPUs that it needs shared them with others.
#define ENOUGH_OF_CPUS 0.83

static double seconds_of(const struct sample *sample)
{
	return sample->seconds;
}

static double cpus_of(const struct sample *sample)
{
	return sample->cpus;
}

// The span over the repetitions of a figure of one variant.
static struct span variant_span(const struct claim *claim, const struct sample *samples,
				size_t repetitions, size_t variant,
				double (*figure)(const struct sample *))
{
	double *values = xcalloc(repetitions, sizeof(*values));
	struct span span;

	for (size_t i = 0; i < repetitions; i++)
		values[i] = figure(&samples[i * claim->nr_variants + variant]);
	span = span_of(values, repetitions);
	free(values);
	return span;
}

static struct span ratio_span(const struct claim *claim, const struct sample *samples,
			      size_t repetitions, size_t of, size_t to)
{
	double *values = xcalloc(repetitions, sizeof(*values));
	struct span span;

	for (size_t i = 0; i < repetitions; i++) {
		const struct sample *round = &samples[i * claim->nr_variants];

		values[i] = round[of].seconds / round[to].seconds;
	}
	span = span_of(values, repetitions);
	free(values);
	return span;
}

enum decision bounds_decide(const struct bounds *bounds, const struct span *ratio)
{
	if (bounds->side == AT_MOST) {
		if (ratio->high <= bounds->holds)
			return DECISION_HOLDS;
		return ratio->low >= bounds->fails ? DECISION_FAILS : DECISION_OPEN;
	}
	if (ratio->low >= bounds->holds)
		return DECISION_HOLDS;
	return ratio->high <= bounds->fails ? DECISION_FAILS : DECISION_OPEN;
}

static enum open_reason why_open(const struct claim_part *part, const struct claim_grade *grade,
				 const struct span *ratio, int cpus)
{
	if (cpus < part->needs_cpus)
		return OPEN_FEW_CPUS;
	// A gain on busy CPUs is a gain all the more.
	if (part->needs_cpus && ratio->high > fmin(part->bounds.holds, part->bounds.fails) &&
	    grade->variants[part->of].cpus < ENOUGH_OF_CPUS * part->needs_cpus)
		return OPEN_CPUS_BUSY;
	return bounds_decide(&part->bounds, ratio) == DECISION_OPEN ? OPEN_BETWEEN : OPEN_NOT;
}

static enum decision worst(const struct claim *claim, const struct claim_grade *grade)
{
	enum decision decision = DECISION_HOLDS;

	for (size_t i = 0; i < claim->nr_parts; i++) {
		if (grade->parts[i].decision == DECISION_FAILS)
			return DECISION_FAILS;
		if (grade->parts[i].decision == DECISION_OPEN)
			decision = DECISION_OPEN;
	}
	return decision;
}

void grade_claim(const struct claim *claim, const struct sample *samples, size_t repetitions,
		 int cpus, struct claim_grade *grade)
{
	*grade = (struct claim_grade){ 0 };
	for (size_t i = 0; i < claim->nr_variants; i++) {
		grade->variants[i] = (struct graded_variant){
			.seconds = variant_span(claim, samples, repetitions, i, seconds_of),
			.ratio =
				ratio_span(claim, samples, repetitions, i, claim->variants[i].base),
			.cpus = variant_span(claim, samples, repetitions, i, cpus_of).median,
		};
	}
	for (size_t i = 0; i < claim->nr_parts; i++) {
		const struct claim_part *part = &claim->parts[i];
		struct graded_part *graded = &grade->parts[i];

		graded->ratio = ratio_span(claim, samples, repetitions, part->of, part->to);
		graded->open = why_open(part, grade, &graded->ratio, cpus);
		graded->decision =
			graded->open ? DECISION_OPEN : bounds_decide(&part->bounds, &graded->ratio);
	}
	grade->decision = worst(claim, grade);
}

const char *decision_text(enum decision decision)
{
	static const char *const texts[DECISION_NR] = {
		[DECISION_HOLDS] = "holds in C",
		[DECISION_FAILS] = "does not hold in C",
		[DECISION_OPEN] = "undecided here",
	};

	return texts[decision];
}

static void explain_open(const struct claim_part *part, const struct graded_part *graded,
			 const struct claim_grade *grade, int cpus, struct strbuf *out)
{
	switch (graded->open) {
	case OPEN_NOT:
		break;
	case OPEN_FEW_CPUS:
		strbuf_addf(out, "\"%s\" needs %d CPUs to tell, and %d can be used", part->what,
			    part->needs_cpus, cpus);
		break;
	case OPEN_CPUS_BUSY:
		strbuf_addf(out,
			    "\"%s\" needs %d CPUs to tell, and it had %.1f: others used the rest",
			    part->what, part->needs_cpus, grade->variants[part->of].cpus);
		break;
	case OPEN_BETWEEN:
		strbuf_addf(out,
			    "the ratio of \"%s\", %.2f to %.2f, is not clear of %.2f "
			    "and %.2f",
			    part->what, graded->ratio.low, graded->ratio.high, part->bounds.holds,
			    part->bounds.fails);
		break;
	}
}

void grade_explain(const struct claim *claim, const struct claim_grade *grade, int cpus,
		   struct strbuf *out)
{
	const char *gap = "";

	if (grade->decision == DECISION_HOLDS)
		strbuf_addstr(out, claim->why);
	for (size_t i = 0; i < claim->nr_parts; i++) {
		if (grade->parts[i].decision != grade->decision ||
		    grade->decision == DECISION_HOLDS)
			continue;
		strbuf_addstr(out, gap);
		if (grade->decision == DECISION_FAILS)
			strbuf_addstr(out, claim->parts[i].why_not);
		else
			explain_open(&claim->parts[i], &grade->parts[i], grade, cpus, out);
		gap = "; ";
	}
}
