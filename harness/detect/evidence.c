#include "detect/evidence.h"

#include "base/fs.h"
#include "base/mem.h"
#include "detect/log_program.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_KEPT = 256 * 1024, MAX_PARSED = 16 * 1024 * 1024 };

// How a tool's files are named after "%e" in its row, and their parsers.
static const struct {
	const char *pattern;
	enum evidence (*parse)(const char *log, size_t len, struct log_facts *facts,
			       struct finding_list *out);
	bool of_the_first; // the run's first process always leaves one
} formats[] = {
	[REPORT_TSAN_DATA] = { "/e.data.*", tsan_data_parse, true },
	[REPORT_TSAN_TEXT] = { "/e.text.*", tsan_text_parse, false },
	[REPORT_VALGRIND_XML] = { "/e.xml.*", valgrind_xml_parse, true },
	[REPORT_EXPLORE] = { "/e.explore", NULL, false }, // it fills more than findings
};

static enum evidence parse(enum report_format format, const struct strbuf *log,
			   struct log_facts *facts, struct record *record)
{
	if (format == REPORT_EXPLORE)
		return explore_log_parse(log->buf, log->len, record);
	return formats[format].parse(log->buf, log->len, facts, &record->findings);
}

/*
 * Several processes, several logs: one that was altered spoils all; one that
 * is whole is enough (the others may belong to children that were killed).
 */
static enum evidence together(enum evidence a, enum evidence b)
{
	if (a == EVIDENCE_TAMPERED || b == EVIDENCE_TAMPERED)
		return EVIDENCE_TAMPERED;
	if (a == EVIDENCE_WHOLE || b == EVIDENCE_WHOLE)
		return EVIDENCE_WHOLE;
	return a == EVIDENCE_CUT || b == EVIDENCE_CUT ? EVIDENCE_CUT : EVIDENCE_MISSING;
}

/*
 * When the harness ends a run, its threads end where they are: what they hold then, and that
 * nobody joined them, is our doing. Helgrind does not always know where a thread ended.
 */
static bool caused_by_the_end(const struct finding *finding)
{
	const struct stack *stack;

	if (finding->kind == KIND_THREAD_LEAK || finding->kind == KIND_EXIT_WITH_LOCK)
		return true;
	if (finding->kind != KIND_LOCK_HELD_AT_EXIT || !finding->accesses.nr || !finding->words ||
	    !strstr(finding->words, "Exiting thread"))
		return false;
	stack = &finding->accesses.items[0].stack;
	return !stack->nr || !stack->items[0].func;
}

static void drop_what_the_end_caused(struct record *record)
{
	struct finding_list *list = &record->findings;
	size_t kept = 0;

	if (record->how == ENDING_EXIT || record->how == ENDING_SIGNAL)
		return;
	for (size_t i = 0; i < list->nr; i++)
		if (caused_by_the_end(&list->items[i]))
			finding_release(&list->items[i]);
		else
			list->items[kept++] = list->items[i];
	list->nr = kept;
}

// The processes that TSan watched tell whether they had threads; nobody else can (run/company.h).
static void take_company(const struct log_facts *facts, struct record *record)
{
	const unsigned alive = facts->threads ? 2 : 1;

	if (record->alive < alive)
		record->alive = alive;
}

// What belongs to the system has no findings: those from number `before` on are the log's.
static void take_program(enum report_format format, const char *path, const struct strbuf *log,
			 size_t before, struct record *record)
{
	char *program = log_program(format, path, log);
	bool examined = program && log_examines(format, program);

	if (program)
		programs_add(&record->programs, program, examined, 1);
	while (program && !examined && record->findings.nr > before)
		finding_release(&record->findings.items[--record->findings.nr]);
	free(program);
}

// A tool writes a plain file. Whatever else has its name the program has put there.
static void take_log(enum report_format format, const char *path, struct log_facts *facts,
		     struct record *record)
{
	const char *name = fs_base(path) + 2; // without "e."
	struct strbuf log = STRBUF_INIT;
	const char *what;
	enum evidence evidence;

	if (fs_read_plain(path, MAX_PARSED, &log, &what)) {
		record_tampered(record, xasprintf("%s is %s", name, what));
	} else {
		const size_t before = record->findings.nr;

		evidence = parse(format, &log, facts, record);
		if (record->build && !*record->build)
			take_program(format, path, &log, before, record);
		record->evidence = together(record->evidence, evidence);
		if (format == REPORT_TSAN_DATA && evidence != EVIDENCE_TAMPERED)
			take_company(facts, record);
		if (evidence == EVIDENCE_TAMPERED)
			record_tampered(record, xasprintf("%s %s", name,
							  facts->why ? facts->why
								     : "is not in the tool's "
								       "format"));
	}
	strbuf_release(&log);
}

/*
 * TSan ends a program that it has reports of with an exit code that was drawn for this run.
 * What it counted before it decided must have led to that, and the code to a report.
 */
static void check_code(const struct log_facts *first, struct record *record)
{
	const bool drawn = record->how == ENDING_EXIT && record->code == record->tool_code;

	if (!record->tool_code || record->how != ENDING_EXIT)
		return;
	if (drawn && !first->reports)
		record_tampered(record, xasprintf("it ended with %d, as a program with reports "
						  "does, and has none",
						  record->code));
	else if (!drawn && first->decided && first->counted)
		record_tampered(record, xasprintf("it has reports and did not end with %d, as a "
						  "program with reports does",
						  record->tool_code));
}

static long pid_of_log(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? strtol(dot + 1, NULL, 10) : 0;
}

void evidence_collect(enum report_format format, const char *dir, uint64_t key,
		      struct record *record)
{
	struct log_facts first = { .pid = -1 };
	glob_t found = { 0 };

	record->evidence = EVIDENCE_NONE;
	if (format == REPORT_NONE)
		return;
	record->evidence = EVIDENCE_MISSING;
	if (fs_glob(dir, formats[format].pattern, 0, &found))
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct log_facts facts = { .key = key, .record = record };

			facts.pid = record->pid ? pid_of_log(found.gl_pathv[i]) : 0;
			facts.first = record->pid && facts.pid == record->pid;
			take_log(format, found.gl_pathv[i], &facts, record);
			if (facts.first)
				first = facts;
		}
	globfree(&found);
	if (record->pid && first.pid < 0 && formats[format].of_the_first &&
	    record->evidence != EVIDENCE_TAMPERED)
		record->evidence = EVIDENCE_MISSING;
	if (first.pid > 0)
		check_code(&first, record);
	drop_what_the_end_caused(record);
}

int evidence_keep(const char *dir, const char *session, const char *name, struct record *record,
		  struct err *err)
{
	char *relative = xasprintf("logs/%s-%llu", name, (unsigned long long)record->run);
	char *folder = xasprintf("%s/%s", session, relative);
	glob_t found = { 0 };
	int rc = 0;

	if (fs_glob(dir, "/e.*", 0, &found)) {
		rc = fs_mkdirs(folder, err);
		for (size_t i = 0; !rc && i < found.gl_pathc; i++) {
			const char *base = fs_base(found.gl_pathv[i]) + 2, *what; // without "e."
			char *to = xasprintf("%s/%s", folder, base);
			struct strbuf log = STRBUF_INIT;

			if (!fs_read_plain(found.gl_pathv[i], MAX_KEPT, &log, &what)) {
				rc = fs_write(to, log.buf, log.len, err);
				record_add_log(record, xasprintf("%s/%s", relative, base));
			}
			strbuf_release(&log);
			free(to);
		}
	}
	globfree(&found);
	free(folder);
	free(relative);
	return rc;
}

// Copies one schedule and gives it its new name.
static int keep_schedule(const char *dir, const char *session, const char *prefix, char **schedule,
			 struct err *err)
{
	const char *number = *schedule ? strstr(*schedule, "explore.") : NULL;
	struct strbuf text = STRBUF_INIT;
	char *from, *to, *kept;
	const char *what;
	int rc = 0;

	if (!number)
		return 0;
	from = xasprintf("%s/%s", dir, *schedule);
	kept = xasprintf("schedules/%s-%s", prefix, number + strlen("explore."));
	to = xasprintf("%s/%s", session, kept);
	if (!fs_read_plain(from, 0, &text, &what))
		rc = fs_write(to, text.buf, text.len, err);
	strbuf_release(&text);
	free(*schedule);
	*schedule = kept;
	free(from);
	free(to);
	return rc;
}

int evidence_keep_schedules(const char *dir, const char *session, const char *name,
			    struct record *record, struct err *err)
{
	char *folder = xasprintf("%s/schedules", session);
	char *prefix = xasprintf("%s-%llu", name, (unsigned long long)record->run);
	struct explored *e = &record->explored;
	int rc = fs_mkdirs(folder, err);

	for (size_t i = 0; !rc && i < record->findings.nr; i++)
		rc = keep_schedule(dir, session, prefix, &record->findings.items[i].schedule, err);
	for (size_t i = 0; !rc && i < e->outcomes.nr; i++)
		rc = keep_schedule(dir, session, prefix, &e->outcomes.items[i].schedule, err);
	free(prefix);
	free(folder);
	return rc;
}
