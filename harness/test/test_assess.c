// One run held against its case: outcome, findings, the harness's own findings, evidence.
#include "base/mem.h"
#include "judge/assess.h"
#include "test/graded.h"
#include "test/support.h"

static void add_race(struct record *record, const char *file, int line, int other)
{
	struct finding *finding = add(&record->findings, KIND_DATA_RACE, "data race");

	stack_add(&finding_add_access(finding, OP_READ)->stack, "f", file, line, 0, "racy");
	stack_add(&finding_add_access(finding, OP_WRITE)->stack, "g", file, other, 0, "racy");
}

struct expected {
	enum grade grade;
	bool listed, diverged, detected, unexpected;
	const char *inconclusive; // part of it; NULL: none
};

static void check(const char *where, const struct target *target, struct record *record,
		  const struct expected *e)
{
	struct assessment a;

	assess(target, record, &a);
	CHECK_TEXT_AT(where, grade_name(a.grade), grade_name(e->grade));
	CHECK_AT(where, a.listed == e->listed);
	CHECK_AT(where, a.diverged == e->diverged);
	CHECK_AT(where, a.detected == e->detected);
	CHECK_AT(where, a.unexpected == e->unexpected);
	CHECK_AT(where, a.unexpected == (a.surprise != NULL));
	CHECK_AT(where, (a.inconclusive != NULL) == (e->inconclusive != NULL));
	if (e->inconclusive)
		CHECK_HAS(a.inconclusive, e->inconclusive);
	assessment_release(&a);
	record_release(record);
}

static void outcomes_are_graded_by_variant(void)
{
	static const struct {
		const struct target *target;
		const char *out;
		struct expected e;
	} rows[] = {
		{ &racy, "sum 0", { GRADE_ACCEPTABLE, true, false, false, false, NULL } },
		{ &racy, "sum 4", { GRADE_INTERESTING, true, true, false, false, NULL } },
		{ &racy, "torn", { GRADE_FORBIDDEN, true, true, false, false, NULL } },
		{ &racy, "else", { GRADE_FORBIDDEN, false, true, false, false, NULL } },
		{ &fixed, "sum 0", { GRADE_ACCEPTABLE, true, false, false, false, NULL } },
		{ &fixed, "sum 4", { GRADE_FORBIDDEN, true, true, false, false, NULL } },
		{ &fixed, "else", { GRADE_FORBIDDEN, false, true, false, false, NULL } },
		{ &own, "anything", { GRADE_ACCEPTABLE, false, false, false, false, NULL } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int t = 0; t < TOOL_EXPLORE; t++) { // that one's runs are campaigns
			struct record record = run_of(t, rows[i].out);

			check(rows[i].out, rows[i].target, &record, &rows[i].e);
		}
}

static void a_race_is_the_cases_when_it_is_on_a_marked_line(void)
{
	static const struct {
		const char *file;
		int line, other;
		bool mine;
	} rows[] = {
		{ "cases/f/c/racy.c", 10, 20, true },
		{ "cases/f/c/racy.c", 20, 99, true },
		{ "cases/f/c/racy.c", 98, 10, true },
		{ "/elsewhere/racy.c", 10, 99, true },
		{ "racy.c", 10, 99, true },
		{ "cases/f/c/racy.c", 11, 21, false },
		{ "cases/f/c/fixed.c", 10, 20, false },
		{ "cases/f/c/notracy.c", 10, 20, false },
		{ NULL, 10, 20, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct expected e = { GRADE_ACCEPTABLE, true,          false,
				      rows[i].mine,     !rows[i].mine, NULL };
		struct record record = run_of(TOOL_TSAN, "sum 0");

		add_race(&record, rows[i].file, rows[i].line, rows[i].other);
		check(rows[i].file ? rows[i].file : "no file", &racy, &record, &e);
	}
}

static void any_frame_of_the_stack_may_be_the_marked_one(void)
{
	const struct expected e = { GRADE_ACCEPTABLE, true, false, true, false, NULL };
	struct record record = run_of(TOOL_DRD, "sum 0");
	struct access *access =
		finding_add_access(add(&record.findings, KIND_DATA_RACE, "x"), OP_READ);

	stack_add(&access->stack, "memcpy", "string.c", 10, 0, "libc.so.6");
	stack_add(&access->stack, "update", "cases/f/c/racy.c", 20, 0, "racy");
	check("inner frame", &racy, &record, &e);
}

static void a_report_of_a_kind_that_the_case_does_not_have_is_a_surprise(void)
{
	const struct expected e = { GRADE_ACCEPTABLE, true, false, false, true, NULL };
	struct record record = run_of(TOOL_TSAN, "sum 0");

	add(&record.findings, KIND_LOCK_ORDER, "cycle");
	check("other kind", &racy, &record, &e);
	for (int kind = 0; kind < KIND_NR; kind++) {
		record = run_of(TOOL_HELGRIND, "sum 0");
		add(&record.findings, kind, "words");
		struct expected any = { GRADE_ACCEPTABLE,  true,  false,
					kind == KIND_HANG, false, NULL };

		// Without a place a race is not known to be the case's. Notes surprise nobody.
		any.unexpected = kind != KIND_HANG && kind_severity(kind) != SEVERITY_NOTE;
		if (kind_is_inconclusive(kind)) {
			any.unexpected = false;
			any.inconclusive = kind_name(kind);
		}
		check(kind_name(kind), &racy, &record, &any);
	}
}

static void the_bug_and_a_surprise_are_both_seen(void)
{
	const struct expected e = { GRADE_ACCEPTABLE, true, false, true, true, NULL };
	struct record record = run_of(TOOL_TSAN, "sum 0");

	add_race(&record, "racy.c", 10, 20);
	add_race(&record, "racy.c", 30, 31);
	check("both", &racy, &record, &e);
}

static void every_report_of_a_fixed_variant_is_unexpected(void)
{
	const struct expected e = { GRADE_ACCEPTABLE, true, false, false, true, NULL };
	struct record record = run_of(TOOL_TSAN, "sum 0");

	add_race(&record, "racy.c", 10, 20);
	check("fixed", &fixed, &record, &e);
}

static void a_report_of_ones_own_program_counts_when_it_is_severe_enough(void)
{
	for (int s = 0; s < SEVERITY_NR; s++)
		for (int kind = 0; kind < KIND_NR; kind++) {
			const struct target target = { .id = "own.c", .gate.fail_on = s };
			const struct expected e = { .detected = (int)kind_severity(kind) <= s };
			struct record record = run_of(TOOL_DRD, "out");

			add(&record.findings, kind, "words");
			if (kind_is_inconclusive(kind))
				record_release(&record);
			else
				check(kind_name(kind), &target, &record, &e);
		}
}

static void inconclusive_kinds_are_inconclusive_and_nothing_else(void)
{
	static const struct target *const targets[] = { &racy, &fixed, &own };

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		for (int kind = 0; kind < KIND_NR; kind++)
			if (kind_is_inconclusive(kind)) {
				struct record record = run_of(TOOL_HELGRIND, "sum 0");
				struct expected e = { .listed = targets[i] != &own,
						      .inconclusive = kind_name(kind) };

				add(&record.findings, kind, "why");
				check(kind_name(kind), targets[i], &record, &e);
			}
}

static void a_hang_is_natives_to_find(void)
{
	for (int t = 0; t < TOOL_NR; t++) {
		// The explorer is no program under test: its time was up.
		const bool ours = t != TOOL_EXPLORE;
		const struct expected e = {
			ours ? GRADE_INTERESTING : GRADE_ACCEPTABLE,
			true,
			ours,
			t == TOOL_NATIVE,
			false,
			ours ? NULL : "time-out: ",
		};
		struct record record = run_of(t, "");

		record.how = ENDING_HANG;
		add(&record.endings, KIND_HANG, "nobody can run");
		check(tool_name(t), &racy, &record, &e);
	}
}

static void one_ending_of_several_may_be_the_cases(void)
{
	static const enum finding_kind kinds[][2] = { { KIND_CRASH, KIND_HANG },
						      { KIND_HANG, KIND_CRASH } };
	const struct expected e = { GRADE_INTERESTING, true, true, true, false, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct record record = run_of(TOOL_NATIVE, "");

		record.how = ENDING_HANG;
		add(&record.endings, kinds[i][0], "first");
		add(&record.endings, kinds[i][1], "second");
		check(kind_name(kinds[i][0]), &racy, &record, &e);
	}
}

static void the_first_schedule_may_be_the_one_that_shows_it(void)
{
	struct record record = run_of(TOOL_EXPLORE, "");
	struct assessment a;

	record.explored.schedules = 100;
	*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
		.text = xstrdup("sum 4"), .ended = true, .count = 9, .first = 5
	};
	*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
		.text = xstrdup("torn"), .ended = true, .count = 2, .first = 8
	};
	assess(&racy, &record, &a);
	CHECK_NUMBER(a.first, 5);
	CHECK_NUMBER(a.grade, GRADE_FORBIDDEN);
	assessment_release(&a);
	CHECK_NUMBER(a.grade, GRADE_ACCEPTABLE); // all of it is 0
	record_release(&record);
}

static void ones_own_program_must_end_in_every_schedule(void)
{
	for (int bad = 0; bad < 2; bad++) {
		struct record record = run_of(TOOL_EXPLORE, "");
		struct assessment a;

		record.explored.schedules = 100;
		*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
			.text = xstrdup("a"), .ended = true, .first = 1
		};
		*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
			.text = xstrdup("b"), .ended = !bad, .first = 6
		};
		assess(&own, &record, &a);
		CHECK_NUMBER(a.grade, bad ? GRADE_FORBIDDEN : GRADE_ACCEPTABLE);
		CHECK_NUMBER(a.first, bad ? 6 : 0);
		assessment_release(&a);
		record_release(&record);
	}
}

static void a_crash_that_the_case_does_not_know_is_forbidden_and_not_detected(void)
{
	const struct expected e = { GRADE_FORBIDDEN, false, true, false, false, NULL };
	struct record record = run_of(TOOL_NATIVE, "");

	record.how = ENDING_SIGNAL;
	record.code = 11;
	add(&record.endings, KIND_CRASH, "SIGSEGV");
	check("crash", &racy, &record, &e);
}

static void endings_of_a_fixed_variant_are_forbidden_outcomes(void)
{
	const struct expected e = { GRADE_FORBIDDEN, true, true, false, false, NULL };
	struct record record = run_of(TOOL_NATIVE, "");

	record.how = ENDING_HANG;
	add(&record.endings, KIND_HANG, "nobody can run");
	check("fixed hang", &fixed, &record, &e);
}

static void ones_own_program_must_end_by_itself(void)
{
	static const enum ending_how bad[] = { ENDING_SIGNAL, ENDING_HANG, ENDING_TIMEOUT };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct expected e = { GRADE_FORBIDDEN, false, true, true, false, NULL };
		struct record record = run_of(TOOL_TSAN, "out");

		record.how = bad[i];
		record.code = 6;
		add(&record.endings, KIND_HANG, "stuck");
		check(ending_name(bad[i]), &own, &record, &e);
	}
}

static void evidence_that_cannot_be_trusted_is_inconclusive(void)
{
	static const struct {
		enum evidence evidence;
		enum ending_how how;
		const char *inconclusive;
	} rows[] = {
		{ EVIDENCE_WHOLE, ENDING_EXIT, NULL },
		{ EVIDENCE_WHOLE, ENDING_HANG, NULL },
		{ EVIDENCE_MISSING, ENDING_EXIT, "left no log" },
		{ EVIDENCE_MISSING, ENDING_HANG, "left no log" },
		{ EVIDENCE_MISSING, ENDING_SIGNAL, "left no log" },
		{ EVIDENCE_TAMPERED, ENDING_EXIT, "tampered" },
		{ EVIDENCE_TAMPERED, ENDING_TIMEOUT, "tampered" },
		{ EVIDENCE_CUT, ENDING_EXIT, "is cut off" },
		{ EVIDENCE_CUT, ENDING_SIGNAL, NULL },
		{ EVIDENCE_CUT, ENDING_HANG, NULL },
		{ EVIDENCE_NONE, ENDING_EXIT, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct record record = run_of(TOOL_TSAN, "sum 0");
		struct assessment a;

		record.evidence = rows[i].evidence;
		record.how = rows[i].how;
		assess(&racy, &record, &a);
		CHECK_AT(evidence_name(rows[i].evidence),
			 (a.inconclusive != NULL) == (rows[i].inconclusive != NULL));
		if (rows[i].inconclusive)
			CHECK_HAS(a.inconclusive, rows[i].inconclusive);
		assessment_release(&a);
		record_release(&record);
	}
}

static void a_run_that_did_not_start_is_inconclusive_with_its_reason(void)
{
	struct record record = run_of(TOOL_NATIVE, "");
	struct assessment a;

	record.how = ENDING_NOT_STARTED;
	record.error = xstrdup("exec: No such file");
	assess(&racy, &record, &a);
	CHECK_HAS(a.inconclusive, "not started: exec: No such file");
	assessment_release(&a);
	record_release(&record);
}

static void a_busy_time_out_is_starved_slow_or_proven_to_spin(void)
{
	struct record record = run_of(TOOL_NATIVE, "");
	struct assessment a;

	record.how = ENDING_TIMEOUT;
	record.wall_ns = 8000000000;
	for (int64_t cpu_s = 1; cpu_s <= 7; cpu_s += 6) {
		record.cpu_ns = cpu_s * 1000000000;
		assess(&own, &record, &a);
		CHECK_HAS(a.inconclusive, cpu_s == 1 ? "starved: had only 1.0 s"
						     : "timed out: still busy after 8.0 s");
		CHECK_NUMBER(a.grade, GRADE_ACCEPTABLE);
		assessment_release(&a);
	}
	add(&record.endings, KIND_LIVELOCK, "spins");
	for (int64_t cpu_s = 1; cpu_s <= 7; cpu_s += 6) {
		record.cpu_ns = cpu_s * 1000000000;
		assess(&own, &record, &a);
		CU_ASSERT_PTR_NULL(a.inconclusive);
		CU_ASSERT(a.detected);
		assessment_release(&a);
	}
	record_release(&record);
}

static void a_run_answers_when_it_shows_what_its_case_wants(void)
{
	struct testcase diverging = { .expect[VARIANT_RACY][TOOL_NATIVE].answer = ANSWER_DIVERGES };
	const struct target wants_outcomes = { .tc = &diverging, .variant = VARIANT_RACY };
	struct assessment reported = { .detected = true }, diverged = { .diverged = true };
	struct assessment broken = { .detected = true,
				     .diverged = true,
				     .inconclusive = "tool-error" };

	CU_ASSERT_TRUE(assessment_answers(&racy, TOOL_TSAN, &reported));
	CU_ASSERT_FALSE(assessment_answers(&racy, TOOL_TSAN, &diverged));
	CU_ASSERT_TRUE(assessment_answers(&racy, TOOL_NATIVE, &diverged));
	CU_ASSERT_TRUE(assessment_answers(&wants_outcomes, TOOL_NATIVE, &diverged));
	CU_ASSERT_FALSE(assessment_answers(&wants_outcomes, TOOL_NATIVE, &reported));
	CU_ASSERT_FALSE(assessment_answers(&racy, TOOL_TSAN, &broken));
	CU_ASSERT_FALSE(assessment_answers(&wants_outcomes, TOOL_NATIVE, &broken));
	CU_ASSERT_TRUE(assessment_answers(&own, TOOL_DRD, &reported));
}

void suite_assess(void)
{
	static const struct test_case cases[] = {
		{ "a busy time-out is starved, slow, or proven to spin",
		  a_busy_time_out_is_starved_slow_or_proven_to_spin },
		{ "outcomes are graded by variant", outcomes_are_graded_by_variant },
		{ "a race is the case's when it is on a marked line",
		  a_race_is_the_cases_when_it_is_on_a_marked_line },
		{ "any frame of the stack may be the marked one",
		  any_frame_of_the_stack_may_be_the_marked_one },
		{ "a report of a kind that the case does not have is a surprise",
		  a_report_of_a_kind_that_the_case_does_not_have_is_a_surprise },
		{ "the bug and a surprise are both seen", the_bug_and_a_surprise_are_both_seen },
		{ "every report of a fixed variant is unexpected",
		  every_report_of_a_fixed_variant_is_unexpected },
		{ "a report of one's own program counts when it is severe enough",
		  a_report_of_ones_own_program_counts_when_it_is_severe_enough },
		{ "inconclusive kinds are inconclusive and nothing else",
		  inconclusive_kinds_are_inconclusive_and_nothing_else },
		{ "a hang is native's to find", a_hang_is_natives_to_find },
		{ "one ending of several may be the case's",
		  one_ending_of_several_may_be_the_cases },
		{ "the first schedule may be the one that shows it",
		  the_first_schedule_may_be_the_one_that_shows_it },
		{ "one's own program must end in every schedule",
		  ones_own_program_must_end_in_every_schedule },
		{ "a crash that the case does not know is forbidden and not detected",
		  a_crash_that_the_case_does_not_know_is_forbidden_and_not_detected },
		{ "endings of a fixed variant are forbidden outcomes",
		  endings_of_a_fixed_variant_are_forbidden_outcomes },
		{ "one's own program must end by itself", ones_own_program_must_end_by_itself },
		{ "evidence that cannot be trusted is inconclusive",
		  evidence_that_cannot_be_trusted_is_inconclusive },
		{ "a run that did not start is inconclusive with its reason",
		  a_run_that_did_not_start_is_inconclusive_with_its_reason },
		{ "a run answers when it shows what its case wants",
		  a_run_answers_when_it_shows_what_its_case_wants },
	};

	test_suite("assess", cases, ARRAY_SIZE(cases));
}
