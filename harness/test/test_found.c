// How many schedules of a campaign showed a finding: each counts once, however much it shows.
#include "base/fs.h"
#include "base/mem.h"
#include "detect/detect.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

// The captured campaign has one deadlock, in 61 schedules; `said` is what its end says.
static uint64_t found(const char *said)
{
	struct record record = { .tool = TOOL_EXPLORE };
	struct strbuf log = STRBUF_INIT;
	struct err err = ERR_INIT;
	uint64_t nr;
	char *text;

	CHECK_NUMBER(fs_read(test_fixture("explore_log/abba.log"), 0, &log, &err), 0);
	text = text_replace(log.buf, "\"end\":{", said);
	CHECK_NUMBER(explore_log_parse(text, strlen(text), &record), EVIDENCE_WHOLE);
	nr = record.explored.found;
	record_release(&record);
	strbuf_release(&log);
	free(text);
	return nr;
}

static void a_log_says_it_and_no_less_than_its_findings(void)
{
	CHECK_NUMBER(found("\"end\":{\"found\":70,"), 70);
	CHECK_NUMBER(found("\"end\":{\"found\":3,"), 61);
	CHECK_NUMBER(found("\"end\":{"), 61);
}

void suite_found(void)
{
	static const struct test_case cases[] = {
		{ "a log says it, and no less than its findings",
		  a_log_says_it_and_no_less_than_its_findings },
	};

	test_suite("found", cases, ARRAY_SIZE(cases));
}
