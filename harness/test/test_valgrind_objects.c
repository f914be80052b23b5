// Frames of a report of valgrind, and what its addresses are called by the program's own symbols.
#include "base/mem.h"
#include "base/symbols.h"
#include "detect/valgrind_objects.h"
#include "test/findings.h"
#include "test/support.h"

#include <stdint.h>
#include <unistd.h>

static int jar = 5;

static __attribute__((noinline)) int take_sweet(void)
{
	return --jar;
}

// Longer than two pages; only the code of the third is on the second line.
static __attribute__((noinline)) void large_function(void)
{
	__asm__ volatile(".fill 8100, 1, 0x90");
	__asm__ volatile(".fill 3900, 1, 0x90");
}

// A report about this very program, as if valgrind had loaded it at `base`.
static char *own_report(uint64_t base, const char *exe, const char *func, int off)
{
	struct strbuf maps = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct stack stack = { 0 };
	GElf_Addr low = 0;
	char *report;
	Dwfl *dwfl;

	CU_ASSERT_EQUAL_FATAL(fs_read("/proc/self/maps", 0, &maps, &err), 0);
	dwfl = symbols_from_maps(maps.buf);
	symbols_add_frames(dwfl, (uintptr_t)take_sweet, &stack);
	dwfl_module_info(dwfl_addrmodule(dwfl, (uintptr_t)take_sweet), NULL, &low, NULL, NULL, NULL,
			 NULL, NULL);
	report =
		xasprintf("<error><kind>ConflictingAccess</kind>"
			  "<what>Conflicting store by thread 2 at 0x%lx size 4</what><stack><frame>"
			  "<ip>0x%lx</ip><obj>%s</obj><fn>%s</fn><dir>d</dir>"
			  "<file>f.c</file><line>%d</line></frame></stack>"
			  "<auxwhat>Allocation context: BSS section of x</auxwhat></error>",
			  (unsigned long)((uintptr_t)&jar - low + base),
			  (unsigned long)((uintptr_t)take_sweet - low + base), exe, func,
			  stack.items[0].line + off);
	stack_release(&stack);
	strbuf_release(&maps);
	dwfl_end(dwfl);
	return report;
}

static void a_bare_address_is_named_by_the_programs_symbols(void)
{
	struct finding_list list = { 0 };
	char exe[1024] = "", *report;

	CU_ASSERT_EQUAL(take_sweet(), 4);
	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	report = own_report(0x108000, exe, "take_sweet", 0);
	valgrind_errors(report, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CU_ASSERT_EQUAL(list.items[0].location.kind, LOCATION_GLOBAL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(list.items[0].location.object);
	CU_ASSERT_STRING_EQUAL(list.items[0].location.object, "jar");
	finding_list_release(&list);
	free(report);
}

// Where valgrind had loaded the program follows from a frame only when all of it fits.
static void a_frame_that_does_not_fit_names_nothing(void)
{
	static const struct {
		const char *exe, *func;
		int off;
	} rows[] = {
		{ "/no/such/program", "take_sweet", 0 },
		{ NULL, "take_sweet", 40 },
		{ NULL, "no_such_function", 0 },
		{ NULL, "suite_valgrind_xml", 0 },
	};
	char exe[1024] = "";

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding_list list = { 0 };
		char *report = own_report(0x108000, rows[i].exe ? rows[i].exe : exe, rows[i].func,
					  rows[i].off);

		valgrind_errors(report, &list);
		CU_ASSERT_EQUAL_FATAL(list.nr, 1);
		CHECK_TEXT(list.items[0].location.object, NULL);
		finding_list_release(&list);
		free(report);
	}
}

// A report about this program, with `to` for `from`, names that object.
static void check_own_object(const char *from, const char *to, const char *object)
{
	struct finding_list list = { 0 };
	char exe[1024] = "", *report, *changed;

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	report = own_report(0x108000, exe, "take_sweet", 0);
	changed = text_replace(report, from, to);
	valgrind_errors(changed, &list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	CHECK_TEXT_AT(to, list.items[0].location.object, object);
	finding_list_release(&list);
	free(changed);
	free(report);
}

static void once_known_the_place_of_the_program_stays(void)
{
	check_own_object("</stack>",
			 "<frame><ip>0x1</ip><obj>/no/such/program</obj><fn>f</fn><line>3</line>"
			 "</frame></stack>",
			 "jar");
	check_own_object("<fn>take_sweet</fn>", "", NULL);
	check_own_object("<fn>take_sweet</fn>", "<fn>take_sweet.part.0</fn>", NULL);
}

// Every base that is a page is found; what is below it has no name.
static void the_base_follows_from_any_address_of_a_function(void)
{
	struct strbuf maps = STRBUF_INIT;
	struct err err = ERR_INIT;
	char exe[1024] = "";
	Dwfl *dwfl;

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	CU_ASSERT_EQUAL_FATAL(fs_read("/proc/self/maps", 0, &maps, &err), 0);
	dwfl = symbols_from_maps(maps.buf);
	for (int after = 0; after < 2; after++) {
		struct vg_objects objects = { 0 };
		struct stack stack = { 0 };
		GElf_Addr low = 0;
		uint64_t pc = (uintptr_t)large_function, size = 0;
		char *name;

		dwfl_module_info(dwfl_addrmodule(dwfl, pc), NULL, &low, NULL, NULL, NULL, NULL,
				 NULL);
		// In the third page of the function: two bases are wrong.
		pc += 9000;
		symbols_add_frames(dwfl, pc, &stack);
		CHECK_TEXT(stack.items[0].func, "large_function");
		vg_objects_frame(&objects, exe, pc - low + 0x108000 + (uint64_t)after,
				 "large_function", stack.items[0].line);
		CHECK_NUMBER(objects.known, 1);
		CHECK_NUMBER(objects.base, 0x108000);
		name = vg_objects_name(&objects, (uintptr_t)&jar - low + 0x108000, &size);
		CHECK_TEXT(name, "jar");
		free(name);
		CU_ASSERT_PTR_NULL(vg_objects_name(&objects, 0x107fff, NULL));
		vg_objects_release(&objects);
		CHECK_NUMBER(objects.known, 0);
		CU_ASSERT_PTR_NULL(objects.path);
		CU_ASSERT_PTR_NULL(vg_objects_name(&objects, 0x108000, NULL));
		stack_release(&stack);
	}
	strbuf_release(&maps);
	dwfl_end(dwfl);
}

// The address behind the last instruction: a call that does not return leaves it.
static void a_return_address_may_be_the_end_of_its_function(void)
{
	struct strbuf maps = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct vg_objects objects = { 0 };
	uint64_t end = (uintptr_t)large_function + 12000;
	char exe[1024] = "";
	GElf_Addr low = 0;
	int line = 0;
	Dwfl *dwfl;

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	CU_ASSERT_EQUAL_FATAL(fs_read("/proc/self/maps", 0, &maps, &err), 0);
	dwfl = symbols_from_maps(maps.buf);
	dwfl_module_info(dwfl_addrmodule(dwfl, end), NULL, &low, NULL, NULL, NULL, NULL, NULL);
	for (bool inside = true; inside; end += inside) {
		struct stack stack = { 0 };

		symbols_add_frames(dwfl, end, &stack);
		inside = stack.items[0].func && !strcmp(stack.items[0].func, "large_function");
		if (inside && stack.items[0].line)
			line = stack.items[0].line;
		stack_release(&stack);
	}
	vg_objects_frame(&objects, exe, end - low + 0x108000, "no_such_function", line);
	CU_ASSERT_PTR_NULL(vg_objects_name(&objects, (uintptr_t)&jar - low, NULL));
	vg_objects_frame(&objects, exe, end - low + 0x108000, "large_function", line);
	CHECK_NUMBER(objects.known, 1);
	CHECK_NUMBER(objects.base, 0x108000);
	vg_objects_release(&objects);
	strbuf_release(&maps);
	dwfl_end(dwfl);
}

static void an_object_has_no_base_from_its_name(void)
{
	char exe[1024] = "";
	struct vg_objects objects = { 0 };

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	vg_objects_frame(&objects, exe, 0x108000 + 64, "jar", 5);
	CHECK_NUMBER(objects.known, 0);
	vg_objects_frame(&objects, exe, 0x108000 + 64, "", 0);
	CHECK_NUMBER(objects.known, 0);
	vg_objects_frame(&objects, NULL, 0x108000 + 64, "take_sweet", 5);
	CHECK_NUMBER(objects.known, 0);
	vg_objects_release(&objects);
}

static void nothing_of_a_file_is_kept(void)
{
	size_t before = 0;
	char exe[1024] = "";

	CU_ASSERT_TRUE_FATAL(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	for (int i = 0; i < 6; i++) {
		struct vg_objects objects = { 0 };

		vg_objects_frame(&objects, exe, 0x108000, "no_such_function", 5);
		vg_objects_release(&objects);
		if (i == 2)
			before = heap_used();
	}
	CU_ASSERT_TRUE(heap_used() <= before + 1000);
}

static void a_frame_has_its_module_and_whole_path(void)
{
	struct finding_list list = { 0 };
	const struct stack *stack;

	valgrind_errors("<error><kind>Misc</kind><what>w</what><stack>"
			"<frame><ip>0x1</ip><obj>/x/prog</obj><fn>f</fn><dir>/src/a</dir>"
			"<file>f.c</file><line>9</line></frame>"
			"<frame><obj>prog</obj><fn>g</fn><file>g.c</file><line>8</line></frame>"
			"<frame><dir>/src/b</dir></frame></stack></error>",
			&list);
	CU_ASSERT_EQUAL_FATAL(list.nr, 1);
	stack = &list.items[0].accesses.items[0].stack;
	CU_ASSERT_EQUAL_FATAL(stack->nr, 3);
	CHECK_TEXT(stack->items[0].func, "f");
	CHECK_TEXT(stack->items[0].module, "prog");
	CHECK_TEXT(stack->items[0].file, "/src/a/f.c");
	CHECK_NUMBER(stack->items[0].line, 9);
	CHECK_NUMBER(stack->items[0].col, 0);
	CHECK_TEXT(stack->items[1].module, "prog");
	CHECK_TEXT(stack->items[1].file, "g.c");
	CHECK_TEXT(stack->items[2].func, NULL);
	CHECK_TEXT(stack->items[2].module, NULL);
	CHECK_TEXT(stack->items[2].file, NULL);
	CHECK_NUMBER(stack->items[2].line, 0);
	finding_list_release(&list);
}

void suite_valgrind_objects(void)
{
	static const struct test_case cases[] = {
		{ "a bare address is named by the program's symbols",
		  a_bare_address_is_named_by_the_programs_symbols },
		{ "a frame that does not fit names nothing",
		  a_frame_that_does_not_fit_names_nothing },
		{ "once known, the place of the program stays",
		  once_known_the_place_of_the_program_stays },
		{ "the base follows from any address of a function",
		  the_base_follows_from_any_address_of_a_function },
		{ "a return address may be the end of its function",
		  a_return_address_may_be_the_end_of_its_function },
		{ "an object has no base from its name", an_object_has_no_base_from_its_name },
		{ "nothing of a file is kept", nothing_of_a_file_is_kept },
		{ "a frame has its module and whole path", a_frame_has_its_module_and_whole_path },
	};

	test_suite("valgrind_objects", cases, ARRAY_SIZE(cases));
}
