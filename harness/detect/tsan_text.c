// TSan's printed reports, as gcc's and clang's runtimes write them to a log_path file.
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/symbols.h"
#include "detect/detect.h"
#include "detect/tsan_kind.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum where {
	OUTSIDE,
	IN_REPORT,
	IN_FAILURE, // after TSan's own end: dumps of any form follow
};

struct reader {
	struct finding_list *out;
	enum where where;
	bool announced;         // with verbosity=1 TSan says that it is there ...
	bool ended;             // ... and prints statistics when the program has ended
	struct finding finding; // being read
	const struct tsan_kind *kind;
	struct stack *stack; // of `finding`, that the frames which follow belong to; NULL: none
	bool headed;         // a heading said what the frames are, even if they are not kept
	struct log_facts *facts;
	bool suppressed; // lines about what was
};

static bool starts(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* Frames: "    #1 main src/x.c:30:2 (x+0xd01d0) (BuildId: 05a6)" */

// Cuts " (...)" off the end of `text`, returns its inside or NULL.
static char *cut_group(char *text)
{
	size_t len = strlen(text);
	char *open = len && text[len - 1] == ')' ? strrchr(text, '(') : NULL;

	if (!open || open == text || open[-1] != ' ')
		return NULL;
	text[len - 1] = '\0';
	open[-1] = '\0';
	return open + 1;
}

// Cuts ":<number>" off the end of `text`; 0 when there is none.
static int cut_number(char *text)
{
	char *colon = strrchr(text, ':');
	char *end;
	long value;

	if (!colon || !isdigit((unsigned char)colon[1]))
		return 0;
	value = strtol(colon + 1, &end, 10);
	if (*end)
		return 0;
	*colon = '\0';
	return (int)value;
}

static char *cut_module(char *text)
{
	char *group = cut_group(text), *plus;

	if (group && starts(group, "BuildId"))
		group = cut_group(text);
	plus = group ? strstr(group, "+0x") : NULL;
	if (plus)
		*plus = '\0';
	return group && strrchr(group, '/') ? strrchr(group, '/') + 1 : group;
}

// The space between function and file: the first one outside brackets.
static char *after_function(char *text)
{
	int depth = 0;

	for (; *text; text++) {
		depth += (*text == '(') - (*text == ')');
		if (*text == ' ' && depth <= 0)
			return text;
	}
	return NULL;
}

static void add_frame(struct stack *stack, const char *line)
{
	char *text = xstrdup(line + strspn(line, " #0123456789"));
	char *module = cut_module(text), *file = after_function(text);
	int line_nr = 0, col = 0;

	if (file) {
		*file++ = '\0';
		col = cut_number(file);
		line_nr = cut_number(file);
		if (!line_nr) { // gcc prints no columns
			line_nr = col;
			col = 0;
		}
	}
	stack_add(stack, strcmp(text, "<null>") ? text : NULL,
		  file && strcmp(file, "<null>") ? file : NULL, line_nr, col, module);
	free(text);
}

/* Headings: each says what the stack below it is. */

// "... thread T2 ..." or "... main thread ..."; NULL when none is named.
static char *thread_in(const char *line)
{
	const char *p = strstr(line, "thread T");

	if (p)
		return thread_name(strtol(p + 8, NULL, 10));
	return strstr(line, "main thread") ? thread_name(0) : NULL;
}

static void take_lock(void *ctx, unsigned long number)
{
	char name[32];

	snprintf(name, sizeof(name), "M%lu", number);
	access_add_lock(ctx, name);
}

static struct stack *memory_operation(struct reader *r, const char *line)
{
	bool is_write = strcasestr(line, "write of size") != NULL;
	enum access_op atomic = is_write ? OP_ATOMIC_WRITE : OP_ATOMIC_READ;
	struct access *access = finding_add_access(&r->finding, strcasestr(line, "atomic ") ? atomic
								: is_write ? OP_WRITE
									   : OP_READ);

	access->size = (unsigned)strtoul(strstr(line, " of size ") + 9, NULL, 10);
	access->thread = thread_in(line);
	tsan_lock_set(line, take_lock, access);
	return &access->stack;
}

static struct stack *global_location(struct reader *r, const char *line)
{
	const char *open = strchr(line, '\''), *close = open ? strchr(open + 1, '\'') : NULL;
	const char *size = strstr(line, "of size ");
	struct location *location = &r->finding.location;
	char *symbol;

	// Of main's stack TSan also says that it is a global without a name.
	if (location->kind != LOCATION_UNKNOWN)
		return NULL;
	location->kind = LOCATION_GLOBAL;
	location->size = size ? strtoull(size + 8, NULL, 10) : 0;
	symbol = close ? xstrndup(open + 1, (size_t)(close - open - 1)) : NULL;
	if (symbol && *symbol && strcmp(symbol, "<null>") && strcmp(symbol, "??"))
		location->object = symbols_plain_name(symbol);
	free(symbol);
	return NULL;
}

static struct stack *heap_location(struct reader *r, const char *line)
{
	const char *size = strstr(line, "of size ");

	r->finding.location.kind = LOCATION_HEAP;
	r->finding.location.size = size ? strtoull(size + 8, NULL, 10) : 0;
	return &r->finding.location.stack;
}

static struct stack *thread_location(struct reader *r, const char *line)
{
	struct location *location = &r->finding.location;
	bool is_stack = strstr(line, "is stack") != NULL;
	char *thread = thread_in(line);

	location->kind = is_stack ? LOCATION_STACK : LOCATION_TLS;
	free(location->object);
	location->object =
		thread ? xasprintf("%s of %s", is_stack ? "stack" : "TLS", thread) : NULL;
	free(thread);
	return NULL;
}

static struct stack *fd_location(struct reader *r, const char *line)
{
	struct location *location = &r->finding.location;
	long fd = strtol(strstr(line, "descriptor ") + 11, NULL, 10);

	location->kind = LOCATION_FD;
	free(location->object);
	location->object = xasprintf("file descriptor %ld", fd);
	return &location->stack;
}

// Of a misused mutex it is where the mutex came from; of a race the reader needs it less.
static struct stack *mutex_created(struct reader *r, const char *line)
{
	struct location *location = &r->finding.location;
	unsigned long number;

	if (r->finding.kind == KIND_DATA_RACE || r->finding.kind == KIND_USE_AFTER_FREE ||
	    r->finding.kind == KIND_LOCK_ORDER || location->stack.nr)
		return NULL;
	location->kind = LOCATION_LOCK;
	if (!location->object && sscanf(line, " Mutex M%lu", &number) == 1)
		location->object = xasprintf("M%lu", number);
	return &location->stack;
}

static struct stack *lock_edge(struct reader *r, const char *line)
{
	unsigned long taken, held;
	struct access *access = finding_add_access(&r->finding, OP_LOCK);

	if (sscanf(line, " Mutex M%lu acquired here while holding mutex M%lu", &taken, &held) ==
	    2) {
		access->wants = xasprintf("M%lu", taken);
		take_lock(access, held);
	}
	access->thread = thread_in(line);
	return &access->stack;
}

// Put before the edge it belongs to, as it happened.
static struct stack *lock_before(struct reader *r, const char *line)
{
	struct access *access = finding_add_access(&r->finding, OP_LOCK);
	size_t nr = r->finding.accesses.nr;
	unsigned long taken;

	if (sscanf(line, " Mutex M%lu", &taken) == 1)
		access->wants = xasprintf("M%lu", taken);
	if (nr >= 2) {
		struct access first = *access;

		first.thread = xstrdup(access[-1].thread);
		*access = access[-1];
		access[-1] = first;
		return &access[-1].stack;
	}
	return &access->stack;
}

static struct stack *lock_cycle(struct reader *r, const char *line)
{
	struct strbuf names = STRBUF_INIT;
	const char *p = line;

	// The cycle ends with the mutex that it began with.
	while ((p = strchr(p, 'M'))) {
		unsigned long number = strtoul(p + 1, NULL, 10);

		p++;
		if (isdigit((unsigned char)*p) && strstr(p, "=>"))
			strbuf_addf(&names, "%sM%lu", names.len ? ", " : "", number);
	}
	r->finding.location.kind = LOCATION_LOCK;
	free(r->finding.location.object);
	r->finding.location.object = strbuf_detach(&names);
	return NULL;
}

static struct stack *thread_created(struct reader *r, const char *line)
{
	struct access *access;

	if (r->finding.kind != KIND_THREAD_LEAK)
		return NULL;
	access = finding_add_access(&r->finding, OP_CREATE);
	access->thread = thread_name(strtol(strstr(line, "Thread T") + 8, NULL, 10));
	return &access->stack;
}

static struct stack *nothing(struct reader *r, const char *line)
{
	(void)r, (void)line;
	return NULL;
}

// First match wins; `mark` is anywhere in the line.
static const struct {
	const char *mark;
	struct stack *(*read)(struct reader *r, const char *line);
} headings[] = {
	{ "  Location is global", global_location },
	{ "  Location is heap block", heap_location },
	{ "  Location is stack", thread_location },
	{ "  Location is TLS", thread_location },
	{ "  Location is file descriptor ", fd_location },
	{ "  Cycle in lock order graph", lock_cycle },
	{ " acquired here while holding", lock_edge },
	{ " previously acquired by the same thread", lock_before },
	{ "  Mutex M", mutex_created },
	{ "  Thread T", thread_created },
	{ "  As if synchronized via sleep", nothing },
	{ "  Hint: ", nothing },
};

static struct stack *read_heading(struct reader *r, const char *line)
{
	if (tsan_is_memory_operation(line))
		return memory_operation(r, line);
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		if (strstr(line, headings[i].mark))
			return headings[i].read(r, line);
	return NULL;
}

// A stack without a heading is that of the call which the report is about.
static struct stack *call_stack(struct reader *r)
{
	enum access_op op = r->finding.accesses.nr ? OP_LOCK : r->kind->op;

	return &finding_add_access(&r->finding, op)->stack;
}

static void begin_report(struct reader *r, const char *line)
{
	const char *words = strstr(line, "ThreadSanitizer: ") + 17;
	const char *pid = strstr(words, " (pid=");

	finding_release(&r->finding);
	r->finding.words = xstrndup(words, pid ? (size_t)(pid - words) : strlen(words));
	r->kind = tsan_kind_of_words(r->finding.words);
	r->finding.kind = r->kind->means;
	r->stack = NULL;
	r->where = IN_REPORT;
}

static void end_report(struct reader *r)
{
	struct location *location = &r->finding.location;

	if (location->kind == LOCATION_HEAP && !location->object)
		location->object = tsan_heap_name(&location->stack);
	// The global that TSan names in a report about a mutex is the mutex.
	if (location->kind == LOCATION_GLOBAL && r->finding.kind != KIND_DATA_RACE &&
	    r->finding.kind != KIND_USE_AFTER_FREE)
		location->kind = LOCATION_LOCK;
	*VEC_PUSH(r->out) = r->finding;
	r->facts->reports++;
	r->finding = (struct finding){ 0 };
	r->where = OUTSIDE;
}

static int line_in_report(struct reader *r, const char *line)
{
	size_t blanks = strspn(line, " ");

	if (starts(line, "SUMMARY: ThreadSanitizer") || starts(line, "======")) {
		end_report(r);
	} else if (!line[blanks]) {
		r->stack = NULL;
		r->headed = false;
	} else if (blanks >= 4 && line[blanks] == '#') {
		if (!r->stack && !r->headed)
			r->stack = call_stack(r);
		if (r->stack)
			add_frame(r->stack, line);
	} else if (starts(line, "==")) {
		return 0; // "==<pid>==": about TSan itself
	} else if (blanks >= 2) {
		r->stack = read_heading(r, line);
		r->headed = strcmp(line, "  and:") != 0;
	} else {
		return -1;
	}
	return 0;
}

static int line_outside(struct reader *r, const char *line)
{
	unsigned long long counted;

	if (tsan_suppressed(line, &r->suppressed, r->facts->record))
		return 0;
	if (starts(line, "WARNING: ThreadSanitizer: ")) {
		begin_report(r, line);
	} else if (tsan_is_failure(line)) {
		tsan_add_failure(line, r->out);
		r->where = IN_FAILURE;
	} else if (starts(line, "***** Running under ThreadSanitizer")) {
		r->announced = true;
	} else if (starts(line, "Stats: ")) {
		r->ended = true;
	} else if (sscanf(line, "ThreadSanitizer: reported %llu warnings", &counted) == 1) {
		r->facts->decided = true;
		r->facts->counted = counted;
		if (counted > r->facts->reports) {
			r->facts->why = "lacks reports that were counted";
			return -1;
		}
	} else if (*line && !starts(line, "==") && !starts(line, "ThreadSanitizer") &&
		   !starts(line, "SUMMARY: ThreadSanitizer") && !(r->ended && *line == ' ')) {
		return -1;
	}
	return 0;
}

static int take_text_line(struct reader *r, const char *line)
{
	switch (r->where) {
	case OUTSIDE:
		return line_outside(r, line);
	case IN_REPORT:
		return line_in_report(r, line);
	case IN_FAILURE:
		if (starts(line, "WARNING: ThreadSanitizer: "))
			begin_report(r, line);
		break;
	}
	return 0;
}

enum evidence tsan_text_parse(const char *log, size_t len, struct log_facts *facts,
			      struct finding_list *out)
{
	struct log_facts nobodys = { 0 };
	struct reader r = { .out = out, .facts = facts ? facts : &nobodys };
	const char *p = log, *end = log + len, *newline;
	int bad = 0;

	if (!len)
		return EVIDENCE_MISSING;
	while (!bad && p < end && (newline = memchr(p, '\n', (size_t)(end - p)))) {
		char *line = xstrndup(p, (size_t)(newline - p));

		bad = take_text_line(&r, line);
		free(line);
		p = newline + 1;
	}
	finding_release(&r.finding);
	if (bad)
		return EVIDENCE_TAMPERED;
	if (r.where == IN_REPORT || p < end || (r.announced && !r.ended))
		return EVIDENCE_CUT;
	return EVIDENCE_WHOLE;
}
