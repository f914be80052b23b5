/*
 * Mistakes that a case.yaml makes as a file, whatever its keys mean: each must
 * be told with file:line:column of the right place and with what is expected there.
 */
#include "base/mem.h"
#include "base/strbuf.h"
#include "test/case_maker.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void broken_yaml_is_told_at_its_place(void)
{
	broken("class: data-race", "class: [data-race", "3:5", "not valid YAML");
	broken("threads: 2", "threads: 2\n\tscale: 3", "8:1", "not valid YAML");
	broken("seed: {file: a.txt, section: One}", "seed: {file: a.txt", "4:4", "not valid YAML");
	broken("title: Two writers", "title: \"Two writers", "11:15", "not valid YAML");
	broken("fix: A mutex.", "fix: A mutex: two.", "6:13", "not valid YAML");
	broken("tags: [mutex", "tags: [*mutex", "21:8", "not valid YAML");
}

static void empty_and_odd_files_are_refused(void)
{
	refused("", "1:1", "is empty");
	refused("# only words\n", "1:1", "is empty");
	refused("just a text\n", "1:1", "expected keys with values");
	refused("- a\n- b\n", "1:1", "expected keys with values");
	refused("{}\n", "1:1", "missing key 'title'");
	refused("\x7f"
		"ELF\x02\x01\x01",
		"1:1", "not valid YAML");
}

static void bytes_that_are_no_text_are_told_at_their_place(void)
{
	broken("fix: A mutex.", "fix: A \xff mutex.", "6:8", "not valid YAML");
	broken("fix: A mutex.", "fix: A \x01 mutex.", "6:8", "not valid YAML");
}

static void unknown_keys_are_told_with_the_known_ones(void)
{
	broken("title:", "titel:", "1:1",
	       "unknown key 'titel' in the file; expected one of: title, class");
	broken("threads: 2", "threads: 2\nthreds: 3", "8:1", "unknown key 'threds'");
	broken("section: One", "chapter: One", "3:21",
	       "unknown key 'chapter' in seed; expected one of: file, section");
	broken("small: 3", "tiny: 3", "8:23", "expected one of: default, small, tsan");
	broken("meaning: lost", "means: lost", "12:60",
	       "expected one of: result, racy, fixed, meaning");
	broken("helgrind: detects", "hellgrind: detects", "14:62",
	       "unknown key 'hellgrind' in racy; expected one of: native, tsan, tsan-gcc, "
	       "helgrind, drd");
	broken("  fixed: {native", "  mended: {native", "15:3", "expected one of: racy, fixed");
	broken("    reason:", "    because:", "20:5",
	       "expected one of: variant, tools, limitation, reason");
}

static void wrong_words_are_told_with_the_right_ones(void)
{
	broken("class: data-race", "class: data-rice", "2:8",
	       "class: invalid value 'data-rice'; expected one of: data-race, atomicity");
	broken("class: data-race", "class: Data-Race", "2:8", "expected one of");
	broken("racy: interesting", "racy: intresting", "12:29",
	       "expected one of: acceptable, interesting, forbidden");
	broken("native: diverges", "native: diverge", "14:18",
	       "expected one of: detects, diverges, silent");
	broken("native: diverges", "native: misses", "14:18",
	       "expected one of: detects, diverges, silent");
	broken("tools: [drd]", "tools: [drrd]", "18:13",
	       "expected one of: native, tsan, tsan-gcc, helgrind, drd");
	broken("variant: racy", "variant: rasy", "17:14", "expected one of: racy, fixed");
	broken("limitation: misses", "limitation: detects", "19:17",
	       "expected one of: misses, false-alarm, unsupported, sometimes");
	broken("seed:", "kinds: [data-race, data-rice]\nseed:", "3:20",
	       "expected one of: data-race, lock-order");
}

static void keys_that_stand_twice_are_told_at_the_second(void)
{
	broken("threads: 2", "threads: 2\nthreads: 3", "8:1", "'threads' is listed twice");
	broken("small: 3", "small: 3, small: 4", "8:33", "'small' is listed twice in scale");
	broken("native: diverges", "native: diverges, native: silent", "14:28",
	       "'native' is listed twice");
}

static void missing_keys_are_told_where_they_are_missing(void)
{
	static const char *const lines[] = {
		"title: Two writers\n",
		"class: data-race\n",
		"fix: A mutex.\n",
		"threads: 2\n",
		"scale: {default: 100, small: 3}\n",
		"timeout: 5 s\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char *key = xstrndup(lines[i], strcspn(lines[i], ":"));
		char *says = xasprintf("missing key '%s'", key);

		broken(lines[i], "", "1:1", says);
		free(key);
		free(says);
	}
	broken(", section: One", "", "3:7", "seed: missing key 'section'");
	broken("default: 100, ", "", "8:8", "scale: missing key 'default'");
	broken(", meaning: lost", "", "12:5", "outcomes[1]: missing key 'meaning'");
	broken("    reason: It cannot see it.\n", "", "17:5",
	       "limitations[0]: missing key 'reason'");
}

static void values_of_a_wrong_type_are_told(void)
{
	broken("threads: 2", "threads: two", "7:10", "'two' is not an integer");
	broken("threads: 2", "threads: 2.5", "7:10", "is not an integer");
	broken("threads: 2", "threads: [2]", "7:10", "expected a single value");
	broken("threads: 2", "threads:", "7:9", "is not an integer");
	broken("title: Two writers", "title: {a: b}", "1:8", "expected a single value");
	broken("seed: {file: a.txt, section: One}", "seed: a.txt", "3:7",
	       "expected keys with values");
	broken("tags: [mutex, counter]", "tags: mutex", "21:7", "expected a list");
	broken("tags: [mutex, counter]", "tags: [mutex, [counter]]", "21:15",
	       "expected a single value");
	broken("tools: [drd]", "tools: drd", "18:12", "expected a list");
	broken("tools: [drd]", "tools: []", "18:12", "expected at least 1");
	broken("fix: A mutex.", "fix: \"\"", "6:6", "is empty");
	broken("fix: A mutex.", "fix:", "6:5", "is empty");
	broken("racy: interesting", "racy: [interesting]", "12:29", "expected a single value");
}

static void numbers_out_of_range_are_told(void)
{
	broken("threads: 2", "threads: -1", "7:10", "out of range");
	broken("threads: 2", "threads: 0", "7:10", "expected 1 to 256");
	broken("threads: 2", "threads: 257", "7:10", "expected 1 to 256");
	broken("threads: 2", "threads: 99999999999999999999", "7:10", "out of range");
	broken("default: 100", "default: 4294967296", "8:18", "out of range");
	broken("default: 100", "default: 0", "8:18", "expected at least 1");
	broken("small: 3", "small: 0", "8:30", "expected at least 1");
	broken("threads: 2", "threads: 2\nprocesses: 4000", "8:12", "expected");
}

static void bad_times_are_told(void)
{
	static const char *const bad[] = { "5",     "s",     "5 h",    "-5 s",  "0 s",
					   "nan s", "inf s", "61 min", "5 s s", "soon" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char *line = xasprintf("timeout: %s", bad[i]);

		broken("timeout: 5 s", line, "9:10", "expected a number and a unit");
		free(line);
	}
}

// base_yaml with `nr` times `open` in place of its tags.
static char *nested(const char *before, const char *open, int nr)
{
	struct strbuf tags = STRBUF_INIT;
	char *yaml;

	strbuf_addstr(&tags, before);
	for (int i = 0; i < nr; i++)
		strbuf_addstr(&tags, open);
	yaml = text_replace(base_yaml, "tags: [mutex, counter]", tags.buf);
	strbuf_release(&tags);
	return yaml;
}

// The file is the first level. libyaml takes minutes for the last of these.
static void deep_nesting_is_refused_at_once(void)
{
	static const struct {
		const char *before, *open;
		int nr;
		const char *place, *says;
	} rows[] = {
		{ "tags: ", "[", 31, "22:1", "not valid YAML" }, // nothing closes them
		{ "tags: ", "[", 32, "21:38", "nested deeper than 32 levels" },
		{ "tags: ", "{a: ", 32, "21:131", "nested deeper than 32 levels" },
		{ "tags:\n ", " -", 32, "22:65", "nested deeper than 32 levels" },
		{ "tags: ", "[", 200000, "21:38", "nested deeper than 32 levels" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *yaml = nested(rows[i].before, rows[i].open, rows[i].nr);

		refused(yaml, rows[i].place, rows[i].says);
		free(yaml);
	}
}

// Blank lines up to the limit are borne; the first byte behind it is told.
static void a_long_file_is_refused_at_the_limit(void)
{
	enum { MOST = 256 * 1024 };
	struct strbuf yaml = STRBUF_INIT;
	struct err err = ERR_INIT;
	char *dir, *place;
	struct testcase tc;
	size_t line = 1;

	strbuf_addstr(&yaml, base_yaml);
	while (yaml.len < MOST - strlen("# end"))
		strbuf_addch(&yaml, '\n');
	strbuf_addstr(&yaml, "# end");
	dir = case_make(yaml.buf);
	CU_ASSERT_EQUAL_FATAL(case_load(dir, &tc, &err), 0);
	testcase_release(&tc);
	scratch_drop(dir);
	strbuf_addch(&yaml, '!');
	for (size_t i = 0; i < yaml.len; i++)
		line += yaml.buf[i] == '\n';
	place = xasprintf("%zu:6", line);
	refused(yaml.buf, place, "the file is longer than 256 KiB");
	free(place);
	strbuf_release(&yaml);
}

static void says_it_without_control_characters(const char *from, const char *to)
{
	char *yaml = text_replace(base_yaml, from, to), *dir = case_make(yaml);
	struct err err = ERR_INIT;
	struct testcase tc;

	CU_ASSERT_EQUAL(case_load(dir, &tc, &err), -1);
	CHECK_HAS(err.text, "[31m");
	CHECK_AT(err.text, !strchr(err.text, '\033'));
	free(yaml);
	scratch_drop(dir);
}

static void messages_hold_no_control_characters(void)
{
	says_it_without_control_characters("class: data-race", "class: \"\\e[31mred\"");
	says_it_without_control_characters("title:", "\"\\e[31mtitle\":");
	says_it_without_control_characters(
		"outcomes:\n",
		"outcomes:\n"
		"  - {result: \"\\e[31m\", racy: acceptable, fixed: acceptable, meaning: x}\n"
		"  - {result: \"\\e[31m\", racy: acceptable, fixed: acceptable, meaning: x}\n");
}

void suite_yaml_file(void)
{
	static const struct test_case cases[] = {
		{ "broken YAML is told at its place", broken_yaml_is_told_at_its_place },
		{ "empty and odd files are refused", empty_and_odd_files_are_refused },
		{ "bytes that are no text are told at their place",
		  bytes_that_are_no_text_are_told_at_their_place },
		{ "unknown keys are told with the known ones",
		  unknown_keys_are_told_with_the_known_ones },
		{ "wrong words are told with the right ones",
		  wrong_words_are_told_with_the_right_ones },
		{ "keys that stand twice are told at the second",
		  keys_that_stand_twice_are_told_at_the_second },
		{ "missing keys are told where they are missing",
		  missing_keys_are_told_where_they_are_missing },
		{ "values of a wrong type are told", values_of_a_wrong_type_are_told },
		{ "numbers out of range are told", numbers_out_of_range_are_told },
		{ "bad times are told", bad_times_are_told },
		{ "deep nesting is refused at once", deep_nesting_is_refused_at_once },
		{ "a long file is refused at the limit", a_long_file_is_refused_at_the_limit },
		{ "messages hold no control characters", messages_hold_no_control_characters },
	};

	test_suite("yaml_file", cases, ARRAY_SIZE(cases));
}
