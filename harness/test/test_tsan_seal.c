// Seals on what ThreadSanitizer's hook writes: the program cannot make them.
#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"
#include "tsan/seal.h"

static const log_parser parse = tsan_data_parse;

enum { KEY = 0x1234567, PID = 5 };

// Adds "text SEAL", as the hook with this key would after `before`.
static void add_sealed(struct strbuf *log, const char *before, const char *text, uint64_t key,
		       uint64_t nr)
{
	uint64_t hash = SEAL_HASH;

	for (const char *p = before; *p; p++)
		hash = seal_hash(hash, *p);
	for (const char *p = text; *p; p++)
		hash = seal_hash(hash, *p);
	strbuf_addf(log, "%s%s %016llx\n", before, text,
		    (unsigned long long)seal_of(key, PID, nr, hash));
}

#define HEADER   "racegate-tsan 1 5 0\n"
#define TWO_MOPS "begin data-race\nmop 1 0x10 4 1 0 0x1\nmop 2 0x10 4 1 0 0x2\n"

// Two reports and the end of the process.
static char *sealed_log(uint64_t key)
{
	struct strbuf log = STRBUF_INIT;

	add_sealed(&log, HEADER TWO_MOPS, "end", key, 1);
	add_sealed(&log, TWO_MOPS, "end", key, 2);
	add_sealed(&log, "", "exit 2", key, 0);
	return strbuf_detach(&log);
}

static void check_sealed(const char *log, bool first, enum evidence evidence, const char *why)
{
	struct log_facts facts = { .key = KEY, .pid = PID, .first = first };
	struct finding_list list = { 0 };

	CHECK_AT(log, exact_parse_facts(parse, log, strlen(log), &facts, &list) == evidence);
	CHECK_TEXT_AT(log, facts.why, why);
	finding_list_release(&list);
}

// The program can write to the log and has seen all of it, but not the key.
static void a_report_that_the_tool_did_not_write_is_tampered(void)
{
	static const char forged[] = "was not written by the tool alone";
	char *log = sealed_log(KEY), *edited;

	check_sealed(log, true, EVIDENCE_WHOLE, NULL);
	edited = text_replace(log, "mop 2 0x10", "mop 2 0x18");
	check_sealed(edited, true, EVIDENCE_TAMPERED, forged);
	free(edited);
	edited = text_replace(log, "racegate-tsan 1 5 0", "racegate-tsan 1 6 0");
	check_sealed(edited, true, EVIDENCE_TAMPERED, "is of another process");
	free(edited);
	// The second report again in place of the first; none; one that is made up.
	edited = xasprintf(HEADER "%s", strstr(strstr(log, "end"), "begin"));
	check_sealed(edited, true, EVIDENCE_TAMPERED, forged);
	free(edited);
	edited = xasprintf(HEADER "%s", strstr(log, "exit"));
	check_sealed(edited, true, EVIDENCE_TAMPERED, "lacks reports that were counted");
	free(edited);
	check_sealed(HEADER TWO_MOPS "end\nexit 1\n", true, EVIDENCE_TAMPERED, "has no seal");
	check_sealed(HEADER "exit 0\n", true, EVIDENCE_TAMPERED, "has no seal");
	check_sealed(HEADER "exit 0 0123456789abcdef\n", true, EVIDENCE_TAMPERED, forged);
	free(log);
}

// Which the program was given for what it starts, and could read.
static void only_a_child_may_use_its_parents_next_key(void)
{
	char *log = sealed_log(seal_next_key(seal_next_key(KEY)));

	check_sealed(log, false, EVIDENCE_WHOLE, NULL);
	check_sealed(log, true, EVIDENCE_TAMPERED, "was not written by the tool alone");
	free(log);
}

void suite_tsan_seal(void)
{
	static const struct test_case cases[] = {
		{ "a report that the tool did not write is tampered",
		  a_report_that_the_tool_did_not_write_is_tampered },
		{ "only a child may use its parent's next key",
		  only_a_child_may_use_its_parents_next_key },
	};

	test_suite("tsan_seal", cases, ARRAY_SIZE(cases));
}
