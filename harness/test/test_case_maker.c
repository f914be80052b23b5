#include "test/case_maker.h"

#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

const char base_yaml[] = "title: Two writers\n"                // 1
			 "class: data-race\n"                  // 2
			 "seed: {file: a.txt, section: One}\n" // 3
			 "why: >\n"                            // 4
			 "  Nothing keeps them apart.\n"       // 5
			 "fix: A mutex.\n"                     // 6
			 "threads: 2\n"                        // 7
			 "scale: {default: 100, small: 3}\n"   // 8
			 "timeout: 5 s\n"                      // 9
			 "outcomes:\n"                         // 10
			 "  - {result: \"sum 0\", racy: acceptable, fixed: acceptable, "
			 "meaning: right}\n" // 11
			 "  - {result: \"sum *\", racy: interesting, fixed: forbidden, "
			 "meaning: lost}\n" // 12
			 "expect:\n"        // 13
			 "  racy: {native: diverges, tsan: detects, tsan-gcc: detects, "
			 "helgrind: detects}\n" // 14
			 "  fixed: {native: silent, tsan: silent, tsan-gcc: silent, "
			 "helgrind: silent, drd: silent}\n" // 15
			 "limitations:\n"                   // 16
			 "  - variant: racy\n"              // 17
			 "    tools: [drd]\n"               // 18
			 "    limitation: misses\n"         // 19
			 "    reason: It cannot see it.\n"  // 20
			 "tags: [mutex, counter]\n";        // 21

static const char base_racy[] = "int sum;\nint main(void)\n{\n\tsum++; // RACE: sum\n}\n";
static const char base_fixed[] = "int main(void)\n{\n\treturn 0;\n}\n";

char *case_make(const char *yaml)
{
	char *dir = scratch_make();

	scratch_write(dir, "fam/one/case.yaml", yaml);
	scratch_write(dir, "fam/one/racy.c", base_racy);
	scratch_write(dir, "fam/one/fixed.c", base_fixed);
	return dir;
}

int case_load(const char *dir, struct testcase *tc, struct err *err)
{
	char *path = xasprintf("%s/fam/one", dir);
	int rc = testcase_load(path, tc, err);

	free(path);
	return rc;
}

void refused_in(const char *dir, const char *file, const char *place, const char *says)
{
	struct err err = ERR_INIT;
	struct testcase tc;
	char *start = xasprintf("%s/fam/one/%s:%s: ", dir, file, place);
	char *seen;

	if (!case_load(dir, &tc, &err)) {
		CHECK_AT(says, !"it was accepted");
		testcase_release(&tc);
	}
	CHECK_NUMBER(err.class, ERR_INPUT);
	seen = xstrndup(err.text, strlen(start));
	CHECK_TEXT_AT(err.text, seen, start);
	CHECK_HAS(err.text, says);
	free(seen);
	free(start);
}

void refused(const char *yaml, const char *place, const char *says)
{
	char *dir = case_make(yaml);

	refused_in(dir, "case.yaml", place, says);
	scratch_drop(dir);
}

void broken(const char *from, const char *to, const char *place, const char *says)
{
	char *yaml = text_replace(base_yaml, from, to);

	refused(yaml, place, says);
	free(yaml);
}
