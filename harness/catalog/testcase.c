#include "catalog/testcase.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "catalog/case_file.h"
#include "catalog/yaml_file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// What a correct tool may say of a racy variant of each class, unless the case says otherwise.
static const kind_set class_kinds[CLASS_NR] = {
	[CLASS_DATA_RACE] = KIND_BIT(KIND_DATA_RACE),
	[CLASS_DEADLOCK] = KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG),
	[CLASS_LOST_WAKEUP] =
		KIND_BIT(KIND_LOST_WAKEUP) | KIND_BIT(KIND_DEADLOCK) | KIND_BIT(KIND_HANG),
};

// "10 s", "250 ms", "2 min"; -1 for any other text.
static int64_t parse_time(const char *text)
{
	char *unit;
	double value = strtod(text, &unit);

	while (isspace((unsigned char)*unit))
		unit++;
	int64_t factor = !strcmp(unit, "s")     ? NS_PER_S
			 : !strcmp(unit, "ms")  ? NS_PER_MS
			 : !strcmp(unit, "min") ? 60 * NS_PER_S
						: 0;

	double ns = value * (double)factor;

	return ns >= 1 && ns <= 3600.0 * (double)NS_PER_S ? (int64_t)ns : -1;
}

static void set_limitations(const struct case_file *file, struct testcase *tc)
{
	tc->reasons = xcalloc(file->nr_limitations, sizeof(*tc->reasons));
	tc->nr_reasons = file->nr_limitations;
	for (size_t i = 0; i < file->nr_limitations; i++) {
		const struct case_file_limitation *l = &file->limitations[i];

		tc->reasons[i] = xstrdup(l->reason);
		for (size_t k = 0; k < l->nr_tools; k++)
			tc->expect[l->variant][l->tools[k]] =
				(struct expectation){ .answer = l->limitation,
						      .reason = tc->reasons[i] };
	}
}

// What the file says, or the default of its class.
static kind_set kinds_of(const struct case_file *file)
{
	kind_set kinds = 0;

	if (!file->kinds)
		return class_kinds[file->class];
	for (size_t i = 0; i < file->nr_kinds; i++)
		kinds |= KIND_BIT(file->kinds[i]);
	return kinds;
}

static void copy_file(const struct case_file *file, struct testcase *tc)
{
	tc->title = xstrdup(file->title);
	tc->why = xstrdup(file->why);
	tc->fix = xstrdup(file->fix);
	tc->seed_file = xstrdup(file->seed.file);
	tc->seed_section = xstrdup(file->seed.section);
	tc->seed_relation = file->seed.relation;
	tc->seed_note = xstrdup(file->seed.note);
	tc->class = file->class;
	tc->kinds = kinds_of(file);
	tc->threads = file->threads;
	tc->processes = file->processes ? file->processes : 1;
	tc->scale_default = file->scale.native;
	tc->scale_small = file->scale.small;
	tc->scale_tsan = file->scale.tsan ? file->scale.tsan : file->scale.native;
	tc->scale_explore = file->scale.explore ? file->scale.explore : file->scale.small;
	tc->timeout_ns = parse_time(file->timeout);
	tc->outcomes = xcalloc(file->nr_outcomes, sizeof(*tc->outcomes));
	tc->nr_outcomes = file->nr_outcomes;
	for (size_t i = 0; i < file->nr_outcomes; i++) {
		tc->outcomes[i] = file->outcomes[i];
		tc->outcomes[i].result = xstrdup(file->outcomes[i].result);
		tc->outcomes[i].meaning = xstrdup(file->outcomes[i].meaning);
	}
	for (int t = 0; t < TOOL_NR; t++) {
		tc->expect[VARIANT_RACY][t].answer = file->expect.racy.tools[t];
		tc->expect[VARIANT_FIXED][t].answer = file->expect.fixed.tools[t];
	}
	set_limitations(file, tc);
	tc->tags = xcalloc(file->nr_tags, sizeof(*tc->tags));
	tc->nr_tags = file->nr_tags;
	for (size_t i = 0; i < file->nr_tags; i++)
		tc->tags[i] = xstrdup(file->tags[i]);
}

static int check_values(const char *path, const struct testcase *tc, struct err *err)
{
	bool acceptable = false;

	if (tc->threads < 1 || tc->threads > 256)
		return yaml_file_error_at(err, path, "threads", "threads: %u; expected 1 to 256",
					  tc->threads);
	if (tc->processes > 256)
		return yaml_file_error_at(err, path, "processes",
					  "processes: %u; expected 1 to 256", tc->processes);
	if (tc->scale_default < 1)
		return yaml_file_error_at(err, path, "scale.default",
					  "default: 0; expected at least 1");
	if (tc->scale_small < 1)
		return yaml_file_error_at(err, path, "scale.small",
					  "small: 0; expected at least 1");
	if (tc->timeout_ns < 0)
		return yaml_file_error_at(
			err, path, "timeout",
			"timeout: expected a number and a unit, as in '10 s' or '500 ms'");
	for (size_t i = 0; i < tc->nr_outcomes; i++) {
		acceptable |= tc->outcomes[i].fixed == GRADE_ACCEPTABLE;
		for (size_t k = 0; k < i; k++)
			if (!strcmp(tc->outcomes[i].result, tc->outcomes[k].result)) {
				char *where = xasprintf("outcomes[%zu].result", i);
				int rc = yaml_file_error_at(err, path, where,
							    "the result '%s' is listed twice",
							    tc->outcomes[i].result);

				free(where);
				return rc;
			}
	}
	if (!acceptable)
		return yaml_file_error_at(err, path, "outcomes",
					  "outcomes: none is acceptable for the fixed variant");
	return 0;
}

// Where the answer is given: in `expect` or in a limitation.
static char *place_of_answer(const struct case_file *file, enum variant v, enum tool_id t)
{
	for (size_t i = 0; i < file->nr_limitations; i++)
		for (size_t k = 0; k < file->limitations[i].nr_tools; k++)
			if (file->limitations[i].variant == v && file->limitations[i].tools[k] == t)
				return xasprintf("limitations[%zu]", i);
	return xasprintf("expect.%s.%s", variant_name(v), tool_name(t));
}

// What is wrong with the answer; NULL: nothing.
static const char *wrong_answer(enum variant v, enum tool_id t, enum answer answer)
{
	if (answer == ANSWER_NONE)
		return "is missing from both expect and limitations";
	if (v == VARIANT_FIXED && (answer == ANSWER_DETECTS || answer == ANSWER_DIVERGES))
		return "a fixed variant must be silent (or have the limitation false-alarm)";
	if (v == VARIANT_FIXED && answer == ANSWER_MISSES)
		return "a fixed variant has no bug to miss";
	if (v == VARIANT_FIXED && answer == ANSWER_SOMETIMES)
		return "a fixed variant has no bug to see sometimes; expected false-alarm "
		       "or unsupported";
	if (answer == ANSWER_DIVERGES && t != TOOL_NATIVE && t != TOOL_EXPLORE)
		return "only native and explore diverge; expected detects or silent";
	return NULL;
}

// A case need not say anything of the explorer; `check` does not ask it then.
static bool is_left_out(const struct testcase *tc, enum tool_id t)
{
	return t == TOOL_EXPLORE && tc->expect[VARIANT_RACY][t].answer == ANSWER_NONE &&
	       tc->expect[VARIANT_FIXED][t].answer == ANSWER_NONE;
}

static int check_answer(const char *path, const struct case_file *file, const struct testcase *tc,
			enum variant v, enum tool_id t, struct err *err)
{
	const char *wrong;
	char *where;
	int rc;

	if (is_left_out(tc, t))
		return 0;
	wrong = wrong_answer(v, t, tc->expect[v][t].answer);
	if (!wrong)
		return 0;
	where = place_of_answer(file, v, t);
	rc = yaml_file_error_at(err, path, where, "%s/%s: %s", variant_name(v), tool_name(t),
				wrong);
	free(where);
	return rc;
}

// Every (variant, tool) is listed once: in `expect` or in one limitation.
static int check_expectations(const char *path, const struct case_file *file,
			      const struct testcase *tc, struct err *err)
{
	bool seen[VARIANT_NR][TOOL_NR];

	for (int t = 0; t < TOOL_NR; t++) {
		seen[VARIANT_RACY][t] = file->expect.racy.tools[t] != ANSWER_NONE;
		seen[VARIANT_FIXED][t] = file->expect.fixed.tools[t] != ANSWER_NONE;
	}
	for (size_t i = 0; i < file->nr_limitations; i++)
		for (size_t k = 0; k < file->limitations[i].nr_tools; k++) {
			const struct case_file_limitation *l = &file->limitations[i];

			if (seen[l->variant][l->tools[k]]) {
				char *where = xasprintf("limitations[%zu].tools[%zu]", i, k);
				int rc = yaml_file_error_at(
					err, path, where,
					"%s/%s is listed twice: expectation and "
					"limitation, or two limitations",
					variant_name(l->variant), tool_name(l->tools[k]));

				free(where);
				return rc;
			}
			seen[l->variant][l->tools[k]] = true;
		}
	for (int v = 0; v < VARIANT_NR; v++)
		for (int t = 0; t < TOOL_NR; t++)
			if (check_answer(path, file, tc, v, t, err))
				return -1;
	return 0;
}

// "cases/family/case" gives the id "family/case"; one folder alone gives its own name twice
// removed.
static void set_names(const char *dir, struct testcase *tc)
{
	size_t len = strlen(dir);

	while (len > 1 && dir[len - 1] == '/')
		len--;
	tc->dir = xstrndup(dir, len);
	char *full = realpath(tc->dir, NULL);
	char *slash = full ? strrchr(full, '/') : NULL;

	while (slash && slash > full && slash[-1] != '/')
		slash--;
	tc->id = xstrdup(slash ? slash : tc->dir);
	tc->family = xstrndup(tc->id, strcspn(tc->id, "/"));
	free(full);
}

static int check_sources(const char *path, struct testcase *tc, struct err *err)
{
	for (int v = 0; v < VARIANT_NR; v++) {
		struct race_marks marks = { 0 };
		char *source = testcase_source(tc, v);
		int rc = race_marks_load(source, &marks, err);

		if (!rc && v == VARIANT_FIXED && marks.nr)
			rc = err_input(err, "%s:%d:1: a fixed variant must have no RACE mark",
				       source, marks.items[0].line);
		if (!rc && v == VARIANT_RACY && (tc->kinds & KIND_BIT(KIND_DATA_RACE)) && !marks.nr)
			rc = err_input(err,
				       "%s:1:1: no line is marked `// RACE: object`, but %s says "
				       "data-race",
				       source, path);
		if (v == VARIANT_RACY)
			tc->marks = marks;
		else
			race_marks_release(&marks);
		free(source);
		if (rc)
			return -1;
	}
	return 0;
}

int testcase_load(const char *dir, struct testcase *tc, struct err *err)
{
	char *path = xasprintf("%s/case.yaml", dir);
	void *image = NULL;
	int rc = yaml_file_load(path, &case_file_schema, &image, err);

	*tc = (struct testcase){ 0 };
	if (!rc) {
		struct case_file *file = image;

		set_names(dir, tc);
		copy_file(file, tc);
		rc = check_values(path, tc, err);
		if (!rc)
			rc = check_expectations(path, file, tc, err);
		if (!rc)
			rc = check_sources(path, tc, err);
		yaml_file_free(&case_file_schema, image);
	}
	if (rc)
		testcase_release(tc);
	free(path);
	return rc;
}

static void free_texts(char **texts, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(texts[i]);
	free(texts);
}

void testcase_release(struct testcase *tc)
{
	free(tc->id);
	free(tc->family);
	free(tc->dir);
	free(tc->title);
	free(tc->why);
	free(tc->fix);
	free(tc->seed_file);
	free(tc->seed_section);
	free(tc->seed_note);
	for (size_t i = 0; i < tc->nr_outcomes; i++) {
		free(tc->outcomes[i].result);
		free(tc->outcomes[i].meaning);
	}
	free(tc->outcomes);
	free_texts(tc->reasons, tc->nr_reasons);
	free_texts(tc->tags, tc->nr_tags);
	race_marks_release(&tc->marks);
	*tc = (struct testcase){ 0 };
}

char *testcase_source(const struct testcase *tc, enum variant variant)
{
	return xasprintf("%s/%s.c", tc->dir, variant_name(variant));
}
