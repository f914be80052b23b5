/*
 * What compilers are told for a tool: the one place for the programs that
 * `racegate` builds itself and for those that others build with `racegate-cc`.
 */
#ifndef RACEGATE_FLAGS_H
#define RACEGATE_FLAGS_H

#include "base/args.h"
#include "tool/tool.h"

/*
 * Adds what makes objects of sources. `links`: the same call makes a program or
 * a library of them. `compiler` NULL: the tool's own.
 */
void flags_compile(struct args *args, const struct tool *tool, size_t build, const char *compiler,
		   bool links);

/*
 * Adds what makes a program of objects; `folder` has the runtime objects. Stands
 * in front of the user's libraries, one of which may be where main() is.
 */
void flags_link(struct args *args, const struct tool *tool, const char *folder);

/*
 * Appends what racegate was told to build with, as it takes it: `--cc gcc --cflags
 * "-O2 -DN=3"`, in args_quote()'s quotes. Each may be NULL or empty; all of them: nothing.
 */
void flags_told(const char *compiler, const char *cflags, const char *ldflags, struct strbuf *out);

#endif
