// The files that a run's tool left behind: which are read, what they say together, what is kept.
#include "detect/evidence.h"

#include "base/fs.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void capture(const char *dir, const char *name, const char *report)
{
	char *path = xasprintf("reports/%s", report);

	scratch_copy(test_fixture(path), dir, name);
	free(path);
}

static struct record collected(enum report_format format, const char *dir, enum ending_how how)
{
	struct record record = { .how = how };

	evidence_collect(format, dir, 0, &record);
	return record;
}

static void says(enum report_format format, const char *dir, enum evidence evidence, size_t nr)
{
	struct record record = collected(format, dir, ENDING_EXIT);

	CHECK_NUMBER(record.evidence, evidence);
	CHECK_NUMBER(record.findings.nr, nr);
	record_release(&record);
}

static void each_format_has_its_files(void)
{
	char *dir = scratch_make();
	struct record record;

	says(REPORT_NONE, dir, EVIDENCE_NONE, 0);
	says(REPORT_VALGRIND_XML, dir, EVIDENCE_MISSING, 0);
	capture(dir, "e.text.7", "race_global.clang.txt");
	says(REPORT_NONE, dir, EVIDENCE_NONE, 0);
	says(REPORT_VALGRIND_XML, dir, EVIDENCE_MISSING, 0);
	says(REPORT_TSAN_DATA, dir, EVIDENCE_MISSING, 0);
	says(REPORT_TSAN_TEXT, dir, EVIDENCE_WHOLE, 1);
	capture(dir, "e.data.7", "race_heap.clang.log");
	says(REPORT_TSAN_DATA, dir, EVIDENCE_WHOLE, 1);
	capture(dir, "e.xml.7", "double_lock.helgrind.xml");
	says(REPORT_VALGRIND_XML, dir, EVIDENCE_WHOLE, 1);
	scratch_copy(test_fixture("explore_log/abba.log"), dir, "e.explore");
	record = collected(REPORT_EXPLORE, dir, ENDING_EXIT);
	CHECK_NUMBER(record.evidence, EVIDENCE_WHOLE);
	CU_ASSERT(record.explored.schedules > 0);
	record_release(&record);
	scratch_drop(dir);
}

// One log for each process.
static void what_several_logs_say_together(void)
{
	static const struct {
		const char *first, *second;
		enum evidence together;
	} rows[] = {
		{ "whole", "whole", EVIDENCE_WHOLE },   { "whole", "cut", EVIDENCE_WHOLE },
		{ "cut", "whole", EVIDENCE_WHOLE },     { "cut", "cut", EVIDENCE_CUT },
		{ "cut", "empty", EVIDENCE_CUT },       { "empty", "cut", EVIDENCE_CUT },
		{ "empty", "empty", EVIDENCE_MISSING }, { "whole", "bad", EVIDENCE_TAMPERED },
		{ "bad", "whole", EVIDENCE_TAMPERED },
	};
	char *dir = scratch_make(),
	     *whole = (scratch_copy(test_fixture("reports/race_global.clang.txt"), dir, "whole"),
		       scratch_read(dir, "whole"));

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (int k = 0; k < 2; k++) {
			const char *sort = k ? rows[i].second : rows[i].first;
			size_t len = !strcmp(sort, "empty") ? 0
				     : !strcmp(sort, "cut") ? strlen(whole) / 2
							    : strlen(whole);
			char *log = xstrndup(whole, len), *from;

			if (!strcmp(sort, "bad"))
				while ((from = strstr(log, "WARNING: ThreadSanitizer")))
					from[0] = 'X';
			scratch_write(dir, k ? "e.text.2" : "e.text.1", log);
			free(log);
		}
		struct record record = collected(REPORT_TSAN_TEXT, dir, ENDING_EXIT);

		CHECK_TEXT_AT(rows[i].first, evidence_name(record.evidence),
			      evidence_name(rows[i].together));
		record_release(&record);
	}
	free(whole);
	scratch_drop(dir);
}

// A run that the harness ended: what threads held then, and that nobody joined them, is its doing.
static void what_the_end_caused_is_left_out(void)
{
	static const struct {
		enum report_format format;
		const char *name, *report;
		enum ending_how how;
		size_t nr;
	} rows[] = {
		{ REPORT_TSAN_TEXT, "e.text.1", "thread_leak.clang.txt", ENDING_EXIT, 1 },
		{ REPORT_TSAN_TEXT, "e.text.1", "thread_leak.clang.txt", ENDING_SIGNAL, 1 },
		{ REPORT_TSAN_TEXT, "e.text.1", "thread_leak.clang.txt", ENDING_TIMEOUT, 0 },
		{ REPORT_TSAN_TEXT, "e.text.1", "race_global.clang.txt", ENDING_TIMEOUT, 1 },
		// Main exits while it holds the lock.
		{ REPORT_VALGRIND_XML, "e.xml.1", "foreign_unlock.helgrind.xml", ENDING_EXIT, 2 },
		{ REPORT_VALGRIND_XML, "e.xml.1", "foreign_unlock.helgrind.xml", ENDING_TIMEOUT,
		  1 },
		{ REPORT_VALGRIND_XML, "e.xml.1", "foreign_unlock.helgrind.xml", ENDING_HANG, 1 },
		// A thread returns from its start routine.
		{ REPORT_VALGRIND_XML, "e.xml.1", "misuse.helgrind.xml", ENDING_EXIT, 4 },
		{ REPORT_VALGRIND_XML, "e.xml.1", "misuse.helgrind.xml", ENDING_TIMEOUT, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *dir = scratch_make();
		struct record record;

		capture(dir, rows[i].name, rows[i].report);
		record = collected(rows[i].format, dir, rows[i].how);
		CHECK_NUMBER((long long)record.findings.nr, (long long)rows[i].nr);
		record_release(&record);
		scratch_drop(dir);
	}
}

// Of a lock that is held only what says so of a thread that exits is dropped, whatever is missing.
static void what_says_too_little_is_kept(void)
{
#define HELD         "\"kind\":\"lock-held-at-exit\""
#define EXITING      "\"words\":\"Exiting thread still holds 1 lock\""
#define STACK(frame) "\"accesses\":[{\"op\":\"call\",\"locks\":[],\"stack\":[" frame "]}]"
#define NO_ACCESS    "\"accesses\":[]"
#define SOMEWHERE    "\"location\":{\"kind\":\"unknown\",\"stack\":[]}"
	static const struct {
		const char *finding;
		size_t nr;
	} rows[] = {
		{ HELD "," EXITING "," NO_ACCESS, 1 },
		{ HELD "," STACK("{\"func\":\"main\"}"), 1 },
		{ HELD ",\"words\":\"mutex held\"," STACK("{\"func\":\"main\"}"), 1 },
		{ "\"kind\":\"exit-with-lock\"," NO_ACCESS, 0 },
		{ HELD "," EXITING "," STACK("{\"func\":\"start_thread\"}"), 1 },
		{ HELD "," EXITING "," STACK("{}"), 0 },
		{ HELD "," EXITING "," STACK(""), 0 },
		{ "\"kind\":\"other\"," EXITING "," STACK("{\"func\":\"main\"}"), 1 },
	};
	char *dir = scratch_make();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *log = xasprintf("{\"racegate-explore\":1,\"program\":\"1\"}\n"
				      "{\"finding\":{%s," SOMEWHERE "},\"hits\":1,"
				      "\"iteration\":1,\"confirmed\":true}\n",
				      rows[i].finding);
		struct record record;

		scratch_write(dir, "e.explore", log);
		record = collected(REPORT_EXPLORE, dir, ENDING_TIMEOUT);
		CHECK_AT(rows[i].finding, record.findings.nr == rows[i].nr);
		record_release(&record);
		free(log);
	}
	scratch_drop(dir);
}

// Their names say whose they are; one that was not written costs nothing.
static void schedules_are_kept_under_the_name_of_their_run(void)
{
	char *dir = scratch_make(), *from = xasprintf("%s/evidence", dir),
	     *session = xasprintf("%s/session", dir), *kept;
	struct explored_outcome *outcomes;
	struct record record = { .run = 3 };
	struct err err = ERR_INIT;

	scratch_write(dir, "evidence/e.explore.1.sched", "one");
	scratch_write(dir, "evidence/e.explore.2.sched", "two");
	VEC_PUSH(&record.findings)->schedule = xstrdup("e.explore.1.sched");
	(void)VEC_PUSH(&record.findings);
	VEC_PUSH(&record.explored.outcomes)->schedule = xstrdup("e.explore.2.sched");
	VEC_PUSH(&record.explored.outcomes)->schedule = xstrdup("e.explore.3.sched");
	outcomes = record.explored.outcomes.items;
	CHECK_NUMBER(evidence_keep_schedules(from, session, "f-c-racy", &record, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_TEXT(record.findings.items[0].schedule, "schedules/f-c-racy-3-1.sched");
	CHECK_TEXT(record.findings.items[1].schedule, NULL);
	CHECK_TEXT(outcomes[0].schedule, "schedules/f-c-racy-3-2.sched");
	CHECK_TEXT(outcomes[1].schedule, "schedules/f-c-racy-3-3.sched");
	kept = scratch_read(session, "schedules/f-c-racy-3-1.sched");
	CHECK_TEXT(kept, "one");
	free(kept);
	kept = scratch_read(session, "schedules/f-c-racy-3-2.sched");
	CHECK_TEXT(kept, "two");
	free(kept);
	record_release(&record);
	free(session);
	free(from);
	scratch_drop(dir);
}

static void logs_are_kept_up_to_a_size(void)
{
	enum { MAX_KEPT = 256 * 1024 };
	char *dir = scratch_make(), *from = xasprintf("%s/evidence", dir),
	     *session = xasprintf("%s/session", dir), *large = xcalloc(MAX_KEPT + 2, 1), *kept;
	struct record record = { .run = 7 };
	struct err err = ERR_INIT;
	struct stat st;

	CHECK_NUMBER(evidence_keep(from, session, "f-c-racy", &record, &err), 0);
	CHECK_NUMBER(record.nr_logs, 0);
	memset(large, 'x', MAX_KEPT + 1);
	scratch_write(dir, "evidence/e.text.1", large);
	scratch_write(dir, "evidence/e.xml.2", "two");
	scratch_write(dir, "evidence/other", "three");
	CHECK_NUMBER(evidence_keep(from, session, "f-c-racy", &record, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(record.nr_logs, 2);
	CHECK_TEXT(record.logs[0], "logs/f-c-racy-7/text.1");
	CHECK_TEXT(record.logs[1], "logs/f-c-racy-7/xml.2");
	kept = scratch_read(dir, "session/logs/f-c-racy-7/xml.2");
	CHECK_TEXT(kept, "two");
	free(kept);
	kept = xasprintf("%s/logs/f-c-racy-7/text.1", session);
	CHECK_NUMBER(stat(kept, &st), 0);
	CHECK_NUMBER(st.st_size, MAX_KEPT);
	free(kept);
	record_release(&record);
	free(large);
	free(session);
	free(from);
	scratch_drop(dir);
}

// The exit code was drawn: the program cannot know what it has to end with, nor hide that it did.
static void the_exit_code_and_the_reports_must_agree(void)
{
	static const struct {
		const char *report;
		int code;
		enum ending_how how;
		const char *says;
	} rows[] = {
		{ "race_heap.clang.log", 66, ENDING_EXIT, NULL },
		{ "race_heap.clang.log", 0, ENDING_EXIT, "it has reports and did not end with 66" },
		{ "race_heap.clang.log", 0, ENDING_TIMEOUT, NULL },
		{ "silent", 0, ENDING_EXIT, NULL },
		{ "silent", 3, ENDING_EXIT, NULL },
		{ "silent", 66, ENDING_EXIT, "it ended with 66, as a program with reports does" },
		{ "quits", 0, ENDING_EXIT, NULL },
	};
	static const char header[] = "racegate-tsan 1 7 0\n",
			  race[] = "begin data-race\nmop 1 0x10 4 1 0 0x1\nend\n";

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *dir = scratch_make(), *whole, *log;
		struct record record = {
			.how = rows[i].how, .code = rows[i].code, .tool_code = 66, .pid = 7
		};

		scratch_copy(test_fixture("reports/race_heap.clang.log"), dir, "whole");
		whole = scratch_read(dir, "whole");
		log = !strcmp(rows[i].report, "silent") ? xasprintf("%sexit 0\n", header)
		      : !strcmp(rows[i].report, "quits")
			      ? xasprintf("%s%squit 1\n", header, race)
			      : xasprintf("%s%s", header, strchr(whole, '\n') + 1);
		scratch_write(dir, "e.data.7", log);
		evidence_collect(REPORT_TSAN_DATA, dir, 0, &record);
		CHECK_NUMBER(record.evidence, rows[i].says ? EVIDENCE_TAMPERED : EVIDENCE_WHOLE);
		CHECK_AT(rows[i].report, !rows[i].says == !record.tampering);
		if (rows[i].says)
			CHECK_HAS(record.tampering, rows[i].says);
		record_release(&record);
		free(whole);
		free(log);
		scratch_drop(dir);
	}
}

// Logs of others do not stand for that of the program itself.
static void the_first_process_must_have_left_a_log(void)
{
	char *dir = scratch_make();
	struct record record = { .how = ENDING_EXIT, .pid = 8 };

	scratch_write(dir, "e.data.7", "racegate-tsan 1 7 8\nexit 0\n");
	evidence_collect(REPORT_TSAN_DATA, dir, 0, &record);
	CHECK_NUMBER(record.evidence, EVIDENCE_MISSING);
	scratch_write(dir, "e.data.8", "racegate-tsan 1 8 0\nexit 0\n");
	evidence_collect(REPORT_TSAN_DATA, dir, 0, &record);
	CHECK_NUMBER(record.evidence, EVIDENCE_WHOLE);
	scratch_write(dir, "e.data.9", "racegate-tsan 1 7 8\nexit 0\n");
	evidence_collect(REPORT_TSAN_DATA, dir, 0, &record);
	CHECK_TEXT(record.tampering, "data.9 is of another process");
	record_release(&record);
	scratch_drop(dir);
}

static void put_link(const char *path)
{
	CU_ASSERT_EQUAL(symlink("/dev/zero", path), 0);
}

static void put_folder(const char *path)
{
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
}

static void put_fifo(const char *path)
{
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
}

static void put_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

// Nothing is followed, and nothing waits for a writer that never comes.
static void what_is_no_plain_file_is_tampered(void)
{
	static const struct {
		void (*put)(const char *path);
		const char *says;
	} rows[] = {
		{ put_link, "data.9 is a link" },
		{ put_folder, "data.9 is a folder" },
		{ put_fifo, "data.9 is a FIFO" },
		{ put_socket, "data.9 is a socket" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *dir = scratch_make(), *odd = xasprintf("%s/e.data.9", dir);
		struct err err = ERR_INIT;
		struct record record;

		capture(dir, "e.data.7", "race_heap.clang.log");
		rows[i].put(odd);
		record = collected(REPORT_TSAN_DATA, dir, ENDING_EXIT);
		CHECK_NUMBER(record.evidence, EVIDENCE_TAMPERED);
		CHECK_TEXT(record.tampering, rows[i].says);
		CHECK_NUMBER(record.findings.nr, 1); // of the log that is one
		CHECK_NUMBER(evidence_keep(dir, dir, "x", &record, &err), 0);
		CHECK_NUMBER(record.nr_logs, 1);
		record_release(&record);
		free(odd);
		scratch_drop(dir);
	}
}

void suite_evidence(void)
{
	static const struct test_case cases[] = {
		{ "each format has its files", each_format_has_its_files },
		{ "what several logs say together", what_several_logs_say_together },
		{ "what the end caused is left out", what_the_end_caused_is_left_out },
		{ "what says too little is kept", what_says_too_little_is_kept },
		{ "logs are kept up to a size", logs_are_kept_up_to_a_size },
		{ "the exit code and the reports must agree",
		  the_exit_code_and_the_reports_must_agree },
		{ "the first process must have left a log",
		  the_first_process_must_have_left_a_log },
		{ "what is no plain file is tampered", what_is_no_plain_file_is_tampered },
		{ "schedules are kept under the name of their run",
		  schedules_are_kept_under_the_name_of_their_run },
	};

	test_suite("evidence", cases, ARRAY_SIZE(cases));
}
