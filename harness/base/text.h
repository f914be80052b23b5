// Text in columns, for people.
#ifndef RACEGATE_TEXT_H
#define RACEGATE_TEXT_H

#include "base/strbuf.h"

#include <stdbool.h>

// Adds `text` broken at spaces before column `width`; further lines start at `indent`. The first
// line continues the last one of `out`.
void text_wrap(struct strbuf *out, const char *text, int indent, int width);
// Columns that the first `len` bytes take.
int text_width(const char *text, size_t len);
// Adds each line of `text` after `indent` spaces.
void text_indent(struct strbuf *out, const char *text, int indent);
bool text_ends_with(const char *text, const char *end);

#endif
