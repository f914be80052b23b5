#include "claims/claims_options.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "claims/claim.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static int parse_repetitions(const char *text, size_t *repetitions, struct err *err)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end || errno || value < REPETITIONS_MIN || value > REPETITIONS_MAX)
		return err_input(err, "--repetitions: '%s' is not an integer from %d to %d", text,
				 REPETITIONS_MIN, REPETITIONS_MAX);
	*repetitions = (size_t)value;
	return 0;
}

static int parse_claim(const char *name, unsigned *chosen, struct err *err)
{
	const struct claim *claim = claim_find(name);
	struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; i < nr_claims; i++) {
		if (claims[i] == claim)
			*chosen |= 1u << i;
		strbuf_addf(&names, "%s%s", i ? ", " : "", claims[i]->name);
	}
	if (!claim)
		err_input(err, "--claim: unknown claim '%s'; choose from %s", name, names.buf);
	strbuf_release(&names);
	return claim ? 0 : -1;
}

int claims_options_parse(struct claims_options *options, int argc, char **argv, struct err *err)
{
	static const struct option longs[] = {
		{ "claim", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "repetitions", required_argument, NULL, 'r' },
		{ 0 },
	};
	int c, rc = 0;

	*options = (struct claims_options){ .repetitions = REPETITIONS_MIN };
	opterr = 0;
	optind = 0; // start over
	while (!rc && (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1)
		switch (c) {
		case 'c':
			rc = parse_claim(optarg, &options->chosen, err);
			break;
		case 'h':
			options->help = true;
			break;
		case 'j':
			options->json = true;
			break;
		case 'r':
			rc = parse_repetitions(optarg, &options->repetitions, err);
			break;
		case ':':
			rc = err_input(err, "%s: needs a value", argv[optind - 1]);
			break;
		default:
			rc = err_input(err, "%s: unknown option; see --help", argv[optind - 1]);
			break;
		}
	if (!rc && optind < argc)
		rc = err_input(err, "'%s': unexpected argument; see --help", argv[optind]);
	if (!options->chosen)
		options->chosen = (1u << nr_claims) - 1;
	return rc;
}

void claims_options_print(void)
{
	printf("usage: claims [--claim NAME]... [--repetitions N] [--json]\n\n"
	       "Measures in C what the seed documents claim about time in Python.\n\n"
	       "  --claim NAME        only this claim; may be given more than once\n"
	       "  --repetitions N     measure each variant N times, %d to %d (default: %d)\n"
	       "  --json              print JSON instead of text\n"
	       "  --help              this help; also -h\n\nClaims:\n",
	       REPETITIONS_MIN, REPETITIONS_MAX, REPETITIONS_MIN);
	for (size_t i = 0; i < nr_claims; i++)
		printf("  %-19s %s\n", claims[i]->name, claims[i]->title);
	puts("\nA ratio is the median of the repetitions, followed by an interval that contains\n"
	     "the true median with at least 90 %. A part of a claim holds, or fails, when the\n"
	     "whole interval is beyond the bound in its column; otherwise, or if it had too\n"
	     "little CPU time to tell, it is undecided. \"Half\" is a ratio of up to 0.67,\n"
	     "\"no gain\" one from 0.83: a third and two thirds of the way from half the time\n"
	     "to all of it. \"n rounds\" is up to n + 0.33, and not from n + 0.67. \"Much\" and\n"
	     "\"far\" mean at least 2; up to 1.5 they fail.\n\n"
	     "Exit codes: 0 measured, whatever the verdicts; 2 wrong usage; 3 something could\n"
	     "not be measured or written.");
}
