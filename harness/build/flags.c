#include "build/flags.h"

#include "base/mem.h"

#include <string.h>

void flags_compile(struct words *words, const struct tool *tool, size_t build, const char *compiler,
		   bool links)
{
	// gcc hands -Wp, to the compiler proper with sources only that are to be preprocessed;
	// where nothing is linked the plain form does no harm and reaches it always.
	static const char quiet[] = "-Wp,-fsanitize=thread";

	for (const char *const *flag = tool_flags(tool, build, compiler); *flag; flag++)
		words_add(words, !links && !strcmp(*flag, quiet) ? quiet + strlen("-Wp,") : *flag);
}

void flags_link(struct words *words, const struct tool *tool, const char *folder)
{
	if (tool->format == REPORT_TSAN_DATA)
		words_take(words, xasprintf("%s/tsan_report.o", folder));
	if (tool->format == REPORT_EXPLORE) {
		// The runtime stands before main(), and libraries find it in the program.
		words_add(words, "-rdynamic");
		words_add(words, "-Wl,--wrap=main");
		words_take(words, xasprintf("%s/explore_rt.o", folder));
	}
}

void flags_told(const char *compiler, const char *cflags, const char *ldflags, struct strbuf *out)
{
	const char *const told[][2] = { { "--cc", compiler },
					{ "--cflags", cflags },
					{ "--ldflags", ldflags } };
	const size_t before = out->len;

	for (size_t i = 0; i < ARRAY_SIZE(told); i++) {
		if (!told[i][1] || !*told[i][1])
			continue;
		strbuf_addf(out, "%s%s ", out->len > before ? " " : "", told[i][0]);
		words_quote(told[i][1], out);
	}
}
