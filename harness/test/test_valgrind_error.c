// What an error of Helgrind or DRD says, text by text.
#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

static void an_error_of_a_new_kind_is_kept(void)
{
	struct finding_list list = { 0 };

	CU_ASSERT_EQUAL(valgrind_errors("<error><kind>Novelty</kind><what>Never seen &lt;before&gt;"
					"</what></error>",
					&list),
			EVIDENCE_CUT);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].kind, KIND_OTHER);
	CU_ASSERT_STRING_EQUAL(list.items[0].words, "Never seen <before>");
	finding_list_release(&list);
}

static void a_failed_call_without_twin_is_kept(void)
{
	struct finding_list list = { 0 };

	valgrind_errors(
		"<error><kind>PthAPIerror</kind><xwhat><text>Thread #1's call to pthread_join "
		"failed</text></xwhat><what>with error code 3</what></error>",
		&list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].kind, KIND_API_MISUSE);
	CU_ASSERT_STRING_EQUAL(list.items[0].words,
			       "Thread #1's call to pthread_join failed with error code 3");
	finding_list_release(&list);
}

// A misuse that Helgrind reported, then the failure of a call at `func` in `file`:`line`.
static size_t findings_with_failure_at(const char *func, const char *file, const char *line)
{
	struct finding_list list = { 0 };
	char *errors = xasprintf(
		"<error><kind>Misc</kind><what>pthread_cond_wait called with un-held mutex</what>"
		"<stack><frame><obj>/x/prog</obj><fn>eat</fn><dir>/x</dir><file>f.c</file>"
		"<line>9</line></frame></stack></error>"
		"<error><kind>PthAPIerror</kind><what>call failed</what><stack><frame>"
		"<obj>/x/prog</obj><fn>%s</fn><dir>/x</dir>%s<line>%s</line></frame></stack></"
		"error>",
		func, file, line);
	size_t nr;

	valgrind_errors(errors, &list);
	nr = list.nr;
	finding_list_release(&list);
	free(errors);
	return nr;
}

static void a_failed_call_adds_nothing_to_the_misuse_at_its_place(void)
{
	CHECK_NUMBER(findings_with_failure_at("eat", "<file>f.c</file>", "9"), 1);
	CHECK_NUMBER(findings_with_failure_at("eat", "<file>f.c</file>", "10"), 2);
	CHECK_NUMBER(findings_with_failure_at("eat", "<file>g.c</file>", "9"), 2);
	CHECK_NUMBER(findings_with_failure_at("eat", "", "9"), 2);
	CHECK_NUMBER(findings_with_failure_at("cook", "<file>f.c</file>", "9"), 2);
}

// A race whose text is `text`, and what is known of its memory `memory`.
static void check_race(const char *text, const char *memory, const char *thread, unsigned size,
		       const char *object)
{
	struct finding_list list = { 0 };
	char *error = xasprintf("<error><kind>Race</kind><xwhat><text>%s</text></xwhat>"
				"<auxwhat>%s</auxwhat></error>",
				text, memory);

	valgrind_errors(error, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_TEXT(list.items[0].accesses.items[0].thread, thread);
	CHECK_NUMBER(list.items[0].accesses.items[0].size, size);
	CHECK_TEXT(list.items[0].location.object, object);
	finding_list_release(&list);
	free(error);
}

static void threads_sizes_and_offsets_are_read(void)
{
	static const char race[] = "Possible data race during read of size 2 at 0x1 by thread #1";

	check_race(race, "Address 0x1 is 0 bytes inside data symbol \"jam\"", "main", 2, "jam");
	check_race(race, "Address 0x1 is 1 bytes inside data symbol \"jam\"", "main", 2, "jam+1");
	check_race(race, "Address 0x1 is 1 bytes inside jam.lid", "main", 2, NULL);
	check_race(race, "Address 0x1 is on thread #3's stack", "main", 2, "stack of T2");
	check_race(race, "Address 0x1 is on thread #0's stack", "main", 2, NULL);
	check_race("Possible data race of size 1 by thread 3", "", "T2", 1, NULL);
	check_race("Possible data race by thread #0", "", NULL, 0, NULL);
	check_race("Possible data race by thread #2", "", "T1", 0, NULL);
	check_race("Possible data race of size 0 by thread 0", "", NULL, 0, NULL);
	check_race("Possible data race of size -4 by thread #", "", NULL, 0, NULL);
}

static void variables_of_read_var_info_are_named(void)
{
	static const struct {
		const char *text;
		enum location_kind kind;
		const char *object;
	} rows[] = {
		{ "Location 0x10c060 is 0 bytes inside global var \"total\"", LOCATION_GLOBAL,
		  "total" },
		{ "Location 0x1ffe is 0 bytes inside local var \"mark\"", LOCATION_STACK, "mark" },
		{ "Location 0x10c0 is 0 bytes inside accounts[1].cents,", LOCATION_GLOBAL,
		  "accounts[1].cents" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *error = xasprintf("<error><kind>Race</kind><xwhat><text>Possible data race "
					"during write of size 4 at 0x1 by thread #2</text></xwhat>"
					"<auxwhat>%s</auxwhat></error>",
					rows[i].text);

		valgrind_errors(error, &list);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CU_ASSERT_EQUAL(list.items[0].location.kind, rows[i].kind);
		CU_ASSERT_STRING_EQUAL(list.items[0].location.object, rows[i].object);
		finding_list_release(&list);
		free(error);
	}
}

#define STACK_OF(func) "<stack><frame><fn>" func "</fn></frame></stack>"

// What a text says of memory counts only where it says it.
static void places_of_memory_are_told_apart(void)
{
	static const struct {
		const char *text;
		enum location_kind kind;
		const char *object;
		unsigned size, frames;
	} rows[] = {
		{ "Address 0x1 is 0 bytes inside a block of size 1 alloc'd", LOCATION_HEAP,
		  "heap block from make", 1, 1 },
		{ "Address 0x1 is 0 bytes inside a block of size 0 alloc'd", LOCATION_HEAP,
		  "heap block from make", 0, 1 },
		{ "Address 0x1 is 0 bytes inside a block of size", LOCATION_HEAP,
		  "heap block from make", 0, 1 },
		{ "Address 0x1 is what it is", LOCATION_UNKNOWN, NULL, 0, 0 },
		{ "Address 0x1 is in frame #1, created by f", LOCATION_UNKNOWN, NULL, 0, 0 },
		{ "Address 0x1 was declared at a.c:3", LOCATION_UNKNOWN, NULL, 0, 0 },
		{ "declared at a.c:3, in frame #1 of thread 2", LOCATION_STACK, NULL, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *error = xasprintf(
			"<error><kind>Race</kind><xwhat><text>Possible data race "
			"during write of size 4 at 0x1 by thread #2</text></xwhat>" STACK_OF(
				"f") "<auxwhat>%s</auxwhat>" STACK_OF("make") "</error>",
			rows[i].text);
		const struct location *location;

		valgrind_errors(error, &list);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		location = &list.items[0].location;
		CHECK_NUMBER(location->kind, rows[i].kind);
		CHECK_TEXT_AT(rows[i].text, location->object, rows[i].object);
		CHECK_NUMBER(location->size, rows[i].size);
		CHECK_NUMBER(location->stack.nr, rows[i].frames);
		finding_list_release(&list);
		free(error);
	}
}

static void a_lock_order_without_its_locks_names_none(void)
{
	struct finding_list list = { 0 };

	valgrind_errors("<error><kind>LockOrder</kind><xwhat><text>Thread #2: lock order \"0xA "
			"violated</text></xwhat>" STACK_OF("f") "</error>",
			&list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_NUMBER(list.items[0].accesses.nr, 1);
	CHECK_NUMBER(list.items[0].accesses.items[0].nr_locks, 0);
	CHECK_TEXT(list.items[0].accesses.items[0].wants, NULL);
	CHECK_TEXT(list.items[0].location.object, NULL);
	finding_list_release(&list);
}

static void an_error_that_says_nothing_is_kept(void)
{
	struct finding_list list = { 0 };

	valgrind_errors("<error><kind>Novelty</kind></error><error></error>", &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 2);
	CHECK_TEXT(list.items[0].words, "Novelty");
	CHECK_TEXT(list.items[1].words, "error without a message");
	CHECK_NUMBER(list.items[1].accesses.nr, 1);
	CHECK_NUMBER(list.items[1].accesses.items[0].stack.nr, 0);
	finding_list_release(&list);
}

// Each thing that was observed before, in the order of the report.
static void earlier_acquisitions_are_accesses_too(void)
{
	struct finding_list list = { 0 };

	valgrind_errors("<error><kind>Misc</kind><what>re-lock a non-recursive "
			"lock</what>" STACK_OF("f") "<auxwhat>Lock was previously "
						    "acquired</auxwhat>" STACK_OF(
							    "g") "<auxwhat>Lock was previously "
								 "acquired</auxwhat>" STACK_OF(
									 "h") "</error>",
			&list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL_FATAL(list.items[0].accesses.nr, 3);
	CHECK_TEXT(list.items[0].accesses.items[0].stack.items[0].func, "f");
	CHECK_TEXT(list.items[0].accesses.items[1].stack.items[0].func, "g");
	CHECK_TEXT(list.items[0].accesses.items[2].stack.items[0].func, "h");
	finding_list_release(&list);
}

void suite_valgrind_error(void)
{
	static const struct test_case cases[] = {
		{ "an error of an unknown kind is kept", an_error_of_a_new_kind_is_kept },
		{ "a failed call without a twin is kept", a_failed_call_without_twin_is_kept },
		{ "a failed call adds nothing to the misuse at its place",
		  a_failed_call_adds_nothing_to_the_misuse_at_its_place },
		{ "threads, sizes and offsets are read", threads_sizes_and_offsets_are_read },
		{ "variables found by --read-var-info are named",
		  variables_of_read_var_info_are_named },
		{ "places of memory are told apart", places_of_memory_are_told_apart },
		{ "a lock order without its locks names none",
		  a_lock_order_without_its_locks_names_none },
		{ "an error that says nothing is kept", an_error_that_says_nothing_is_kept },
		{ "earlier acquisitions are accesses too", earlier_acquisitions_are_accesses_too },
	};

	test_suite("valgrind_error", cases, ARRAY_SIZE(cases));
}
