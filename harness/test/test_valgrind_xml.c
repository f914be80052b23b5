#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

#define parse valgrind_xml_parse

static void helgrind_race_has_both_sides(void)
{
	struct finding_list list = { 0 };
	const struct finding *race;

	CU_ASSERT_EQUAL(report_parse(parse, "race_global.helgrind.xml", &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 2);
	race = &list.items[0];
	CU_ASSERT_EQUAL(race->kind, KIND_DATA_RACE);
	CU_ASSERT_PTR_NOT_NULL(strstr(race->words, "Possible data race during read of size 8"));
	CU_ASSERT_EQUAL_FATAL(race->accesses.nr, 2);
	CU_ASSERT_EQUAL(race->accesses.items[0].op, OP_READ);
	CU_ASSERT_EQUAL(race->accesses.items[0].size, 8);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[0].thread, "T2");
	CU_ASSERT_STRING_EQUAL(program_function(race, 0), "withdraw");
	CU_ASSERT_EQUAL(program_line(race, 0), 21);
	CU_ASSERT_EQUAL(race->accesses.items[1].op, OP_WRITE);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[1].thread, "T1");
	CU_ASSERT_STRING_EQUAL(program_function(race, 1), "deposit");
	CU_ASSERT_EQUAL(race->location.kind, LOCATION_GLOBAL);
	CU_ASSERT_STRING_EQUAL(race->location.object, "balance");
	CU_ASSERT_EQUAL(list.items[1].accesses.items[0].op, OP_WRITE);
	finding_list_release(&list);
}

static void the_main_thread_is_main(void)
{
	struct finding_list list = { 0 };

	report_parse(parse, "race_main.helgrind.xml", &list);
	CU_ASSERT_TRUE_FATAL(list.nr > 0);
	CU_ASSERT_STRING_EQUAL(list.items[0].accesses.items[0].thread, "main");
	finding_list_release(&list);
	report_parse(parse, "race_main.drd.xml", &list);
	CU_ASSERT_TRUE_FATAL(list.nr > 0);
	CU_ASSERT_STRING_EQUAL(list.items[0].accesses.items[0].thread, "main");
	finding_list_release(&list);
}

static void drd_race_has_one_side(void)
{
	struct finding_list list = { 0 };
	const struct finding *race;

	CU_ASSERT_EQUAL(report_parse(parse, "race_heap.drd.xml", &list), EVIDENCE_WHOLE);
	CU_ASSERT_TRUE_FATAL(list.nr > 0);
	race = &list.items[0];
	CU_ASSERT_EQUAL(race->kind, KIND_DATA_RACE);
	CU_ASSERT_EQUAL_FATAL(race->accesses.nr, 1);
	CU_ASSERT_EQUAL(race->accesses.items[0].size, 4);
	CU_ASSERT_STRING_EQUAL(race->accesses.items[0].thread, "T2");
	CU_ASSERT_STRING_EQUAL(program_function(race, 0), "consume");
	CU_ASSERT_EQUAL(race->location.kind, LOCATION_HEAP);
	CU_ASSERT_STRING_EQUAL(race->location.object, "heap block from make_queue");
	CU_ASSERT_TRUE(race->location.stack.nr >= 2);
	finding_list_release(&list);
}

static void locations_of_every_kind(void)
{
	static const struct {
		const char *report;
		enum location_kind kind;
		const char *object;
	} rows[] = {
		{ "race_heap.helgrind.xml", LOCATION_HEAP, "heap block from make_queue" },
		{ "race_stack.helgrind.xml", LOCATION_STACK, "stack of main" },
		{ "race_static.helgrind.xml", LOCATION_GLOBAL, "last" },
		{ "race_struct.helgrind.xml", LOCATION_GLOBAL, "accounts+24" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		report_parse(parse, rows[i].report, &list);
		CU_ASSERT_TRUE_FATAL(list.nr > 0);
		CU_ASSERT_EQUAL(list.items[0].location.kind, rows[i].kind);
		CU_ASSERT_STRING_EQUAL(list.items[0].location.object, rows[i].object);
		finding_list_release(&list);
	}
}

static void helgrind_lock_order_tells_who_took_what(void)
{
	struct finding_list list = { 0 };
	const struct finding *order;

	report_parse(parse, "lock_order.helgrind.xml", &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	order = &list.items[0];
	CU_ASSERT_EQUAL(order->kind, KIND_LOCK_ORDER);
	CU_ASSERT_EQUAL_FATAL(order->accesses.nr, 3);
	CU_ASSERT_STRING_EQUAL(program_function(order, 0), "spend");
	CU_ASSERT_STRING_EQUAL(program_function(order, 1), "save");
	CU_ASSERT_STRING_EQUAL(program_function(order, 2), "save");
	CU_ASSERT_EQUAL_FATAL(order->accesses.items[0].nr_locks, 1);
	CU_ASSERT_EQUAL_FATAL(order->accesses.items[2].nr_locks, 1);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[0].wants, order->accesses.items[2].locks[0]);
	CU_ASSERT_STRING_EQUAL(order->accesses.items[2].wants, order->accesses.items[0].locks[0]);
	finding_list_release(&list);
}

static void misuse_is_told_by_kind(void)
{
	static const struct {
		const char *report;
		size_t nr;
		enum finding_kind kinds[6];
	} rows[] = {
		{ "double_lock.helgrind.xml", 1, { KIND_DOUBLE_LOCK } },
		{ "double_lock.drd.xml", 1, { KIND_DOUBLE_LOCK } },
		{ "destroy_locked.helgrind.xml", 1, { KIND_DESTROY_LOCKED } },
		{ "destroy_locked.drd.xml", 1, { KIND_DESTROY_LOCKED } },
		{ "bad_unlock.helgrind.xml", 1, { KIND_BAD_UNLOCK } },
		{ "bad_unlock.drd.xml", 1, { KIND_BAD_UNLOCK } },
		{ "foreign_unlock.helgrind.xml", 2, { KIND_BAD_UNLOCK, KIND_EXIT_WITH_LOCK } },
		{ "condvar.helgrind.xml", 1, { KIND_SIGNAL_UNLOCKED } },
		{ "condvar.drd.xml", 1, { KIND_SIGNAL_UNLOCKED } },
		{ "misuse.helgrind.xml",
		  4,
		  { KIND_LOCK_HELD_AT_EXIT, KIND_BAD_UNLOCK, KIND_BARRIER_MISUSE,
		    KIND_BARRIER_MISUSE } },
		{ "misuse.drd.xml",
		  5,
		  { KIND_LOCK_HELD_AT_EXIT, KIND_RWLOCK_MISUSE, KIND_BARRIER_MISUSE,
		    KIND_BARRIER_MISUSE, KIND_SEMAPHORE_MISUSE } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		CU_ASSERT_EQUAL(report_parse(parse, rows[i].report, &list), EVIDENCE_WHOLE);
		CU_ASSERT_EQUAL_FATAL(list.nr, rows[i].nr);
		for (size_t k = 0; k < list.nr; k++)
			CU_ASSERT_EQUAL(list.items[k].kind, rows[i].kinds[k]);
		finding_list_release(&list);
	}
}

#define FIRST_SEEN                                                                                 \
	"<error><kind>Misc</kind><what>lock held</what><stack><frame><fn>f</fn></frame></stack>"   \
	"<first_observed_at><what>mutex</what><address>0x10</address><stack><frame><fn>init</fn>"  \
	"</frame></stack></first_observed_at></error>"
#define FAILED                                                                                     \
	"<error><kind>PthAPIerror</kind><what>call failed</what><what>with error code 3</what>"    \
	"</error>"

static void where_a_lock_was_first_seen_ends_with_its_element(void)
{
	struct finding_list list = { 0 };

	valgrind_errors(FIRST_SEEN FAILED, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 2);
	CHECK_TEXT(list.items[0].words, "lock held");
	CHECK_NUMBER(list.items[0].location.kind, LOCATION_LOCK);
	CU_ASSERT_EQUAL_FATAL(list.items[0].location.stack.nr, 1);
	CHECK_TEXT(list.items[0].location.stack.items[0].func, "init");
	CHECK_TEXT(list.items[1].words, "call failed with error code 3");
	CHECK_NUMBER(list.items[1].location.stack.nr, 0);
	finding_list_release(&list);
}

static void an_unfinished_element_leaves_nothing_behind(void)
{
	struct finding_list list = { 0 };
	size_t before = 0;

	for (int i = 0; i < 60; i++) {
		CHECK_NUMBER(
			valgrind_errors("<error><kind>Misc</kind><what>a</what><stack><frame>"
					"<obj>/x/p</obj><fn>f</fn><dir>/x</dir><file>f.c</file>",
					&list),
			EVIDENCE_CUT);
		CHECK_NUMBER(list.nr, 0);
		finding_list_release(&list);
		if (i == 30)
			before = heap_used();
	}
	CU_ASSERT_TRUE(heap_used() <= before + 1000);
}

static void what_follows_an_allocation_is_not_of_it(void)
{
	struct finding_list list = { 0 };

	valgrind_errors(
		"<error><kind>Race</kind><xwhat><text>Possible data race during read of "
		"size 4 at 0x1 by thread #2</text></xwhat><stack><frame><fn>f</fn></frame>"
		"</stack><allocation_context></allocation_context><auxwhat>Location 0x1 is 0 "
		"bytes inside global var \"total\"</auxwhat></error>",
		&list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_NUMBER(list.items[0].location.kind, LOCATION_GLOBAL);
	CHECK_TEXT(list.items[0].location.object, "total");
	finding_list_release(&list);
}

// Longer than the pieces that the parser is given.
static void a_long_report_is_read_to_its_end(void)
{
	struct finding_list list = { 0 };
	struct strbuf log = STRBUF_INIT;

	strbuf_addstr(&log, FAILED);
	while (log.len < 150000)
		strbuf_addstr(&log, "<status>\n  <state>RUNNING</state>\n</status>\n");
	strbuf_addstr(&log, FIRST_SEEN "<errorcounts></errorcounts></valgrindoutput>");
	CHECK_NUMBER(valgrind_errors(log.buf, &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL_FATAL(list.nr, 2);
	CHECK_TEXT(list.items[0].words, "call failed with error code 3");
	CHECK_TEXT(list.items[1].words, "lock held");
	finding_list_release(&list);
	strbuf_release(&log);
}

static void a_child_report_is_read_like_the_parents(void)
{
	struct finding_list list = { 0 };

	CU_ASSERT_EQUAL(report_parse(parse, "fork_race.helgrind.xml", &list), EVIDENCE_WHOLE);
	CU_ASSERT_EQUAL(list.nr, 2);
	finding_list_release(&list);
}

static void a_cut_report_gives_its_first_findings(void)
{
	check_every_cut(parse, "race_global.helgrind.xml");
	check_every_cut(parse, "misuse.drd.xml");
}

static void damage_is_survived(void)
{
	check_damage(parse, "lock_order.helgrind.xml", 7);
	check_damage(parse, "condvar.drd.xml", 5);
}

static void a_cut_report_says_so(void)
{
	check_cut_before(parse, "race_global.helgrind.xml", "</errorcounts>", 2);
}

static void what_valgrind_never_writes_is_tampered(void)
{
#define HEAD "<?xml version=\"1.0\"?>\n"
	static const char *const rows[] = {
		"garbage",
		HEAD "<html></html>",
		HEAD "<valgrindoutput><protocolversion>5</protocolversion>",
		HEAD "<valgrindoutput><protocolversion>4</protocolversion>"
		     "<protocoltool>memcheck</protocoltool>",
		HEAD "<!DOCTYPE a [<!ENTITY b \"bb\">]><valgrindoutput>",
		HEAD "<valgrindoutput><error><kind>Race</kind></error>",
		HEAD "<valgrindoutput></valgrindoutput>rest",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };

		CU_ASSERT_EQUAL(exact_parse(parse, rows[i], strlen(rows[i]), &list),
				EVIDENCE_TAMPERED);
		CU_ASSERT_EQUAL(list.nr, 0);
		finding_list_release(&list);
	}
}

void suite_valgrind_xml(void)
{
	static const struct test_case cases[] = {
		{ "a race of Helgrind has both sides and the object",
		  helgrind_race_has_both_sides },
		{ "the first thread is called main", the_main_thread_is_main },
		{ "a race of DRD has one side and the block", drd_race_has_one_side },
		{ "heap, stack, static and member locations are named", locations_of_every_kind },
		{ "a lock order tells which lock was taken under which",
		  helgrind_lock_order_tells_who_took_what },
		{ "misuses get their kinds and twins are folded", misuse_is_told_by_kind },
		{ "where a lock was first seen ends with its element",
		  where_a_lock_was_first_seen_ends_with_its_element },
		{ "an unfinished element leaves nothing behind",
		  an_unfinished_element_leaves_nothing_behind },
		{ "what follows an allocation is not of it",
		  what_follows_an_allocation_is_not_of_it },
		{ "a long report is read to its end", a_long_report_is_read_to_its_end },
		{ "a forked child's report is read", a_child_report_is_read_like_the_parents },
		{ "a report cut at any byte gives its first findings",
		  a_cut_report_gives_its_first_findings },
		{ "a report cut before its counts is cut", a_cut_report_says_so },
		{ "damage at any place is survived", damage_is_survived },
		{ "what valgrind never writes is tampered",
		  what_valgrind_never_writes_is_tampered },
	};

	test_suite("valgrind_xml", cases, ARRAY_SIZE(cases));
}
