// Reports of Helgrind and DRD held against the run that they are of, and against themselves.
#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

// The tool counts at its end what it has reported.
static void errors_and_their_counts_agree(void)
{
#define ERROR_1       "<error><unique>0x1</unique><kind>Misc</kind></error>"
#define COUNTS(pairs) "<errorcounts>" pairs "</errorcounts></valgrindoutput>"
#define PAIR(nr)      "<pair><count>3</count><unique>" nr "</unique></pair>"
	static const struct {
		const char *log;
		enum evidence evidence;
		const char *why;
	} rows[] = {
		{ ERROR_1 COUNTS(PAIR("0x1")), EVIDENCE_WHOLE, NULL },
		{ COUNTS(""), EVIDENCE_WHOLE, NULL },
		{ COUNTS(PAIR("0x1")), EVIDENCE_TAMPERED, "lacks errors that were counted" },
		{ ERROR_1 COUNTS(PAIR("0x1") PAIR("0x2")), EVIDENCE_TAMPERED,
		  "lacks errors that were counted" },
		{ ERROR_1 COUNTS(""), EVIDENCE_TAMPERED, "has errors that were not counted" },
		{ ERROR_1 "<errorcounts></errorcounts>", EVIDENCE_CUT, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct log_facts facts = { 0 };
		struct finding_list list = { 0 };

		CHECK_AT(rows[i].log, valgrind_log(rows[i].log, &facts, &list) == rows[i].evidence);
		CHECK_TEXT_AT(rows[i].log, facts.why, rows[i].why);
		finding_list_release(&list);
	}
}

// Of the run's first process; what a forked child announces is incomplete.
static void a_log_belongs_to_its_process(void)
{
	static const struct {
		long pid;
		bool first;
		const char *threads, *why;
	} rows[] = {
		{ 12, true, "<announcethread></announcethread><announcethread></announcethread>",
		  NULL },
		{ 12, false, "", NULL },
		{ 13, true, "", "is of another process" },
		{ 12, true, "<announcethread></announcethread>",
		  "has a race in a program that never had two threads" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct log_facts facts = { .pid = rows[i].pid, .first = rows[i].first };
		struct finding_list list = { 0 };
		char *log = xasprintf(
			"<pid>12</pid>%s"
			"<error><unique>0x1</unique><kind>Race</kind><xwhat><text>Possible data "
			"race during read of size 4 at 0x1 by thread #2</text></xwhat><stack>"
			"<frame><fn>f</fn></frame></stack></error>" COUNTS(PAIR("0x1")),
			rows[i].threads);
		enum evidence expected = rows[i].why ? EVIDENCE_TAMPERED : EVIDENCE_WHOLE;

		CHECK_NUMBER(valgrind_log(log, &facts, &list), expected);
		CHECK_TEXT(facts.why, rows[i].why);
		finding_list_release(&list);
		free(log);
	}
}

void suite_valgrind_bound(void)
{
	static const struct test_case cases[] = {
		{ "errors and their counts agree", errors_and_their_counts_agree },
		{ "a log belongs to its process", a_log_belongs_to_its_process },
	};

	test_suite("valgrind_bound", cases, ARRAY_SIZE(cases));
}
