#include "model/ending.h"

#include "base/mem.h"
#include "base/names.h"

#include <string.h>

static const char *const ending_names[] = { "exit",    "signal", "hang",
					    "timeout", "limit",  "not-started" };

const char *ending_name(enum ending_how how)
{
	return ending_names[how];
}

int ending_from_name(const char *name)
{
	return name_index(ending_names, ARRAY_SIZE(ending_names), name);
}

static void add_signal(int number, struct strbuf *text)
{
	const char *name = sigabbrev_np(number);

	if (name)
		strbuf_addf(text, "[signal SIG%s]", name);
	else
		strbuf_addf(text, "[signal %d]", number);
}

void ending_add_text(enum ending_how how, int code, const char *limit, struct strbuf *text)
{
	if (how == ENDING_EXIT && !code)
		return;
	if (text->len)
		strbuf_addch(text, ' ');
	switch (how) {
	case ENDING_EXIT:
		strbuf_addf(text, "[exit %d]", code);
		break;
	case ENDING_SIGNAL:
		add_signal(code, text);
		break;
	case ENDING_HANG:
	case ENDING_TIMEOUT:
	case ENDING_NOT_STARTED:
		strbuf_addf(text, "[%s]", ending_name(how));
		break;
	case ENDING_LIMIT:
		strbuf_addf(text, "[limit %s]", limit ? limit : "?");
		break;
	}
}

void outcome_add_cut(uint64_t bytes, uint64_t hash, struct strbuf *text)
{
	strbuf_addf(text, "... [%llu bytes, hash %016llx]", (unsigned long long)bytes,
		    (unsigned long long)hash);
}
