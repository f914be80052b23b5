#include "judge/outcome.h"

#include "tool/tool.h"

#include <string.h>

int outcome_exit(const struct record *r)
{
	const bool tools = r->tool_code && r->code == r->tool_code;

	return r->how != ENDING_EXIT || tools ? -1 : r->code;
}

void outcome_text(const struct record *r, struct strbuf *text)
{
	strbuf_addstr(text, r->out ? r->out : "");
	if (r->out_cut)
		outcome_add_cut(r->out_total, r->out_hash, text);
	if (r->how != ENDING_EXIT || outcome_exit(r) > 0)
		ending_add_text(r->how, r->code, r->limit, text);
}

bool outcome_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

const struct outcome_row *outcome_row(const struct target *target, const char *text)
{
	const struct testcase *tc = target->tc;
	const struct outcome_row *rows = tc ? tc->outcomes : target->gate.rows;
	const size_t nr = tc ? tc->nr_outcomes : target->gate.nr_rows;

	for (size_t i = 0; i < nr; i++)
		if (outcome_matches(rows[i].result, text))
			return &rows[i];
	return NULL;
}

enum grade outcome_grade(const struct target *target, const char *text)
{
	const struct outcome_row *row = outcome_row(target, text);

	if (!row)
		return GRADE_FORBIDDEN;
	return target->variant == VARIANT_RACY ? row->racy : row->fixed;
}

bool outcome_is_bad(const struct target *target, enum grade grade)
{
	return target->tc ? grade != GRADE_ACCEPTABLE : grade == GRADE_FORBIDDEN;
}
