#include "cli/terms.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// What a comment may say.
#define IN_COMMENTS                                                                                \
	(OPTION_BIT(OUTCOMES) | OPTION_BIT(OK_EXIT) | OPTION_BIT(SPURIOUS) |                       \
	 OPTION_BIT(TIMEOUTS) | OPTION_BIT(THREADS))
// Of these, what lets pass what would fail.
static const enum option_id weakening[] = { OPT_OUTCOMES, OPT_OK_EXIT, OPT_SPURIOUS, OPT_TIMEOUTS };
static const char mark[] = "racegate";

struct reader {
	const char *path;
	unsigned line;
	struct options options; // the comments' own
	struct {
		char **items; // values, which the options borrow
		size_t nr, alloc;
	} values;
	unsigned said[OPT_NR]; // in which line; 0: not
};

static const char *option_named(enum option_id id)
{
#define X(name_id, name, value, help) name,
	static const char *const names[] = { OPTION_TABLE(X) };
#undef X

	return names[id];
}

static int option_found(const char *name)
{
	for (int i = 0; i < OPT_NR; i++)
		if (!strcmp(option_named((enum option_id)i), name))
			return i;
	return -1;
}

static int wrong(const struct reader *r, size_t column, struct err *err, const char *words)
{
	return err_input(err, "%s:%u:%zu: %s", r->path, r->line, column, words);
}

// One word, "outcomes=any".
static int take_word(struct reader *r, const char *word, size_t len, size_t column, struct err *err)
{
	const char *equals = memchr(word, '=', len);
	char *name = xstrndup(word, equals ? (size_t)(equals - word) : len), *value;
	struct err inner = ERR_INIT;
	int id = option_found(name), rc = -1;

	value = equals ? xstrndup(equals + 1, len - (size_t)(equals + 1 - word)) : xstrdup("");
	*VEC_PUSH(&r->values) = value;
	if (id >= 0 && r->said[id])
		err_input(err, "%s:%u:%zu: %s was said in line %u already", r->path, r->line,
			  column, name, r->said[id]);
	else if (id >= 0 && (IN_COMMENTS & ((option_set)1 << id)) && !*value)
		err_input(err, "%s:%u:%zu: %s needs a value, as in %s=…", r->path, r->line, column,
			  name, name);
	else if (options_set(&r->options, IN_COMMENTS, name, value, &inner))
		wrong(r, column, err, inner.text + (inner.text[0] == '-' ? 2 : 0));
	else
		rc = 0;
	if (!rc)
		r->said[id] = r->line;
	free(name);
	return rc;
}

static int take_words(struct reader *r, const char *line, const char *p, struct err *err)
{
	const char *end = strstr(p, "*/");
	size_t len;

	end = end ? end : p + strlen(p);
	for (; p < end; p += len) {
		p += strspn(p, " \t\r");
		len = strcspn(p, " \t\r");
		len = p + len < end ? len : p < end ? (size_t)(end - p) : 0;
		if (len && take_word(r, p, len, (size_t)(p - line) + 1, err))
			return -1;
	}
	return 0;
}

// Whether the line's first words "racegate outcomes=any" only lack their colon.
static bool lacks_colon(const char *p)
{
	const size_t len = strcspn(p, "= \t");
	char *name = xstrndup(p, len);
	int id = p[len] == '=' ? option_found(name) : -1;

	free(name);
	return id >= 0 && (IN_COMMENTS & ((option_set)1 << id));
}

// The text of a comment that begins in the line and not in a string; NULL: none does.
static const char *comment_in(const char *line)
{
	char quote = '\0';

	for (const char *p = line; *p; p++) {
		if (quote && *p == '\\' && p[1])
			p++;
		else if (quote && *p == quote)
			quote = '\0';
		else if (!quote && (*p == '"' || *p == '\''))
			quote = *p;
		else if (!quote && *p == '/' && (p[1] == '/' || p[1] == '*'))
			return p + 2;
	}
	return NULL;
}

static int take_line(struct reader *r, const char *line, struct err *err)
{
	const char *p = comment_in(line);

	if (!p)
		return 0;
	p += strspn(p, " \t*");
	if (strncmp(p, mark, strlen(mark)) != 0)
		return 0;
	p += strlen(mark);
	p += strspn(p, " \t");
	if (*p == ':')
		return take_words(r, line, p + 1, err);
	if (lacks_colon(p))
		return wrong(r, (size_t)(p - line) + 1, err,
			     "a colon is missing, as in // racegate: outcomes=any");
	return 0;
}

static int read_comments(struct reader *r, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	char *rest, *line;
	int rc = 0;

	// A file that cannot be read does not compile either, and the build says so.
	if (!fs_read(r->path, 0, &text, &ignored))
		for (rest = text.buf; !rc && rest && (line = strsep(&rest, "\n"));) {
			r->line++;
			rc = take_line(r, line, err);
		}
	strbuf_release(&text);
	return rc;
}

static int set_outcomes(struct gate *gate, const char *value, const char *beside, struct err *err)
{
	int results = value ? results_from_name(value) : RESULTS_SAME, rc;
	const char *slash = beside ? strrchr(beside, '/') : NULL;
	char *path;

	if (results >= 0) {
		gate->results = (enum results)results;
		return 0;
	}
	// A file that a comment names lies beside its source.
	path = slash && *value != '/' ? xasprintf("%.*s/%s", (int)(slash - beside), beside, value)
				      : xstrdup(value);
	rc = gate_load_outcomes(gate, path, err);
	free(path);
	return rc;
}

static void add_accepted(const struct options *options, const struct reader *r, struct gate *gate)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(weakening); i++) {
		const enum option_id id = weakening[i];
		const char *separator = text.len ? ", " : "";

		if (options->given[id])
			strbuf_addf(&text, "%s--%s %s", separator, option_named(id),
				    options->given[id]);
		else if (r->said[id])
			strbuf_addf(&text, "%s%s=%s (%s:%u)", separator, option_named(id),
				    r->options.given[id], r->path, r->said[id]);
	}
	if (text.len)
		gate->accepted = strbuf_detach(&text);
	strbuf_release(&text);
}

static int apply(const struct options *o, const struct reader *r, struct target *target,
		 struct err *err)
{
	const struct options *own = &r->options;

	target->gate.fail_on = o->settings.gate.fail_on;
	target->gate.allow_sequential = o->settings.gate.allow_sequential;
	target->gate.strict = o->settings.gate.strict;
	memcpy(target->gate.ok_exits, (o->given[OPT_OK_EXIT] ? o : own)->settings.gate.ok_exits,
	       sizeof(target->gate.ok_exits));
	target->threads = o->threads ? o->threads : own->threads;
	if (!o->given[OPT_SPURIOUS]) {
		target->explore.few_spurious = own->terms.few_spurious;
		target->explore.spurious = own->terms.spurious;
	}
	if (!o->given[OPT_TIMEOUTS])
		target->explore.due_timeouts = own->terms.due_timeouts;
	add_accepted(o, r, &target->gate);
	return set_outcomes(&target->gate, o->outcomes ? o->outcomes : own->outcomes,
			    o->outcomes ? NULL : target->source, err);
}

int terms_apply(const struct options *options, struct target_list *targets, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < targets->nr; i++) {
		struct target *target = &targets->items[i];
		struct reader r = { .path = target->source };

		// A case says for itself what is right.
		target->explore = options->terms;
		if (target->tc)
			continue;
		if (target->source)
			rc = read_comments(&r, err);
		if (!rc)
			rc = apply(options, &r, target, err);
		for (size_t k = 0; k < r.values.nr; k++)
			free(r.values.items[k]);
		free(r.values.items);
	}
	return rc;
}
