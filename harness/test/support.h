/*
 * Small help for tests: checks that say what they saw, folders that go away,
 * texts with a part replaced. Failing set-up ends the test program.
 */
#ifndef RACEGATE_TEST_SUPPORT_H
#define RACEGATE_TEST_SUPPORT_H

#include "base/err.h"
#include "test/test.h"

#include <stdbool.h>

// Checks that go on after a failure and print both sides; `where` is put in front.
#define CHECK_TEXT(actual, expected) test_check_text(actual, expected, "", __FILE__, __LINE__)
#define CHECK_TEXT_AT(where, actual, expected)                                                     \
	test_check_text(actual, expected, where, __FILE__, __LINE__)
#define CHECK_NUMBER(actual, expected)                                                             \
	test_check_number((long long)(actual), (long long)(expected), #actual, __FILE__, __LINE__)
#define CHECK_HAS(text, part)      test_check_has(text, part, __FILE__, __LINE__)
#define CHECK_AT(where, condition) test_check(condition, where, #condition, __FILE__, __LINE__)

void test_check(bool holds, const char *where, const char *what, const char *file, int line);
void test_check_text(const char *actual, const char *expected, const char *where, const char *file,
		     int line);
void test_check_number(long long actual, long long expected, const char *what, const char *file,
		       int line);
// `text` contains `part`.
void test_check_has(const char *text, const char *part, const char *file, int line);

char *scratch_make(void); // a new folder; scratch_drop removes it and frees the name
void scratch_drop(char *dir);
// Writes DIR/NAME, with the folders on the way; `text` is a string.
void scratch_write(const char *dir, const char *name, const char *text);
void scratch_write_bytes(const char *dir, const char *name, const void *bytes, size_t len);
char *scratch_read(const char *dir, const char *name); // owned
void scratch_copy(const char *from, const char *dir, const char *name);

// Bytes of memory in use; always 0 under tools that have an allocator of their own.
size_t heap_used(void);

// A copy of `text` with the first `from` replaced; ends the program when there is none.
char *text_replace(const char *text, const char *from, const char *to);

#endif
