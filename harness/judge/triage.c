#include "judge/triage.h"

#include "base/mem.h"
#include "tool/tool.h"

#include <stdlib.h>
#include <string.h>

#define ULL(x) ((unsigned long long)(x))

const char *standing_name(enum standing standing)
{
	static const char *const names[STANDING_NR] = { "confirmed", "reported", "disputed",
							"refuted" };

	return names[standing];
}

void triage_release(struct triage *triage)
{
	free(triage->reason);
	*triage = (struct triage){ 0 };
}

static void triage_set(struct triage *triage, enum standing standing, char *reason)
{
	triage->standing = standing;
	triage->reason = reason;
}

// A limitation for each tool that reported it; the first of them, and its tool. NULL: one has
// none.
static const struct limitation *explanation(const struct triage_facts *f, enum tool_id *tool)
{
	const struct limitation *first = NULL;

	for (int t = 0; t < TOOL_NR; t++) {
		const struct limitation *row;

		if (!f->tools[t])
			continue;
		row = limitation_of(f->finding, (enum tool_id)t, f->answers);
		if (!row)
			return NULL;
		if (!first)
			*tool = (enum tool_id)t;
		first = first ? first : row;
	}
	return first;
}

static bool nothing_found_there(const struct triage_facts *f)
{
	const struct witness *w = witness_about(f->answers, f->finding);

	return w && w->met && !w->contested;
}

// "in 200 schedules the threads met there 150 times, always ordered".
static char *what_was_seen(const struct witness *w)
{
	return xasprintf("in %llu schedules it came to %s %llu times, and nothing was wrong",
			 ULL(w->schedules), w->places[1].file ? "both places" : "the place",
			 ULL(w->met));
}

static char *reported_reason(const struct triage_facts *f)
{
	const struct witness *w = witness_about(f->answers, f->finding);
	char *seen, *reason;

	if (!w || !w->schedules)
		return xstrdup("the explorer could not look into it; nothing speaks against it");
	if (!w->met)
		return xasprintf("not confirmed: in %llu schedules no two threads came to its "
				 "places; nothing speaks against it",
				 ULL(w->schedules));
	if (w->contested)
		return xstrdup("the explorer found something at the same place; nothing speaks "
			       "against it");
	seen = what_was_seen(w);
	reason = xasprintf("not confirmed: %s, but no known limitation explains the report", seen);
	free(seen);
	return reason;
}

static char *disputed_reason(const struct triage_facts *f, const struct limitation *row,
			     enum tool_id tool)
{
	const struct witness *w = witness_about(f->answers, f->finding);
	char *seen, *reason;

	if (!w)
		return xasprintf("%s; %s %s (%s)", row->trigger, tool_get(tool)->title, row->wrong,
				 row->id);
	seen = what_was_seen(w);
	reason = xasprintf("%s; %s, and %s %s (%s)", seen, row->trigger, tool_get(tool)->title,
			   row->wrong, row->id);
	free(seen);
	return reason;
}

void triage_of(const struct triage_facts *f, struct triage *triage)
{
	const bool plain = f->by_harness && f->tools[TOOL_NATIVE];
	enum tool_id tool = TOOL_NATIVE;

	*triage = (struct triage){ 0 };
	if (kind_is_inconclusive(f->finding->kind))
		return;
	if (f->scheduled) {
		triage_set(triage, STANDING_CONFIRMED, xstrdup("a schedule shows it again"));
		return;
	}
	if (plain || f->tools[TOOL_EXPLORE]) {
		triage_set(triage, STANDING_CONFIRMED,
			   xstrdup(plain ? "it happened in a plain run"
					 : "it happened under the explorer"));
		return;
	}
	if (!f->by_harness && nothing_found_there(f) && f->guarantee && f->guarantee->whole) {
		triage_set(triage, STANDING_REFUTED,
			   xstrdup("all schedules that the program has with this input were "
				   "tried, and none shows it"));
		return;
	}
	triage->limitation = f->by_harness ? NULL : explanation(f, &tool);
	if (triage->limitation)
		triage_set(triage, STANDING_DISPUTED, disputed_reason(f, triage->limitation, tool));
	else
		triage_set(triage, STANDING_REPORTED, reported_reason(f));
}
