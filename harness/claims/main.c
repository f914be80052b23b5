// build/claims, run by `make claims`.
#include "base/mem.h"
#include "claims/claim.h"
#include "claims/claims_options.h"
#include "claims/measure.h"
#include "claims/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_MEASURED = 0, EXIT_USAGE = 2, EXIT_UNMEASURED = 3 };

static void measure_claim(const struct claim *claim, const struct claims_options *options,
			  struct measured *measured)
{
	struct err err = ERR_INIT;

	*measured = (struct measured){
		.claim = claim,
		.samples = xcalloc(options->repetitions * claim->nr_variants,
				   sizeof(*measured->samples)),
		.repetitions = options->repetitions,
		.cpus = cpus_available(),
	};
	if (claim_measure(claim, &claim_scale, options->repetitions, measured->samples, &err))
		measured->error = xstrdup(err.text);
	else
		grade_claim(claim, measured->samples, options->repetitions, measured->cpus,
			    &measured->grade);
}

static double load_now(void)
{
	double load = 0;

	getloadavg(&load, 1);
	return load;
}

static void print_text(const struct measured *measured)
{
	struct strbuf text = STRBUF_INIT;

	claim_text(measured, &text);
	printf("\n%s", text.buf);
	fflush(stdout); // so that each is there when it is known
	strbuf_release(&text);
}

static void print_json(json_t *list, double load, const struct claims_options *options)
{
	json_t *root = json_pack("{s:s, s:i, s:f, s:i, s:O}", "schema", "racegate-claims/1", "cpus",
				 cpus_available(), "load", load, "repetitions",
				 (int)options->repetitions, "claims", list);

	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

// Returns the exit code.
static int run_claims(const struct claims_options *options)
{
	int code = EXIT_MEASURED;
	double load = load_now();
	json_t *list = json_array();

	if (!options->json)
		printf("CPUs: %d. Load before: %.2f. Repetitions: %zu.\n", cpus_available(), load,
		       options->repetitions);
	for (size_t i = 0; i < nr_claims; i++) {
		struct measured measured;

		if (!(options->chosen & 1u << i))
			continue;
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\rmeasuring %-20s", claims[i]->name);
		measure_claim(claims[i], options, &measured);
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%30s\r", "");
		if (measured.error) {
			fprintf(stderr, "claims: %s\n", measured.error);
			code = EXIT_UNMEASURED;
		}
		if (options->json)
			json_array_append_new(list, claim_json(&measured));
		else
			print_text(&measured);
		measured_release(&measured);
	}
	if (options->json)
		print_json(list, load, options);
	json_decref(list);
	return code;
}

int main(int argc, char **argv)
{
	struct claims_options options;
	struct err err = ERR_INIT;
	int code = EXIT_MEASURED;

	if (claims_options_parse(&options, argc, argv, &err)) {
		fprintf(stderr, "claims: %s\n", err.text);
		return EXIT_USAGE;
	}
	if (options.help)
		claims_options_print();
	else
		code = run_claims(&options);
	if (fflush(stdout) || ferror(stdout)) {
		perror("claims: stdout");
		return EXIT_UNMEASURED;
	}
	return code;
}
