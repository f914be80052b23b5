// Helpers of the tests that read captured reports (fixtures/reports/, see fixtures/capture.sh).
#ifndef RACEGATE_TEST_FINDINGS_H
#define RACEGATE_TEST_FINDINGS_H

#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "detect/detect.h"
#include "test/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum evidence (*log_parser)(const char *log, size_t len, struct log_facts *facts,
				    struct finding_list *out);

// The captured report reports/<name>; fails the test when it is not there.
static inline struct strbuf report_load(const char *name)
{
	struct strbuf log = STRBUF_INIT;
	struct err err = ERR_INIT;
	char path[256];

	snprintf(path, sizeof(path), "reports/%s", name);
	CU_ASSERT_EQUAL_FATAL(fs_read(test_fixture(path), 0, &log, &err), 0);
	return log;
}

static inline enum evidence report_parse(log_parser parse, const char *name,
					 struct finding_list *out)
{
	struct strbuf log = report_load(name);
	enum evidence evidence = parse(log.buf, log.len, NULL, out);

	strbuf_release(&log);
	return evidence;
}

// Parses bytes in memory of exactly their size, so that a checker sees every byte read beyond.
static inline enum evidence exact_parse_facts(log_parser parse, const char *log, size_t len,
					      struct log_facts *facts, struct finding_list *out)
{
	char *copy = malloc(len ? len : 1);
	enum evidence evidence;

	if (!copy)
		abort();
	memcpy(copy, log, len);
	evidence = parse(copy, len, facts, out);
	free(copy);
	return evidence;
}

static inline enum evidence exact_parse(log_parser parse, const char *log, size_t len,
					struct finding_list *out)
{
	return exact_parse_facts(parse, log, len, NULL, out);
}

// A report of Helgrind with these errors.
static inline enum evidence valgrind_log(const char *errors, struct log_facts *facts,
					 struct finding_list *out)
{
	char *log = xasprintf("<?xml version=\"1.0\"?>\n<valgrindoutput>\n"
			      "<protocolversion>4</protocolversion>\n"
			      "<protocoltool>helgrind</protocoltool>\n%s",
			      errors);
	enum evidence evidence =
		exact_parse_facts(valgrind_xml_parse, log, strlen(log), facts, out);

	free(log);
	return evidence;
}

static inline enum evidence valgrind_errors(const char *errors, struct finding_list *out)
{
	return valgrind_log(errors, NULL, out);
}

static inline int is_prefix(const struct finding_list *part, const struct finding_list *whole)
{
	for (size_t i = 0; i < part->nr; i++)
		if (i >= whole->nr || part->items[i].accesses.nr != whole->items[i].accesses.nr ||
		    finding_fingerprint(&part->items[i]) != finding_fingerprint(&whole->items[i]))
			return 0;
	return part->nr <= whole->nr;
}

/*
 * Cuts the report at every byte: a cut report gives the first findings of the
 * whole one, never says WHOLE before the end is told, never TAMPERED.
 */
static inline void check_every_cut(log_parser parse, const char *name)
{
	struct strbuf log = report_load(name);
	struct finding_list whole = { 0 };
	size_t strange = 0, seen = 0;

	parse(log.buf, log.len, NULL, &whole);
	for (size_t len = 0; len < log.len; len++) {
		struct finding_list part = { 0 };
		enum evidence evidence = exact_parse(parse, log.buf, len, &part);

		strange += !is_prefix(&part, &whole) || part.nr < seen;
		strange += evidence == EVIDENCE_TAMPERED;
		strange += (evidence == EVIDENCE_MISSING) != (len == 0);
		seen = part.nr;
		finding_list_release(&part);
	}
	CU_ASSERT_EQUAL(strange, 0);
	CU_ASSERT_TRUE(whole.nr > 0);
	finding_list_release(&whole);
	strbuf_release(&log);
}

// Cuts the report before `mark`, the first thing that Valgrind or TSan writes at the end: all `nr`
// findings are there, and that it does not end is seen.
static inline void check_cut_before(log_parser parse, const char *name, const char *mark, size_t nr)
{
	struct strbuf log = report_load(name);
	const char *end = strstr(log.buf, mark);
	struct finding_list list = { 0 };

	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	CU_ASSERT_EQUAL(exact_parse(parse, log.buf, (size_t)(end - log.buf), &list), EVIDENCE_CUT);
	CU_ASSERT_EQUAL(list.nr, nr);
	finding_list_release(&list);
	strbuf_release(&log);
}

/*
 * Overwrites one byte after another (every `step`th) with rubbish: the parser
 * must survive it; findings before the damage stay as they were.
 */
static inline void check_damage(log_parser parse, const char *name, size_t step)
{
	static const char rubbish[] = { '\0', '<', '\xff', '9', '\n' };
	struct strbuf log = report_load(name);

	for (size_t at = 0; at < log.len; at += step) {
		struct finding_list before = { 0 }, damaged = { 0 };
		char kept = log.buf[at];

		exact_parse(parse, log.buf, at, &before);
		log.buf[at] = rubbish[at % sizeof(rubbish)];
		exact_parse(parse, log.buf, log.len, &damaged);
		CU_ASSERT_TRUE(is_prefix(&before, &damaged));
		log.buf[at] = kept;
		finding_list_release(&before);
		finding_list_release(&damaged);
	}
	strbuf_release(&log);
}

// The innermost function of the program in an access, "" when there is none.
static inline const char *program_function(const struct finding *finding, size_t access)
{
	const struct frame *frame =
		access < finding->accesses.nr
			? stack_program_frame(&finding->accesses.items[access].stack)
			: NULL;

	return frame ? frame->func : "";
}

static inline int program_line(const struct finding *finding, size_t access)
{
	const struct frame *frame =
		access < finding->accesses.nr
			? stack_program_frame(&finding->accesses.items[access].stack)
			: NULL;

	return frame ? frame->line : 0;
}

#endif
