/*
 * Compiler flags for a tool: the one place for the programs that `racegate`
 * builds and for those built with `racegate-cc`.
 */
#ifndef RACEGATE_FLAGS_H
#define RACEGATE_FLAGS_H

#include "base/args.h"
#include "tool/tool.h"

/*
 * Adds the flags to compile sources. `links`: the same call makes a program or a
 * library of them. `compiler` NULL: the tool's own.
 */
void flags_compile(struct args *args, const struct tool *tool, size_t build, const char *compiler,
		   bool links);

/*
 * Adds what makes a program of objects; `folder` has the runtime objects. Goes
 * before the user's libraries, one of which may contain main().
 */
void flags_link(struct args *args, const struct tool *tool, const char *folder);

// Adds what comes after them: a function that the program has itself is its own.
void flags_link_last(struct args *args, const struct tool *tool, const char *folder);

/*
 * Appends the options to build the same again, such as `--cc gcc --cflags "-O2 -DN=3"`, with
 * args_quote()'s quotes. Each may be NULL or empty; if all are, nothing is appended.
 */
void flags_to_rebuild(const char *compiler, const char *cflags, const char *ldflags,
		      struct strbuf *out);

#endif
