// Evidence that tsan/report_hook.c wrote; its top comment defines the format.
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/symbols.h"
#include "detect/detect.h"
#include "detect/tsan_finding.h"
#include "detect/tsan_kind.h"
#include "tsan/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum where { OUTSIDE, IN_MAPS, IN_REPORT };

struct reader {
	struct finding_list *out;
	enum where where;
	Dwfl *dwfl;
	struct strbuf maps;
	struct tsan_report report; // being read
	unsigned long reports;     // complete ones of this process image
	bool forked, exited;
	unsigned pid;
	struct log_facts *facts;
	bool suppressed; // lines about what was
	uint64_t hash;   // of the hook's lines since the last seal
	uint64_t key;    // of this process image; 0: there are no seals
	unsigned images; // that the process has been
};

struct field {
	const char *p;
};

static int next_number(struct field *field, uint64_t *out)
{
	char *end;

	if (*field->p != ' ')
		return -1;
	field->p++;
	if (!strncmp(field->p, "-1", 2) && (field->p[2] == ' ' || !field->p[2])) {
		*out = UINT64_MAX;
		field->p += 2;
		return 0;
	}
	if (*field->p < '0' || *field->p > '9')
		return -1;
	*out = strtoull(field->p, &end, 0);
	field->p = end; // what follows it is looked at next
	return 0;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

// A name with %XX for odd bytes; "-" is none.
static int next_name(struct field *field, char **out)
{
	struct strbuf name = STRBUF_INIT;
	size_t len;

	if (*field->p != ' ')
		return -1;
	field->p++;
	len = strcspn(field->p, " ");
	if (!len)
		return -1;
	if (len == 1 && *field->p == '-') {
		field->p++;
		*out = NULL;
		return 0;
	}
	for (size_t i = 0; i < len; i++) {
		int high = field->p[i] == '%' ? hex_digit(field->p[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(field->p[i + 2]) : -1;

		strbuf_addch(&name, low >= 0 ? (char)(high << 4 | low) : field->p[i]);
		i += low >= 0 ? 2 : 0;
	}
	field->p += len;
	*out = strbuf_detach(&name);
	return 0;
}

static int numbers(struct field *field, struct tsan_record *record, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (next_number(field, &record->number[i]))
			return -1;
	return 0;
}

static int pcs(struct field *field, struct tsan_record *record)
{
	while (*field->p)
		if (next_number(field, VEC_PUSH(&record->pcs)))
			return -1;
	return 0;
}

// Numbers before the name, whether there is one, numbers after it; PCs end each record.
static const struct shape {
	const char *name;
	size_t before, after;
	bool named;
} shapes[TSAN_RECORD_NR] = {
	[TSAN_MOP] = { "mop", 5, 0, false },      [TSAN_STACK] = { "stack", 0, 0, false },
	[TSAN_LOC] = { "loc", 0, 5, true },       [TSAN_MUTEX] = { "mutex", 3, 0, false },
	[TSAN_THREAD] = { "thread", 4, 0, true }, [TSAN_UNIQUE] = { "unique", 1, 0, false },
};

static int read_record(struct reader *r, const char *line)
{
	size_t len = strcspn(line, " ");
	struct field field = { line + len };

	for (size_t i = 0; i < TSAN_RECORD_NR; i++) {
		struct tsan_record *record;

		if (strlen(shapes[i].name) != len || strncmp(line, shapes[i].name, len))
			continue;
		record = VEC_PUSH(&r->report.records[i]);
		if (numbers(&field, record, shapes[i].before) ||
		    (shapes[i].named && next_name(&field, &record->name)) ||
		    numbers(&field, record, shapes[i].after))
			return -1;
		return pcs(&field, record);
	}
	return -1;
}

static int begin_report(struct reader *r, const char *line)
{
	struct field field = { line + strlen("begin") };

	r->where = IN_REPORT;
	free(r->report.kind);
	return next_name(&field, &r->report.kind) || *field.p || !r->report.kind ? -1 : 0;
}

/*
 * Whether all its threads are the parent's: they were there before this process. The kernel
 * hands out numbers in ascending order.
 */
static bool is_about_the_parent(const struct reader *r)
{
	const struct tsan_record *threads = r->report.records[TSAN_THREAD].items;

	for (size_t i = 0; i < r->report.records[TSAN_THREAD].nr; i++)
		if (threads[i].number[1] >= r->pid)
			return false;
	return r->forked && r->report.records[TSAN_THREAD].nr;
}

static int fails(struct reader *r, const char *why)
{
	r->facts->why = why;
	return -1;
}

static void hash_text(struct reader *r, const char *text)
{
	for (; *text; text++)
		r->hash = seal_hash(r->hash, *text);
}

/*
 * Whether the seal (after a space, or none) is the hook's. What a process was given to start with
 * exec has a key of its own, and so on; the first program of a run has the first.
 */
static int check_seal(struct reader *r, const char *seal, uint64_t nr)
{
	enum { GENERATIONS = 16 };
	const bool known = r->facts->first && r->images == 1;
	char *end;
	uint64_t said, hash = r->hash;

	r->hash = SEAL_HASH;
	if (!r->facts->key)
		return !*seal || *seal == ' ' ? 0 : -1;
	said = strtoull(seal, &end, 16);
	if (*seal != ' ' || end - seal != 1 + SEAL_DIGITS || *end)
		return fails(r, "has no seal");
	for (int i = 0; i < (known ? 1 : GENERATIONS); i++) {
		if (said == seal_of(r->key, (uint64_t)r->facts->pid, nr, hash))
			return 0;
		r->key = seal_next_key(r->key);
	}
	return fails(r, "was not written by the tool alone");
}

static int end_report(struct reader *r, const char *seal)
{
	int rc;

	hash_text(r, "end");
	rc = check_seal(r, seal, r->reports + 1);
	if (rc)
		return rc;
	tsan_report_finding(&r->report, r->dwfl, r->out);
	r->out->items[r->out->nr - 1].forked = is_about_the_parent(r);
	tsan_report_release(&r->report);
	r->facts->reports = ++r->reports;
	r->where = OUTSIDE;
	return 0;
}

static int header(struct reader *r, const char *line)
{
	unsigned parent;
	int end = 0;

	if (sscanf(line, "racegate-tsan 1 %u %u%n", &r->pid, &parent, &end) != 2 || line[end])
		return -1;
	if (r->facts->pid && r->pid != (unsigned long)r->facts->pid)
		return fails(r, "is of another process");
	r->forked = parent != 0;
	r->exited = false;
	r->reports = 0;
	r->images++;
	r->key = r->facts->key;
	r->hash = SEAL_HASH;
	hash_text(r, line);
	hash_text(r, "\n");
	r->facts->reports = r->facts->counted = 0;
	r->facts->decided = false;
	return 0;
}

// A report that was counted and is not there has been taken out.
static int exit_line(struct reader *r, const char *line)
{
	struct field field = { line + strlen("exit") };
	const uint64_t hash = r->hash;
	uint64_t reports;
	int rc;

	if (next_number(&field, &reports))
		return -1;
	r->hash = SEAL_HASH;
	for (const char *p = line; p < field.p; p++)
		r->hash = seal_hash(r->hash, *p);
	rc = check_seal(r, field.p, 0);
	r->hash = hash;
	if (rc)
		return rc;
	if (reports > r->reports)
		return fails(r, "lacks reports that were counted");
	r->exited = true;
	r->facts->counted = reports;
	r->facts->decided = *line == 'e';
	return 0;
}

static int line_in_maps(struct reader *r, const char *line)
{
	hash_text(r, line);
	hash_text(r, "\n");
	if (strcmp(line, "endmaps")) {
		strbuf_addf(&r->maps, "%s\n", line);
		return 0;
	}
	if (r->dwfl)
		dwfl_end(r->dwfl);
	r->dwfl = symbols_from_maps(r->maps.buf);
	strbuf_reset(&r->maps);
	r->where = OUTSIDE;
	return 0;
}

static int line_in_report(struct reader *r, const char *line)
{
	if (!strncmp(line, "end", 3) && (line[3] == ' ' || !line[3]))
		return end_report(r, line + 3);
	if (tsan_is_failure(line)) { // TSan died while printing a report
		tsan_report_text(&r->report, line, r->out);
		return 0;
	}
	hash_text(r, line);
	hash_text(r, "\n");
	return read_record(r, line);
}

static int line_outside(struct reader *r, const char *line)
{
	if (tsan_suppressed(line, &r->suppressed, r->facts->record))
		return 0;
	const bool maps = !strcmp(line, "maps"), begin = !strncmp(line, "begin ", 6);

	if (maps || begin) {
		hash_text(r, line);
		hash_text(r, "\n");
	}
	if (maps)
		r->where = IN_MAPS;
	else if (begin)
		return begin_report(r, line);
	else if (!strncmp(line, "racegate-tsan ", 14))
		return header(r, line);
	else
		tsan_report_text(&r->report, line, r->out);
	return 0;
}

static int take_data_line(struct reader *r, const char *line)
{
	// Written by whichever thread begins one or ends the process, between any two lines.
	if (!strcmp(line, "threads")) {
		r->facts->threads = true;
		return 0;
	}
	if (!strncmp(line, "exit ", 5) || !strncmp(line, "quit ", 5))
		return exit_line(r, line);
	switch (r->where) {
	case OUTSIDE:
		return line_outside(r, line);
	case IN_MAPS:
		return line_in_maps(r, line);
	case IN_REPORT:
		return line_in_report(r, line);
	}
	return -1;
}

static bool begins_as_it_should(const char *log, size_t len)
{
	static const char magic[] = "racegate-tsan 1 ";
	size_t nr = len < sizeof(magic) - 1 ? len : sizeof(magic) - 1;

	return !memcmp(log, magic, nr);
}

// Takes the complete lines; returns -1 at the first that has no meaning.
static int take_lines(struct reader *r, const char *log, size_t len)
{
	const char *p = log, *end = log + len, *newline;
	bool first = true;
	int bad = 0;

	while (!bad && p < end && (newline = memchr(p, '\n', (size_t)(end - p)))) {
		char *line = xstrndup(p, (size_t)(newline - p));

		bad = first ? header(r, line) : take_data_line(r, line);
		free(line);
		first = false;
		p = newline + 1;
	}
	return bad;
}

enum evidence tsan_data_parse(const char *log, size_t len, struct log_facts *facts,
			      struct finding_list *out)
{
	struct log_facts nobodys = { 0 };
	struct reader r = { .out = out, .maps = STRBUF_INIT, .facts = facts ? facts : &nobodys };
	enum evidence evidence = EVIDENCE_CUT;

	if (!len)
		return EVIDENCE_MISSING;
	if (!begins_as_it_should(log, len) || take_lines(&r, log, len))
		evidence = EVIDENCE_TAMPERED;
	else if (r.where == OUTSIDE && log[len - 1] == '\n' && (r.exited || r.forked))
		// A forked child may end by exec or by its parent's hand.
		evidence = EVIDENCE_WHOLE;
	if (r.dwfl)
		dwfl_end(r.dwfl);
	strbuf_release(&r.maps);
	tsan_report_release(&r.report);
	return evidence;
}
