// racegate replay: a schedule again, from its file.
#include "explore/replay.h"

#include "base/args.h"
#include "base/fs.h"
#include "base/home.h"
#include "base/mem.h"
#include "build/artifact.h"
#include "cli/command.h"
#include "cli/output.h"
#include "explore/linked.h"
#include "explore/timeline.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// What is needed from the schedule's target to its program.
struct rebuilt {
	struct catalog catalog;
	struct target_list targets;
	struct home home;
	struct toolchain toolchain;
	struct artifact_list artifacts;
	struct args program; // built elsewhere: its command line is all we need
};

static void rebuilt_release(struct rebuilt *r)
{
	artifact_list_release(&r->artifacts);
	args_release(&r->program);
	toolchain_release(&r->toolchain);
	home_release(&r->home);
	target_list_release(&r->targets);
	catalog_release(&r->catalog);
}

// The case or the file that the target belongs to: an id without its variant.
static char *name_of(const char *target)
{
	const char *slash = strrchr(target, '/');
	bool variant = slash && (!strcmp(slash, "/racy") || !strcmp(slash, "/fixed"));

	return variant ? xstrndup(target, (size_t)(slash - target)) : xstrdup(target);
}

static struct target *find_target(struct rebuilt *r, const char *id)
{
	for (size_t i = 0; i < r->targets.nr; i++)
		if (!strcmp(r->targets.items[i].id, id))
			return &r->targets.items[i];
	return NULL;
}

static int find_program(struct rebuilt *r, const char *path, struct err *err)
{
	if (linked_check(path, err))
		return -1;
	args_add(&r->program, path);
	args_end(&r->program);
	target_add_program(&r->targets, (const char *const *)r->program.items);
	artifact_add(&r->artifacts, &r->targets.items[0], TOOL_EXPLORE);
	return 0;
}

// Builds the target as `explore` does; the cache has it, as long as nothing has changed.
static int rebuild(struct rebuilt *r, const struct options *options,
		   const struct schedule *schedule, struct err *err)
{
	const struct build_options build = { .home = &r->home,
					     .toolchain = &r->toolchain,
					     .jobs = 1 };
	char *name = name_of(schedule->target);
	const char *const names[] = { name };
	struct target *target = NULL;
	int rc;

	home_find(&r->home);
	if (target_names_program(schedule->target)) {
		free(name);
		return find_program(r, schedule->target, err);
	}
	rc = load_catalog(options, &r->catalog, err);
	toolchain_probe(&r->toolchain);
	if (options->settings.cc)
		toolchain_use(&r->toolchain, TOOL_EXPLORE, options->settings.cc);
	if (!rc)
		rc = target_select(&r->catalog, names, 1, &r->targets, err);
	free(name);
	if (rc)
		return -1;
	target = find_target(r, schedule->target);
	if (!target)
		return err_input(err, "%s: no such target", schedule->target);
	if (!target->tc) {
		target->cflags = options->settings.cflags;
		target->ldflags = options->settings.ldflags;
	}
	artifact_add(&r->artifacts, target, TOOL_EXPLORE);
	if (artifact_build_all(&r->artifacts, &build, err))
		return -1;
	if (r->artifacts.items[0].state != ARTIFACT_READY)
		return err_harness(err, "%s no longer builds%s%s: %s", schedule->target,
				   schedule->built ? "; `explore` was given " : "",
				   schedule->built ? schedule->built : "",
				   r->artifacts.items[0].log);
	return 0;
}

static unsigned terminal_width(void)
{
	enum { USUAL = 80, MOST = 200 };
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < USUAL)
		return USUAL;
	return size.ws_col < MOST ? size.ws_col : MOST;
}

static void add_finding(const struct finding *finding, struct strbuf *out)
{
	struct strbuf title = STRBUF_INIT, text = STRBUF_INIT;

	report_finding_title(finding, &title);
	strbuf_addf(&text, "found    %s: %s\n", kind_name(finding->kind), title.buf);
	// A deadlock's message is already its title.
	if (strcmp(title.buf, finding->words) != 0)
		strbuf_addf(&text, "         %s\n", finding->words);
	// Two races of the same two lines (read/write and write/write) are printed once.
	if (!strstr(out->buf, text.buf))
		strbuf_addstr(out, text.buf);
	strbuf_release(&text);
	strbuf_release(&title);
}

static void print_replay(const struct options *options, const struct replay *replay)
{
	const struct rt_result *result = &replay->running.warm.shared->result;
	struct strbuf out = STRBUF_INIT;

	if (options->timeline) {
		timeline_render(&replay->running.translator, replay->running.warm.shared,
				&replay->schedule.no_return, terminal_width(), &out);
		strbuf_addch(&out, '\n');
	}
	for (size_t i = 0; i < replay->findings.nr; i++) {
		add_finding(&replay->findings.items[i], &out);
	}
	strbuf_addf(&out, "outcome  %s\n", replay->outcome);
	if (replay->schedule.no_return.tried) {
		strbuf_addstr(&out, "no return: ");
		no_return_words(&replay->schedule.no_return, &out);
		strbuf_addch(&out, '\n');
	}
	strbuf_addf(&out, "%llu steps, %llu switches, %llu of them preemptions\n",
		    (unsigned long long)result->steps, (unsigned long long)result->switches,
		    (unsigned long long)result->preemptions);
	if (result->spurious)
		strbuf_addf(&out, "%llu waits ended without a signal, as POSIX allows\n",
			    (unsigned long long)result->spurious);
	fputs(out.buf, stdout);
	strbuf_release(&out);
}

/*
 * Becomes gdb, which has the terminal to itself, stopped at what the schedule shows.
 * Returns only when that cannot be done.
 */
static int become_gdb(const struct replay *replay, const struct args *argv, const struct home *home,
		      struct err *err)
{
	struct args gdb = { 0 };
	struct warm warm;
	char *words = NULL;

	args_add(&gdb, "gdb");
	args_add(&gdb, "-q");
	args_add(&gdb, "-x");
	args_take(&gdb, xasprintf("%s/harness/rt/replay.gdb", home->root));
	args_add(&gdb, "-d");
	args_add(&gdb, home->root);
	args_add(&gdb, "--args");
	for (size_t i = 0; i < argv->nr; i++)
		args_add(&gdb, argv->items[i]);
	args_end(&gdb);
	if (!replay_prepare_stop(replay, &warm, &words, err)) {
		setenv(RT_ENV, words, 1);
		fflush(NULL);
		execvp(gdb.items[0], gdb.items);
		err_harness(err,
			    "replay: cannot start gdb (%s); install it with: sudo apt-get "
			    "install gdb",
			    strerror(errno));
	}
	warm_release(&warm);
	free(words);
	args_release(&gdb);
	return report_error(err);
}

static int replay(const struct options *options, const char *path, const struct schedule *schedule,
		  struct rebuilt *r, struct err *err)
{
	struct args argv = { 0 };
	struct replay replay;
	int code;

	args_add(&argv, r->artifacts.items[0].program);
	args_unquote(&argv, schedule->arguments);
	args_end(&argv);
	if (replay_run(&replay, schedule, (const char *const *)argv.items, err)) {
		err_prefix(err, "%s", path);
		code = report_error(err);
	} else if (replay.divergence) {
		fprintf(stderr, "racegate: %s: uncontrolled: %s\n", path, replay.divergence);
		code = EXIT_ERROR;
	} else {
		print_replay(options, &replay);
		code = replay.findings.nr ? EXIT_FINDINGS : EXIT_CLEAN;
		if (options->gdb)
			code = become_gdb(&replay, &argv, &r->home, err);
	}
	replay_release(&replay);
	args_release(&argv);
	return code;
}

int cmd_replay(const struct options *options)
{
	struct schedule schedule = { 0 };
	struct strbuf text = STRBUF_INIT;
	struct rebuilt rebuilt = { 0 };
	struct err err = ERR_INIT;
	const char *path = options->nr_names == 1 ? options->names[0] : NULL;
	int code;

	if (!path) {
		fprintf(stderr, "racegate: replay: name one schedule file\n");
		return EXIT_WRONG;
	}
	if (!fs_is_file(path))
		err_input(&err, "%s: no such file", path);
	if (err.class || fs_read(path, 0, &text, &err) ||
	    schedule_parse(path, text.buf, &schedule, &err) ||
	    rebuild(&rebuilt, options, &schedule, &err))
		code = report_error(&err);
	else
		code = replay(options, path, &schedule, &rebuilt, &err);
	rebuilt_release(&rebuilt);
	schedule_release(&schedule);
	strbuf_release(&text);
	return code;
}
