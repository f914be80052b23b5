// Colours of text reports; without colour every ink is an empty string.
#ifndef RACEGATE_INK_H
#define RACEGATE_INK_H

#include "judge/verdict.h"

#include <stdbool.h>

struct ink {
	const char *bold, *dim, *red, *green, *yellow, *off;
};

extern const struct ink ink_none, ink_ansi;

const char *ink_verdict(const struct ink *ink, enum verdict_status status);

#endif
