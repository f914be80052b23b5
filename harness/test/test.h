// What every test file needs.
#ifndef RACEGATE_TEST_H
#define RACEGATE_TEST_H

#include <CUnit/CUnit.h>
#include <stddef.h>

struct test_case {
	const char *what; // what must hold, as a sentence
	void (*run)(void);
};

#define SUITE(name) void suite_##name(void);
#include "test/suites.def"
#undef SUITE

// Registers one suite; ends the program when CUnit cannot.
void test_suite(const char *name, const struct test_case *cases, size_t nr);
// The path of a file below harness/test/fixtures; static memory, good until the next call.
const char *test_fixture(const char *name);

#endif
