// A program may define functions that have the names of controlled ones, and gets its own.
#include "test/shell.h"

#include <string.h>

static const char main_c[] = "#include <pthread.h>\n"
			     "#include <stdio.h>\n"
			     "int mtx_lock(int *lock);\n"
			     "int send(int number);\n"
			     "static void *work(void *lock) { mtx_lock(lock); return lock; }\n"
			     "int main(void)\n"
			     "{\n"
			     "	int lock = 0; pthread_t thread;\n"
			     "	pthread_create(&thread, NULL, work, &lock);\n"
			     "	pthread_join(thread, NULL);\n"
			     "	printf(\"%d %d\\n\", lock, send(20));\n"
			     "	return 0;\n"
			     "}\n";
static const char own_c[] = "int mtx_lock(int *lock) { return *lock = 7; }\n"
			    "int send(int number) { return number + 1; }\n";

// The program in ./p prints what its own functions give, and the report names these.
static void check_own(const struct call *c, const char *build)
{
	char *script = xasprintf("PATH=$(dirname $R):$PATH; set -e; %s; ./p;"
				 "$R explore ./p --schedules 20 --seed 1 --out s",
				 build),
	     *said;

	CHECK_NUMBER(shell(c, script, &said), 0);
	CHECK_HAS(said, "7 21\n");
	CHECK_HAS(said, "has its own:");
	CHECK_HAS(said, "mtx_lock");
	CHECK_HAS(said, "send");
	free(said);
	free(script);
}

static void its_own_function_is_called(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "main.c", main_c);
	scratch_write(c.dir, "own.c", own_c);
	check_own(&c, "racegate-cc main.c own.c -o p");
	call_end(&c);
}

static void it_is_found_in_an_archive(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "main.c", main_c);
	scratch_write(c.dir, "own.c", own_c);
	check_own(&c, "racegate-cc -c own.c; ar rcs libown.a own.o; racegate-cc main.c -L. -lown "
		      "-o p");
	call_end(&c);
}

static void main_may_be_in_an_archive(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "main.c", main_c);
	scratch_write(c.dir, "own.c", own_c);
	check_own(&c, "racegate-cc -c own.c main.c; ar rcs libmain.a main.o; racegate-cc own.o -L. "
		      "-lmain -o p");
	call_end(&c);
}

void suite_e2e_names(void)
{
	static const struct test_case cases[] = {
		{ "its own function is called", its_own_function_is_called },
		{ "it is found in an archive", it_is_found_in_an_archive },
		{ "main() may be in an archive", main_may_be_in_an_archive },
	};

	test_suite("e2e_names", cases, ARRAY_SIZE(cases));
}
