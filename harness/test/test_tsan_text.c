#include "base/mem.h"
#include "detect/tsan_kind.h"
#include "test/findings.h"
#include "test/support.h"

#define parse tsan_text_parse

static void count_lock(void *ctx, unsigned long number)
{
	*(unsigned long *)ctx += number;
}

static void a_lock_set_ends_at_what_is_no_lock(void)
{
	static const struct {
		const char *line;
		size_t nr;
		unsigned long sum;
	} rows[] = {
		{ "Write (mutexes: write M1, read M22):", 2, 23 },
		{ "Write (mutexes: write M1, read Mx, read M3):", 1, 1 },
		{ "Write (mutexes: M):", 0, 0 },
		{ "Write (mutexes: write M5) M6", 1, 5 },
		{ "Write by thread M7:", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		unsigned long sum = 0;

		CHECK_AT(rows[i].line, tsan_lock_set(rows[i].line, count_lock, &sum) == rows[i].nr);
		CHECK_AT(rows[i].line, sum == rows[i].sum);
	}
}

static void check_race(const char *report, enum access_op first, int col)
{
	struct finding_list list = { 0 };
	const struct finding *race;
	const struct frame *frame;

	CU_ASSERT_EQUAL(report_parse(parse, report, &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	race = &list.items[0];
	CU_ASSERT_EQUAL(race->kind, KIND_DATA_RACE);
	CU_ASSERT_STRING_EQUAL(race->words, "data race");
	CU_ASSERT_EQUAL_FATAL(race->accesses.nr, 2);
	CU_ASSERT_EQUAL(race->accesses.items[0].op, first);
	CU_ASSERT_EQUAL(race->accesses.items[0].size, 8);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[0].thread, "T2");
	CU_ASSERT_EQUAL(race->accesses.items[0].nr_locks, 0);
	CU_ASSERT_STRING_EQUAL(program_function(race, 0), "withdraw");
	CU_ASSERT_STRING_EQUAL(race->accesses.items[1].thread, "T1");
	CU_ASSERT_EQUAL_FATAL(race->accesses.items[1].nr_locks, 1);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[1].locks[0], "M0");
	frame = stack_program_frame(&race->accesses.items[1].stack);
	CU_ASSERT_PTR_NOT_NULL_FATAL(frame);
	CU_ASSERT_STRING_EQUAL(frame->file, "/src/race_global.c");
	CU_ASSERT_TRUE(frame->line == 11 || frame->line == 12);
	CU_ASSERT_EQUAL(frame->col, col);
	CU_ASSERT_EQUAL(race->location.kind, LOCATION_GLOBAL);
	CU_ASSERT_STRING_EQUAL(race->location.object, "balance");
	CU_ASSERT_EQUAL(race->location.size, 8);
	finding_list_release(&list);
}

static void races_of_both_compilers_are_read(void)
{
	check_race("race_global.gcc.txt", OP_READ, 0);
	check_race("race_global.clang.txt", OP_WRITE, 11);
}

static void reports_get_their_kinds(void)
{
	static const struct {
		const char *program;
		enum finding_kind kind;
		const char *function;
	} rows[] = {
		{ "bad_unlock", KIND_BAD_UNLOCK, "leave" },
		{ "foreign_unlock", KIND_BAD_UNLOCK, "release_for_main" },
		{ "destroy_locked", KIND_DESTROY_LOCKED, "tear_down" },
		{ "thread_leak", KIND_THREAD_LEAK, "start_and_forget" },
		{ "use_after_free", KIND_USE_AFTER_FREE, "look" },
		{ "signal_unsafe", KIND_SIGNAL_UNSAFE, "on_alarm" },
		{ "lock_order", KIND_LOCK_ORDER, "save" },
		{ "misuse", KIND_TOOL_ERROR, "" },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *name = xasprintf("%s.%s.txt", rows[i / 2].program, i % 2 ? "gcc" : "clang");

		CU_ASSERT_EQUAL(report_parse(parse, name, &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].kind, rows[i / 2].kind);
		CU_ASSERT_STRING_EQUAL(program_function(&list.items[0], 0), rows[i / 2].function);
		finding_list_release(&list);
		free(name);
	}
}

static void a_lock_cycle_tells_who_took_what(void)
{
	struct finding_list list = { 0 };
	const struct finding *order;

	report_parse(parse, "lock_order.gcc.txt", &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	order = &list.items[0];
	CU_ASSERT_EQUAL_FATAL(order->accesses.nr, 4);
	CU_ASSERT_STRING_EQUAL(order->location.object, "M0, M1");
	CU_ASSERT_STRING_EQUAL(order->accesses.items[0].wants, "M0");
	CU_ASSERT_EQUAL(order->accesses.items[0].nr_locks, 0);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[1].wants, "M1");
	CU_ASSERT_EQUAL_FATAL(order->accesses.items[1].nr_locks, 1);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[1].locks[0], "M0");
	CU_ASSERT_STRING_EQUAL(order->accesses.items[3].thread, "T2");
	CU_ASSERT_EQUAL(program_line(order, 2), 20);
	CU_ASSERT_EQUAL(program_line(order, 3), 21);
	finding_list_release(&list);
}

static void locations_are_named(void)
{
	static const struct {
		const char *program;
		enum location_kind kind;
		const char *object;
	} rows[] = {
		{ "race_heap", LOCATION_HEAP, "heap block from make_queue" },
		{ "race_stack", LOCATION_STACK, "stack of main" },
		{ "race_static", LOCATION_GLOBAL, "last" },
		{ "race_struct", LOCATION_GLOBAL, "accounts" },
		{ "bad_unlock", LOCATION_LOCK, "gate" },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *name = xasprintf("%s.%s.txt", rows[i / 2].program, i % 2 ? "gcc" : "clang");

		report_parse(parse, name, &list);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].location.kind, rows[i / 2].kind);
		CU_ASSERT_STRING_EQUAL(list.items[0].location.object, rows[i / 2].object);
		finding_list_release(&list);
		free(name);
	}
}

// Parses a race with `lines` after its heading; the caller releases the list.
static const struct finding *race_with(const char *lines, struct finding_list *list)
{
	char *log =
		xasprintf("WARNING: ThreadSanitizer: data race (pid=7)\n"
			  "  Write of size 4 at 0x1 by thread T3 (mutexes: write M1, read M22):\n"
			  "%s\nSUMMARY: ThreadSanitizer: data race\n",
			  lines);

	CHECK_AT(lines, exact_parse(parse, log, strlen(log), list) == EVIDENCE_WHOLE);
	free(log);
	CU_ASSERT_EQUAL_FATAL(list->nr, 1);
	CU_ASSERT_TRUE_FATAL(list->items[0].accesses.nr > 0);
	return &list->items[0];
}

static void frames_of_every_form_are_read(void)
{
	static const struct {
		const char *line, *func, *file;
		int line_nr, col;
		const char *module;
	} rows[] = {
		{ "#0 f a.c:3:2 (/x/p+0x1) (BuildId: ab)", "f", "a.c", 3, 2, "p" },
		{ "#0 f a.c:3 (p+0x1)", "f", "a.c", 3, 0, "p" },
		{ "#12 f a.c:3 (p)", "f", "a.c", 3, 0, "p" },
		{ "#0 f <null> (/x/y/p+0x1)", "f", NULL, 0, 0, "p" },
		{ "#0 <null> <null> (p+0x1)", NULL, NULL, 0, 0, "p" },
		{ "#0 f(int, char) a.c:3 (p+0x1)", "f(int, char)", "a.c", 3, 0, "p" },
		{ "#0 f /x y/a.c:30:21 (p+0x1)", "f", "/x y/a.c", 30, 21, "p" },
		{ "#0 f a.c:x (p+0x1)", "f", "a.c:x", 0, 0, "p" },
		{ "#0 f a.c:3x (p+0x1)", "f", "a.c:3x", 0, 0, "p" },
		{ "#0 f a.c(p+0x1)", "f", "a.c(p+0x1)", 0, 0, NULL },
		{ "#0 f", "f", NULL, 0, 0, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *lines = xasprintf("    %s\n", rows[i].line);
		const struct access *access = &race_with(lines, &list)->accesses.items[0];
		const struct frame *frame = access->stack.items;

		CHECK_NUMBER(access->stack.nr, 1);
		CHECK_TEXT_AT(rows[i].line, frame->func, rows[i].func);
		CHECK_TEXT_AT(rows[i].line, frame->file, rows[i].file);
		CHECK_NUMBER(frame->line, rows[i].line_nr);
		CHECK_NUMBER(frame->col, rows[i].col);
		CHECK_TEXT_AT(rows[i].line, frame->module, rows[i].module);
		CHECK_TEXT(access->thread, "T3");
		CHECK_NUMBER(access->nr_locks, 2);
		CHECK_TEXT(access->locks[1], "M22");
		finding_list_release(&list);
		free(lines);
	}
}

static void an_empty_line_ends_a_stack(void)
{
	struct finding_list list = { 0 };
	const struct finding *race = race_with("    #0 f x.c:1 (p+0x1)\n\n    #0 g x.c:2 (p+0x1)\n"
					       "    #1 h x.c:3 (p+0x1)\n",
					       &list);

	CHECK_NUMBER(race->accesses.nr, 2);
	CHECK_NUMBER(race->accesses.items[0].stack.nr, 1);
	CHECK_NUMBER(race->accesses.items[1].stack.nr, 2);
	finding_list_release(&list);
}

static void locations_of_every_form_are_read(void)
{
	static const struct {
		const char *lines;
		enum location_kind kind;
		const char *object;
		unsigned size, frames;
	} rows[] = {
		{ "  Location is global 'jam' of size 12 at 0x1 (p+0x2)\n", LOCATION_GLOBAL, "jam",
		  12, 0 },
		{ "  Location is global '<null>' at 0x1 (p+0x2)\n", LOCATION_GLOBAL, NULL, 0, 0 },
		{ "  Location is global '?\?' at 0x1 (p+0x2)\n", LOCATION_GLOBAL, NULL, 0, 0 },
		{ "  Location is global '' at 0x1 (p+0x2)\n", LOCATION_GLOBAL, NULL, 0, 0 },
		{ "  Location is stack of main thread.\n", LOCATION_STACK, "stack of main", 0, 0 },
		{ "  Location is TLS of thread T2.\n", LOCATION_TLS, "TLS of T2", 0, 0 },
		{ "  Location is file descriptor 7 created by main thread at:\n"
		  "    #0 open x.c:3 (p+0x1)\n",
		  LOCATION_FD, "file descriptor 7", 0, 1 },
		{ "  Location is heap block of size 9 at 0x1 allocated by main thread:\n"
		  "    #0 malloc <null> (p+0x1)\n    #1 cook x.c:3 (p+0x1)\n",
		  LOCATION_HEAP, "heap block from cook", 9, 2 },
		// The first one counts.
		{ "  Location is stack of thread T1.\n\n  Location is global '<null>' at 0x1\n",
		  LOCATION_STACK, "stack of T1", 0, 0 },
		// Where a mutex came from is nothing about a race.
		{ "  Mutex M1 (0x1) created at:\n    #0 init x.c:3 (p+0x1)\n", LOCATION_UNKNOWN,
		  NULL, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *lines = xasprintf("    #0 f x.c:1 (p+0x1)\n\n%s", rows[i].lines);
		const struct finding *race = race_with(lines, &list);

		CHECK_NUMBER(race->accesses.nr, 1);
		CHECK_NUMBER(race->accesses.items[0].stack.nr, 1);
		CHECK_NUMBER(race->location.kind, rows[i].kind);
		CHECK_TEXT_AT(lines, race->location.object, rows[i].object);
		CHECK_NUMBER(race->location.size, rows[i].size);
		CHECK_NUMBER(race->location.stack.nr, rows[i].frames);
		finding_list_release(&list);
		free(lines);
	}
}

static void check_single(const char *log, enum evidence evidence, enum finding_kind kind,
			 const char *words)
{
	struct finding_list list = { 0 };

	CU_ASSERT_EQUAL(exact_parse(parse, log, strlen(log), &list), evidence);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].kind, kind);
	CU_ASSERT_STRING_EQUAL(list.items[0].words, words);
	finding_list_release(&list);
}

static void a_misused_mutex_is_known_by_where_it_was_created(void)
{
	static const char log[] = "WARNING: ThreadSanitizer: unlock of an unlocked mutex (or by a "
				  "wrong thread) (pid=7)\n"
				  "    #0 leave x.c:3 (p+0x1)\n\n  Mutex M17 (0x1) created at:\n"
				  "    #0 init x.c:1 (p+0x1)\n    #1 main x.c:2 (p+0x1)\n\n"
				  "SUMMARY: ThreadSanitizer: unlock\n";
	struct finding_list list = { 0 };

	CU_ASSERT_EQUAL(exact_parse(parse, log, strlen(log), &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_NUMBER(list.items[0].kind, KIND_BAD_UNLOCK);
	CHECK_NUMBER(list.items[0].accesses.nr, 1);
	CHECK_NUMBER(list.items[0].location.kind, LOCATION_LOCK);
	CHECK_TEXT(list.items[0].location.object, "M17");
	CHECK_NUMBER(list.items[0].location.stack.nr, 2);
	finding_list_release(&list);
}

static void failures_of_the_tool_are_tool_errors(void)
{
	check_single("FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2\n", EVIDENCE_WHOLE,
		     KIND_TOOL_ERROR, "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2");
	check_single("==9==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc 0x1)\n"
		     "    #0 main x.c:3\n",
		     EVIDENCE_WHOLE, KIND_CRASH,
		     "ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc 0x1)");
	check_single("==9==FATAL: ThreadSanitizer: Shadow memory range interleaves with an "
		     "existing memory mapping.\n",
		     EVIDENCE_WHOLE, KIND_TOOL_ERROR,
		     "FATAL: ThreadSanitizer: Shadow memory range interleaves with an existing "
		     "memory mapping.");
}

static void what_tsan_says_of_itself_is_skipped(void)
{
	static const struct {
		const char *log;
		enum evidence evidence;
		size_t nr;
	} rows[] = {
		{ "WARNING: ThreadSanitizer: data race (pid=7)\n==7==about itself\n"
		  "SUMMARY: ThreadSanitizer: data race\n",
		  EVIDENCE_WHOLE, 1 },
		{ "  indented\n", EVIDENCE_TAMPERED, 0 },
		{ "***** Running under ThreadSanitizer v3 (pid 7) *****\nStats: 1\n  more\n",
		  EVIDENCE_WHOLE, 0 },
		{ "***** Running under ThreadSanitizer v3 (pid 7) *****\nStats: 1\nmore\n",
		  EVIDENCE_TAMPERED, 0 },
		{ "==7==FATAL: ThreadSanitizer: x\nany\nWARNING: ThreadSanitizer: data race "
		  "(pid=7)\nSUMMARY: ThreadSanitizer: data race\n",
		  EVIDENCE_WHOLE, 2 },
		{ "WARNING: ThreadSanitizer: data race (pid=7)\n", EVIDENCE_CUT, 0 },
		{ "==7==about itself\n==7==", EVIDENCE_CUT, 0 },
		{ "WARNING: ThreadSanitizer: data race (pid=7)\n  # no frame\n"
		  "SUMMARY: ThreadSanitizer: data race\n",
		  EVIDENCE_WHOLE, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		CHECK_AT(rows[i].log, exact_parse(parse, rows[i].log, strlen(rows[i].log), &list) ==
					      rows[i].evidence);
		CHECK_AT(rows[i].log, list.nr == rows[i].nr);
		finding_list_release(&list);
	}
}

// Where a lock came from says nothing of a race, on whatever memory.
static void races_keep_their_own_location(void)
{
	static const char *const kinds[] = { "data race", "heap-use-after-free" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct finding_list list = { 0 };
		char *log = xasprintf("WARNING: ThreadSanitizer: %s (pid=7)\n"
				      "  Write of size 4 at 0x1 by thread T3:\n"
				      "    #0 f x.c:1 (p+0x1)\n\n"
				      "  Mutex M1 (0x1) created at:\n    #0 init x.c:3 (p+0x1)\n\n"
				      "  Location is global 'jam' at 0x1 (p+0x2)\n"
				      "SUMMARY: ThreadSanitizer: x\n",
				      kinds[i]);

		CU_ASSERT_EQUAL(exact_parse(parse, log, strlen(log), &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CHECK_TEXT(list.items[0].location.object, "jam");
		CHECK_NUMBER(list.items[0].location.stack.nr, 0);
		finding_list_release(&list);
		free(log);
	}
}

static void a_report_of_a_new_kind_is_kept(void)
{
	check_single("==================\nWARNING: ThreadSanitizer: novel thing (pid=7)\n"
		     "    #0 f x.c:3 (x+0x1)\n\nSUMMARY: ThreadSanitizer: novel thing\n",
		     EVIDENCE_WHOLE, KIND_OTHER, "novel thing");
}

static void a_cut_report_gives_its_first_findings(void)
{
	check_every_cut(parse, "race_global.clang.txt");
	check_every_cut(parse, "lock_order.gcc.txt");
}

// With verbosity=1 TSan tells that it was there and that the program came to its end.
static void a_log_that_was_announced_must_end(void)
{
	static const char *const rows[] = { "verbose.gcc.txt", "verbose.clang.txt" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		CU_ASSERT_EQUAL(report_parse(parse, rows[i], &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL(list.nr, 1);
		finding_list_release(&list);
		check_cut_before(parse, rows[i], "Stats: ", 1);
		check_every_cut(parse, rows[i]);
	}
}

static void damage_is_survived(void)
{
	check_damage(parse, "race_heap.clang.txt", 1);
	check_damage(parse, "lock_order.gcc.txt", 1);
	check_damage(parse, "thread_leak.gcc.txt", 1);
}

static void garbage_is_tampered(void)
{
	static const char *const rows[] = {
		"hello\n",
		"WARNING: ThreadSanitizer: data race (pid=1)\ngarbage\n",
		"\x01\x02\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		CU_ASSERT_EQUAL(exact_parse(parse, rows[i], strlen(rows[i]), &list),
				EVIDENCE_TAMPERED);
		CU_ASSERT_EQUAL(list.nr, 0);
		finding_list_release(&list);
	}
}

void suite_tsan_text(void)
{
	static const struct test_case cases[] = {
		{ "races of gcc and clang are read", races_of_both_compilers_are_read },
		{ "every report gets its kind", reports_get_their_kinds },
		{ "a lock cycle tells which lock was taken under which",
		  a_lock_cycle_tells_who_took_what },
		{ "locations are named", locations_are_named },
		{ "frames of every form are read", frames_of_every_form_are_read },
		{ "an empty line ends a stack", an_empty_line_ends_a_stack },
		{ "locations of every form are read", locations_of_every_form_are_read },
		{ "a misused mutex is known by where it was created",
		  a_misused_mutex_is_known_by_where_it_was_created },
		{ "a failure of the tool is told apart", failures_of_the_tool_are_tool_errors },
		{ "what TSan says of itself is skipped", what_tsan_says_of_itself_is_skipped },
		{ "races keep their own location", races_keep_their_own_location },
		{ "a report of an unknown kind is kept", a_report_of_a_new_kind_is_kept },
		{ "a report cut at any byte gives its first findings",
		  a_cut_report_gives_its_first_findings },
		{ "a log with TSan's announcement must have its end",
		  a_log_that_was_announced_must_end },
		{ "damage at any place is survived", damage_is_survived },
		{ "a lock set ends at what is no lock", a_lock_set_ends_at_what_is_no_lock },
		{ "garbage is tampered", garbage_is_tampered },
	};

	test_suite("tsan_text", cases, ARRAY_SIZE(cases));
}
