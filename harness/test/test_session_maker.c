#include "base/mem.h"
#include "run/store.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char session_format[] =
	"{\"schema\":\"racegate-session/1\",\"racegate\":\"0\",\"status\":\"%s\","
	"\"started\":\"2026-01-01T00:00:00+0000\",\"ended\":null,\"host\":\"h\",\"kernel\":"
	"\"Linux\","
	"\"cpus\":2,\"containment\":\"T0\",\"seed\":\"0x10\",\"options\":{},"
	"\"tools\":[{\"tool\":\"native\",\"state\":\"ready\",\"version\":\"gcc\",\"reason\":null},"
	"{\"tool\":\"tsan\",\"state\":\"ready\",\"version\":\"clang\",\"reason\":null}],"
	"\"targets\":["
	"{\"id\":\"c/one/racy\",\"kind\":\"case\",\"case\":\"c/one\",\"variant\":\"racy\","
	"\"tools\":[\"native\",\"tsan\"],\"builds\":[]},"
	"{\"id\":\"c/one/fixed\",\"kind\":\"case\",\"case\":\"c/one\",\"variant\":\"fixed\","
	"\"tools\":[\"native\",\"tsan\"],\"builds\":[]},"
	"{\"id\":\"own.c\",\"kind\":\"source\",\"source\":\"own.c\","
	"\"tools\":[\"native\",\"tsan\"],\"builds\":[]}]}\n";

static const char case_yaml[] =
	"title: One counter and two writers that take no lock, in a title of more than a line\n"
	"class: data-race\nseed: {file: a, section: b}\nwhy: w\nfix: f\nthreads: 2\n"
	"scale: {default: 1, small: 1}\ntimeout: 5 s\noutcomes:\n"
	"  - {result: \"sum 0\", racy: acceptable, fixed: acceptable, meaning: right}\n"
	"  - {result: \"sum *\", racy: interesting, fixed: forbidden, meaning: lost}\n"
	"  - {result: \"never\", racy: interesting, fixed: forbidden, meaning: not seen}\n"
	"expect:\n"
	"  racy: {native: diverges, tsan: detects, tsan-gcc: detects, helgrind: detects, drd: "
	"detects}\n"
	"  fixed: {native: silent, tsan: silent, tsan-gcc: silent, helgrind: silent, drd: "
	"silent}\n";

void session_make(const char *dir, const char *status)
{
	char *text = xasprintf(session_format, status);

	scratch_write(dir, "session.json", text);
	scratch_write(dir, "runs.jsonl", "");
	scratch_write(dir, "cases/c/one/case.yaml", case_yaml);
	scratch_write(dir, "cases/c/one/racy.c", "int sum; // RACE: sum\n");
	scratch_write(dir, "cases/c/one/fixed.c", "int sum;\n");
	free(text);
}

void session_add_text(const char *dir, const char *text)
{
	char *path = xasprintf("%s/runs.jsonl", dir);
	FILE *file = fopen(path, "ae");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

void session_close(const char *dir)
{
	char *path = xasprintf("%s/session.json", dir), *runs = scratch_read(dir, "runs.jsonl");
	json_t *json = json_load_file(path, 0, NULL);
	struct runs_seal seal;

	runs_seal_begin(&seal, 7);
	for (char *p = runs, *end; *p; p = end) {
		end = strchr(p, '\n') ? strchr(p, '\n') + 1 : p + strlen(p);
		runs_seal_add(&seal, p, (size_t)(end - p));
	}
	json_object_set_new(json, "runs", runs_seal_to_json(&seal));
	CU_ASSERT_EQUAL(json_dump_file(json, path, JSON_INDENT(1) | JSON_PRESERVE_ORDER), 0);
	json_decref(json);
	free(runs);
	free(path);
}

void session_add(const char *dir, const struct record *record)
{
	json_t *json = record_to_json(record);
	char *text = runs_seal_line(json);

	session_add_text(dir, text);
	free(text);
	json_decref(json);
}

struct record session_run_of(uint64_t run, const char *target, enum tool_id tool, const char *out)
{
	return (struct record){
		.run = run,
		.target = xstrdup(target),
		.tool = tool,
		.build = xstrdup("O1"),
		.seed = run * 3,
		.out = xstrdup(out),
		.how = ENDING_EXIT,
		.alive = 2,
		.wall_ns = 1000000,
		.evidence = tool == TOOL_NATIVE ? EVIDENCE_NONE : EVIDENCE_WHOLE,
	};
}

struct finding *session_add_race(struct record *record, const char *f, int a, const char *g, int b)
{
	struct finding *finding = VEC_PUSH(&record->findings);

	finding->kind = KIND_DATA_RACE;
	finding->words = xstrdup("data race");
	stack_add(&finding_add_access(finding, OP_WRITE)->stack, f, "cases/c/one/racy.c", a, 0,
		  "racy");
	if (g)
		stack_add(&finding_add_access(finding, OP_READ)->stack, g, "cases/c/one/racy.c", b,
			  0, "racy");
	return finding;
}

void session_add_run(const char *dir, uint64_t run, const char *target, enum tool_id tool,
		     const char *out, bool race)
{
	struct record record = session_run_of(run, target, tool, out);

	if (race)
		session_add_race(&record, "put", 1, "get", 1);
	session_add(dir, &record);
	record_release(&record);
}

char *session_make_mixed(const char *status)
{
	char *dir = scratch_make();

	session_make(dir, status);
	for (uint64_t i = 0; i < 10; i++) {
		session_add_run(dir, 10 * i + 1, "c/one/racy", TOOL_NATIVE,
				i < 7 ? "sum 0" : "sum 5", false);
		session_add_run(dir, 10 * i + 2, "c/one/racy", TOOL_TSAN, "sum 0", i != 3);
		session_add_run(dir, 10 * i + 3, "c/one/fixed", TOOL_NATIVE, "sum 0", false);
		session_add_run(dir, 10 * i + 4, "c/one/fixed", TOOL_TSAN, "sum 0", i == 8);
		session_add_run(dir, 10 * i + 5, "own.c", TOOL_NATIVE,
				i ? "a<b>&\"c\"" : "\\x1b[31m", false);
	}
	return dir;
}

void session_load(const char *dir, struct report *report)
{
	struct err err = ERR_INIT;

	session_close(dir);
	if (report_load(dir, NULL, report, &err))
		CU_FAIL_FATAL("the session cannot be loaded");
}
