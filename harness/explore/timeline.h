// A schedule as a picture: one column for each thread, the lines in the order they ran.
#ifndef RACEGATE_TIMELINE_H
#define RACEGATE_TIMELINE_H

#include "base/strbuf.h"
#include "explore/translate.h"

/*
 * Renders the events of a traced iteration, `width` columns wide. Lines of the
 * source are read from where the debugging information says they are, as seen
 * from `root` when that is relative; a line that cannot be read is its place
 * alone. `*` marks the steps that the findings are about, `|` a thread that
 * waits.
 */
void timeline_render(const struct translator *translator, const struct rt_shared *shared,
		     const char *root, unsigned width, struct strbuf *out);

#endif
