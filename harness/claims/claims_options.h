// The command line of build/claims.
#ifndef RACEGATE_CLAIMS_OPTIONS_H
#define RACEGATE_CLAIMS_OPTIONS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { REPETITIONS_MIN = 5, REPETITIONS_MAX = 101 };

struct claims_options {
	size_t repetitions;
	unsigned chosen; // bit i: claims[i]
	bool json, help;
};

// Wrong values, unknown options and extra arguments are ERR_INPUT. Nothing chosen means all.
int claims_options_parse(struct claims_options *options, int argc, char **argv, struct err *err);
void claims_options_print(void); // the text of --help, to stdout

#endif
