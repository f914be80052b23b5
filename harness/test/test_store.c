#include "base/fs.h"
#include "base/mem.h"
#include "run/store.h"
#include "test/support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static json_t *some_line(int n)
{
	return json_pack("{s:i,s:s}", "run", n, "text", "a\nb");
}

static void lines_are_appended_whole(void)
{
	char *dir = scratch_make(), *out = xasprintf("%s/s", dir), *text;
	struct err err = ERR_INIT;
	struct store store;

	CU_ASSERT_EQUAL_FATAL(store_create(&store, ".", out, &err), 0);
	for (int i = 1; i <= 2; i++) {
		json_t *line = some_line(i);

		CHECK_NUMBER(store_append(&store, line, &err), 0);
		json_decref(line);
	}
	text = scratch_read(out, "runs.jsonl");
	CHECK_HAS(text, "{\"run\":1,\"text\":\"a\\nb\",\"hash\":\"");
	CHECK_HAS(text, "\"}\n{\"run\":2,\"text\":\"a\\nb\",\"hash\":\"");
	CHECK_NUMBER(text[strlen(text) - 1], '\n');
	CHECK_NUMBER(store.seal.count, 2);
	store_release(&store);
	free(text);
	free(out);
	scratch_drop(dir);
}

static void the_work_folder_is_private_and_goes(void)
{
	char *dir = scratch_make(), *out = xasprintf("%s/s", dir), *work;
	struct err err = ERR_INIT;
	struct store store;
	struct stat st;

	CU_ASSERT_EQUAL_FATAL(store_create(&store, ".", out, &err), 0);
	work = xstrdup(store.work);
	CHECK_NUMBER(stat(work, &st), 0);
	CHECK_NUMBER(st.st_mode & 0777, 0700);
	scratch_write(work, "1/e.data.5", "x");
	store_release(&store);
	CU_ASSERT_FALSE(fs_is_dir(work));
	CU_ASSERT_TRUE(fs_is_dir(out));
	store_release(&store);
	free(work);
	free(out);
	scratch_drop(dir);
}

static void nothing_is_overwritten(void)
{
	static const char *const names[] = { "session.json", "runs.jsonl" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *dir = scratch_make(), *text;
		struct err err = ERR_INIT;
		struct store store;

		scratch_write(dir, names[i], "precious");
		CHECK_NUMBER(store_create(&store, ".", dir, &err), -1);
		CHECK_NUMBER(err.class, ERR_INPUT);
		CHECK_HAS(err.text, "already holds a session");
		text = scratch_read(dir, names[i]);
		CHECK_TEXT(text, "precious");
		free(text);
		scratch_drop(dir);
	}
}

static void an_existing_folder_without_a_session_is_taken(void)
{
	char *dir = scratch_make(), *text;
	struct err err = ERR_INIT;
	struct store store;

	scratch_write(dir, "notes", "kept");
	CHECK_NUMBER(store_create(&store, ".", dir, &err), 0);
	store_release(&store);
	text = scratch_read(dir, "notes");
	CHECK_TEXT(text, "kept");
	free(text);
	scratch_drop(dir);
}

static void dated_sessions_get_a_folder_each_and_latest_points_to_the_last(void)
{
	char *dir = scratch_make(), *latest = xasprintf("%s/reports/latest", dir), *last = NULL;
	char pointed[256] = "";
	struct err err = ERR_INIT;

	for (int i = 0; i < 5; i++) {
		struct store store;

		CU_ASSERT_EQUAL_FATAL(store_create(&store, dir, NULL, &err), 0);
		CHECK_AT("a folder of its own", !last || strcmp(last, store.dir) != 0);
		free(last);
		last = xstrdup(store.dir);
		store_release(&store);
	}
	CU_ASSERT_FATAL(readlink(latest, pointed, sizeof(pointed) - 1) > 0);
	CHECK_TEXT(pointed, fs_base(last));
	free(last);
	free(latest);
	scratch_drop(dir);
}

static void what_is_in_the_way_is_named(void)
{
	char *dir = scratch_make(), *file = xasprintf("%s/file", dir),
	     *below = xasprintf("%s/file/s", dir);
	struct err err = ERR_INIT;
	struct store store;

	scratch_write(dir, "file", "x");
	CHECK_NUMBER(store_create(&store, ".", file, &err), -1);
	CHECK_HAS(err.text, file);
	CHECK_NUMBER(err.class, ERR_HARNESS);
	CHECK_NUMBER(store_create(&store, ".", below, &err), -1);
	CHECK_HAS(err.text, "file");
	CHECK_NUMBER(store_create(&store, file, NULL, &err), -1);
	CHECK_NUMBER(err.class, ERR_HARNESS);
	free(file);
	free(below);
	scratch_drop(dir);
}

static void a_full_disk_is_an_error_that_says_so(void)
{
	char *dir = scratch_make(), *out = xasprintf("%s/s", dir);
	json_t *line = some_line(1);
	struct err err = ERR_INIT;
	struct store store;
	int full;

	CU_ASSERT_EQUAL_FATAL(store_create(&store, ".", out, &err), 0);
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	CU_ASSERT_FATAL(full >= 0);
	CU_ASSERT_EQUAL_FATAL(dup2(full, store.runs_fd), store.runs_fd);
	close(full);
	CHECK_NUMBER(store_append(&store, line, &err), -1);
	CHECK_NUMBER(err.class, ERR_HARNESS);
	CHECK_HAS(err.text, "s/runs.jsonl: cannot append a run: No space left");
	store_release(&store);
	json_decref(line);
	free(out);
	scratch_drop(dir);
}

static void json_files_are_replaced_whole(void)
{
	char *dir = scratch_make(), *out = xasprintf("%s/s", dir), *text;
	json_t *first = json_pack("{s:i}", "a", 1), *second = json_pack("{s:i}", "b", 2), *back;
	struct err err = ERR_INIT;
	struct store store;

	CU_ASSERT_EQUAL_FATAL(store_create(&store, ".", out, &err), 0);
	CHECK_NUMBER(store_json(&store, "session.json", first, &err), 0);
	CHECK_NUMBER(store_json(&store, "session.json", second, &err), 0);
	text = scratch_read(out, "session.json");
	back = json_loads(text, 0, NULL);
	CU_ASSERT(json_equal(back, second));
	CHECK_NUMBER(text[strlen(text) - 1], '\n');
	CHECK_NUMBER(store_json(&store, "no/where.json", second, &err), -1);
	CHECK_HAS(err.text, "no/where.json: cannot write");
	store_release(&store);
	json_decref(first);
	json_decref(second);
	json_decref(back);
	free(text);
	free(out);
	scratch_drop(dir);
}

// In a process that ends as if it were killed: with nothing released.
static void make_and_vanish(const char *root)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct store store;
		struct err err = ERR_INIT;
		char *work;

		if (store_create(&store, root, NULL, &err))
			_exit(1);
		work = xasprintf("%s/1", store.work);
		mkdir(work, 0700);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK_NUMBER(status, 0);
}

static void what_a_killed_session_left_is_removed_by_the_next(void)
{
	char *root = scratch_make(), *latest = xasprintf("%s/reports/latest", root), *own;
	char *gone = xasprintf("%s/report.json.%d.tmp", latest, 4194305); // more than any pid
	char *making = xasprintf("%s/report.json.%d.tmp", latest, getpid());
	char *work = xasprintf("%s/work", latest), *kept = xasprintf("%s/runs.jsonl", latest);
	struct store first, second;
	struct err err = ERR_INIT;

	make_and_vanish(root);
	CU_ASSERT_TRUE(fs_is_dir(work));
	scratch_write(latest, "report.json.4194305.tmp", "half");
	scratch_write_bytes(latest, fs_base(making), "half", 4);
	own = realpath(latest, NULL);
	CU_ASSERT_EQUAL_FATAL(store_create(&first, root, NULL, &err), 0);
	CU_ASSERT_EQUAL_FATAL(store_create(&second, root, NULL, &err), 0);
	CU_ASSERT_TRUE(fs_is_dir(first.work)); // its process is there
	CU_ASSERT_TRUE(fs_is_dir(second.work));
	store_release(&first);
	store_release(&second);
	unlink(latest);
	CHECK_NUMBER(symlink(own, latest), 0);
	CU_ASSERT_FALSE(fs_is_dir(work));
	CU_ASSERT_FALSE(fs_is_file(gone));
	CU_ASSERT_TRUE(fs_is_file(making));
	CU_ASSERT_TRUE(fs_is_file(kept));
	free(own);
	free(gone);
	free(making);
	free(work);
	free(kept);
	free(latest);
	scratch_drop(root);
}

void suite_store(void)
{
	static const struct test_case cases[] = {
		{ "lines are appended whole", lines_are_appended_whole },
		{ "the work folder is private and goes", the_work_folder_is_private_and_goes },
		{ "what a killed session left is removed by the next",
		  what_a_killed_session_left_is_removed_by_the_next },
		{ "nothing is overwritten", nothing_is_overwritten },
		{ "an existing folder without a session is taken",
		  an_existing_folder_without_a_session_is_taken },
		{ "dated sessions get a folder each and latest points to the last",
		  dated_sessions_get_a_folder_each_and_latest_points_to_the_last },
		{ "what is in the way is named", what_is_in_the_way_is_named },
		{ "a full disk is an error that says so", a_full_disk_is_an_error_that_says_so },
		{ "JSON files are replaced whole", json_files_are_replaced_whole },
	};

	test_suite("store", cases, ARRAY_SIZE(cases));
}
