#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

#include <stdint.h>

#define parse tsan_data_parse

static long stock;
static struct {
	char name[16];
	long cents;
} shelf[3];

// Functions whose addresses stand for those of a program under test.
static __attribute__((noinline)) long sell(void)
{
	return --stock + shelf[0].cents;
}

static __attribute__((noinline)) long refill(void)
{
	return ++stock + shelf[1].cents;
}

// Evidence as the hook writes it, with the memory map of this very process.
static struct strbuf own_log(const char *report)
{
	struct strbuf log = STRBUF_INIT;
	struct err err = ERR_INIT;

	strbuf_addstr(&log, "racegate-tsan 1 4711 0\nmaps\n");
	CU_ASSERT_EQUAL_FATAL(fs_read("/proc/self/maps", 0, &log, &err), 0);
	strbuf_addf(&log, "endmaps\n%sexit 1\n", report);
	return log;
}

static void symbols_come_through_the_memory_map(void)
{
	char *report = xasprintf("  Write of size 8 at 0x1 by thread T2 (mutexes: write M3):\n"
				 "begin data-race\n"
				 "mop 2 %p 8 1 0 0x%lx\n"
				 "mop 0 %p 8 0 1 0x%lx\n"
				 "loc global 0x0 0x0 0 -1 0\n"
				 "mutex 3 %p 0\n"
				 "end\n",
				 (void *)&shelf[1].cents, (unsigned long)(uintptr_t)sell + 1,
				 (void *)&shelf[1].cents, (unsigned long)(uintptr_t)refill + 1,
				 (void *)&stock);
	struct strbuf log = own_log(report);
	struct finding_list list = { 0 };
	const struct finding *race;

	CU_ASSERT_EQUAL(sell() + refill(), -1);
	CU_ASSERT_EQUAL(exact_parse(parse, log.buf, log.len, &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	race = &list.items[0];
	CU_ASSERT_EQUAL(race->kind, KIND_DATA_RACE);
	CU_ASSERT_EQUAL_FATAL(race->accesses.nr, 2);
	CU_ASSERT_STRING_EQUAL(program_function(race, 0), "sell");
	CU_ASSERT_EQUAL(race->accesses.items[0].op, OP_WRITE);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[0].thread, "T2");
	CU_ASSERT_EQUAL_FATAL(race->accesses.items[0].nr_locks, 1);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[0].locks[0], "stock");
	CU_ASSERT_STRING_EQUAL(program_function(race, 1), "refill");
	CU_ASSERT_EQUAL(race->accesses.items[1].op, OP_ATOMIC_READ);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[1].thread, "main");
	CU_ASSERT_EQUAL(race->location.kind, LOCATION_GLOBAL);
	CU_ASSERT_STRING_EQUAL(race->location.object, "shelf+40");
	CU_ASSERT_TRUE(race->location.size >= sizeof(shelf));
	finding_list_release(&list);
	strbuf_release(&log);
	free(report);
}

// A return address is just after the call.
static void frames_of_a_call_are_named_innermost_first(void)
{
	char *report =
		xasprintf("begin signal-unsafe-call\nstack 0x%lx 0x%lx\nend\n",
			  (unsigned long)(uintptr_t)sell + 1, (unsigned long)(uintptr_t)refill + 1);
	struct strbuf log = own_log(report);
	struct finding_list list = { 0 };
	const struct stack *stack;

	CU_ASSERT_EQUAL(exact_parse(parse, log.buf, log.len, &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL_FATAL(list.items[0].accesses.nr, 1);
	stack = &list.items[0].accesses.items[0].stack;
	CU_ASSERT_EQUAL_FATAL(stack->nr, 2);
	CHECK_TEXT(stack->items[0].func, "sell");
	CHECK_TEXT(stack->items[1].func, "refill");
	finding_list_release(&list);
	strbuf_release(&log);
	free(report);
}

static char *access_text(const struct access *access)
{
	struct strbuf text = STRBUF_INIT;
	const char *func = access->stack.nr ? access->stack.items[0].func : NULL;

	strbuf_addf(&text, "%s %u %s", access_op_name(access->op), access->size,
		    access->thread ? access->thread : "-");
	// Before a function there may be any.
	if (func && (!strcmp(func, "sell") || !strcmp(func, "refill")))
		strbuf_addf(&text, " in %s", func);
	if (access->wants)
		strbuf_addf(&text, " wants %s", access->wants);
	for (size_t i = 0; i < access->nr_locks; i++)
		strbuf_addf(&text, " %s", access->locks[i]);
	return strbuf_detach(&text);
}

// S and R after 0x are where calls in sell() and refill() return to, B is where sell() begins.
static char *with_addresses(const char *report)
{
	struct strbuf text = STRBUF_INIT;

	for (const char *p = report; *p; p++)
		if (p > report && p[-1] == 'x' && strchr("SRBA", *p))
			strbuf_addf(&text, "%lx",
				    *p == 'S'   ? (unsigned long)(uintptr_t)sell + 1
				    : *p == 'R' ? (unsigned long)(uintptr_t)refill + 1
				    : *p == 'A' ? (unsigned long)(uintptr_t)&stock
						: (unsigned long)(uintptr_t)sell);
		else
			strbuf_addch(&text, *p);
	return strbuf_detach(&text);
}

static const struct {
	const char *report, *accesses[7], *object;
} reports[] = {
	{ "begin data-race\nmop 1 0x10 4 1 0 0xB\nend\n", { "write 4 T1" }, NULL },
	{ "  Write of size 4 at 0x1 by thread T1 (mutexes: write M3, read M4, read M5):\n"
	  "begin data-race\nmop 1 0x10 4 1 0 0xS\nmutex 4 0x10 0\nmutex 5 0xA 0\nend\n",
	  { "write 4 T1 in sell M3 M4 stock" },
	  NULL },
	// The locks of a report that TSan did not finish are not the next one's.
	{ "  Write of size 4 at 0x1 by thread T1 (mutexes: write M3):\n"
	  "WARNING: ThreadSanitizer: data race (pid=1)\n"
	  "  Write of size 4 at 0x1 by thread T1 (mutexes: write M4):\n"
	  "begin data-race\nmop 1 0x10 4 1 0 0xS\nend\n",
	  { "write 4 T1 in sell M4" },
	  NULL },
	{ "begin data-race\nmop 1 0xA 8 1 1 0xS\nmop 2 0x10 4 0 0 0xR\n"
	  "loc pipe 0x0 0x0 0 -1 0\nend\n",
	  { "atomic write 8 T1 in sell", "read 4 T2 in refill" },
	  "stock" },
	{ "begin lock-order-inversion\nstack 0xS\nstack 0xR\nunique 1\nunique 2\n"
	  "mutex 0 0x10 0\nmutex 1 0x20 0\nend\n",
	  { "lock 0 T1 in sell wants M1 M0", "lock 0 T2 in refill wants M0 M1" },
	  "M0, M1" },
	{ "begin lock-order-inversion\nstack 0xS\nunique 1\n"
	  "mutex 0 0x10 0\nmutex 1 0x20 0\nend\n",
	  { "lock 0 T1 in sell wants M1 M0" },
	  "M0" },
	{ "begin lock-order-inversion\nstack 0xS\nstack 0xR\nstack 0xS\nstack 0xR\n"
	  "stack 0xS\nstack 0xR\nunique 1\nunique 2\nunique 3\n"
	  "mutex 0 0x10 0\nmutex 1 0x20 0\nmutex 2 0x30 0\nend\n",
	  { "lock 0 T1 in refill wants M0", "lock 0 T1 in sell wants M1 M0",
	    "lock 0 T2 in refill wants M1", "lock 0 T2 in sell wants M2 M1",
	    "lock 0 T3 in refill wants M2", "lock 0 T3 in sell wants M0 M2" },
	  "M0, M1, M2" },
	{ "begin thread-leak\nthread 1 2 3 4 - 0xS\nthread 2 2 3 4 name 0xR\nend\n",
	  { "create 0 T1 in sell", "create 0 T2 in refill" },
	  NULL },
};

static void records_become_accesses(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		char *report = with_addresses(reports[i].report);
		struct strbuf log = own_log(report);
		struct finding_list list = { 0 };
		size_t nr = 0;

		CU_ASSERT_EQUAL(exact_parse(parse, log.buf, log.len, &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		for (; nr < 6 && reports[i].accesses[nr]; nr++) {
			char *text = nr < list.items[0].accesses.nr
					     ? access_text(&list.items[0].accesses.items[nr])
					     : xstrdup("nothing");

			CHECK_TEXT_AT(reports[i].report, text, reports[i].accesses[nr]);
			free(text);
		}
		CHECK_NUMBER(list.items[0].accesses.nr, nr);
		CHECK_TEXT_AT(reports[i].report, list.items[0].location.object, reports[i].object);
		finding_list_release(&list);
		strbuf_release(&log);
		free(report);
	}
}

// After exec() the program has another memory map.
static void the_last_memory_map_counts(void)
{
	char *report = with_addresses("begin data-race\nmop 1 0xA 8 1 0 0xS\nend\n");
	struct strbuf own = own_log(report), log = STRBUF_INIT;
	struct finding_list list = { 0 };

	strbuf_addf(&log,
		    "racegate-tsan 1 4711 0\nmaps\n7f0000000000-7fff00000000 r-xp 00000000 00:00 0 "
		    "/nowhere\nendmaps\n%s",
		    own.buf);
	CU_ASSERT_EQUAL(exact_parse(parse, log.buf, log.len, &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_TEXT(program_function(&list.items[0], 0), "sell");
	CHECK_TEXT(list.items[0].location.object, "stock");
	finding_list_release(&list);
	strbuf_release(&own);
	strbuf_release(&log);
	free(report);
}

static void locks_of_each_access_come_from_the_printed_report(void)
{
	static const char *const rows[] = { "race_global.gcc.log", "race_global.clang.log" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		const struct finding *race;

		CU_ASSERT_EQUAL(report_parse(parse, rows[i], &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		race = &list.items[0];
		CU_ASSERT_EQUAL_FATAL(race->accesses.nr, 2);
		for (size_t k = 0; k < 2; k++) {
			const struct access *access = &race->accesses.items[k];
			size_t locks = strcmp(access->thread, "T1") ? 0 : 1;

			CU_ASSERT_EQUAL(access->size, 8);
			CU_ASSERT_EQUAL(access->nr_locks, locks);
		}
		finding_list_release(&list);
	}
}

static void reports_get_their_kinds(void)
{
	static const struct {
		const char *program;
		enum finding_kind kind;
		enum location_kind location;
		size_t accesses;
	} rows[] = {
		{ "bad_unlock", KIND_BAD_UNLOCK, LOCATION_LOCK, 1 },
		{ "destroy_locked", KIND_DESTROY_LOCKED, LOCATION_LOCK, 2 },
		{ "thread_leak", KIND_THREAD_LEAK, LOCATION_UNKNOWN, 1 },
		{ "signal_unsafe", KIND_SIGNAL_UNSAFE, LOCATION_UNKNOWN, 1 },
		{ "lock_order", KIND_LOCK_ORDER, LOCATION_LOCK, 4 },
		{ "race_heap", KIND_DATA_RACE, LOCATION_HEAP, 2 },
		{ "race_stack", KIND_DATA_RACE, LOCATION_STACK, 2 },
		{ "race_struct", KIND_DATA_RACE, LOCATION_GLOBAL, 2 },
		{ "use_after_free", KIND_USE_AFTER_FREE, LOCATION_UNKNOWN, 2 },
		{ "fork_race", KIND_DATA_RACE, LOCATION_GLOBAL, 2 },
	};

	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *name = xasprintf("%s.%s.log", rows[i / 2].program, i % 2 ? "gcc" : "clang");

		CU_ASSERT_EQUAL(report_parse(parse, name, &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].kind, rows[i / 2].kind);
		CU_ASSERT_EQUAL(list.items[0].accesses.nr, rows[i / 2].accesses);
		if (rows[i / 2].kind != KIND_USE_AFTER_FREE)
			CU_ASSERT_EQUAL(list.items[0].location.kind, rows[i / 2].location);
		finding_list_release(&list);
		free(name);
	}
}

static void a_lock_cycle_tells_who_took_what(void)
{
	struct finding_list list = { 0 };
	const struct finding *order;

	report_parse(parse, "lock_order.clang.log", &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	order = &list.items[0];
	CU_ASSERT_EQUAL_FATAL(order->accesses.nr, 4);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[0].wants, "M0");
	CU_ASSERT_STRING_EQUAL(order->accesses.items[1].wants, "M1");
	CU_ASSERT_EQUAL_FATAL(order->accesses.items[1].nr_locks, 1);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[1].locks[0], "M0");
	CU_ASSERT_STRING_EQUAL(order->accesses.items[1].thread, "T1");
	CU_ASSERT_STRING_EQUAL(order->accesses.items[3].thread, "T2");
	finding_list_release(&list);
}

static void a_dead_tool_is_a_tool_error(void)
{
	struct finding_list list = { 0 };

	CU_ASSERT_EQUAL(report_parse(parse, "misuse.gcc.log", &list), EVIDENCE_CUT);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].kind, KIND_TOOL_ERROR);
	finding_list_release(&list);
}

static void a_cut_report_gives_its_first_findings(void)
{
	check_every_cut(parse, "race_global.gcc.log");
	check_every_cut(parse, "thread_leak.clang.log");
}

static void damage_is_survived(void)
{
	check_damage(parse, "lock_order.gcc.log", 3);
}

static void evidence_is_judged(void)
{
#define HEAD "racegate-tsan 1 5 0\n"
#define RACE "begin data-race\nmop 1 0x10 4 1 0 0x1\nend\n"
	static const struct {
		const char *log;
		enum evidence evidence;
		size_t findings;
	} rows[] = {
		{ "", EVIDENCE_MISSING, 0 },
		{ "racegate-ts", EVIDENCE_CUT, 0 },
		{ HEAD, EVIDENCE_CUT, 0 },
		{ HEAD "exit 0\n", EVIDENCE_WHOLE, 0 },
		{ HEAD RACE, EVIDENCE_CUT, 1 },
		{ HEAD RACE "exit 1\n", EVIDENCE_WHOLE, 1 },
		{ HEAD "begin data-race\nexit 0\nmop 1 0x10 4 1 0 0x1\nend\n", EVIDENCE_WHOLE, 1 },
		{ HEAD "exit 0\n" RACE, EVIDENCE_WHOLE, 1 }, // reported while the process ended
		{ HEAD "exit 0\nbegin data-race\n", EVIDENCE_CUT, 0 },
		{ HEAD "exit 1\n", EVIDENCE_TAMPERED, 0 },      // a report was taken out
		{ "racegate-tsan 1 6 5\n", EVIDENCE_WHOLE, 0 }, // a forked child that ran exec
		{ "racegate-tsan 1 6 5\nbegin data-race\n", EVIDENCE_CUT, 0 },
		{ HEAD "exit 0\n" HEAD, EVIDENCE_CUT, 0 }, // exec of an instrumented program
		{ "exit 0\n", EVIDENCE_TAMPERED, 0 },
		{ "rubbish", EVIDENCE_TAMPERED, 0 },
		{ "racegate-tsan 1 x 0\n", EVIDENCE_TAMPERED, 0 },
		{ "racegate-tsan 1 5 0x\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD RACE "exit 2\n", EVIDENCE_TAMPERED, 1 },
		{ HEAD "exit 0x\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmop 1 zz\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nnonsense\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nFATAL: ThreadSanitizer: x\n", EVIDENCE_CUT, 1 },
		{ HEAD "begin data-race\nmop -1 0x10 4 1 0 0x1\nend\nexit 1\n", EVIDENCE_WHOLE, 1 },
		{ HEAD "begin data-race\nmop 1 0x10 4 1 -1\nend\nexit 1\n", EVIDENCE_WHOLE, 1 },
		{ HEAD "begin data-race\nmop 9 0x10 4 1 0\nend\nexit 1\n", EVIDENCE_WHOLE, 1 },
		{ HEAD "begin data-race\nmop 1 0x10 4 1 0x\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmop -12 0x10 4 1 0\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nloc global 1 2 3 4\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin thread-leak\nthread 1 2 3 4\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin thread-leak\nthread 1 2 3 4  0x1\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmop 1 0x10 4 1\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmop 1 0x10 4 1 0 0x1x\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmop 1  4 1 0 0x1\n", EVIDENCE_TAMPERED, 0 },
		{ HEAD "begin data-race\nmopp 1 0x10 4 1 0 0x1\n", EVIDENCE_TAMPERED, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		enum evidence evidence =
			exact_parse(parse, rows[i].log, strlen(rows[i].log), &list);

		CHECK_AT(rows[i].log, evidence == rows[i].evidence);
		CHECK_AT(rows[i].log, list.nr == rows[i].findings);
		finding_list_release(&list);
	}
}

// The name of a report's kind is the first name of all.
static void odd_bytes_of_names_are_written_in_hex(void)
{
	static const struct {
		const char *name, *words;
		enum finding_kind kind;
	} rows[] = {
		{ "data-race", "data race", KIND_DATA_RACE },
		{ "data%2drace", "data race", KIND_DATA_RACE },
		{ "%64ata-rac%65", "data race", KIND_DATA_RACE },
		{ "a%20b%0a", "a b\n", KIND_OTHER },
		{ "a%f", "a%f", KIND_OTHER },
		{ "a%", "a%", KIND_OTHER },
		{ "%g0%0g%2D", "%g0%0g%2D", KIND_OTHER },
		{ "--", "--", KIND_OTHER },
	};
	static const char *const broken[] = { " ", " -", " data-race x", "  data-race" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *log = xasprintf("racegate-tsan 1 5 0\nbegin %s\nmop 1 0x10 4 1 0 0x1\nend\n"
				      "exit 1\n",
				      rows[i].name);

		CU_ASSERT_EQUAL(exact_parse(parse, log, strlen(log), &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].kind, rows[i].kind);
		CHECK_TEXT(list.items[0].words, rows[i].words);
		finding_list_release(&list);
		free(log);
	}
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct finding_list list = { 0 };
		char *log = xasprintf("racegate-tsan 1 5 0\nbegin%s\n", broken[i]);

		CHECK_AT(broken[i],
			 exact_parse(parse, log, strlen(log), &list) == EVIDENCE_TAMPERED);
		finding_list_release(&list);
		free(log);
	}
}

void suite_tsan_data(void)
{
	static const struct test_case cases[] = {
		{ "functions and variables are named through the memory map",
		  symbols_come_through_the_memory_map },
		{ "frames of a call are named, innermost first",
		  frames_of_a_call_are_named_innermost_first },
		{ "records become accesses", records_become_accesses },
		{ "the last memory map counts", the_last_memory_map_counts },
		{ "the locks of each access are known",
		  locks_of_each_access_come_from_the_printed_report },
		{ "every report gets its kind", reports_get_their_kinds },
		{ "a lock cycle tells which lock was taken under which",
		  a_lock_cycle_tells_who_took_what },
		{ "odd bytes of names are written in hex", odd_bytes_of_names_are_written_in_hex },
		{ "a tool that died is a tool error", a_dead_tool_is_a_tool_error },
		{ "evidence cut at any byte gives its first findings",
		  a_cut_report_gives_its_first_findings },
		{ "damage at any place is survived", damage_is_survived },
		{ "whole, cut, missing and tampered evidence are told apart", evidence_is_judged },
	};

	test_suite("tsan_data", cases, ARRAY_SIZE(cases));
}
