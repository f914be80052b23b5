// The cache by itself: entries appear whole and good ones stay.
#include "base/fs.h"
#include "base/mem.h"
#include "build/cache.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *words[] = { "cc", "-O2", "a.c" };
static const struct args command = { .items = words, .nr = 3 };

// What a compiler would leave in the entry's work folder.
static void compile(const struct cache_entry *entry, const char *program, const char *input)
{
	char *rule = xasprintf("%s: \\\n %s\n", entry->building, input);
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(fs_write(entry->building, program, strlen(program), &err), 0);
	CU_ASSERT_EQUAL_FATAL(fs_write(entry->deps, rule, strlen(rule), &err), 0);
	chmod(entry->building, 0755);
	free(rule);
}

static void an_entry_appears_when_it_is_committed(void)
{
	char *dir = scratch_make(), *input = xasprintf("%s/a.c", dir), *text;
	struct cache_entry entry;
	struct err err = ERR_INIT;

	scratch_write(dir, "a.c", "x");
	CU_ASSERT_EQUAL_FATAL(cache_lookup(&entry, dir, "a.c", "v1", &command, &err), 0);
	compile(&entry, "program", input);
	CU_ASSERT_FALSE(fs_is_file(entry.program));
	CHECK_NUMBER(cache_commit(&entry, &err), 0);
	CU_ASSERT_TRUE(fs_is_file(entry.program));
	CU_ASSERT_FALSE(fs_is_dir(entry.work));
	cache_entry_release(&entry);
	CHECK_NUMBER(cache_lookup(&entry, dir, "a.c", "v1", &command, &err), 1);
	cache_entry_release(&entry);
	scratch_write(dir, "a.c", "changed");
	CHECK_NUMBER(cache_lookup(&entry, dir, "a.c", "v1", &command, &err), 0);
	compile(&entry, "new program", input);
	CHECK_NUMBER(cache_commit(&entry, &err), 0);
	text = scratch_read(entry.dir, "a");
	CHECK_TEXT(text, "new program");
	cache_entry_release(&entry);
	free(text);
	free(input);
	scratch_drop(dir);
}

static void an_abandoned_entry_leaves_nothing(void)
{
	char *dir = scratch_make();
	struct cache_entry entry;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(cache_lookup(&entry, dir, "a.c", "v1", &command, &err), 0);
	CU_ASSERT_TRUE(fs_is_dir(entry.work));
	cache_abandon(&entry);
	CU_ASSERT_FALSE(fs_is_dir(entry.work));
	CU_ASSERT_FALSE(fs_is_dir(entry.dir));
	cache_entry_release(&entry);
	scratch_drop(dir);
}

static void two_builders_of_one_entry_do_not_meet(void)
{
	char *dir = scratch_make();
	struct cache_entry a, b;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(cache_lookup(&a, dir, "a.c", "v1", &command, &err), 0);
	CU_ASSERT_EQUAL_FATAL(cache_lookup(&b, dir, "a.c", "v1", &command, &err), 0);
	CHECK_TEXT(a.dir, b.dir);
	CU_ASSERT_STRING_NOT_EQUAL(a.work, b.work);
	cache_entry_release(&a);
	cache_entry_release(&b);
	scratch_drop(dir);
}

// Somebody may be running the program of the entry that came first.
static void a_good_entry_is_not_taken_away_by_a_slower_builder(void)
{
	char *dir = scratch_make(), *input = xasprintf("%s/a.c", dir);
	struct cache_entry a, b;
	struct err err = ERR_INIT;
	struct stat before, after;

	scratch_write(dir, "a.c", "x");
	CU_ASSERT_EQUAL_FATAL(cache_lookup(&a, dir, "a.c", "v1", &command, &err), 0);
	CU_ASSERT_EQUAL_FATAL(cache_lookup(&b, dir, "a.c", "v1", &command, &err), 0);
	compile(&a, "first", input);
	CHECK_NUMBER(cache_commit(&a, &err), 0);
	CHECK_NUMBER(stat(a.program, &before), 0);
	fs_mkdirs(b.work, &err);
	compile(&b, "second", input);
	CHECK_NUMBER(cache_commit(&b, &err), 0);
	CHECK_NUMBER(stat(a.program, &after), 0);
	CHECK_NUMBER(after.st_ino, before.st_ino);
	CU_ASSERT_FALSE(fs_is_dir(b.work));
	cache_entry_release(&a);
	cache_entry_release(&b);
	free(input);
	scratch_drop(dir);
}

static void the_key_covers_version_and_words(void)
{
	static char *others[] = { "cc", "-O2a.c" };
	const struct args other = { .items = others, .nr = 2 };
	char *dir = scratch_make();
	struct cache_entry a, b, c;
	struct err err = ERR_INIT;

	CHECK_NUMBER(cache_lookup(&a, dir, "a.c", "v1", &command, &err), 0);
	CHECK_NUMBER(cache_lookup(&b, dir, "a.c", "v2", &command, &err), 0);
	CHECK_NUMBER(cache_lookup(&c, dir, "a.c", "v1", &other, &err), 0);
	CU_ASSERT_STRING_NOT_EQUAL(a.dir, b.dir);
	CU_ASSERT_STRING_NOT_EQUAL(a.dir, c.dir);
	cache_entry_release(&a);
	cache_entry_release(&b);
	cache_entry_release(&c);
	scratch_drop(dir);
}

static void what_a_killed_builder_had_half_made_is_removed(void)
{
	char *dir = scratch_make(), *half, name[64] = "";
	struct cache_entry entry;
	struct err err = ERR_INIT;
	int fds[2], status = -1;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		if (cache_lookup(&entry, dir, "a.c", "v1", &command, &err))
			_exit(1);
		_exit(write(fds[1], fs_base(entry.work), strlen(fs_base(entry.work))) <= 0);
	}
	waitpid(pid, &status, 0);
	CHECK_NUMBER(status, 0);
	CU_ASSERT(read(fds[0], name, sizeof(name) - 1) > 0);
	half = xasprintf("%s/cache/%s", dir, name);
	CU_ASSERT_TRUE(fs_is_dir(half));
	CU_ASSERT_EQUAL_FATAL(cache_lookup(&entry, dir, "a.c", "v1", &command, &err), 0);
	cache_sweep(dir);
	CU_ASSERT_FALSE(fs_is_dir(half));
	CU_ASSERT_TRUE(fs_is_dir(entry.work)); // somebody is at it
	cache_abandon(&entry);
	cache_entry_release(&entry);
	close(fds[0]);
	close(fds[1]);
	free(half);
	scratch_drop(dir);
}

void suite_cache(void)
{
	static const struct test_case cases[] = {
		{ "an entry appears when it is committed", an_entry_appears_when_it_is_committed },
		{ "an abandoned entry leaves nothing", an_abandoned_entry_leaves_nothing },
		{ "what a killed builder had half made is removed",
		  what_a_killed_builder_had_half_made_is_removed },
		{ "two builders of one entry do not meet", two_builders_of_one_entry_do_not_meet },
		{ "a good entry is not taken away by a slower builder",
		  a_good_entry_is_not_taken_away_by_a_slower_builder },
		{ "the key covers version and words", the_key_covers_version_and_words },
	};

	test_suite("cache", cases, ARRAY_SIZE(cases));
}
