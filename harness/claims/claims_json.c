#include "claims/output.h"

static json_t *span_json(const struct span *span)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:f}", "median", span->median, "low", span->low,
			 "high", span->high, "min", span->min, "max", span->max);
}

static json_t *seeds_json(const struct claim *claim)
{
	json_t *seeds = json_array();

	for (size_t i = 0; i < claim->nr_seeds; i++)
		json_array_append_new(seeds,
				      json_pack("{s:s, s:s, s:s}", "file", claim->seeds[i].file,
						"section", claim->seeds[i].section, "figures",
						claim->seeds[i].figures));
	return seeds;
}

static json_t *variant_json(const struct measured *measured, size_t i)
{
	const struct claim *claim = measured->claim;
	const struct claim_variant *variant = &claim->variants[i];
	const struct graded_variant *graded = &measured->grade.variants[i];
	json_t *seconds = json_array();
	json_t *object = json_pack("{s:s, s:s}", "what", variant->what, "base",
				   claim->variants[variant->base].what);

	if (variant->seed_seconds > 0) {
		double base = claim->variants[variant->base].seed_seconds;

		json_object_set_new(object, "seed_seconds", json_real(variant->seed_seconds));
		json_object_set_new(object, "seed_ratio", json_real(variant->seed_seconds / base));
	}
	for (size_t k = 0; k < measured->repetitions; k++) {
		const struct sample *sample = &measured->samples[k * claim->nr_variants + i];

		json_array_append_new(seconds, json_real(sample->seconds));
	}
	json_object_set_new(object, "measured", seconds);
	json_object_set_new(object, "seconds", span_json(&graded->seconds));
	json_object_set_new(object, "ratio", span_json(&graded->ratio));
	json_object_set_new(object, "cpus", json_real(graded->cpus));
	return object;
}

static json_t *part_json(const struct measured *measured, size_t i)
{
	const struct claim *claim = measured->claim;
	const struct claim_part *part = &claim->parts[i];
	const struct graded_part *graded = &measured->grade.parts[i];

	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:f, s:f, s:i, s:s}", "what", part->what, "of",
			 claim->variants[part->of].what, "to", claim->variants[part->to].what,
			 "ratio", span_json(&graded->ratio), "side",
			 part->bounds.side == AT_MOST ? "at-most" : "at-least", "holds",
			 part->bounds.holds, "fails", part->bounds.fails, "needs_cpus",
			 part->needs_cpus, "verdict", decision_text(graded->decision));
}

json_t *claim_json(const struct measured *measured)
{
	const struct claim *claim = measured->claim;
	json_t *object = json_pack("{s:s, s:s, s:o}", "name", claim->name, "title", claim->title,
				   "seeds", seeds_json(claim));
	json_t *variants = json_array(), *parts = json_array();
	struct strbuf why = STRBUF_INIT;

	if (measured->error) {
		json_object_set_new(object, "error", json_string(measured->error));
		json_decref(variants);
		json_decref(parts);
		return object;
	}
	for (size_t i = 0; i < claim->nr_variants; i++)
		json_array_append_new(variants, variant_json(measured, i));
	for (size_t i = 0; i < claim->nr_parts; i++)
		json_array_append_new(parts, part_json(measured, i));
	grade_explain(claim, &measured->grade, measured->cpus, &why);
	json_object_set_new(object, "variants", variants);
	json_object_set_new(object, "parts", parts);
	json_object_set_new(object, "verdict",
			    json_string(decision_text(measured->grade.decision)));
	json_object_set_new(object, "why", json_string(why.buf));
	strbuf_release(&why);
	return object;
}
