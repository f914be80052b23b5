// What names on the command line stand for.
#include "base/fs.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static const char yaml[] =
	"title: T\nclass: deadlock\nseed: {file: a, section: b}\nwhy: w\nfix: f\nthreads: 2\n"
	"scale: {default: 1, small: 1}\ntimeout: 5 s\n"
	"outcomes:\n  - {result: ok, racy: acceptable, fixed: acceptable, meaning: m}\n"
	"expect:\n"
	"  racy: {native: detects, tsan: silent, tsan-gcc: silent, helgrind: silent, drd: silent}\n"
	"  fixed: {native: silent, tsan: silent, tsan-gcc: silent, helgrind: silent, drd: "
	"silent}\n";

static void add_case(const char *dir, const char *id)
{
	static const char *const names[] = { "racy.c", "fixed.c" };
	char *path = xasprintf("%s/case.yaml", id);

	scratch_write(dir, path, yaml);
	free(path);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		path = xasprintf("%s/%s", id, names[i]);
		scratch_write(dir, path, "int main(void) { return 0; }\n");
		free(path);
	}
}

static char *make_catalogue(void)
{
	char *dir = scratch_make();

	add_case(dir, "cases/locks/abba");
	add_case(dir, "cases/locks/leak");
	add_case(dir, "cases/queues/full");
	scratch_write(dir, "cases/README.md", "no case\n");
	scratch_write(dir, "cases/include/start.h", "");
	scratch_write(dir, "cases/locks/notes/readme", "no case either\n");
	add_case(dir, "elsewhere/fam/own");
	scratch_write(dir, "plain.c", "int main(void) { return 0; }\n");
	return dir;
}

struct fixture {
	char *dir;
	struct catalog catalog;
	struct target_list targets;
	struct err err;
};

static void begin(struct fixture *f)
{
	char *root;

	*f = (struct fixture){ .dir = make_catalogue() };
	root = xasprintf("%s/cases", f->dir);
	CU_ASSERT_EQUAL_FATAL(catalog_load(root, &f->catalog, &f->err), 0);
	free(root);
}

static void end(struct fixture *f)
{
	target_list_release(&f->targets);
	catalog_release(&f->catalog);
	scratch_drop(f->dir);
}

static int choose(struct fixture *f, const char *name)
{
	target_list_release(&f->targets);
	f->err = (struct err)ERR_INIT;
	return target_select(&f->catalog, &name, 1, &f->targets, &f->err);
}

// `name` stands for these targets, written "id id".
static void stands_for(struct fixture *f, const char *name, const char *ids)
{
	struct strbuf seen = STRBUF_INIT;
	int rc = choose(f, name);

	for (size_t i = 0; i < f->targets.nr; i++)
		strbuf_addf(&seen, "%s%s", i ? " " : "", f->targets.items[i].id);
	CHECK_TEXT_AT(name, rc ? f->err.text : seen.buf, ids);
	strbuf_release(&seen);
}

#define ABBA "locks/abba/racy locks/abba/fixed"
#define LEAK "locks/leak/racy locks/leak/fixed"
#define FULL "queues/full/racy queues/full/fixed"

static void every_case_is_found_and_sorted(void)
{
	struct fixture f;

	begin(&f);
	CU_ASSERT_EQUAL_FATAL(f.catalog.nr, 3);
	CHECK_NUMBER(f.catalog.broken.nr, 0);
	CHECK_TEXT(f.catalog.items[0]->id, "locks/abba");
	CHECK_TEXT(f.catalog.items[1]->id, "locks/leak");
	CHECK_TEXT(f.catalog.items[2]->id, "queues/full");
	CHECK_NUMBER(target_select(&f.catalog, NULL, 0, &f.targets, &f.err), 0);
	CHECK_NUMBER(f.targets.nr, 6);
	end(&f);
}

static void names_patterns_and_folders_select(void)
{
	static const char *const rows[][2] = {
		{ "locks/abba", ABBA },
		{ "abba", ABBA },
		{ "locks", ABBA " " LEAK },
		{ "locks/*", ABBA " " LEAK },
		{ "*/full", FULL },
		{ "?ull", FULL },
		{ "l*", ABBA " " LEAK },
		{ "[aq]*", ABBA " " FULL },
		{ "*", ABBA " " LEAK " " FULL },
		{ "locks/abba/racy", "locks/abba/racy" },
		{ "abba/fixed", "locks/abba/fixed" },
		{ "locks/racy", "locks/abba/racy locks/leak/racy" },
		{ "*/fixed", "locks/abba/fixed locks/leak/fixed queues/full/fixed" },
	};
	static const char *const folders[][2] = {
		{ "cases", ABBA " " LEAK " " FULL }, { "cases/locks", ABBA " " LEAK },
		{ "cases/locks/", ABBA " " LEAK },   { "cases/locks/abba", ABBA },
		{ "cases/locks/abba/", ABBA },       { "elsewhere", "fam/own/racy fam/own/fixed" },
	};
	struct fixture f;

	begin(&f);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		stands_for(&f, rows[i][0], rows[i][1]);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char *path = xasprintf("%s/%s", f.dir, folders[i][0]);

		stands_for(&f, path, folders[i][1]);
		free(path);
	}
	end(&f);
}

static void a_source_file_stands_for_itself(void)
{
	struct fixture f;
	char *path;

	begin(&f);
	path = xasprintf("%s/plain.c", f.dir);
	stands_for(&f, path, path);
	CHECK_TEXT(f.targets.items[0].source, path);
	CU_ASSERT_PTR_NULL(f.targets.items[0].tc);
	free(path);
	end(&f);
}

static void a_case_named_twice_is_one(void)
{
	static const char *const names[] = { "abba/fixed", "abba", "locks", "locks/abba" };
	struct fixture f;

	begin(&f);
	CHECK_NUMBER(target_select(&f.catalog, names, ARRAY_SIZE(names), &f.targets, &f.err), 0);
	CHECK_NUMBER(f.targets.nr, 4);
	end(&f);
}

static void a_file_named_twice_is_one(void)
{
	struct fixture f;
	char *a, *b;

	begin(&f);
	a = xasprintf("%s/plain.c", f.dir);
	b = xasprintf("%s/../%s/./plain.c", f.dir, fs_base(f.dir));
	const char *const names[] = { a, a, b };

	CHECK_NUMBER(target_select(&f.catalog, names, 3, &f.targets, &f.err), 0);
	CHECK_NUMBER(f.targets.nr, 1);
	free(a);
	free(b);
	end(&f);
}

static void what_stands_for_nothing_is_an_error(void)
{
	static const char *const rows[][2] = {
		{ "nosuch", "nosuch: no such case, folder or C file" },
		{ "nosuch/*", "no such case, folder or C file" },
		{ "nosuch/racy", "nosuch/racy: no such case, folder or C file" },
		{ "abba/broken", "no such case, folder or C file" },
		{ "missing.c", "missing.c: no such file" },
		{ "", "no such case" },
	};
	struct fixture f;
	char *empty;

	begin(&f);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CHECK_NUMBER(choose(&f, rows[i][0]), -1);
		CHECK_NUMBER(f.err.class, ERR_INPUT);
		CHECK_HAS(f.err.text, rows[i][1]);
	}
	empty = xasprintf("%s/cases/include", f.dir);
	CHECK_NUMBER(choose(&f, empty), -1);
	CHECK_HAS(f.err.text, "contains no case");
	free(empty);
	end(&f);
}

static void a_broken_case_stops_only_those_who_want_it(void)
{
	struct fixture f;
	char *root, *folder;

	begin(&f);
	catalog_release(&f.catalog);
	scratch_write(f.dir, "cases/locks/leak/case.yaml", "title: T\nclas: x\n");
	root = xasprintf("%s/cases", f.dir);
	folder = xasprintf("%s/cases/locks/leak/", f.dir);
	CU_ASSERT_EQUAL_FATAL(catalog_load(root, &f.catalog, &f.err), 0);
	CHECK_NUMBER(f.catalog.nr, 2);
	CU_ASSERT_EQUAL_FATAL(f.catalog.broken.nr, 1);
	stands_for(&f, "abba", ABBA);
	stands_for(&f, "queues", FULL);
	const char *const wanting[] = { "leak", "locks/leak", "locks",     "locks/*",
					"*",    folder,       "leak/racy", "*/fixed" };

	for (size_t i = 0; i < ARRAY_SIZE(wanting); i++) {
		CHECK_NUMBER(choose(&f, wanting[i]), -1);
		CHECK_NUMBER(f.err.class, ERR_INPUT);
		CHECK_HAS(f.err.text, "leak/case.yaml:2:1: unknown key 'clas'");
	}
	CHECK_NUMBER(target_select(&f.catalog, NULL, 0, &f.targets, &f.err), -1);
	free(root);
	free(folder);
	end(&f);
}

// A folder that holds a broken case must not pass for one without it.
static void a_broken_case_below_a_folder_is_not_passed_over(void)
{
	struct fixture f;
	char *root;

	begin(&f);
	catalog_release(&f.catalog);
	scratch_write(f.dir, "cases/locks/leak/case.yaml", "title: T\nclas: x\n");
	root = xasprintf("%s/cases", f.dir);
	CU_ASSERT_EQUAL_FATAL(catalog_load(root, &f.catalog, &f.err), 0);
	const char *const names[] = { "cases", "cases/locks" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = xasprintf("%s/%s", f.dir, names[i]);

		CHECK_AT(names[i], choose(&f, path) == -1);
		CHECK_HAS(f.err.text, "unknown key 'clas'");
		free(path);
	}
	CHECK_NUMBER(choose(&f, "l*"), -1); // the family by pattern
	free(root);
	end(&f);
}

static void a_case_without_its_yaml_is_broken_and_not_overlooked(void)
{
	struct fixture f;
	char *root, *gone;

	begin(&f);
	catalog_release(&f.catalog);
	gone = xasprintf("%s/cases/locks/leak/case.yaml", f.dir);
	CHECK_NUMBER(fs_remove_tree(gone), 0);
	root = xasprintf("%s/cases", f.dir);
	CU_ASSERT_EQUAL_FATAL(catalog_load(root, &f.catalog, &f.err), 0);
	CHECK_NUMBER(f.catalog.broken.nr, 1);
	free(gone);
	free(root);
	end(&f);
}

static void folders_with_brackets_in_their_name_are_folders(void)
{
	char *dir = scratch_make(), *root = xasprintf("%s/a [b]*/cases", dir);
	struct catalog catalog = { 0 };
	struct err err = ERR_INIT;

	add_case(dir, "a [b]*/cases/locks/abba");
	CHECK_NUMBER(catalog_load(root, &catalog, &err), 0);
	CHECK_NUMBER(catalog.nr, 1);
	catalog_release(&catalog);
	free(root);
	scratch_drop(dir);
}

static void a_catalogue_that_is_not_there_is_an_error(void)
{
	struct catalog catalog = { 0 };
	struct err err = ERR_INIT;

	CHECK_NUMBER(catalog_load("/nowhere/cases", &catalog, &err), -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, "/nowhere/cases: no such folder");
}

static void a_program_keeps_its_words(void)
{
	static const char *const argv[] = { "./a.out", "x", NULL };
	struct target_list targets = { 0 };

	target_add_program(&targets, argv);
	CHECK_TEXT(targets.items[0].id, "./a.out");
	CU_ASSERT_PTR_EQUAL(targets.items[0].argv, argv);
	CU_ASSERT_PTR_NULL(targets.items[0].source);
	target_list_release(&targets);
}

void suite_catalog(void)
{
	static const struct test_case cases[] = {
		{ "every case is found and sorted", every_case_is_found_and_sorted },
		{ "names, patterns and folders select", names_patterns_and_folders_select },
		{ "a source file stands for itself", a_source_file_stands_for_itself },
		{ "a case named twice is one", a_case_named_twice_is_one },
		{ "a file named twice is one", a_file_named_twice_is_one },
		{ "what stands for nothing is an error", what_stands_for_nothing_is_an_error },
		{ "a broken case stops only those who want it",
		  a_broken_case_stops_only_those_who_want_it },
		{ "a broken case below a folder is not passed over",
		  a_broken_case_below_a_folder_is_not_passed_over },
		{ "a case without its yaml is broken and not overlooked",
		  a_case_without_its_yaml_is_broken_and_not_overlooked },
		{ "folders with brackets in their name are folders",
		  folders_with_brackets_in_their_name_are_folders },
		{ "a catalogue that is not there is an error",
		  a_catalogue_that_is_not_there_is_an_error },
		{ "a program keeps its words", a_program_keeps_its_words },
	};

	test_suite("catalog", cases, ARRAY_SIZE(cases));
}
