#include "test/support.h"

#include "base/fs.h"
#include "base/mem.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *about)
{
	fprintf(stderr, "test set-up: %s: %s\n", what, about);
	exit(1);
}

void test_check(bool holds, const char *where, const char *what, const char *file, int line)
{
	char *message = xasprintf("%s: %s", where, what);

	CU_assertImplementation(holds, (unsigned)line, message, file, "", CU_FALSE);
	free(message);
}

void test_check_text(const char *actual, const char *expected, const char *where, const char *file,
		     int line)
{
	bool same = actual && expected ? !strcmp(actual, expected) : actual == expected;
	char *message = xasprintf("%s: saw '%s', expected '%s'", where, actual ? actual : "(null)",
				  expected ? expected : "(null)");

	CU_assertImplementation(same, (unsigned)line, message, file, "", CU_FALSE);
	free(message);
}

void test_check_number(long long actual, long long expected, const char *what, const char *file,
		       int line)
{
	char *message = xasprintf("%s is %lld, expected %lld", what, actual, expected);

	CU_assertImplementation(actual == expected, (unsigned)line, message, file, "", CU_FALSE);
	free(message);
}

void test_check_has(const char *text, const char *part, const char *file, int line)
{
	bool has = text && strstr(text, part);
	char *message = xasprintf("'%s' is not in: %.1500s", part, text ? text : "(null)");

	CU_assertImplementation(has, (unsigned)line, message, file, "", CU_FALSE);
	free(message);
}

char *scratch_make(void)
{
	char *dir = xstrdup("/tmp/racegate-test-XXXXXX");

	if (!mkdtemp(dir))
		die("cannot make a folder", dir);
	return dir;
}

void scratch_drop(char *dir)
{
	fs_remove_tree(dir);
	free(dir);
}

void scratch_write_bytes(const char *dir, const char *name, const void *bytes, size_t len)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *folder = xstrndup(path, (size_t)(fs_base(path) - path) - 1);
	struct err err = ERR_INIT;

	if (fs_mkdirs(folder, &err) || fs_write(path, bytes, len, &err))
		die("cannot write", err.text);
	free(folder);
	free(path);
}

void scratch_write(const char *dir, const char *name, const char *text)
{
	scratch_write_bytes(dir, name, text, strlen(text));
}

char *scratch_read(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct strbuf content = STRBUF_INIT;
	struct err err = ERR_INIT;

	if (fs_read(path, 0, &content, &err))
		die("cannot read", err.text);
	free(path);
	return strbuf_detach(&content);
}

void scratch_copy(const char *from, const char *dir, const char *name)
{
	struct strbuf content = STRBUF_INIT;
	struct err err = ERR_INIT;

	if (fs_read(from, 0, &content, &err))
		die("cannot read", err.text);
	scratch_write_bytes(dir, name, content.buf, content.len);
	strbuf_release(&content);
}

size_t heap_used(void)
{
	return mallinfo2().uordblks;
}

char *text_replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (!at)
		die("nothing to replace", from);
	return xasprintf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}
