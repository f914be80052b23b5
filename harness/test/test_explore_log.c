/*
 * The explorer's log, as it was captured:
 *   racegate-explore --log abba.log --target own.c --seed 3 --iterations 450 -- PROGRAM
 * and balance.log likewise, the programs built of fixtures/explore/. And what it
 * adds to a run's record.
 */
#include "detect/evidence.h"

#include "base/fs.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

// A captured log; owned.
static char *captured(const char *name)
{
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	char *path = xasprintf("explore_log/%s.log", name);

	CHECK_NUMBER(fs_read(test_fixture(path), 0, &text, &err), 0);
	CHECK_TEXT(err.text, "");
	free(path);
	return strbuf_detach(&text);
}

static enum evidence parse(const char *text, struct record *record)
{
	*record = (struct record){ .tool = TOOL_EXPLORE };
	return explore_log_parse(text, strlen(text), record);
}

// Only how it was taken.
static enum evidence taken(const char *text, size_t len)
{
	struct record record = { .tool = TOOL_EXPLORE };
	enum evidence evidence = explore_log_parse(text, len, &record);

	record_release(&record);
	return evidence;
}

static uint64_t count(const struct explored *e, const char *text)
{
	for (size_t i = 0; i < e->outcomes.nr; i++)
		if (!strcmp(e->outcomes.items[i].text, text))
			return e->outcomes.items[i].count;
	return 0;
}

static void a_whole_log_says_what_was_found(void)
{
	char *text = captured("abba");
	const struct explored *e;
	const struct finding *f;
	struct record record;

	CHECK_NUMBER(parse(text, &record), EVIDENCE_WHOLE);
	e = &record.explored;
	CHECK_NUMBER(record.findings.nr, 1);
	f = &record.findings.items[0];
	CHECK_NUMBER(f->kind, KIND_DEADLOCK);
	CHECK_TEXT(f->schedule, "abba.log.1.sched");
	CHECK_HAS(f->words, "T1 waits for mutex lock_b at abba.c:10");
	CHECK_NUMBER(f->accesses.nr, 3);
	CHECK_NUMBER(e->schedules, 450);
	CHECK_NUMBER(e->threads, 3);
	CHECK_NUMBER(e->outcomes.nr, 2);
	CHECK_NUMBER(count(e, "done") + count(e, "[hang]"), 450);
	CHECK_NUMBER(count(e, "[hang]"), e->found);
	CU_ASSERT(e->first > 0 && e->first <= 450 && e->steps > 8);
	CU_ASSERT_FALSE(e->processes);
	CHECK_NUMBER(e->guarantee.policies.nr, 6);
	CHECK_NUMBER(guarantee_stats(&record.explored.guarantee, "POS", 0)->iterations, 160);
	CHECK_NUMBER(guarantee_stats(&record.explored.guarantee, "PCT", 2)->iterations, 75);
	CU_ASSERT_TRUE(e->outcomes.items[0].ended);
	CU_ASSERT_FALSE(e->outcomes.items[1].ended);
	CHECK_TEXT(e->outcomes.items[1].schedule, "abba.log.3.sched");
	record_release(&record);
	free(text);
}

static void races_and_outcomes_are_apart(void)
{
	char *text = captured("balance");
	struct record record;

	CHECK_NUMBER(parse(text, &record), EVIDENCE_WHOLE);
	CU_ASSERT(record.findings.nr >= 1);
	for (size_t i = 0; i < record.findings.nr; i++) {
		CHECK_NUMBER(record.findings.items[i].kind, KIND_DATA_RACE);
		CHECK_TEXT(record.findings.items[i].location.object, "balance");
		CHECK_NUMBER(record.findings.items[i].accesses.nr, 2);
	}
	CHECK_NUMBER(record.explored.outcomes.nr, 3);
	CHECK_NUMBER(count(&record.explored, "balance 0") + count(&record.explored, "balance 1") +
			     count(&record.explored, "balance -1"),
		     450);
	record_release(&record);
	free(text);
}

static void wherever_it_is_cut_it_is_not_whole(void)
{
	static const char *const names[] = { "abba", "balance" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *text = captured(names[i]);
		size_t len = strlen(text);

		CHECK_NUMBER(taken(text, 0), EVIDENCE_MISSING);
		for (size_t at = 1; at < len; at++)
			if (taken(text, at) != EVIDENCE_CUT)
				CHECK_NUMBER(at, 0);
		CHECK_NUMBER(taken(text, len), EVIDENCE_WHOLE);
		free(text);
	}
}

/*
 * A byte of a text or a number may become another one and nobody can tell; but
 * what is no JSON any more is never taken as whole.
 */
static void what_is_no_json_is_tampered(void)
{
	char *text = captured("abba");
	size_t len = strlen(text);

	for (size_t at = 0; at < len; at++) {
		char was = text[at];
		enum evidence evidence;

		text[at] = '\x01'; // allowed nowhere
		evidence = taken(text, len);
		if (evidence != (at == len - 1 ? EVIDENCE_CUT : EVIDENCE_TAMPERED))
			CHECK_NUMBER(at, -1);
		text[at] = '\0';
		if (taken(text, len) != EVIDENCE_TAMPERED)
			CHECK_NUMBER(at, -2);
		text[at] = was;
	}
	free(text);
}

static void what_was_altered_is_tampered(void)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ "{\"racegate-explore\":1,", "{\"racegate-explore\":2," },
		{ "{\"racegate-explore\":1,", "{\"racegate-explorer\":1," },
		{ "\n{\"outcome\"", "\n{\"outcomes\"" },
		{ "\n{\"outcome\"", "\n\n{\"outcome\"" },
		{ "\n{\"outcome\"", "\n[]\n{\"outcome\"" },
		{ "\n{\"outcome\"", "\n{\"racegate-explore\":1}\n{\"outcome\"" },
		{ "\"kind\":\"deadlock\"", "\"kind\":\"dreadlock\"" },
		{ "{\"finding\":{", "{\"finding\":[], \"x\":{" },
		{ "{\"end\":{", "{\"end\":[], \"x\":{" },
		{ "\"iterations\":450", "\"iterations\":-450" },
		{ "\"count\":", "\"count\":-" },
		{ "\"hits\":", "\"hits\":-" },
		{ "\"hits\":61,\"iteration\":", "\"hits\":61,\"iteration\":-" },
	};
	char *text = captured("abba"), *more;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		char *changed = text_replace(text, changes[i].from, changes[i].to);

		CHECK_AT(changes[i].to, taken(changed, strlen(changed)) == EVIDENCE_TAMPERED);
		free(changed);
	}
	CHECK_NUMBER(taken(strchr(text, '\n') + 1, strlen(strchr(text, '\n') + 1)),
		     EVIDENCE_TAMPERED);
	more = xasprintf("%s{\"outcome\":\"x\",\"count\":1,\"iteration\":1}\n", text);
	CHECK_NUMBER(taken(more, strlen(more)), EVIDENCE_TAMPERED);
	free(more);
	more = xasprintf("%sx", text);
	CHECK_NUMBER(taken(more, strlen(more)), EVIDENCE_CUT);
	free(more);
	free(text);
}

// The first finding of the kind, or NULL.
static const struct finding *finding(const struct record *record, enum finding_kind kind)
{
	for (size_t i = 0; i < record->findings.nr; i++)
		if (record->findings.items[i].kind == kind)
			return &record->findings.items[i];
	return NULL;
}

static void what_was_not_shown_again_is_uncontrolled(void)
{
	char *text = captured("abba");
	char *finding_only =
		text_replace(text, "\"confirmed\":true",
			     "\"confirmed\":false,\"divergence\":\"it left at x.c:3\"");
	char *outcome = strstr(text, "{\"outcome\""), *changed;
	struct record record;

	CHECK_NUMBER(parse(finding_only, &record), EVIDENCE_WHOLE);
	CU_ASSERT_PTR_NULL(finding(&record, KIND_DEADLOCK));
	CU_ASSERT_PTR_NOT_NULL_FATAL(finding(&record, KIND_UNCONTROLLED));
	CHECK_TEXT(finding(&record, KIND_UNCONTROLLED)->words, "it left at x.c:3");
	CU_ASSERT_TRUE(kind_is_inconclusive(KIND_UNCONTROLLED));
	CHECK_NUMBER(record.explored.found, 0);
	CHECK_NUMBER(record.explored.first, 0);
	record_release(&record);
	free(finding_only);

	changed = text_replace(outcome, "\"confirmed\":true",
			       "\"confirmed\":false,\"divergence\":\"other events\"");
	*outcome = '\0';
	outcome = xasprintf("%s%s", text, changed);
	CHECK_NUMBER(parse(outcome, &record), EVIDENCE_WHOLE);
	CU_ASSERT_PTR_NOT_NULL(finding(&record, KIND_DEADLOCK));
	CU_ASSERT_PTR_NOT_NULL(finding(&record, KIND_UNCONTROLLED));
	record_release(&record);
	free(outcome);
	free(changed);
	free(text);
}

// Of many outcomes the last ones are only counted: they have no schedule.
static void what_was_only_counted_is_not_inconclusive(void)
{
	char *text = captured("abba");
	char *changed = text_replace(
		text, "{\"end\"", "{\"outcome\":\"rare\",\"count\":2,\"iteration\":9}\n{\"end\"");
	struct record record;

	CHECK_NUMBER(parse(changed, &record), EVIDENCE_WHOLE);
	CHECK_NUMBER(count(&record.explored, "rare"), 2);
	CU_ASSERT_PTR_NULL(record.explored.outcomes.items[2].schedule);
	CU_ASSERT_PTR_NULL(finding(&record, KIND_UNCONTROLLED));
	record_release(&record);
	free(changed);
	free(text);
}

static void a_campaign_of_nothing_is_inconclusive(void)
{
	char *text = captured("abba");
	char *changed = text_replace(text, "\"iterations\":450", "\"iterations\":0");
	struct record record;

	CHECK_NUMBER(parse(changed, &record), EVIDENCE_WHOLE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(finding(&record, KIND_TOOL_ERROR));
	CHECK_TEXT(finding(&record, KIND_TOOL_ERROR)->words, "no schedule was explored");
	CU_ASSERT_TRUE(kind_is_inconclusive(KIND_TOOL_ERROR));
	record_release(&record);
	free(changed);
	free(text);
}

static void processes_are_unsupported(void)
{
	char *text = captured("abba");
	char *changed = text_replace(text, "\"processes\":false", "\"processes\":true");
	struct record record;

	CHECK_NUMBER(parse(changed, &record), EVIDENCE_WHOLE);
	CU_ASSERT_TRUE(record.explored.processes);
	CU_ASSERT_PTR_NOT_NULL_FATAL(finding(&record, KIND_UNSUPPORTED));
	CHECK_TEXT(finding(&record, KIND_UNSUPPORTED)->words, "child processes uncontrolled");
	CU_ASSERT_TRUE(kind_is_inconclusive(KIND_UNSUPPORTED));
	record_release(&record);
	free(changed);
	free(text);
}

// The reason stays, whatever followed from it.
static void processes_are_the_reason_for_what_was_not_shown_again(void)
{
	char *text = captured("abba");
	char *second = strstr(text, "{\"finding\""), *end = strchr(second, '\n');
	char *finding_line = xstrndup(second, (size_t)(end + 1 - second));
	char *lost = text_replace(finding_line, "\"confirmed\":true", "\"confirmed\":false");
	char *head = xstrndup(text, (size_t)(second - text));
	char *log = xasprintf("%s%s%s%s", head, finding_line, lost, second), *changed;
	struct record record;

	changed = text_replace(log, "\"processes\":false", "\"processes\":true");
	CHECK_NUMBER(parse(log, &record), EVIDENCE_WHOLE);
	CHECK_NUMBER(record.findings.nr, 3);
	record_release(&record);
	CHECK_NUMBER(parse(changed, &record), EVIDENCE_WHOLE);
	CHECK_NUMBER(record.findings.nr, 3);
	CU_ASSERT_PTR_NULL(finding(&record, KIND_UNCONTROLLED));
	CU_ASSERT_PTR_NOT_NULL(finding(&record, KIND_DEADLOCK));
	CU_ASSERT_PTR_NOT_NULL(finding(&record, KIND_UNSUPPORTED));
	record_release(&record);
	free(changed);
	free(log);
	free(head);
	free(lost);
	free(finding_line);
	free(text);
}

static void what_is_not_controlled_is_said(void)
{
	char *text = captured("abba");
	char *changed = text_replace(text, "{\"end\"",
				     "{\"uncontrolled\":\"ioctl\",\"place\":\"a.c:3\"}\n{\"end\"");

	struct record record;

	CHECK_NUMBER(parse(changed, &record), EVIDENCE_WHOLE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(finding(&record, KIND_UNSUPPORTED));
	CHECK_TEXT(finding(&record, KIND_UNSUPPORTED)->words, "ioctl is not controlled, at a.c:3");
	record_release(&record);
	free(changed);
	free(text);
}

static void a_record_keeps_it_all(void)
{
	char *text = captured("abba");
	struct record record;
	struct explored again;
	json_t *json;

	CHECK_NUMBER(parse(text, &record), EVIDENCE_WHOLE);
	record.explored.processes = true;
	free(record.explored.outcomes.items[0].schedule);
	record.explored.outcomes.items[0].schedule = NULL;
	record.explored.outcomes.items[0].preemptions = 0; // there is no schedule to have any
	record.explored.outcomes.items[1].preemptions = 7;
	json = explored_to_json(&record.explored);
	CHECK_NUMBER(explored_from_json(json, &again), 0);
	CHECK_NUMBER(again.schedules, record.explored.schedules);
	CHECK_NUMBER(again.found, record.explored.found);
	CHECK_NUMBER(again.first, record.explored.first);
	CHECK_NUMBER(again.steps, record.explored.steps);
	CHECK_NUMBER(again.threads, record.explored.threads);
	CU_ASSERT_TRUE(again.processes);
	CHECK_NUMBER(again.guarantee.policies.nr, 6);
	CHECK_NUMBER(guarantee_stats(&again.guarantee, "POS", 0)->iterations, 160);
	CHECK_NUMBER(again.outcomes.nr, record.explored.outcomes.nr);
	for (size_t i = 0; i < again.outcomes.nr && i < record.explored.outcomes.nr; i++) {
		const struct explored_outcome *o = &record.explored.outcomes.items[i];

		CHECK_TEXT(again.outcomes.items[i].text, o->text);
		CHECK_TEXT(again.outcomes.items[i].schedule, o->schedule);
		CHECK_NUMBER(again.outcomes.items[i].count, o->count);
		CHECK_NUMBER(again.outcomes.items[i].ended, o->ended);
		CHECK_NUMBER(again.outcomes.items[i].first, o->first);
		CHECK_NUMBER(again.outcomes.items[i].preemptions, o->preemptions);
	}
	json_decref(json);
	explored_release(&again);
	record_release(&record);
	free(text);
}

static void other_json_is_no_exploration(void)
{
	static const char *const texts[] = { "{}",
					     "[]",
					     "{\"schedules\":0,\"outcomes\":[]}",
					     "{\"schedules\":5}",
					     "{\"schedules\":\"5\",\"outcomes\":[]}",
					     "{\"schedules\":5,\"outcomes\":{}}" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_t *json = json_loads(texts[i], 0, NULL);
		struct explored e;

		CHECK_AT(texts[i], explored_from_json(json, &e) == -1);
		CHECK_NUMBER(e.schedules, 0);
		CHECK_NUMBER(e.guarantee.policies.nr, 0);
		json_decref(json);
	}
}

static void schedules_move_into_the_session(void)
{
	char *dir = scratch_make(), *from = xasprintf("%s/evidence", dir),
	     *session = xasprintf("%s/session", dir), *log = captured("abba"), *kept;
	struct err err = ERR_INIT;
	struct record record;

	parse(log, &record);
	record.run = 7;
	scratch_write(dir, "evidence/e.explore.1.sched", "one");
	scratch_write(dir, "evidence/e.explore.2.sched", "two");
	scratch_write(dir, "evidence/e.explore.3.sched", "three");
	free(record.findings.items[0].schedule);
	record.findings.items[0].schedule = xstrdup("e.explore.1.sched");
	VEC_PUSH(&record.findings)->schedule = xstrdup("e.explore.2.sched");
	free(record.explored.outcomes.items[0].schedule);
	record.explored.outcomes.items[0].schedule = NULL;
	free(record.explored.outcomes.items[1].schedule);
	record.explored.outcomes.items[1].schedule = xstrdup("e.explore.3.sched");
	CHECK_NUMBER(evidence_keep_schedules(from, session, "f-c-racy", &record, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_TEXT(record.findings.items[0].schedule, "schedules/f-c-racy-7-1.sched");
	CHECK_TEXT(record.findings.items[1].schedule, "schedules/f-c-racy-7-2.sched");
	CU_ASSERT_PTR_NULL(record.explored.outcomes.items[0].schedule);
	CHECK_TEXT(record.explored.outcomes.items[1].schedule, "schedules/f-c-racy-7-3.sched");
	kept = scratch_read(dir, "session/schedules/f-c-racy-7-3.sched");
	CHECK_TEXT(kept, "three");
	free(kept);
	record_release(&record);
	free(log);
	free(session);
	free(from);
	scratch_drop(dir);
}

void suite_explore_log(void)
{
	static const struct test_case cases[] = {
		{ "a whole log says what was found", a_whole_log_says_what_was_found },
		{ "races and outcomes are apart", races_and_outcomes_are_apart },
		{ "wherever it is cut it is not whole", wherever_it_is_cut_it_is_not_whole },
		{ "what is no JSON is tampered", what_is_no_json_is_tampered },
		{ "what was altered is tampered", what_was_altered_is_tampered },
		{ "what was not shown again is uncontrolled",
		  what_was_not_shown_again_is_uncontrolled },
		{ "what was only counted is not inconclusive",
		  what_was_only_counted_is_not_inconclusive },
		{ "a campaign of nothing is inconclusive", a_campaign_of_nothing_is_inconclusive },
		{ "processes are unsupported", processes_are_unsupported },
		{ "processes are the reason for what was not shown again",
		  processes_are_the_reason_for_what_was_not_shown_again },
		{ "what is not controlled is said", what_is_not_controlled_is_said },
		{ "a record keeps it all", a_record_keeps_it_all },
		{ "other JSON is no exploration", other_json_is_no_exploration },
		{ "schedules move into the session", schedules_move_into_the_session },
	};

	test_suite("explore_log", cases, ARRAY_SIZE(cases));
}
