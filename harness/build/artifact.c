#include "build/artifact.h"

#include "base/child.h"
#include "base/fs.h"
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

enum { MAX_JOBS = 16, MAX_LOG = 64 * 1024 };

// One compiler at work.
struct job {
	struct artifact *artifact; // NULL: free
	struct cache_entry entry;
	struct child child;
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
	int status, rc = 0;

	while (waitpid(job->child.pid, &status, 0) < 0 && errno == EINTR)
		;
	close(job->child.pidfd);
	fs_read(job->entry.log, MAX_LOG, &log, err);
	free(artifact->log);
	artifact->log = strbuf_detach(&log);
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
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

// Waits until one of the compilers has ended.
static int finish_one(struct job *jobs, unsigned nr, struct err *err)
{
	struct pollfd fds[MAX_JOBS];
	unsigned which[MAX_JOBS], used = 0;

	for (unsigned i = 0; i < nr; i++)
		if (jobs[i].artifact) {
			fds[used] = (struct pollfd){ .fd = jobs[i].child.pidfd, .events = POLLIN };
			which[used++] = i;
		}
	while (poll(fds, used, -1) < 0)
		if (errno != EINTR)
			return err_harness(err, "cannot wait for compilers: %s", strerror(errno));
	for (unsigned i = 0; i < used; i++)
		if (fds[i].revents)
			return finish_compiler(&jobs[which[i]], err);
	return 0;
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

// The user wants to stop. The signal stays pending for its handler.
static bool stop_requested(void)
{
	sigset_t pending;

	return !sigpending(&pending) &&
	       (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
		sigismember(&pending, SIGHUP));
}

int artifact_build_all(struct artifact_list *artifacts, const struct build_options *options,
		       struct err *err)
{
	struct job jobs[MAX_JOBS] = { 0 };
	unsigned nr = options->jobs < 1 ? 1 : options->jobs < MAX_JOBS ? options->jobs : MAX_JOBS;
	size_t next = 0, busy = 0, done = 0;
	int rc = 0;

	while (busy || (!rc && next < artifacts->nr)) {
		if (stop_requested())
			next = artifacts->nr;
		struct job *job = rc || next == artifacts->nr ? NULL : free_job(jobs, nr);

		if (job && !artifacts->items[next].target->source) {
			next++;
			done++;
			continue;
		}
		int waits =
			job ? begin_build(jobs, nr, job, &artifacts->items[next], options, err) : 1;

		if (waits <= 0) {
			rc = waits;
			next++;
			busy += job->artifact != NULL;
			done += job->artifact == NULL;
		} else {
			struct err later = ERR_INIT;

			// After a failure the others are still waited for.
			if (finish_one(jobs, nr, &later) && !rc) {
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
