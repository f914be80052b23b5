#include "base/symbols.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/strbuf.h"
#include "test/test.h"

#include <stdlib.h>
#include <string.h>

static int small_object = 7;
static struct {
	long first, second;
} far_object[40000]; // reaches beyond what is mapped from the file

static Dwfl *own_symbols(void)
{
	struct strbuf maps = STRBUF_INIT;
	struct err err = ERR_INIT;
	Dwfl *dwfl = NULL;

	if (!fs_read("/proc/self/maps", 0, &maps, &err))
		dwfl = symbols_from_maps(maps.buf);
	strbuf_release(&maps);
	return dwfl;
}

static void check_object(Dwfl *dwfl, const void *addr, const char *want, uint64_t want_size)
{
	uint64_t size = 0;
	char *name = symbols_object(dwfl, (uintptr_t)addr, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(name);
	CU_ASSERT_STRING_EQUAL(name, want);
	CU_ASSERT_TRUE(size >= want_size); // a sanitizer may have padded it
	free(name);
}

static void names_objects(void)
{
	static int local_object = 3;
	Dwfl *dwfl = own_symbols();

	CU_ASSERT_PTR_NOT_NULL_FATAL(dwfl);
	CU_ASSERT_EQUAL(small_object + local_object + (int)far_object[0].first, 10);
	check_object(dwfl, &small_object, "small_object", sizeof(small_object));
	check_object(dwfl, &local_object, "local_object", sizeof(local_object));
	check_object(dwfl, &far_object[39999].second, "far_object+639992", sizeof(far_object));
	CU_ASSERT_PTR_NULL(symbols_object(dwfl, 8, NULL));
	CU_ASSERT_PTR_NULL(symbols_object(dwfl, (uintptr_t)names_objects, NULL));
	dwfl_end(dwfl);
}

static void knows_the_section_of_an_address(void)
{
	Dwfl *dwfl = own_symbols();
	const char *code = symbols_section(dwfl, (uintptr_t)names_objects);
	const char *end = symbols_section(dwfl, (uintptr_t)&far_object[39999].second);

	CU_ASSERT_TRUE(code && !strcmp(code, ".text"));
	CU_ASSERT_TRUE(end && !strcmp(end, ".bss"));
	CU_ASSERT_PTR_NULL(symbols_section(dwfl, 8));
	CU_ASSERT_PTR_NULL(symbols_section(NULL, (uintptr_t)names_objects));
	dwfl_end(dwfl);
}

static __attribute__((noinline)) uint64_t return_address(void)
{
	return (uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0));
}

static inline __attribute__((always_inline)) uint64_t inner(void)
{
	volatile uint64_t pc = return_address();

	return pc;
}

static __attribute__((noinline)) uint64_t outer(void)
{
	volatile uint64_t pc = inner();

	return pc;
}

static void unfolds_inlined_functions(void)
{
	struct stack stack = { 0 };
	Dwfl *dwfl = own_symbols();

	symbols_add_frames(dwfl, outer() - 1, &stack);
	CU_ASSERT_EQUAL_FATAL(stack.nr, 2);
	CU_ASSERT_STRING_EQUAL(stack.items[0].func, "inner");
	CU_ASSERT_STRING_EQUAL(stack.items[1].func, "outer");
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_STRING_EQUAL(fs_base(stack.items[i].file), "test_symbols.c");
		CU_ASSERT_TRUE(stack.items[i].line > 0);
		CU_ASSERT_PTR_NOT_NULL(stack.items[i].module);
	}
	CU_ASSERT_TRUE(stack.items[0].line < stack.items[1].line);
	stack_release(&stack);
	dwfl_end(dwfl);
}

static void unknown_addresses_give_an_empty_frame(void)
{
	struct stack stack = { 0 };
	Dwfl *dwfl = own_symbols();

	symbols_add_frames(dwfl, 16, &stack);
	symbols_add_frames(NULL, 16, &stack);
	CU_ASSERT_EQUAL_FATAL(stack.nr, 2);
	CU_ASSERT_PTR_NULL(stack.items[0].func);
	CU_ASSERT_PTR_NULL(stack.items[1].file);
	stack_release(&stack);
	dwfl_end(dwfl);
}

static void strips_what_compilers_add_to_names(void)
{
	static const char *const rows[][2] = {
		{ "hits", "hits" },      { "hits.0", "hits" },
		{ "main.hits", "hits" }, { "main.hits.1", "hits" },
		{ "hits.12.3", "hits" }, { "x9", "x9" },
		{ ".hits", ".hits" },    { "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *name = symbols_plain_name(rows[i][0]);

		CU_ASSERT_STRING_EQUAL(name, rows[i][1]);
		free(name);
	}
}

static void no_map_gives_no_symbols(void)
{
	Dwfl *dwfl = symbols_from_maps("this is no map\n");

	CU_ASSERT_PTR_NULL(symbols_from_maps(NULL));
	CU_ASSERT_PTR_NULL(symbols_from_maps(""));
	CU_ASSERT_PTR_NULL(symbols_object(dwfl, 16, NULL));
	if (dwfl)
		dwfl_end(dwfl);
}

void suite_symbols(void)
{
	static const struct test_case cases[] = {
		{ "knows the section of an address", knows_the_section_of_an_address },
		{ "static objects are named, with the offset inside", names_objects },
		{ "inlined functions are frames of their own", unfolds_inlined_functions },
		{ "an unknown address gives an empty frame",
		  unknown_addresses_give_an_empty_frame },
		{ "decorations of symbols are stripped", strips_what_compilers_add_to_names },
		{ "without a map there are no symbols", no_map_gives_no_symbols },
	};

	test_suite("symbols", cases, sizeof(cases) / sizeof(cases[0]));
}
