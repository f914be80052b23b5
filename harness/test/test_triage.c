// How sure a finding is: who reported it, what the explorer saw, what the tools are known for.
#include "base/mem.h"
#include "judge/triage.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static struct frame put_frame = { .func = "put", .file = "own.c", .line = 4 };
static struct frame get_frame = { .func = "get", .file = "own.c", .line = 9 };
static struct access accesses[] = { { .op = OP_WRITE, .stack = { &put_frame, 1, 1 } },
				    { .op = OP_READ, .stack = { &get_frame, 1, 1 } } };
static const struct finding race = { .kind = KIND_DATA_RACE, .accesses = { accesses, 2, 2 } };

// The explorer saw both places in every schedule, ordered by atomics.
static const struct witness always_ordered = {
	.places = { { "own.c", 9 }, { "own.c", 4 } },
	.schedules = 200,
	.met = 200,
	.means = { [MEANS_ATOMICS] = 200 },
};

#define BY(...) ((const uint64_t[TOOL_NR]){ __VA_ARGS__ })

static void stands(const struct finding *finding, const uint64_t *tools,
		   const struct witness *witness, enum standing standing, const char *limitation)
{
	struct witness_list answers = { .items = (struct witness *)witness, .nr = witness != NULL };
	struct triage triage;

	triage_of(&(struct triage_facts){ .finding = finding, .tools = tools, .answers = &answers },
		  &triage);
	CHECK_TEXT(standing_name(triage.standing), standing_name(standing));
	CHECK_TEXT(triage.limitation ? triage.limitation->id : "", limitation);
	CU_ASSERT_PTR_NOT_NULL(triage.reason);
	triage_release(&triage);
}

static void a_report_is_disputed_when_a_limitation_of_its_tool_was_seen_to_apply(void)
{
	stands(&race, BY([TOOL_HELGRIND] = 1), &always_ordered, STANDING_DISPUTED,
	       "valgrind-atomics");
	stands(&race, BY([TOOL_HELGRIND] = 1, [TOOL_DRD] = 3), &always_ordered, STANDING_DISPUTED,
	       "valgrind-atomics");
}

static void a_tool_without_that_limitation_keeps_its_report(void)
{
	stands(&race, BY([TOOL_TSAN] = 1), &always_ordered, STANDING_REPORTED, "");
	stands(&race, BY([TOOL_TSAN] = 1, [TOOL_HELGRIND] = 1), &always_ordered, STANDING_REPORTED,
	       "");
}

static void what_the_explorer_did_not_see_explains_nothing(void)
{
	struct witness w = always_ordered;

	stands(&race, BY([TOOL_HELGRIND] = 1), NULL, STANDING_REPORTED, "");
	w.met = 0;
	stands(&race, BY([TOOL_HELGRIND] = 1), &w, STANDING_REPORTED, "");
	w = always_ordered;
	w.contested = 1;
	stands(&race, BY([TOOL_HELGRIND] = 1), &w, STANDING_REPORTED, "");
	w = always_ordered;
	w.means[MEANS_ATOMICS] = 0;
	stands(&race, BY([TOOL_HELGRIND] = 1), &w, STANDING_REPORTED, "");
	w = always_ordered;
	w.places[0].line = 10;
	stands(&race, BY([TOOL_HELGRIND] = 1), &w, STANDING_REPORTED, "");
}

static void a_limitation_is_about_certain_kinds_of_findings(void)
{
	const struct finding misuse = { .kind = KIND_BAD_UNLOCK, .accesses = { accesses, 1, 1 } };
	struct witness w = always_ordered;

	w.places[0].line = 4;
	w.places[1] = (struct witness_place){ 0 };
	stands(&misuse, BY([TOOL_HELGRIND] = 1), &w, STANDING_REPORTED, "");
}

static void threads_of_the_parent_are_disputed_by_the_report_itself(void)
{
	struct finding leak = { .kind = KIND_THREAD_LEAK };

	stands(&leak, BY([TOOL_TSAN] = 1), NULL, STANDING_REPORTED, "");
	leak.forked = true;
	stands(&leak, BY([TOOL_TSAN] = 1), NULL, STANDING_DISPUTED, "tsan-fork");
}

static void a_schedule_confirms_whatever_is_known_of_the_tools(void)
{
	struct witness_list none = { 0 };
	struct triage triage;

	triage_of(&(struct triage_facts){ .finding = &race,
					  .tools = BY([TOOL_HELGRIND] = 1),
					  .scheduled = true,
					  .answers = &none },
		  &triage);
	CHECK_NUMBER(triage.standing, STANDING_CONFIRMED);
	triage_release(&triage);
}

static void a_search_of_all_schedules_refutes_what_it_came_to_and_did_not_find(void)
{
	const struct guarantee whole = { .whole = true };
	struct witness w = always_ordered;
	struct witness_list answers = { .items = &w, .nr = 1 };
	const struct triage_facts facts = { .finding = &race,
					    .tools = BY([TOOL_TSAN] = 1),
					    .answers = &answers,
					    .guarantee = &whole };
	struct triage triage;

	triage_of(&facts, &triage);
	CHECK_NUMBER(triage.standing, STANDING_REFUTED);
	triage_release(&triage);
	w.met = 0; // it may be in code that the explorer does not see
	triage_of(&facts, &triage);
	CHECK_NUMBER(triage.standing, STANDING_REPORTED);
	triage_release(&triage);
}

static void each_row_says_when_it_applies_and_how_that_is_known(void)
{
	for (const struct limitation *row = limitations; row->id; row++) {
		CHECK_AT(row->id, limitation_from_id(row->id) == row);
		CHECK_AT(row->id, row->tools && *row->trigger && *row->wrong && *row->source &&
					  *row->versions);
		// Nothing explains a report by itself alone.
		CHECK_AT(row->id, row->proof != PROOF_REPORT || row->forked);
		CHECK_AT(row->id, row->proof != PROOF_EXPLORER || row->means >= 0 || row->frame);
		CHECK_AT(row->id, (row->proof == PROOF_PROBE) == (row->probe && row->symbol));
	}
	CU_ASSERT_PTR_NULL(limitation_from_id("no such"));
}

void suite_triage(void)
{
	static const struct test_case cases[] = {
		{ "a report is disputed when a limitation of its tool was seen to apply",
		  a_report_is_disputed_when_a_limitation_of_its_tool_was_seen_to_apply },
		{ "a tool without that limitation keeps its report",
		  a_tool_without_that_limitation_keeps_its_report },
		{ "what the explorer did not see explains nothing",
		  what_the_explorer_did_not_see_explains_nothing },
		{ "a limitation is about certain kinds of findings",
		  a_limitation_is_about_certain_kinds_of_findings },
		{ "threads of the parent are disputed by the report itself",
		  threads_of_the_parent_are_disputed_by_the_report_itself },
		{ "a schedule confirms whatever is known of the tools",
		  a_schedule_confirms_whatever_is_known_of_the_tools },
		{ "a search of all schedules refutes what it came to and did not find",
		  a_search_of_all_schedules_refutes_what_it_came_to_and_did_not_find },
		{ "each row says when it applies and how that is known",
		  each_row_says_when_it_applies_and_how_that_is_known },
	};

	test_suite("triage", cases, ARRAY_SIZE(cases));
}
