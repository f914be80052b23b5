#include "explore/schedule.h"

#include "base/args.h"
#include "base/mem.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_WIDTH = 90 };

void schedule_release(struct schedule *schedule)
{
	free(schedule->program);
	free(schedule->target);
	free(schedule->arguments);
	free(schedule->built);
	free(schedule->shows);
	free(schedule->found_by);
	free(schedule->entries);
	*schedule = (struct schedule){ 0 };
}

void schedule_set(struct schedule *schedule, const struct rt_entry *entries, size_t nr)
{
	schedule->entries = xrealloc(schedule->entries, nr + 1, sizeof(*entries));
	if (nr)
		memcpy(schedule->entries, entries, nr * sizeof(*entries));
	schedule->nr = nr;
}

struct schedule schedule_copy(const struct schedule *schedule)
{
	struct schedule copy = *schedule;

	copy.program = xstrdup(schedule->program);
	copy.target = xstrdup(schedule->target);
	copy.arguments = xstrdup(schedule->arguments);
	copy.built = xstrdup(schedule->built);
	copy.shows = xstrdup(schedule->shows);
	copy.found_by = xstrdup(schedule->found_by);
	copy.entries = NULL;
	schedule_set(&copy, schedule->entries, schedule->nr);
	return copy;
}

static void render_entry(const struct rt_entry *entry, struct strbuf *word)
{
	if (entry->who == (RT_CHOICE | RT_VALUE))
		strbuf_addstr(word, "time");
	else if (entry->who == (RT_CHOICE | RT_SPURIOUS))
		strbuf_addstr(word, "spurious");
	else if (entry->who & RT_CHOICE)
		strbuf_addf(word, "choice:%u", entry->who & RT_VALUE);
	else if (entry->who)
		strbuf_addf(word, "T%u", entry->who);
	else
		strbuf_addstr(word, "main");
	if (entry->times > 1)
		strbuf_addf(word, "*%u", entry->times);
}

uint64_t schedule_decisions(const struct schedule *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->nr; i++)
		sum += s->entries[i].times;
	return sum;
}

void schedule_render(const struct schedule *s, struct strbuf *out)
{
	size_t line = 0;

	strbuf_addf(out,
		    "racegate-schedule 1\nprogram %s\ntarget %s\narguments %s\n%s%s%sthreads %u\n"
		    "shows %s\nfound %s\nevents %016" PRIx64 "\n",
		    s->program, s->target, s->arguments, s->built ? "built " : "",
		    s->built ? s->built : "", s->built ? "\n" : "", s->threads, s->shows,
		    s->found_by, s->event_hash);
	if (s->no_return.tried)
		strbuf_addf(out,
			    "unavoidable after step %" PRIu64 ", in all of %" PRIu32
			    " continuations\n",
			    s->no_return.step, s->no_return.tried);
	strbuf_addf(out, "decisions %" PRIu64 "\nsteps\n", schedule_decisions(s));
	for (size_t i = 0; i < s->nr; i++) {
		struct strbuf word = STRBUF_INIT;

		render_entry(&s->entries[i], &word);
		if (line && line + 1 + word.len > LINE_WIDTH) {
			strbuf_addch(out, '\n');
			line = 0;
		}
		strbuf_addf(out, "%s%s", line ? " " : "", word.buf);
		line += word.len + 1;
		strbuf_release(&word);
	}
	strbuf_addch(out, '\n');
}

struct reader {
	const char *path, *at, *line;
	int number; // of the line
};

static int expected_here(const struct reader *r, const char *expected, struct err *err)
{
	return err_input(err, "%s:%d:%d: expected %s", r->path, r->number,
			 (int)(r->at - r->line) + 1, expected);
}

// Whether the line "KEY VALUE\n" begins here; moves on to its value.
static bool line_of(struct reader *r, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(r->at, key, len) != 0 || !strchr(" \n", r->at[len]) || !r->at[len])
		return false;
	r->at += len + (r->at[len] == ' ');
	return true;
}

static bool end_line(struct reader *r)
{
	if (*r->at != '\n')
		return false;
	r->line = ++r->at;
	r->number++;
	return true;
}

// The value of that line, owned. NULL: another line, or a truncated one.
static char *read_member(struct reader *r, const char *key)
{
	const char *end = strchr(r->at, '\n');
	char *value;

	if (!end || !line_of(r, key))
		return NULL;
	value = xstrndup(r->at, (size_t)(end - r->at));
	r->at = end;
	end_line(r);
	return value;
}

// A number from `least` to `most`. False: anything else, which is not consumed.
static bool read_number(struct reader *r, uint32_t least, uint32_t most, uint32_t *value)
{
	char *end;
	unsigned long n = isdigit((unsigned char)*r->at) ? strtoul(r->at, &end, 10) : UINT32_MAX;

	if (n >= UINT32_MAX || n < least || n > most)
		return false;
	*value = (uint32_t)n;
	r->at = end;
	return true;
}

static bool skip_word(struct reader *r, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	return true;
}

static int parse_entry(struct reader *r, struct rt_entry *entry, struct err *err)
{
	uint32_t value;

	*entry = (struct rt_entry){ 0, 1 };
	if (skip_word(r, "time")) {
		entry->who = RT_CHOICE | RT_VALUE;
	} else if (skip_word(r, "spurious")) {
		entry->who = RT_CHOICE | RT_SPURIOUS;
	} else if (skip_word(r, "choice:")) {
		if (!read_number(r, 0, RT_SPURIOUS - 1, &value))
			return expected_here(r, "the number of a choice", err);
		entry->who = RT_CHOICE | value;
	} else if (skip_word(r, "T")) {
		if (!read_number(r, 1, RT_MAX_THREADS - 1, &value))
			return expected_here(r, "the number of a thread", err);
		entry->who = value;
	} else if (!skip_word(r, "main")) {
		return expected_here(r, "main, T1, T2, ..., choice:N, time or spurious", err);
	}
	if (skip_word(r, "*") && !read_number(r, 1, UINT32_MAX - 1, &entry->times))
		return expected_here(r, "a number of repetitions", err);
	if (*r->at && !strchr(" \n", *r->at))
		return expected_here(r, "a space", err);
	return 0;
}

/*
 * A truncated file has fewer decisions than it states, or ends within a line.
 */
static int check_end(struct reader *r, const struct schedule *s, uint64_t decisions,
		     struct err *err)
{
	char *expected;

	if (r->at[-1] != '\n')
		return expected_here(r, "the end of a line: the file is truncated", err);
	if (schedule_decisions(s) == decisions)
		return 0;
	expected = xasprintf("%" PRIu64 " decisions, found %" PRIu64, decisions,
			     schedule_decisions(s));
	expected_here(r, expected, err);
	free(expected);
	return -1;
}

static int parse_entries(struct reader *r, struct schedule *s, uint64_t decisions, struct err *err)
{
	size_t alloc = 0;

	while (*r->at) {
		if (*r->at == ' ') {
			r->at++;
		} else if (!end_line(r)) {
			if (s->nr == RT_MAX_ENTRIES)
				return expected_here(r, "fewer steps", err);
			if (s->nr == alloc) {
				alloc = alloc ? 2 * alloc : 64;
				s->entries = xrealloc(s->entries, alloc, sizeof(*s->entries));
			}
			if (parse_entry(r, &s->entries[s->nr], err))
				return -1;
			s->nr++;
		}
	}
	return s->nr ? check_end(r, s, decisions, err) : expected_here(r, "steps", err);
}

static int wrong_line(struct reader *r, struct err *err)
{
	r->at = r->line;
	return expected_here(
		r, "program, target, arguments, threads, shows, found, events, decisions, steps",
		err);
}

static int parse_threads(struct reader *r, struct schedule *s, struct err *err)
{
	const char *begin = r->at;

	if (read_number(r, 1, RT_MAX_THREADS, &s->threads) && end_line(r))
		return 0;
	r->at = begin;
	return expected_here(r, "the number of threads, 1 to 256", err);
}

static int parse_events(struct reader *r, struct schedule *s, struct err *err)
{
	enum { DIGITS = 16 };

	if (strspn(r->at, "0123456789abcdef") != DIGITS || r->at[DIGITS] != '\n')
		return expected_here(r, "16 hex digits", err);
	s->event_hash = strtoull(r->at, NULL, 16);
	r->at += DIGITS;
	end_line(r);
	return 0;
}

static int parse_decisions(struct reader *r, uint64_t *value, struct err *err)
{
	char *end;

	*value = isdigit((unsigned char)*r->at) ? strtoull(r->at, &end, 10) : 0;
	if (!*value || *end != '\n')
		return expected_here(r, "the number of decisions", err);
	r->at = end;
	end_line(r);
	return 0;
}

static int parse_no_return(struct reader *r, struct no_return *n, struct err *err)
{
	const char *begin = r->at;
	uint32_t step;

	if (skip_word(r, "after step ") && read_number(r, 0, UINT32_MAX - 1, &step) &&
	    skip_word(r, ", in all of ") && read_number(r, 1, UINT32_MAX - 1, &n->tried) &&
	    skip_word(r, " continuations") && end_line(r)) {
		n->step = step;
		return 0;
	}
	r->at = begin;
	return expected_here(r, "after step N, in all of N continuations", err);
}

static int parse_steps(struct reader *r, struct schedule *s, struct err *err)
{
	uint64_t decisions;

	if (parse_events(r, s, err))
		return -1;
	if (line_of(r, "unavoidable") && parse_no_return(r, &s->no_return, err))
		return -1;
	if (line_of(r, "decisions")) {
		if (parse_decisions(r, &decisions, err))
			return -1;
		if (skip_word(r, "steps") && end_line(r))
			return parse_entries(r, s, decisions, err);
	}
	return wrong_line(r, err);
}

static int check_arguments(struct reader *r, const struct schedule *s, struct err *err)
{
	struct args args = { 0 };
	int rc = args_unquote(&args, s->arguments);

	args_release(&args);
	if (!rc)
		return 0;
	return err_input(err, "%s:%d:1: expected arguments, quoted where necessary", r->path,
			 r->number - 1);
}

int schedule_parse(const char *path, const char *text, struct schedule *s, struct err *err)
{
	static const char first[] = "racegate-schedule 1\n";
	struct reader r = { .path = path, .at = text, .line = text, .number = 1 };

	*s = (struct schedule){ 0 };
	if (strncmp(text, first, strlen(first)) != 0)
		return expected_here(&r, "\"racegate-schedule 1\"", err);
	r.at += strlen(first) - 1;
	end_line(&r);
	s->program = read_member(&r, "program");
	s->target = s->program ? read_member(&r, "target") : NULL;
	s->arguments = s->target ? read_member(&r, "arguments") : NULL;
	if (s->arguments && check_arguments(&r, s, err))
		return -1;
	if (s->arguments)
		s->built = read_member(&r, "built");
	if (s->arguments && line_of(&r, "threads")) {
		if (parse_threads(&r, s, err))
			return -1;
		s->shows = read_member(&r, "shows");
	}
	s->found_by = s->shows ? read_member(&r, "found") : NULL;
	if (s->found_by && line_of(&r, "events"))
		return parse_steps(&r, s, err);
	return wrong_line(&r, err);
}
