// A schedule as a picture: one column for each thread, the lines in the order they ran.
#ifndef RACEGATE_TIMELINE_H
#define RACEGATE_TIMELINE_H

#include "base/strbuf.h"
#include "explore/finding_from_rt.h"
#include "explore/schedule.h"

/*
 * Renders the events of a traced iteration, `width` columns wide. Lines of the
 * source are read from where the debugging information says they are; a line
 * that cannot be read is its place alone, and lines of another file than most
 * are in begin with its name. `*`
 * marks the steps that the findings are about, `+` others that synchronise; a
 * line says where the point of no return is.
 */
void timeline_render(const struct translator *translator, const struct rt_shared *shared,
		     const struct no_return *no_return, unsigned width, struct strbuf *out);

// "after step 12 all of 100 other continuations showed it too".
void no_return_words(const struct no_return *no_return, struct strbuf *out);

#endif
