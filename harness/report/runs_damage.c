#include "base/mem.h"
#include "base/strbuf.h"
#include "report/load_runs.h"

#include <string.h>

// So many ranges of numbers are written out.
enum { MOST_RANGES = 8 };

// "runs 1-3, 7": numbers come in ascending order.
struct numbers {
	uint64_t first, last, count;
	unsigned ranges;
	struct strbuf text;
};

static void end_range(struct numbers *n)
{
	if (!n->count)
		return;
	if (n->ranges++ >= MOST_RANGES)
		return;
	strbuf_addf(&n->text, "%s%llu", n->text.len ? ", " : "", (unsigned long long)n->first);
	if (n->last > n->first)
		strbuf_addf(&n->text, "-%llu", (unsigned long long)n->last);
}

static void add_range(struct numbers *n, uint64_t first, uint64_t last)
{
	if (first > last || (n->count && first <= n->last))
		return;
	if (!n->count || first != n->last + 1) {
		end_range(n);
		n->first = first;
	}
	n->last = last;
	n->count += last - first + 1;
}

static void say(struct numbers *n, const char *what, const char *is, const char *are,
		struct strbuf *out)
{
	end_range(n);
	if (n->count)
		strbuf_addf(out, "%s %s%s %s%s %s", out->len ? ";" : "", what,
			    n->count == 1 ? "" : "s", n->text.buf,
			    n->ranges > MOST_RANGES ? ", ..." : "", n->count == 1 ? is : are);
	strbuf_release(&n->text);
}

static void say_what(const struct runs_lines *lines, const struct runs_seal *expected,
		     struct strbuf *out)
{
	struct numbers missing = { .text = STRBUF_INIT }, twice = missing, changed = missing,
		       unreadable = missing;
	uint64_t last = 0;

	for (size_t i = 0; i < lines->nr; i++) {
		const struct runs_line *l = &lines->items[i];

		if (!l->run && !(l->cut && !expected))
			add_range(&unreadable, l->number, l->number);
		if (!l->run)
			continue;
		if (l->run == last)
			add_range(&twice, last, last);
		// A session that was killed may have been writing.
		if (!l->whole && !(l->cut && !expected))
			add_range(&changed, l->run, l->run);
		if (expected)
			add_range(&missing, last + 1, l->run - 1);
		last = l->run;
	}
	if (expected)
		add_range(&missing, last + 1, expected->count);
	say(&missing, "run", "is missing", "are missing", out);
	say(&twice, "run", "is there twice", "are there twice", out);
	say(&changed, "run", "was changed", "were changed", out);
	say(&unreadable, "line", "is unreadable", "are unreadable", out);
}

char *runs_damage(const struct runs_lines *lines, const struct runs_seal *expected)
{
	struct strbuf what = STRBUF_INIT;
	char *damage = NULL;

	if (expected && expected->count == lines->seal.count && expected->hash == lines->seal.hash)
		return NULL;
	say_what(lines, expected, &what);
	if (expected)
		damage = xasprintf("runs.jsonl is not what the session wrote (%llu lines):%s",
				   (unsigned long long)expected->count,
				   what.len ? what.buf : " all of it was changed");
	else if (what.len)
		damage = xasprintf("runs.jsonl is not what the session wrote:%s", what.buf);
	strbuf_release(&what);
	return damage;
}
