#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

static void add_frame_to(struct stack *stack, const char *func, const char *file, int line,
			 const char *module)
{
	stack_add(stack, func, file, line, 0, module);
}

static void check_program_frame(const struct stack *stack, const char *want)
{
	const struct frame *frame = stack_program_frame(stack);

	if (!want) {
		CU_ASSERT_PTR_NULL(frame);
	} else {
		CU_ASSERT_STRING_EQUAL(frame ? frame->func : "none", want);
	}
}

static void the_program_frame_skips_tools_and_libraries(void)
{
	static const struct {
		struct frame inner;
		const char *want;
	} rows[] = {
		{ { .func = (char *)"pthread_mutex_lock", .module = (char *)"x" }, "work" },
		{ { .func = (char *)"memset",
		    .file = (char *)"../../../../src/libsanitizer/tsan/x.cpp",
		    .line = 8,
		    .module = (char *)"libtsan.so.2" },
		  "work" },
		{ { .func = (char *)"malloc",
		    .file = (char *)"/b/compiler-rt/lib/tsan/x.cpp",
		    .line = 8 },
		  "work" },
		{ { .module = (char *)"vgpreload_drd-amd64-linux.so" }, "work" },
		{ { .func = (char *)"puts",
		    .file = (char *)"./libio/ioputs.c",
		    .line = 3,
		    .module = (char *)"libc.so.6" },
		  "work" },
		{ { .func = (char *)"atoi",
		    .file = (char *)"/usr/include/stdlib.h",
		    .line = 3,
		    .module = (char *)"x" },
		  "work" },
		{ { .func = (char *)"__tsan_write4", .module = (char *)"x" }, "work" },
		{ { .func = (char *)"start_line_wait",
		    .file = (char *)"/p/cases/include/start_line.h",
		    .line = 9,
		    .module = (char *)"x" },
		  "start_line_wait" },
		// Without a line the file says nothing.
		{ { .func = (char *)"puts", .file = (char *)"m.c" }, "work" },
		// Names that only begin like a wrapped function's.
		{ { .func = (char *)"raise_mark", .file = (char *)"m.c", .line = 2 },
		  "raise_mark" },
		{ { .func = (char *)"sleep", .file = (char *)"m.c", .line = 2 }, "sleep" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct frame *in = &rows[i].inner;
		struct stack stack = { 0 };

		add_frame_to(&stack, in->func, in->file, in->line, in->module);
		add_frame_to(&stack, "work", "/home/u/work.c", 7, "x");
		add_frame_to(&stack, "start_thread", "./nptl/pthread_create.c", 442, "libc.so.6");
		check_program_frame(&stack, rows[i].want);
		stack_release(&stack);
	}
}

static void without_debug_information_names_must_do(void)
{
	struct stack stack = { 0 };

	add_frame_to(&stack, "free", NULL, 0, "x");
	check_program_frame(&stack, NULL);
	add_frame_to(&stack, "close_month", NULL, 0, "x");
	add_frame_to(&stack, "main", NULL, 0, "x");
	check_program_frame(&stack, "close_month");
	stack_release(&stack);
}

static struct finding make_race(const char *object, const char *one, int line, const char *two)
{
	struct finding race = { .kind = KIND_DATA_RACE, .words = xstrdup("data race") };

	race.location.kind = LOCATION_GLOBAL;
	race.location.object = xstrdup(object);
	add_frame_to(&finding_add_access(&race, OP_READ)->stack, one, "a.c", line, "x");
	if (two)
		add_frame_to(&finding_add_access(&race, OP_WRITE)->stack, two, "a.c", line, "x");
	return race;
}

static void check_same(struct finding a, struct finding b, int same)
{
	CU_ASSERT_EQUAL(finding_fingerprint(&a) == finding_fingerprint(&b), same);
	finding_release(&a);
	finding_release(&b);
}

static void fingerprints_survive_edits_and_tell_bugs_apart(void)
{
	check_same(make_race("n", "f", 3, "g"), make_race("n", "f", 90, "g"), 1);
	check_same(make_race("n", "f", 3, "g"), make_race("n", "g", 3, "f"), 1);
	check_same(make_race("n+8", "f", 3, "g"), make_race("n[1].x", "f", 3, "g"), 1);
	check_same(make_race("n", "f.part.0", 3, "g"), make_race("n", "f", 3, "g"), 1);
	check_same(make_race("n", "f", 3, "g"), make_race("m", "f", 3, "g"), 0);
	check_same(make_race("n", "f", 3, "g"), make_race("n", "f", 3, "h"), 0);
	check_same(make_race("n", "f", 3, "g"), make_race("n", "f", 3, NULL), 0);
}

static struct finding make_at(enum location_kind location, const char *object)
{
	struct finding race = make_race(object, "f", 3, "g");

	race.location.kind = location;
	return race;
}

static struct finding make_kind(enum finding_kind kind, const char *one, const char *two)
{
	struct finding finding = make_race("n", one, 3, two);

	finding.kind = kind;
	return finding;
}

// Of a lock order the second lock of each thread counts; the first is `held`.
static struct finding make_order(const char *held, const char *one, const char *two)
{
	struct finding order = make_kind(KIND_LOCK_ORDER, one, two);

	add_frame_to(&finding_add_access(&order, OP_LOCK)->stack, held, "a.c", 1, "x");
	access_add_lock(&order.accesses.items[0], "a");
	access_add_lock(&order.accesses.items[1], "b");
	return order;
}

static void what_counts_of_a_finding_makes_its_fingerprint(void)
{
	check_same(make_race("0x10", "f", 3, "g"), make_race("0x20", "f", 3, "g"), 1);
	check_same(make_race("0x10", "f", 3, "g"), make_race(NULL, "f", 3, "g"), 1);
	check_same(make_at(LOCATION_STACK, "a"), make_at(LOCATION_STACK, "b"), 1);
	check_same(make_at(LOCATION_TLS, "a"), make_at(LOCATION_TLS, NULL), 1);
	check_same(make_at(LOCATION_STACK, "a"), make_at(LOCATION_TLS, "a"), 0);
	check_same(make_at(LOCATION_STACK, "a"), make_at(LOCATION_GLOBAL, "a"), 0);
	check_same(make_at(LOCATION_HEAP, "a"), make_at(LOCATION_GLOBAL, "a"), 1);
	check_same(make_kind(KIND_USE_AFTER_FREE, "f", "g"), make_race("n", "f", 3, "g"), 0);
	check_same(make_kind(KIND_DOUBLE_LOCK, "f", "g"), make_kind(KIND_DOUBLE_LOCK, "f", "h"), 1);
	check_same(make_kind(KIND_DOUBLE_LOCK, "f", "g"), make_kind(KIND_DOUBLE_LOCK, "h", "g"), 0);
	check_same(make_kind(KIND_DEADLOCK, "f", "g"), make_kind(KIND_DEADLOCK, "f", "h"), 0);
	check_same(make_order("e", "f", "g"), make_order("h", "f", "g"), 1);
	check_same(make_order("e", "f", "g"), make_order("e", "f", "h"), 0);
}

static void check_part(struct finding part, struct finding whole, bool want)
{
	CU_ASSERT_EQUAL(finding_is_part_of(&part, &whole), want);
	finding_release(&part);
	finding_release(&whole);
}

static void one_side_of_a_race_is_part_of_it(void)
{
	struct finding crash = { .kind = KIND_CRASH };

	struct finding object = { .kind = KIND_DATA_RACE, .location = { .kind = LOCATION_GLOBAL } };

	object.location.object = xstrdup("n");
	check_part(object, make_race("n", "f", 8, "g"), true);
	check_part(make_race(NULL, "f", 3, NULL), make_race("n", "f", 8, "g"), true);
	check_part(make_race("n", "g", 3, NULL), make_race("n", "f", 8, "g"), true);
	check_part(make_race("m", "f", 3, NULL), make_race("n", "f", 8, "g"), false);
	check_part(make_race(NULL, "h", 3, NULL), make_race("n", "f", 8, "g"), false);
	check_part(make_race("n", "f", 3, "g"), make_race("n", "f", 8, NULL), false);
	check_part(crash, make_race("n", "f", 8, "g"), false);
	check_part((struct finding){ .kind = KIND_DATA_RACE }, make_race("n", "f", 8, "g"), false);
}

static log_parser parser_of(const char *name)
{
	return strstr(name, ".xml") ? valgrind_xml_parse : tsan_text_parse;
}

static uint64_t first_fingerprint(const char *program, const char *tool)
{
	struct finding_list list = { 0 };
	char *name = xasprintf("%s.%s", program, tool);
	uint64_t fingerprint = 0;

	report_parse(parser_of(name), name, &list);
	CU_ASSERT_TRUE_FATAL(list.nr > 0);
	fingerprint = finding_fingerprint(&list.items[0]);
	finding_list_release(&list);
	free(name);
	return fingerprint;
}

static void tools_agree_on_what_a_bug_is(void)
{
	static const char *const programs[] = {
		"race_global", "race_heap",  "race_stack",     "race_static",
		"race_struct", "race_main",  "race_atomic",    "fork_race",
		"lock_order",  "bad_unlock", "foreign_unlock", "destroy_locked",
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		uint64_t want = first_fingerprint(programs[i], "clang.txt");

		CU_ASSERT_EQUAL(first_fingerprint(programs[i], "gcc.txt"), want);
		CU_ASSERT_EQUAL(first_fingerprint(programs[i], "helgrind.xml"), want);
	}
	for (size_t i = 9; i < ARRAY_SIZE(programs); i++)
		CU_ASSERT_EQUAL(first_fingerprint(programs[i], "drd.xml"),
				first_fingerprint(programs[i], "clang.txt"));
}

static void drd_tells_a_part_of_the_race(void)
{
	static const char *const programs[] = {
		"race_global", "race_heap", "race_static",
		"race_struct", "race_main", "race_atomic",
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct finding_list drd = { 0 }, tsan = { 0 };
		char *name = xasprintf("%s.drd.xml", programs[i]);
		char *other = xasprintf("%s.clang.txt", programs[i]);

		report_parse(valgrind_xml_parse, name, &drd);
		report_parse(tsan_text_parse, other, &tsan);
		CU_ASSERT_TRUE_FATAL(drd.nr > 0 && tsan.nr > 0);
		CU_ASSERT_TRUE(finding_is_part_of(&drd.items[0], &tsan.items[0]));
		CU_ASSERT_FALSE(finding_is_part_of(&tsan.items[0], &drd.items[0]));
		finding_list_release(&drd);
		finding_list_release(&tsan);
		free(name);
		free(other);
	}
}

static void check_round_trip(const struct finding *finding)
{
	json_t *json = finding_to_json(finding), *again;
	struct finding back;

	CU_ASSERT_EQUAL_FATAL(finding_from_json(json, &back), 0);
	again = finding_to_json(&back);
	CU_ASSERT_TRUE(json_equal(json, again));
	CU_ASSERT_EQUAL(finding_fingerprint(finding), finding_fingerprint(&back));
	finding_release(&back);
	json_decref(json);
	json_decref(again);
}

static void json_keeps_everything(void)
{
	static const char *const reports[] = {
		"race_global.clang.txt",   "lock_order.gcc.txt", "race_heap.helgrind.xml",
		"lock_order.helgrind.xml", "misuse.drd.xml",
	};

	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		struct finding_list list = { 0 };

		report_parse(parser_of(reports[i]), reports[i], &list);
		CU_ASSERT_TRUE(list.nr > 0);
		for (size_t k = 0; k < list.nr; k++)
			check_round_trip(&list.items[k]);
		finding_list_release(&list);
	}
}

static void json_has_the_fields_of_an_access(void)
{
	struct finding wait = { .kind = KIND_DEADLOCK };
	struct access *access = finding_add_access(&wait, OP_WAIT);
	json_t *json, *item;

	access->thread = xstrdup("T1");
	access->wants = xstrdup("mutex b");
	access->held_by = xstrdup("T2");
	access_add_lock(access, "a");
	wait.words = xstrdup("\xff odd");
	json = finding_to_json(&wait);
	item = json_array_get(json_object_get(json, "accesses"), 0);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json, "kind")), "deadlock");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(json, "words")), "\\xff odd");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "op")), "wait");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "wants")), "mutex b");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(item, "held_by")), "T2");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(item, "locks")), 1);
	check_round_trip(&wait);
	json_decref(json);
	finding_release(&wait);
}

#define PLACE          "\"location\":{\"kind\":\"unknown\",\"stack\":[]}"
#define RACE(accesses) "{\"kind\":\"data-race\",\"accesses\":[" accesses "]," PLACE "}"
#define READ(more)     RACE("{\"op\":\"read\",\"locks\":[],\"stack\":[]" more "}")

static void other_json_is_no_finding(void)
{
	static const char *const rows[] = {
		"{\"accesses\":[]," PLACE "}",
		"{\"kind\":\"moon\",\"accesses\":[]," PLACE "}",
		"{\"kind\":\"data-race\"," PLACE "}",
		"{\"kind\":\"data-race\",\"words\":1,\"accesses\":[]," PLACE "}",
		"{\"kind\":\"data-race\",\"hits\":\"1\",\"accesses\":[]," PLACE "}",
		RACE("{\"op\":\"moon\",\"locks\":[],\"stack\":[]}"),
		RACE("{\"op\":\"read\",\"stack\":[]}"),
		RACE("{\"op\":\"read\",\"locks\":[1],\"stack\":[]}"),
		RACE("{\"op\":\"read\",\"locks\":[]}"),
		RACE("{\"op\":\"read\",\"locks\":[],\"stack\":[{\"line\":\"1\"}]}"),
		READ(",\"size\":\"4\""),
		READ(",\"thread\":1"),
		"{\"kind\":\"data-race\",\"accesses\":[],\"location\":{\"kind\":\"heap\"}}",
		("{\"kind\":\"data-race\",\"accesses\":[],"
		 "\"location\":{\"kind\":\"heap\",\"object\":1,\"stack\":[]}}"),
		"[]",
		"{}",
		"{\"kind\":\"no-such\",\"accesses\":[],\"location\":{}}",
		"{\"kind\":\"data-race\"}",
		"{\"kind\":\"data-race\",\"accesses\":[],\"location\":{\"kind\":\"moon\"}}",
		"{\"kind\":\"data-race\",\"accesses\":[{\"op\":\"read\"}],\"location\":{}}",
		"{\"kind\":\"data-race\",\"accesses\":[{\"op\":\"read\",\"locks\":[1]}]}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *json = json_loads(rows[i], 0, NULL);
		struct finding finding;

		CU_ASSERT_PTR_NOT_NULL(json);
		CHECK_AT(rows[i], finding_from_json(json, &finding) == -1);
		CU_ASSERT_EQUAL(finding.accesses.nr, 0);
		json_decref(json);
	}
}

static void what_is_missing_is_unknown(void)
{
	json_t *json = json_loads(READ(""), 0, NULL);
	struct finding finding;

	CU_ASSERT_EQUAL_FATAL(finding_from_json(json, &finding), 0);
	CHECK_TEXT(finding.words, NULL);
	CHECK_TEXT(finding.schedule, NULL);
	CHECK_NUMBER(finding.hits, 0);
	CHECK_NUMBER(finding.first, 0);
	CHECK_NUMBER(finding.accesses.items[0].size, 0);
	CHECK_TEXT(finding.accesses.items[0].thread, NULL);
	finding.hits = 3;
	finding.first = 2;
	json_decref(json);
	json = finding_to_json(&finding);
	CHECK_NUMBER(json_integer_value(json_object_get(json, "hits")), 3);
	CHECK_NUMBER(json_integer_value(json_object_get(json, "first")), 2);
	check_round_trip(&finding);
	json_decref(json);
	finding_release(&finding);
}

static void what_could_not_be_decided_is_inconclusive(void)
{
	for (int kind = 0; kind < KIND_NR; kind++)
		CHECK_NUMBER(kind_is_inconclusive((enum finding_kind)kind),
			     kind == KIND_UNSUPPORTED || kind == KIND_UNCONTROLLED ||
				     kind == KIND_TAMPERED || kind == KIND_TOOL_ERROR);
	CHECK_NUMBER(kind_from_name("moon"), -1);
}

static struct finding hang_on(const char *first, const char *second, const char *func)
{
	struct finding finding = { .kind = KIND_HANG };
	const char *wants[] = { first, second };

	for (size_t i = 0; i < ARRAY_SIZE(wants); i++) {
		struct access *access = finding_add_access(&finding, OP_WAIT);

		access->wants = xstrdup(wants[i]);
		if (func)
			stack_add(&access->stack, func, "a.c", 3, 0, "a");
	}
	return finding;
}

static void a_hang_without_stacks_is_part_of_the_same_hang_with_them(void)
{
	struct finding whole = hang_on("barrier crew", "T1 to end", "work");
	struct finding bare = hang_on("barrier crew", "T1 to end", NULL);
	struct finding other = hang_on("barrier gate", "T1 to end", NULL);

	CU_ASSERT_TRUE(finding_is_part_of(&bare, &whole));
	CU_ASSERT_FALSE(finding_is_part_of(&whole, &bare));
	CU_ASSERT_FALSE(finding_is_part_of(&other, &whole));
	finding_release(&whole);
	finding_release(&bare);
	finding_release(&other);
}

void suite_finding(void)
{
	static const struct test_case cases[] = {
		{ "a hang without stacks is part of the same hang with them",
		  a_hang_without_stacks_is_part_of_the_same_hang_with_them },
		{ "the program's frame is not a tool's or a library's",
		  the_program_frame_skips_tools_and_libraries },
		{ "without debug information the names decide",
		  without_debug_information_names_must_do },
		{ "what counts of a finding makes its fingerprint",
		  what_counts_of_a_finding_makes_its_fingerprint },
		{ "fingerprints survive edits and tell bugs apart",
		  fingerprints_survive_edits_and_tell_bugs_apart },
		{ "one side of a race is part of it", one_side_of_a_race_is_part_of_it },
		{ "TSan of both compilers and Helgrind give one fingerprint",
		  tools_agree_on_what_a_bug_is },
		{ "what DRD tells is a part of what TSan tells", drd_tells_a_part_of_the_race },
		{ "JSON keeps everything", json_keeps_everything },
		{ "JSON has the fields of an access", json_has_the_fields_of_an_access },
		{ "other JSON is refused", other_json_is_no_finding },
		{ "what is missing is unknown", what_is_missing_is_unknown },
		{ "what could not be decided is inconclusive",
		  what_could_not_be_decided_is_inconclusive },
	};

	test_suite("finding", cases, ARRAY_SIZE(cases));
}
