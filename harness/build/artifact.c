#include "build/artifact.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "build/cache.h"
#include "build/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_JOBS = 16, MAX_LOG = 64 * 1024, USUAL_TIMEOUT_S = 300 };

// One compiler at work.
struct job {
	struct artifact *artifact; // NULL: free
	struct cache_entry entry;
	struct child child;
	int64_t deadline; // clock_now()
	bool late;        // it was ended then
};

void artifact_add(struct artifact_list *artifacts, const struct target *target, enum tool_id tool)
{
	size_t nr = target->source ? tool_get(tool)->nr_builds : 1;

	for (size_t i = 0; i < nr; i++)
		*VEC_PUSH(artifacts) = (struct artifact){
			.target = target,
			.tool = tool,
			.build = i,
			.program = target->source ? NULL : xstrdup(target->argv[0]),
			.log = xstrdup(""),
		};
}

void artifact_list_release(struct artifact_list *artifacts)
{
	for (size_t i = 0; i < artifacts->nr; i++) {
		free(artifacts->items[i].program);
		free(artifacts->items[i].log);
	}
	free(artifacts->items);
	*artifacts = (struct artifact_list){ 0 };
}

static int start_compiler(struct job *job, const struct args *command, struct err *err)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	int rc, log = open(job->entry.log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (log < 0)
		return err_harness(err, "%s: cannot write: %s", job->entry.log, strerror(errno));
	spec.argv = (const char *const *)command->items;
	spec.fd_out = spec.fd_err = log;
	rc = child_spawn(&spec, &job->child, err);
	close(log);
	return rc;
}

// Takes what a compiler left: a program and its inputs, or its complaint.
static int finish_compiler(struct job *job, struct err *err)
{
	struct artifact *artifact = job->artifact;
	struct strbuf log = STRBUF_INIT;
	int status, rc = 0, reaped = child_reap(job->child.pid, &status, NULL);

	close(job->child.pidfd);
	fs_read(job->entry.log, MAX_LOG, &log, err);
	free(artifact->log);
	if (job->late)
		strbuf_addf(&log, "%sthe compiler was ended: it took too long",
			    log.len && log.buf[log.len - 1] != '\n' ? "\n" : "");
	artifact->log = strbuf_detach(&log);
	if (!reaped && WIFEXITED(status) && !WEXITSTATUS(status)) {
		rc = cache_commit(&job->entry, err);
		artifact->state = ARTIFACT_READY;
		artifact->program = xstrdup(job->entry.program);
	} else {
		artifact->state = ARTIFACT_FAILED;
		cache_abandon(&job->entry);
	}
	cache_entry_release(&job->entry);
	job->artifact = NULL;
	return rc;
}

// With all that it started.
static void kill_compiler(const struct job *job)
{
	kill(-job->child.pid, SIGKILL);
	kill(job->child.pid, SIGKILL);
}

static void kill_late(struct job *jobs, unsigned nr, int64_t now)
{
	for (unsigned i = 0; i < nr; i++)
		if (jobs[i].artifact && !jobs[i].late && now >= jobs[i].deadline) {
			jobs[i].late = true;
			kill_compiler(&jobs[i]);
		}
}

static int ms_to_first_deadline(const struct job *jobs, unsigned nr, int64_t now)
{
	int64_t first = INT64_MAX;

	for (unsigned i = 0; i < nr; i++)
		if (jobs[i].artifact && !jobs[i].late && jobs[i].deadline < first)
			first = jobs[i].deadline;
	if (first == INT64_MAX)
		return -1;
	return first <= now ? 0 : (int)((first - now) / NS_PER_MS % 1000000 + 1);
}

// Waits until one of the compilers has ended. 1: the user wants to stop, and none is waited for.
static int finish_one(struct job *jobs, unsigned nr, int stop, struct err *err)
{
	struct pollfd fds[MAX_JOBS + 1] = { { .fd = stop, .events = POLLIN } };
	unsigned which[MAX_JOBS + 1], used = 1;

	for (unsigned i = 0; i < nr; i++)
		if (jobs[i].artifact) {
			fds[used] = (struct pollfd){ .fd = jobs[i].child.pidfd, .events = POLLIN };
			which[used++] = i;
		}
	for (int n = 0; n == 0;) {
		int64_t now = clock_now();

		kill_late(jobs, nr, now);
		n = child_poll(fds, used, ms_to_first_deadline(jobs, nr, now));
		if (n < 0)
			return err_harness(err, "cannot wait for compilers: %s", strerror(errno));
	}
	if (fds[0].revents)
		return 1;
	for (unsigned i = 1; i < used; i++)
		if (fds[i].revents)
			return finish_compiler(&jobs[which[i]], err);
	return 0;
}

// None is left behind, nor what it was making.
static void drop_compilers(struct job *jobs, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++) {
		if (!jobs[i].artifact)
			continue;
		kill_compiler(&jobs[i]);
		(void)child_reap(jobs[i].child.pid, NULL, NULL);
		close(jobs[i].child.pidfd);
		cache_abandon(&jobs[i].entry);
		cache_entry_release(&jobs[i].entry);
		jobs[i].artifact = NULL;
	}
}

static struct job *free_job(struct job *jobs, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++)
		if (!jobs[i].artifact)
			return &jobs[i];
	return NULL;
}

// Whether another job is making the same thing (Helgrind and DRD share their builds).
static bool in_the_making(const struct job *jobs, unsigned nr, const struct job *job)
{
	for (unsigned i = 0; i < nr; i++)
		if (&jobs[i] != job && jobs[i].artifact &&
		    !strcmp(jobs[i].entry.dir, job->entry.dir))
			return true;
	return false;
}

/*
 * Finds the artifact in the cache or starts its compiler in the free job. 1: it
 * has to wait for a job that makes the same thing.
 */
static int begin_build(struct job *jobs, unsigned nr, struct job *job, struct artifact *artifact,
		       const struct build_options *options, struct err *err)
{
	struct args command = { 0 };
	int rc;

	command_key(&command, artifact->target, artifact->tool, artifact->build, options->home,
		    options->toolchain);
	rc = cache_lookup(&job->entry, options->home->build, artifact->target->source,
			  options->toolchain->tools[artifact->tool].version, &command, err);
	if (rc >= 0 && in_the_making(jobs, nr, job)) {
		cache_entry_release(&job->entry);
		rc = 1;
	} else if (rc == 0) {
		command_paths(&command, &job->entry);
		job->artifact = artifact;
		job->late = false;
		job->deadline = clock_now() + (options->timeout_ns ? options->timeout_ns
								   : USUAL_TIMEOUT_S * NS_PER_S);
		rc = start_compiler(job, &command, err);
		if (rc) {
			cache_abandon(&job->entry);
			cache_entry_release(&job->entry);
			job->artifact = NULL;
		}
	} else if (rc > 0) {
		artifact->program = xstrdup(job->entry.program);
		artifact->cached = true;
		cache_entry_release(&job->entry);
		rc = 0;
	}
	args_release(&command);
	return rc;
}

/*
 * Builds what is left until nothing is, or the user wants to stop: 1 then. `busy` jobs are at
 * work; after a failure they are still waited for.
 */
static int build_rest(struct artifact_list *artifacts, const struct build_options *options,
		      struct job *jobs, unsigned nr, int stop, struct err *err)
{
	size_t next = 0, busy = 0, done = 0;
	int rc = 0;

	while (busy || (rc >= 0 && next < artifacts->nr)) {
		struct job *job = rc || next == artifacts->nr ? NULL : free_job(jobs, nr);
		int waits = 1;

		if (interrupt_pending())
			return 1;
		if (job && !artifacts->items[next].target->source) {
			next++;
			done++;
			continue;
		}
		if (job)
			waits = begin_build(jobs, nr, job, &artifacts->items[next], options, err);
		if (waits <= 0) {
			rc = waits;
			next++;
			busy += job->artifact != NULL;
			done += job->artifact == NULL;
		} else {
			struct err later = ERR_INIT;
			int finished = finish_one(jobs, nr, stop, &later);

			if (finished > 0)
				return 1;
			if (finished && !rc) {
				*err = later;
				rc = -1;
			}
			busy--;
			done++;
		}
		if (options->progress)
			options->progress(options->ctx, done, artifacts->nr);
	}
	return rc;
}

int artifact_build_all(struct artifact_list *artifacts, const struct build_options *options,
		       struct err *err)
{
	struct job jobs[MAX_JOBS] = { 0 };
	unsigned nr = options->jobs < 1 ? 1 : options->jobs < MAX_JOBS ? options->jobs : MAX_JOBS;
	int stop = interrupt_fd(), rc;

	if (stop < 0)
		return err_harness(err, "cannot read signals: %s", strerror(errno));
	cache_sweep(options->home->build);
	rc = build_rest(artifacts, options, jobs, nr, stop, err);
	drop_compilers(jobs, nr);
	close(stop);
	return rc > 0 ? interrupt_take() : rc;
}
