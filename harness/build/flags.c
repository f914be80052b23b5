#include "build/flags.h"

#include "base/mem.h"

#include <string.h>

void flags_compile(struct args *args, const struct tool *tool, size_t build, const char *compiler,
		   bool links)
{
	// gcc hands -Wp, to the compiler proper with sources only that are to be preprocessed;
	// where nothing is linked the plain form does no harm and reaches it always.
	static const char quiet[] = "-Wp,-fsanitize=thread";

	for (const char *const *flag = tool_flags(tool, build, compiler); *flag; flag++)
		args_add(args, !links && !strcmp(*flag, quiet) ? quiet + strlen("-Wp,") : *flag);
}

void flags_link(struct args *args, const struct tool *tool, const char *folder)
{
	if (tool->format == REPORT_TSAN_DATA)
		args_take(args, xasprintf("%s/tsan_report.o", folder));
	if (tool->format == REPORT_EXPLORE) {
		// The runtime comes before main(), and libraries find it in the program.
		args_add(args, "-rdynamic");
		args_add(args, "-Wl,--wrap=main");
		// A library of the program's may contain main(), and nobody else asks for it.
		args_add(args, "-Wl,-u,main");
	}
}

void flags_link_last(struct args *args, const struct tool *tool, const char *folder)
{
	if (tool->format != REPORT_EXPLORE)
		return;
	// So it is an object of the linker's even after -x.
	args_add(args, "-Xlinker");
	args_take(args, xasprintf("%s/explore_rt.o", folder));
}

void flags_to_rebuild(const char *compiler, const char *cflags, const char *ldflags,
		      struct strbuf *out)
{
	const char *const options[][2] = { { "--cc", compiler },
					   { "--cflags", cflags },
					   { "--ldflags", ldflags } };
	const size_t before = out->len;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!options[i][1] || !*options[i][1])
			continue;
		strbuf_addf(out, "%s%s ", out->len > before ? " " : "", options[i][0]);
		args_quote(options[i][1], out);
	}
}
