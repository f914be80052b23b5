#include "base/mem.h"
#include "catalog/marks.h"
#include "test/support.h"

#include <stdlib.h>

static int load(const char *text, struct race_marks *marks, struct err *err)
{
	char *dir = scratch_make(), *path = xasprintf("%s/a.c", dir);
	int rc;

	scratch_write(dir, "a.c", text);
	rc = race_marks_load(path, marks, err);
	free(path);
	scratch_drop(dir);
	return rc;
}

static void marks_have_the_line_and_the_object(void)
{
	struct race_marks marks = { 0 };
	struct err err = ERR_INIT;

	CHECK_NUMBER(load("int a;\n\ta++; // RACE: a\n\n x->b = 1; // RACE:   x->b  \t\r\nlast; // "
			  "RACE: c",
			  &marks, &err),
		     0);
	CU_ASSERT_EQUAL_FATAL(marks.nr, 3);
	CHECK_NUMBER(marks.items[0].line, 2);
	CHECK_TEXT(marks.items[0].object, "a");
	CHECK_NUMBER(marks.items[1].line, 4);
	CHECK_TEXT(marks.items[1].object, "x->b");
	CHECK_NUMBER(marks.items[2].line, 5);
	CHECK_TEXT(race_marks_find(&marks, 4)->object, "x->b");
	CU_ASSERT_PTR_NULL(race_marks_find(&marks, 3));
	CU_ASSERT_PTR_NULL(race_marks_find(&marks, 0));
	race_marks_release(&marks);
	CHECK_NUMBER(marks.nr, 0);
}

static void other_comments_are_no_marks(void)
{
	struct race_marks marks = { 0 };
	struct err err = ERR_INIT;

	CHECK_NUMBER(load("// RACES: a\n/* RACE: b */\n// race: c\nint RACE;\n", &marks, &err), 0);
	CHECK_NUMBER(marks.nr, 0);
	race_marks_release(&marks);
}

static void a_mark_without_an_object_is_told_at_its_place(void)
{
	struct race_marks marks = { 0 };
	struct err err = ERR_INIT;

	CHECK_NUMBER(load("int a;\n  a++; // RACE:  \n", &marks, &err), -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, "a.c:2:8: ");
	CHECK_HAS(err.text, "expected `// RACE: object`");
	race_marks_release(&marks);
}

static void a_file_that_is_not_there_is_an_error(void)
{
	struct race_marks marks = { 0 };
	struct err err = ERR_INIT;

	CHECK_NUMBER(race_marks_load("/nowhere/a.c", &marks, &err), -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, "/nowhere/a.c:1:1: cannot open: No such file");
}

void suite_marks(void)
{
	static const struct test_case cases[] = {
		{ "marks have the line and the object", marks_have_the_line_and_the_object },
		{ "other comments are no marks", other_comments_are_no_marks },
		{ "a mark without an object is told at its place",
		  a_mark_without_an_object_is_told_at_its_place },
		{ "a file that is not there is an error", a_file_that_is_not_there_is_an_error },
	};

	test_suite("marks", cases, ARRAY_SIZE(cases));
}
