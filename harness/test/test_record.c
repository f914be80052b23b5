// A run's line in runs.jsonl and back again; a line of the explorer's log.
#include "base/mem.h"
#include "detect/detect.h"
#include "model/explore_log.h"
#include "test/support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void fill_finding(struct finding *finding)
{
	struct access *access;

	finding->kind = KIND_DATA_RACE;
	finding->words = xstrdup("Possible data race during write of size 4");
	access = finding_add_access(finding, OP_ATOMIC_WRITE);
	access->size = 4;
	access->thread = xstrdup("T1");
	access->wants = xstrdup("mutex b");
	access->held_by = xstrdup("T2");
	access_add_lock(access, "mutex a");
	access_add_lock(access, "mutex c");
	stack_add(&access->stack, "deposit", "cases/a/racy.c", 24, 9, "racy");
	stack_add(&access->stack, NULL, NULL, 0, 0, "libc.so.6");
	finding_add_access(finding, OP_READ);
	finding->location.kind = LOCATION_HEAP;
	finding->location.object = xstrdup("heap block from make_queue");
	finding->location.size = 48;
	stack_add(&finding->location.stack, "make_queue", "q.c", 7, 0, NULL);
}

static struct record full_record(void)
{
	struct record r = {
		.run = 12345678901234,
		.target = xstrdup("shared-state/account-balance/racy"),
		.tool = TOOL_TSAN_GCC,
		.build = xstrdup("O1"),
		.seed = UINT64_C(0xfedcba9876543210),
		.scale = 100000,
		.cpus = UINT64_C(0x8000000000000001),
		.perturbed = true,
		.no_aslr = true,
		.how = ENDING_SIGNAL,
		.code = 11,
		.limit = xstrdup("memory"),
		.error = xstrdup("no reason"),
		.wall_ns = 1234567890123,
		.cpu_ns = 987654321,
		.max_rss_kib = 4096,
		.out = xstrdup("sum \\xff é \"q\""),
		.err = xstrdup("oops\\n"),
		.out_total = UINT64_C(5000000000),
		.orphans = 3,
		.left = xstrdup("sleep (ended with SIGKILL)"),
		.evidence = EVIDENCE_CUT,
	};
	struct finding *finding;

	finding = VEC_PUSH(&r.findings);
	fill_finding(finding);
	VEC_PUSH(&r.endings)->kind = KIND_CRASH;
	r.logs = xcalloc(2, sizeof(*r.logs));
	r.logs[r.nr_logs++] = xstrdup("logs/a/data.1");
	r.logs[r.nr_logs++] = xstrdup("logs/a/data.2");
	return r;
}

// Through JSON text, as it stands on disk.
static int round_trip(const struct record *from, struct record *to)
{
	json_t *json = record_to_json(from), *again;
	char *text = json_dumps(json, JSON_COMPACT);
	int rc;

	again = json_loads(text, 0, NULL);
	CU_ASSERT_PTR_NULL(strchr(text, '\n'));
	rc = record_from_json(again, to);
	free(text);
	json_decref(json);
	json_decref(again);
	return rc;
}

static void every_field_comes_back(void)
{
	struct record a = full_record(), b;

	CU_ASSERT_EQUAL_FATAL(round_trip(&a, &b), 0);
	CHECK_NUMBER(b.run, a.run);
	CHECK_TEXT(b.target, a.target);
	CHECK_NUMBER(b.tool, a.tool);
	CHECK_TEXT(b.build, a.build);
	CU_ASSERT_EQUAL(b.seed, a.seed);
	CHECK_NUMBER(b.scale, a.scale);
	CU_ASSERT_EQUAL(b.cpus, a.cpus);
	CHECK_NUMBER(b.perturbed, true);
	CHECK_NUMBER(b.no_aslr, true);
	CHECK_NUMBER(b.how, a.how);
	CHECK_NUMBER(b.code, a.code);
	CHECK_TEXT(b.limit, a.limit);
	CHECK_TEXT(b.error, a.error);
	CHECK_NUMBER(b.wall_ns, a.wall_ns);
	CHECK_NUMBER(b.cpu_ns, a.cpu_ns);
	CHECK_NUMBER(b.max_rss_kib, a.max_rss_kib);
	CHECK_TEXT(b.out, a.out);
	CHECK_TEXT(b.err, a.err);
	CHECK_NUMBER(b.out_total, a.out_total);
	CHECK_NUMBER(b.orphans, a.orphans);
	CHECK_TEXT(b.left, a.left);
	CHECK_NUMBER(b.evidence, a.evidence);
	CHECK_NUMBER(b.findings.nr, 1);
	CHECK_NUMBER(b.endings.nr, 1);
	CHECK_NUMBER(b.endings.items[0].kind, KIND_CRASH);
	CHECK_NUMBER(b.nr_logs, 2);
	CHECK_TEXT(b.logs[1], "logs/a/data.2");
	record_release(&a);
	record_release(&b);
}

static void every_field_of_a_finding_comes_back(void)
{
	struct record a = full_record(), b;
	const struct finding *f;

	CU_ASSERT_EQUAL_FATAL(round_trip(&a, &b), 0);
	f = &b.findings.items[0];
	CHECK_NUMBER(f->kind, KIND_DATA_RACE);
	CHECK_TEXT(f->words, "Possible data race during write of size 4");
	CU_ASSERT_EQUAL_FATAL(f->accesses.nr, 2);
	CHECK_NUMBER(f->accesses.items[0].op, OP_ATOMIC_WRITE);
	CHECK_NUMBER(f->accesses.items[0].size, 4);
	CHECK_TEXT(f->accesses.items[0].thread, "T1");
	CHECK_TEXT(f->accesses.items[0].wants, "mutex b");
	CHECK_TEXT(f->accesses.items[0].held_by, "T2");
	CU_ASSERT_EQUAL_FATAL(f->accesses.items[0].nr_locks, 2);
	CHECK_TEXT(f->accesses.items[0].locks[1], "mutex c");
	CU_ASSERT_EQUAL_FATAL(f->accesses.items[0].stack.nr, 2);
	CHECK_TEXT(f->accesses.items[0].stack.items[0].func, "deposit");
	CHECK_TEXT(f->accesses.items[0].stack.items[0].file, "cases/a/racy.c");
	CHECK_NUMBER(f->accesses.items[0].stack.items[0].line, 24);
	CHECK_NUMBER(f->accesses.items[0].stack.items[0].col, 9);
	CHECK_TEXT(f->accesses.items[0].stack.items[1].func, NULL);
	CHECK_TEXT(f->accesses.items[0].stack.items[1].module, "libc.so.6");
	CHECK_TEXT(f->accesses.items[1].thread, NULL);
	CHECK_NUMBER(f->location.kind, LOCATION_HEAP);
	CHECK_TEXT(f->location.object, "heap block from make_queue");
	CHECK_NUMBER(f->location.size, 48);
	CHECK_NUMBER(f->location.stack.nr, 1);
	CU_ASSERT_EQUAL(finding_fingerprint(f), finding_fingerprint(&a.findings.items[0]));
	record_release(&a);
	record_release(&b);
}

static void every_tool_ending_and_kind_comes_back(void)
{
	for (int t = 0; t < TOOL_NR; t++)
		for (int how = 0; how <= ENDING_NOT_STARTED; how++)
			for (int kind = 0; kind < KIND_NR; kind++) {
				struct record a = { .run = 1,
						    .target = xstrdup("x"),
						    .tool = t,
						    .how = how },
					      b;

				VEC_PUSH(&a.findings)->kind = kind;
				CU_ASSERT_EQUAL_FATAL(round_trip(&a, &b), 0);
				CU_ASSERT_EQUAL(b.tool, (enum tool_id)t);
				CU_ASSERT_EQUAL(b.how, (enum ending_how)how);
				CU_ASSERT_EQUAL(b.findings.items[0].kind, (enum finding_kind)kind);
				record_release(&a);
				record_release(&b);
			}
}

static void nothing_comes_back_as_nothing(void)
{
	struct record a = { .run = 1, .target = xstrdup("x") }, b;

	CU_ASSERT_EQUAL_FATAL(round_trip(&a, &b), 0);
	CHECK_TEXT(b.out, "");
	CHECK_TEXT(b.limit, NULL);
	CHECK_TEXT(b.error, NULL);
	CHECK_NUMBER(b.findings.nr, 0);
	CHECK_NUMBER(b.nr_logs, 0);
	CHECK_NUMBER(b.evidence, EVIDENCE_NONE);
	record_release(&a);
	record_release(&b);
}

static void no_record(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	struct record record;

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	CHECK_AT(text, record_from_json(json, &record) == -1);
	CHECK_AT(text, !record.target && !record.findings.nr);
	json_decref(json);
}

#define HEAD "{\"run\":1,\"target\":\"x\",\"tool\":\"tsan\",\"ending\":\"exit\""

static void what_is_no_record_is_refused(void)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"7",
		"null",
		"{\"run\":1,\"tool\":\"tsan\",\"ending\":\"exit\"}",
		"{\"run\":1,\"target\":7,\"tool\":\"tsan\",\"ending\":\"exit\"}",
		"{\"run\":1,\"target\":\"x\",\"tool\":\"tsaan\",\"ending\":\"exit\"}",
		"{\"run\":1,\"target\":\"x\",\"tool\":\"tsan\",\"ending\":\"gone\"}",
		HEAD ",\"evidence\":\"hearsay\"}",
		HEAD ",\"findings\":[7]}",
		HEAD ",\"findings\":[{\"kind\":\"no-such\"}]}",
		HEAD ",\"findings\":[{\"kind\":\"data-race\"}]}",
		HEAD ",\"findings\":[{\"kind\":\"data-race\",\"accesses\":[{\"op\":\"fly\"}],"
		     "\"location\":{}}]}",
		HEAD ",\"endings\":[{\"kind\":\"hang\",\"accesses\":[],\"location\":{\"kind\":"
		     "\"moon\"}}]}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		no_record(bad[i]);
}

#define FINDING(member, access, location)                                                          \
	HEAD ",\"findings\":[{\"kind\":\"data-race\"," member ",\"accesses\":[{" access            \
	     ",\"locks\":[],\"stack\":[]}],\"location\":{\"kind\":\"heap\",\"stack\":[]" location  \
	     "}}]}"

// A finding must not vanish because the member that should hold it is of another type.
static void damaged_members_are_not_taken_for_absent_ones(void)
{
	static const char *const bad[] = {
		HEAD ",\"findings\":{}}",
		HEAD ",\"findings\":\"data-race\"}",
		HEAD ",\"endings\":7}",
		"{\"target\":\"x\",\"tool\":\"tsan\",\"ending\":\"exit\"}",
		"{\"run\":0,\"target\":\"x\",\"tool\":\"tsan\",\"ending\":\"exit\"}",
		"{\"run\":\"1\",\"target\":\"x\",\"tool\":\"tsan\",\"ending\":\"exit\"}",
		HEAD ",\"stdout\":7}",
		HEAD ",\"code\":\"11\"}",
		HEAD ",\"evidence\":7}",
		FINDING("\"words\":7", "\"op\":\"read\"", ""),
		FINDING("\"schedule\":[]", "\"op\":\"read\"", ""),
		FINDING("\"hits\":\"7\"", "\"op\":\"read\"", ""),
		FINDING("\"first\":\"7\"", "\"op\":\"read\"", ""),
		FINDING("\"words\":\"w\"", "\"op\":\"read\",\"thread\":1", ""),
		FINDING("\"words\":\"w\"", "\"op\":\"read\",\"size\":\"4\"", ""),
		FINDING("\"words\":\"w\"", "\"op\":\"read\"", ",\"object\":1"),
		FINDING("\"words\":\"w\"", "\"op\":\"read\"", ",\"size\":\"1\""),
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		no_record(bad[i]);
}

static void a_result_is_taken_over_escaped_and_without_its_last_newline(void)
{
	struct run_result result = { .how = ENDING_EXIT,
				     .code = 3,
				     .wall_ns = 10,
				     .cpu_ns = 20,
				     .max_rss_kib = 30,
				     .out = STRBUF_INIT,
				     .err = STRBUF_INIT,
				     .out_total = 9,
				     .orphans = 2 };
	struct record record = { 0 };

	strbuf_add(&result.out, "a\nb\0\n", 5);
	strbuf_addstr(&result.err, "no newline");
	record_take_result(&record, &result);
	CHECK_TEXT(record.out, "a\\nb\\x00");
	CHECK_TEXT(record.err, "no newline");
	CHECK_NUMBER(record.code, 3);
	CHECK_NUMBER(record.wall_ns, 10);
	CHECK_NUMBER(record.cpu_ns, 20);
	CHECK_NUMBER(record.max_rss_kib, 30);
	CHECK_NUMBER(record.out_total, 9);
	CHECK_NUMBER(record.orphans, 2);
	CHECK_NUMBER(record.endings.nr, 0);
	run_result_release(&result);
	record_release(&record);
}

// How the explorer ended says nothing about the program.
static void a_crash_is_a_finding_except_of_the_explorer(void)
{
	for (int t = 0; t < TOOL_NR; t++) {
		struct run_result result = { .how = ENDING_SIGNAL,
					     .code = SIGSEGV,
					     .out = STRBUF_INIT,
					     .err = STRBUF_INIT };
		struct record record = { .tool = (enum tool_id)t };

		record_take_result(&record, &result);
		CHECK_NUMBER((long long)record.endings.nr, t != TOOL_EXPLORE);
		run_result_release(&result);
		record_release(&record);
	}
}

// Without a schedule there is nothing to confirm.
static void a_line_says_of_its_schedule_only_when_it_has_one(void)
{
	struct explore_line line = { .kind = LINE_OUTCOME,
				     .text = (char *)"x",
				     .count = 2,
				     .first = 1,
				     .preemptions = 3,
				     .confirmed = true },
			    again;

	for (int i = 0; i < 2; i++) {
		json_t *json;

		line.schedule = i ? (char *)"s" : NULL;
		line.divergence = i ? (char *)"d" : NULL;
		json = explore_line_to_json(&line);
		CHECK_NUMBER((long long)json_object_size(json), i ? 8 : 4);
		CHECK_NUMBER(explore_line_from_json(json, &again), 0);
		CHECK_TEXT(again.schedule, line.schedule);
		CHECK_TEXT(again.divergence, i ? "d" : "");
		CHECK_NUMBER(again.preemptions, i ? 3 : 0);
		CHECK_NUMBER(again.confirmed, i);
		explore_line_release(&again);
		json_decref(json);
	}
}

// What was never shown, or in no iteration, is no line; nor is the header of another version.
static void a_line_that_shows_nothing_is_refused(void)
{
	static const struct {
		const char *json;
		int rc;
	} rows[] = {
		{ "{\"outcome\":\"x\",\"ended\":true,\"count\":1,\"iteration\":1}", 0 },
		{ "{\"outcome\":\"x\",\"ended\":true,\"count\":0,\"iteration\":1}", -1 },
		{ "{\"outcome\":\"x\",\"ended\":true,\"count\":1,\"iteration\":0}", -1 },
		{ "{\"racegate-explore\":1,\"program\":\"p\"}", 0 },
		{ "{\"racegate-explore\":0,\"program\":\"p\"}", -1 },
		{ "{\"end\":{\"iterations\":0}}", 0 },
		{ "{\"end\":{\"iterations\":-1}}", -1 },
	};
	struct explore_line begin = { .kind = LINE_BEGIN, .text = (char *)"p" }, line;
	json_t *json = explore_line_to_json(&begin);

	CHECK_NUMBER(explore_line_from_json(json, &line), 0);
	CHECK_TEXT(line.text, "p");
	explore_line_release(&line);
	json_decref(json);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json = json_loads(rows[i].json, 0, NULL);
		CHECK_AT(rows[i].json, explore_line_from_json(json, &line) == rows[i].rc);
		explore_line_release(&line);
		json_decref(json);
	}
}

void suite_record(void)
{
	static const struct test_case cases[] = {
		{ "every field comes back", every_field_comes_back },
		{ "every field of a finding comes back", every_field_of_a_finding_comes_back },
		{ "every tool, ending and kind comes back", every_tool_ending_and_kind_comes_back },
		{ "nothing comes back as nothing", nothing_comes_back_as_nothing },
		{ "what is no record is refused", what_is_no_record_is_refused },
		{ "damaged members are not taken for absent ones",
		  damaged_members_are_not_taken_for_absent_ones },
		{ "a result is taken over escaped and without its last newline",
		  a_result_is_taken_over_escaped_and_without_its_last_newline },
		{ "a line says of its schedule only when it has one",
		  a_line_says_of_its_schedule_only_when_it_has_one },
		{ "a line that shows nothing is refused", a_line_that_shows_nothing_is_refused },
		{ "a crash is a finding except of the explorer",
		  a_crash_is_a_finding_except_of_the_explorer },
	};

	test_suite("record", cases, ARRAY_SIZE(cases));
}
