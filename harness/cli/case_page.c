#include "cli/case_page.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/source_line.h"
#include "base/text.h"
#include "cli/case_diff.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80 };

static void heading(struct strbuf *out, const struct ink *ink, const char *text)
{
	strbuf_addf(out, "\n%s%s%s\n", ink->bold, text, ink->off);
}

// A line of a step, as it is. One that is wider than the page is parted where its columns part,
// and goes on below its own words.
static void add_step(struct strbuf *out, const char *line)
{
	int lead = (int)strspn(line, " "), indent = 2 + lead;
	const char *gap = strstr(line + lead, "  ");
	char *words = gap ? xstrndup(line, (size_t)(gap - line)) : xstrdup(line);

	if (2 + text_width(line, strlen(line)) <= WIDTH) {
		strbuf_addf(out, "  %s\n", line);
	} else {
		strbuf_addf(out, "%*s", indent, "");
		indent += isdigit((unsigned char)line[lead]) ? 3 : 0; // past the number
		text_wrap(out, words, indent, WIDTH);
		if (gap) {
			strbuf_addf(out, "%*s", indent, "");
			text_wrap(out, gap, indent, WIDTH);
		}
	}
	free(words);
}

// Adds what was collected of a paragraph, wrapped to the page.
static void end_paragraph(struct strbuf *out, struct strbuf *paragraph)
{
	if (!paragraph->len)
		return;
	strbuf_addstr(out, "  ");
	text_wrap(out, paragraph->buf, 2, WIDTH);
	strbuf_reset(paragraph);
}

// The text of a comment: what is indented keeps its lines, paragraphs are wrapped anew.
static void add_comment(struct strbuf *out, const char *text)
{
	struct strbuf paragraph = STRBUF_INIT;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		char *line = xstrndup(text, strcspn(text, "\n"));
		const char *words = line + strspn(line, " ");

		words += *words == '*';
		words += *words == ' ';
		if (!*words || *words == ' ')
			end_paragraph(out, &paragraph);
		if (*words == ' ')
			add_step(out, words);
		else if (*words)
			strbuf_addf(&paragraph, "%s ", words);
		else
			strbuf_addch(out, '\n');
		free(line);
	}
	end_paragraph(out, &paragraph);
	strbuf_release(&paragraph);
}

// The comment that a source begins with, without its marks.
static int add_top_comment(struct strbuf *out, const char *path, struct err *err)
{
	struct strbuf source = STRBUF_INIT;
	char *end;

	if (fs_read(path, 0, &source, err))
		return -1;
	end = strncmp(source.buf, "/*\n", 3) == 0 ? strstr(source.buf, "\n */") : NULL;
	if (end) {
		*end = '\0';
		add_comment(out, source.buf + 3);
	}
	strbuf_release(&source);
	return 0;
}

// "  racy.c:28  balance   balance += 1;", one line for each mark.
static void add_marks(struct strbuf *out, const struct testcase *tc, const char *source)
{
	int place = 0, object = 0;

	for (size_t i = 0; i < tc->marks.nr; i++) {
		int digits = snprintf(NULL, 0, "%d", tc->marks.items[i].line);
		int len = (int)strlen(tc->marks.items[i].object);

		place = digits > place ? digits : place;
		object = len > object ? len : object;
	}
	for (size_t i = 0; i < tc->marks.nr; i++) {
		const struct race_mark *mark = &tc->marks.items[i];
		char *line = source_line(source, mark->line);
		char *comment = line ? strstr(line, "// RACE:") : NULL;

		if (comment)
			*comment = '\0';
		strbuf_addf(out, "  racy.c:%-*d  %-*s  %s", place, mark->line, object, mark->object,
			    line ? line : "");
		strbuf_trim(out);
		strbuf_addch(out, '\n');
		free(line);
	}
}

static void add_grade(struct strbuf *out, const char *variant, enum grade grade,
		      const struct ink *ink)
{
	static const size_t inks[GRADE_NR] = {
		[GRADE_ACCEPTABLE] = offsetof(struct ink, green),
		[GRADE_INTERESTING] = offsetof(struct ink, yellow),
		[GRADE_FORBIDDEN] = offsetof(struct ink, red),
	};
	const char *colour = *(const char *const *)((const char *)ink + inks[grade]);

	strbuf_addf(out, "%s %s%s%s", variant, colour, grade_name(grade), *colour ? ink->off : "");
}

static void add_outcomes(struct strbuf *out, const struct testcase *tc, const struct ink *ink)
{
	for (size_t i = 0; i < tc->nr_outcomes; i++) {
		const struct outcome_row *row = &tc->outcomes[i];

		strbuf_addf(out, "  %s\n      ", row->result);
		add_grade(out, "racy:", row->racy, ink);
		add_grade(out, ", fixed:", row->fixed, ink);
		strbuf_addstr(out, "; ");
		text_wrap(out, row->meaning, 6, WIDTH);
	}
	strbuf_addstr(out, "  Anything else is forbidden.\n");
}

static bool same(const struct expectation *a, const struct expectation *b)
{
	return a->answer == b->answer && a->reason && b->reason && !strcmp(a->reason, b->reason);
}

// "misses (racy: tsan, tsan-gcc): …": the reason once, for all tools that share it.
static void add_reasons(struct strbuf *out, const struct testcase *tc, enum variant variant)
{
	for (int t = 0; t < TOOL_NR; t++) {
		const struct expectation *e = &tc->expect[variant][t];
		struct strbuf line = STRBUF_INIT;
		bool printed = !e->reason;

		for (int k = 0; k < t && !printed; k++)
			printed = same(&tc->expect[variant][k], e);
		if (printed)
			continue;
		strbuf_addf(&line, "%s (%s:", answer_name(e->answer), variant_name(variant));
		for (int k = t; k < TOOL_NR; k++)
			if (same(&tc->expect[variant][k], e))
				strbuf_addf(&line, "%s %s", k > t ? "," : "",
					    tool_name((enum tool_id)k));
		strbuf_addf(&line, "): %s", e->reason);
		strbuf_addstr(out, "  ");
		text_wrap(out, line.buf, 6, WIDTH);
		strbuf_release(&line);
	}
}

static void add_answer(struct strbuf *out, const struct expectation *e, const struct ink *ink)
{
	const char *colour = e->reason ? ink->yellow : "";

	strbuf_addstr(out, colour);
	strbuf_addpad(out, answer_name(e->answer), 13);
	strbuf_addstr(out, *colour ? ink->off : "");
}

static void add_answers(struct strbuf *out, const struct testcase *tc, const struct ink *ink)
{
	strbuf_addstr(out, "  tool      racy         fixed\n");
	for (int t = 0; t < TOOL_NR; t++) {
		strbuf_addf(out, "  %-9s ", tool_name((enum tool_id)t));
		for (int v = 0; v < VARIANT_NR; v++)
			add_answer(out, &tc->expect[v][t], ink);
		strbuf_trim(out);
		strbuf_addch(out, '\n');
	}
	for (int v = 0; v < VARIANT_NR; v++)
		add_reasons(out, tc, (enum variant)v);
}

// "Seed:     inspired by FILE, SECTION", and what the document gets wrong.
static void add_seed(struct strbuf *out, const struct testcase *tc)
{
	static const char *const relations[RELATION_NR] = {
		[RELATION_DOCUMENTED] = "documented in",
		[RELATION_INSPIRED_BY] = "inspired by",
	};

	if (!tc->seed_file)
		return;
	strbuf_addf(out, "Seed:     %s %s, ", relations[tc->seed_relation], tc->seed_file);
	text_wrap(out, tc->seed_section, 10, WIDTH);
	if (tc->seed_note) {
		strbuf_addstr(out, "          ");
		text_wrap(out, tc->seed_note, 10, WIDTH);
	}
}

static void add_case_head(struct strbuf *out, const struct testcase *tc, const struct ink *ink)
{
	struct strbuf kinds = STRBUF_INIT;

	strbuf_addf(out, "%s%s%s  [%s]\n", ink->bold, tc->id, ink->off, class_name(tc->class));
	text_wrap(out, tc->title, 0, WIDTH);
	strbuf_addch(out, '\n');
	add_seed(out, tc);
	for (int k = 0; k < KIND_NR; k++)
		if (tc->kinds & KIND_BIT(k))
			strbuf_addf(&kinds, "%s%s", kinds.len ? ", " : "",
				    kind_name((enum finding_kind)k));
	if (kinds.len) {
		strbuf_addstr(out, "Findings: ");
		text_wrap(out, kinds.buf, 10, WIDTH);
	}
	strbuf_release(&kinds);
	strbuf_addstr(out, "Sources:  ");
	text_wrap(out, tc->dir, 10, WIDTH);
}

int case_page(const struct testcase *tc, const struct ink *ink, struct strbuf *out, struct err *err)
{
	char *racy = testcase_source(tc, VARIANT_RACY), *fixed = testcase_source(tc, VARIANT_FIXED);
	const enum answer explored = tc->expect[VARIANT_RACY][TOOL_EXPLORE].answer;
	int rc;

	add_case_head(out, tc, ink);
	heading(out, ink, "What goes wrong");
	strbuf_addstr(out, "  ");
	text_wrap(out, tc->why, 2, WIDTH);
	heading(out, ink, "racy.c, step by step");
	rc = add_top_comment(out, racy, err);
	if (tc->marks.nr)
		heading(out, ink, "The racing lines");
	add_marks(out, tc, racy);
	heading(out, ink, "The fix");
	strbuf_addstr(out, "  ");
	text_wrap(out, tc->fix, 2, WIDTH);
	heading(out, ink, "The fix as a diff");
	if (!rc)
		rc = case_diff(racy, fixed, ink, out, err);
	heading(out, ink, "Outcomes");
	add_outcomes(out, tc, ink);
	heading(out, ink, "What each tool says");
	add_answers(out, tc, ink);
	strbuf_addf(out, "\nTry it:  racegate check %s\n", tc->id);
	if (explored == ANSWER_DETECTS || explored == ANSWER_DIVERGES)
		strbuf_addf(out, "See it:  racegate explore %s/racy\n", tc->id);
	free(racy);
	free(fixed);
	return rc;
}

void case_row(const struct testcase *tc, const struct ink *ink, struct strbuf *out)
{
	enum { NAME_WIDTH = 25 };
	const char *name = fs_base(tc->id);

	strbuf_addf(out, "  %s", ink->bold);
	if (strlen(name) < NAME_WIDTH) {
		strbuf_addpad(out, name, NAME_WIDTH);
		strbuf_addstr(out, ink->off);
	} else { // a long one has a line to itself
		strbuf_addf(out, "%s%s\n%*s", name, ink->off, 2 + NAME_WIDTH, "");
	}
	strbuf_addpad(out, class_name(tc->class), 11);
	for (int t = 0; t < TOOL_NR; t++) {
		enum answer answer = tc->expect[VARIANT_RACY][t].answer;
		bool sometimes = answer == ANSWER_SOMETIMES;
		bool catches = answer == ANSWER_DETECTS || answer == ANSWER_DIVERGES || sometimes;
		const char *tool = tool_name((enum tool_id)t);

		strbuf_addch(out, sometimes ? '~' : ' ');
		strbuf_addpad(out, catches ? tool : "", (int)strlen(tool));
	}
	strbuf_trim(out);
	strbuf_addf(out, "\n      %s", ink->dim);
	text_wrap(out, tc->title, 6, WIDTH);
	if (*ink->off) {
		out->buf[--out->len] = '\0';
		strbuf_addf(out, "%s\n", ink->off);
	}
}
