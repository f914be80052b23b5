/*
 * Runs the suites named on the command line, or all. CUnit's own status is 0
 * with failed tests; here a failure, or no test at all, fails the process.
 */
#include "base/mem.h"
#include "test/test.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*add)(void);
} suites[] = {
#define SUITE(name) { #name, suite_##name },
#include "test/suites.def"
#undef SUITE
};

void test_suite(const char *name, const struct test_case *cases, size_t nr)
{
	CU_pSuite suite = CU_add_suite(name, NULL, NULL);

	for (size_t i = 0; suite && i < nr; i++)
		if (!CU_add_test(suite, cases[i].what, cases[i].run))
			suite = NULL;
	if (!suite) {
		fprintf(stderr, "cannot register suite %s: %s\n", name, CU_get_error_msg());
		exit(1);
	}
}

const char *test_fixture(const char *name)
{
	static char path[1024];

	snprintf(path, sizeof(path), "harness/test/fixtures/%s", name);
	return path;
}

static int wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return 1;
	return argc == 1;
}

int main(int argc, char **argv)
{
	unsigned failures, asserted;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++)
		if (wanted(suites[i].name, argc, argv))
			suites[i].add();
	setvbuf(stdout, NULL, _IOLBF, 0); // a failure is read while the tests go on
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
	asserted = CU_get_number_of_asserts();
	CU_cleanup_registry();
	return failures || !asserted;
}
