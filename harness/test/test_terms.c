// On which terms a program of one's own is checked: the command line, and comments in its source.
#include "base/mem.h"
#include "cli/terms.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

// One target, own.c of this text, and what the command line says.
struct terms {
	char *dir, *path;
	struct options options;
	struct target_list targets;
	struct err err;
	int rc;
};

static void terms_of(struct terms *t, const char *source, const char *option, const char *value)
{
	const option_set all = OPTION_BIT(OUTCOMES) | OPTION_BIT(SPURIOUS) | OPTION_BIT(TIMEOUTS) |
			       OPTION_BIT(THREADS) | OPTION_BIT(OK_EXIT) | OPTION_BIT(FAIL_ON);

	*t = (struct terms){ .dir = scratch_make(), .err = ERR_INIT };
	t->path = xasprintf("%s/own.c", t->dir);
	scratch_write(t->dir, "own.c", source);
	scratch_write(t->dir, "good.yaml",
		      "outcomes:\n  - {result: \"sum *\", grade: acceptable}\n"
		      "  - {result: odd, grade: interesting, meaning: seldom}\n");
	scratch_write(t->dir, "bad.yaml", "outcomes:\n  - {result: x, grade: fine}\n");
	if (option)
		CU_ASSERT_EQUAL_FATAL(options_set(&t->options, all, option, value, &t->err), 0);
	target_add_source(&t->targets, t->path);
	t->rc = terms_apply(&t->options, &t->targets, &t->err);
}

static const struct target *target_of(const struct terms *t)
{
	return &t->targets.items[0];
}

static void terms_end(struct terms *t)
{
	target_list_release(&t->targets);
	free(t->path);
	scratch_drop(t->dir);
}

static void a_comment_says_what_the_source_wants(void)
{
	static const struct {
		const char *source;
		enum results results;
		unsigned threads;
		bool due, few;
	} rows[] = {
		{ "int x;\n", RESULTS_SAME, 0, false, false },
		{ "// racegate: outcomes=any\n", RESULTS_ANY, 0, false, false },
		{ "//racegate:outcomes=lines\n", RESULTS_LINES, 0, false, false },
		{ "int x; // racegate: outcomes=any timeouts=due\n", RESULTS_ANY, 0, true, false },
		{ "/* racegate: threads=8 */ int x;\n", RESULTS_SAME, 8, false, false },
		{ "/*\n * racegate: outcomes=any\n */\n", RESULTS_SAME, 0, false, false },
		{ "// racegate: outcomes=any\n// racegate: spurious=0\n", RESULTS_ANY, 0, false,
		  true },
		{ "// racegate: outcomes=any\r\n", RESULTS_ANY, 0, false, false },
		{ "char *s = \"// racegate: outcomes=any\";\n", RESULTS_SAME, 0, false, false },
		{ "char c = '\"'; // racegate: outcomes=any\n", RESULTS_ANY, 0, false, false },
		{ "// racegate says: outcomes=any\n", RESULTS_SAME, 0, false, false },
		{ "// What racegate: is\n", RESULTS_SAME, 0, false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct terms t;

		terms_of(&t, rows[i].source, NULL, NULL);
		const struct target *target = target_of(&t);

		CHECK_AT(rows[i].source, !t.rc);
		CHECK_TEXT_AT(rows[i].source, results_name(target->gate.results),
			      results_name(rows[i].results));
		CHECK_AT(rows[i].source, target->threads == rows[i].threads);
		CHECK_AT(rows[i].source, target->explore.due_timeouts == rows[i].due);
		CHECK_AT(rows[i].source, target->explore.few_spurious == rows[i].few);
		terms_end(&t);
	}
}

static void a_mistake_in_a_comment_has_its_place(void)
{
	static const struct {
		const char *source, *says;
	} rows[] = {
		{ "int x;\n// racegate: outcome=any\n", "own.c:2:14: outcome: unknown option" },
		{ "  // racegate: timeouts=never\n",
		  "own.c:1:16: timeouts: 'never' is neither early nor due" },
		{ "// racegate: outcomes=any threads=0\n", "own.c:1:27: threads: '0' is not" },
		{ "// racegate: outcomes\n", "own.c:1:14: outcomes needs a value" },
		{ "// racegate: outcomes=\n", "own.c:1:14: outcomes needs a value" },
		{ "// racegate: seed=1\n", "own.c:1:14: seed: unknown option" },
		{ "// racegate: threads=2\n//\n// racegate: threads=3\n",
		  "own.c:3:14: threads was said in line 1 already" },
		{ "// racegate outcomes=any\n", "own.c:1:13: a colon is missing" },
		{ "// racegate: outcomes=none.yaml\n", "/none.yaml" },
		{ "// racegate: outcomes=bad.yaml\n", "/bad.yaml:2:24: " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct terms t;

		terms_of(&t, rows[i].source, NULL, NULL);
		CHECK_AT(rows[i].source, t.rc == -1 && t.err.class == ERR_INPUT);
		CHECK_HAS(t.err.text, rows[i].says);
		terms_end(&t);
	}
}

static void the_command_line_goes_before_a_comment(void)
{
	static const char source[] = "// racegate: outcomes=any timeouts=due spurious=0\n";
	struct terms t;

	terms_of(&t, source, "outcomes", "lines");
	CHECK_NUMBER(target_of(&t)->gate.results, RESULTS_LINES);
	CHECK_AT("the rest", target_of(&t)->explore.due_timeouts);
	terms_end(&t);
	terms_of(&t, source, "outcomes", "same");
	CHECK_NUMBER(target_of(&t)->gate.results, RESULTS_SAME);
	terms_end(&t);
	terms_of(&t, source, "timeouts", "early");
	CHECK_AT("early", !target_of(&t)->explore.due_timeouts);
	terms_end(&t);
	terms_of(&t, source, "spurious", "3");
	CHECK_NUMBER(target_of(&t)->explore.spurious, 3);
	terms_end(&t);
}

static void exit_statuses_are_terms_too(void)
{
	static const char source[] = "// racegate: ok-exit=3,4\n";
	struct terms t;

	terms_of(&t, source, NULL, NULL);
	CU_ASSERT(gate_accepts(&target_of(&t)->gate, 3) && gate_accepts(&target_of(&t)->gate, 4));
	CU_ASSERT_FALSE(gate_accepts(&target_of(&t)->gate, 5));
	CHECK_HAS(target_of(&t)->gate.accepted, "ok-exit=3,4 (");
	terms_end(&t);
	terms_of(&t, source, "ok-exit", "5");
	CU_ASSERT_FALSE(gate_accepts(&target_of(&t)->gate, 3));
	CU_ASSERT(gate_accepts(&target_of(&t)->gate, 5));
	CHECK_TEXT(target_of(&t)->gate.accepted, "--ok-exit 5");
	terms_end(&t);
	terms_of(&t, "// racegate: ok-exit=x\n", NULL, NULL);
	CHECK_HAS(t.err.text, "own.c:1:14: ok-exit: 'x' is not a list of exit statuses");
	terms_end(&t);
}

static void what_is_let_pass_is_said_with_its_place(void)
{
	struct terms t;
	char *expected;

	terms_of(&t, "int x;\n", NULL, NULL);
	CU_ASSERT_PTR_NULL(target_of(&t)->gate.accepted);
	terms_end(&t);
	terms_of(&t, "int x;\n// racegate: timeouts=due threads=4\n", "outcomes", "any");
	expected = xasprintf("--outcomes any, timeouts=due (%s:2)", t.path);
	CHECK_TEXT(target_of(&t)->gate.accepted, expected);
	free(expected);
	terms_end(&t);
}

static void a_file_of_results_lies_beside_the_source(void)
{
	struct terms t;

	terms_of(&t, "// racegate: outcomes=good.yaml\n", NULL, NULL);
	const struct gate *gate = &target_of(&t)->gate;
	json_t *json = gate_to_json(gate);
	struct gate again;

	CHECK_NUMBER(gate->results, RESULTS_LISTED);
	CU_ASSERT_EQUAL_FATAL(gate->nr_rows, 2);
	gate_from_json(json, &again);
	CHECK_NUMBER(again.results, RESULTS_LISTED);
	CU_ASSERT_EQUAL_FATAL(again.nr_rows, 2);
	CHECK_TEXT(again.rows[0].result, "sum *");
	CHECK_NUMBER(again.rows[0].fixed, GRADE_ACCEPTABLE);
	CHECK_NUMBER(again.rows[1].racy, GRADE_INTERESTING);
	CHECK_TEXT(again.rows[1].meaning, "seldom");
	CHECK_TEXT(again.accepted, gate->accepted);
	gate_release(&again);
	json_decref(json);
	terms_end(&t);
}

void suite_terms(void)
{
	static const struct test_case cases[] = {
		{ "a comment says what the source wants", a_comment_says_what_the_source_wants },
		{ "a mistake in a comment has its place", a_mistake_in_a_comment_has_its_place },
		{ "the command line goes before a comment",
		  the_command_line_goes_before_a_comment },
		{ "exit statuses are terms too", exit_statuses_are_terms_too },
		{ "what is let pass is said, with its place",
		  what_is_let_pass_is_said_with_its_place },
		{ "a file of results lies beside the source",
		  a_file_of_results_lies_beside_the_source },
	};

	test_suite("terms", cases, ARRAY_SIZE(cases));
}
