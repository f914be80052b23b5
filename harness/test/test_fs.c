#include "base/fs.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const char *dir, const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

static int write_text(const char *path, const char *text, struct err *err)
{
	return fs_write(path, text, strlen(text), err);
}

static void folders_are_made_with_all_above_them(void)
{
	char *dir = scratch_make();
	struct err err = ERR_INIT;
	char *deep = path_of(dir, "a/b/c/"), *file = path_of(dir, "file"),
	     *below = path_of(dir, "file/x");

	CHECK_NUMBER(fs_mkdirs(deep, &err), 0);
	CHECK_NUMBER(fs_mkdirs(deep, &err), 0);
	CU_ASSERT_TRUE(fs_is_dir(deep));
	CU_ASSERT_FALSE(fs_is_file(deep));
	CHECK_NUMBER(write_text(file, "x", &err), 0);
	CU_ASSERT_TRUE(fs_is_file(file));
	CU_ASSERT_FALSE(fs_is_dir(file));
	CHECK_NUMBER(fs_mkdirs(file, &err), -1);
	CHECK_HAS(err.text, file);
	CHECK_NUMBER(fs_mkdirs(below, &err), -1);
	CHECK_NUMBER(err.class, ERR_HARNESS);
	free(deep);
	free(file);
	free(below);
	scratch_drop(dir);
}

static void a_folder_without_a_name_is_an_error(void)
{
	struct err err = ERR_INIT;

	CHECK_NUMBER(fs_mkdirs("", &err), -1);
	CU_ASSERT(err.text[0] != '\0');
}

static void reading_gives_all_or_the_first_bytes(void)
{
	char *dir = scratch_make();
	struct strbuf content = STRBUF_INIT;
	struct err err = ERR_INIT;
	char *path = path_of(dir, "f"), *none = path_of(dir, "none");
	char bytes[50000];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	CHECK_NUMBER(fs_write(path, bytes, sizeof(bytes), &err), 0);
	CHECK_NUMBER(fs_read(path, 0, &content, &err), 0);
	CHECK_NUMBER(content.len, sizeof(bytes));
	CU_ASSERT(!memcmp(content.buf, bytes, sizeof(bytes)));
	strbuf_reset(&content);
	CHECK_NUMBER(fs_read(path, 20000, &content, &err), 0);
	CHECK_NUMBER(content.len, 20000);
	CHECK_NUMBER(fs_read(none, 0, &content, &err), -1);
	CHECK_HAS(err.text, "none: cannot open: No such file");
	CHECK_NUMBER(fs_read(dir, 0, &content, &err), -1);
	CHECK_NUMBER(err.class, ERR_HARNESS);
	strbuf_release(&content);
	free(path);
	free(none);
	scratch_drop(dir);
}

static void writing_replaces_and_leaves_nothing_beside(void)
{
	char *dir = scratch_make();
	struct err err = ERR_INIT;
	char *path = path_of(dir, "f"), *text, *nowhere = path_of(dir, "no/f");

	CHECK_NUMBER(write_text(path, "first and long", &err), 0);
	CHECK_NUMBER(write_text(path, "second", &err), 0);
	text = scratch_read(dir, "f");
	CHECK_TEXT(text, "second");
	CHECK_NUMBER(unlink(path), 0);
	CHECK_NUMBER(write_text(nowhere, "x", &err), -1);
	CHECK_HAS(err.text, "no/f: cannot write: No such file");
	CHECK_NUMBER(rmdir(dir), 0); // empty: no temporary file is left
	free(text);
	free(path);
	free(nowhere);
	free(dir);
}

// `-o /dev/stdout` must write there, not put a file in its place.
static void what_is_no_plain_file_is_written_to_and_stays(void)
{
	char *dir = scratch_make();
	struct err err = ERR_INIT;
	char *full = path_of(dir, "full"), *link_to = path_of(dir, "link"), *text;
	struct stat st;

	CHECK_NUMBER(symlink("/dev/full", full), 0);
	CHECK_NUMBER(write_text(full, "x", &err), -1);
	CHECK_HAS(err.text, "No space left");
	CHECK_NUMBER(lstat(full, &st), 0);
	CU_ASSERT_TRUE(S_ISLNK(st.st_mode));
	scratch_write(dir, "target", "old");
	CHECK_NUMBER(symlink("target", link_to), 0);
	CHECK_NUMBER(write_text(link_to, "new", &err), 0);
	CHECK_NUMBER(lstat(link_to, &st), 0);
	CU_ASSERT_TRUE(S_ISLNK(st.st_mode));
	text = scratch_read(dir, "target");
	CHECK_TEXT(text, "new");
	free(text);
	free(full);
	free(link_to);
	scratch_drop(dir);
}

static void trees_go_and_links_are_not_followed(void)
{
	char *dir = scratch_make();
	char *tree = path_of(dir, "tree"), *inside = path_of(dir, "tree/link"), *kept;

	scratch_write(dir, "tree/a/b", "x");
	scratch_write(dir, "keep/c", "kept");
	CHECK_NUMBER(symlink("../keep", inside), 0);
	CHECK_NUMBER(fs_remove_tree(tree), 0);
	CU_ASSERT_FALSE(fs_is_dir(tree));
	kept = scratch_read(dir, "keep/c");
	CHECK_TEXT(kept, "kept");
	CHECK_NUMBER(fs_remove_tree(tree), 0); // already gone
	free(tree);
	free(inside);
	free(kept);
	scratch_drop(dir);
}

static void the_base_of_a_path_follows_the_last_slash(void)
{
	CHECK_TEXT(fs_base("a/b/c.c"), "c.c");
	CHECK_TEXT(fs_base("c.c"), "c.c");
	CHECK_TEXT(fs_base("/"), "");
	CHECK_TEXT(fs_base(""), "");
}

void suite_fs(void)
{
	static const struct test_case cases[] = {
		{ "folders are made with all above them", folders_are_made_with_all_above_them },
		{ "a folder without a name is an error", a_folder_without_a_name_is_an_error },
		{ "reading gives all or the first bytes", reading_gives_all_or_the_first_bytes },
		{ "writing replaces and leaves nothing beside",
		  writing_replaces_and_leaves_nothing_beside },
		{ "what is no plain file is written to and stays",
		  what_is_no_plain_file_is_written_to_and_stays },
		{ "trees go and links are not followed", trees_go_and_links_are_not_followed },
		{ "the base of a path follows the last slash",
		  the_base_of_a_path_follows_the_last_slash },
	};

	test_suite("fs", cases, ARRAY_SIZE(cases));
}
