#include "run/store.h"

#include "base/claim.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// What harnesses that were killed left in the sessions of a folder.
static void sweep_sessions(const char *reports)
{
	claim_sweep(reports, "/*/work");
	claim_sweep_files(reports, "/*/*.tmp");
}

// A name that sorts by time; a second session within the same second gets a letter more.
static int make_dated(struct store *store, const char *root, struct err *err)
{
	char *reports = strcmp(root, ".") != 0 ? xasprintf("%s/reports", root) : xstrdup("reports");
	char stamp[32];
	time_t now = time(NULL);
	struct tm local;
	int rc = fs_mkdirs(reports, err);

	sweep_sessions(reports);
	localtime_r(&now, &local);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &local);
	for (char letter = 'a'; !rc; letter++) {
		store->dir = letter == 'a' ? xasprintf("%s/%s", reports, stamp)
					   : xasprintf("%s/%s%c", reports, stamp, letter);
		if (!mkdir(store->dir, 0777))
			break;
		if (errno != EEXIST || letter == 'z')
			rc = err_harness(err, "%s: cannot create folder: %s", store->dir,
					 strerror(errno));
		free(store->dir);
		store->dir = NULL;
	}
	free(reports);
	return rc;
}

static void point_latest(const struct store *store)
{
	char *latest = xasprintf("%.*slatest", (int)(fs_base(store->dir) - store->dir), store->dir);
	char *temporary = xasprintf("%s.%ld", latest, (long)getpid());

	// A convenience: the session is complete without it.
	if (!symlink(fs_base(store->dir), temporary) && rename(temporary, latest) < 0)
		unlink(temporary);
	free(temporary);
	free(latest);
}

static int make_named(struct store *store, const char *dir, struct err *err)
{
	char *session = xasprintf("%s/session.json", dir);
	char *runs = xasprintf("%s/runs.jsonl", dir);
	int rc = 0;

	if (!access(session, F_OK) || !access(runs, F_OK))
		rc = err_input(err, "%s: already holds a session; name another folder with --out",
			       dir);
	else
		rc = fs_mkdirs(dir, err);
	if (!rc)
		store->dir = xstrdup(dir);
	free(session);
	free(runs);
	return rc;
}

int store_create(struct store *store, const char *root, const char *dir, struct err *err)
{
	*store = (struct store)STORE_INIT;
	if (dir ? make_named(store, dir, err) : make_dated(store, root, err))
		return -1;
	char *runs = xasprintf("%s/runs.jsonl", store->dir), *full;
	uint64_t key;
	int rc = 0;

	// Absolute, because a program may change its folder before its tool writes.
	full = realpath(store->dir, NULL);
	store->work = xasprintf("%s/work", full ? full : store->dir);
	free(full);
	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) != sizeof(key))
		key = (uint64_t)clock_now();
	runs_seal_begin(&store->seal, key);
	store->runs_fd = open(runs, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (store->runs_fd < 0)
		rc = err_harness(err, "%s: cannot write: %s", runs, strerror(errno));
	else if (mkdir(store->work, 0700) < 0 || (store->claim = claim_take(store->work)) < 0)
		rc = err_harness(err, "%s: cannot create folder: %s", store->work, strerror(errno));
	if (!rc && !dir)
		point_latest(store);
	if (rc)
		store_release(store);
	free(runs);
	return rc;
}

void store_release(struct store *store)
{
	if (store->work)
		fs_remove_tree(store->work);
	if (store->runs_fd >= 0)
		close(store->runs_fd);
	if (store->claim >= 0)
		close(store->claim);
	free(store->work);
	free(store->dir);
	*store = (struct store)STORE_INIT;
}

int store_append(struct store *store, const json_t *line, struct err *err)
{
	char *text = runs_seal_line(line);
	ssize_t len = text ? (ssize_t)strlen(text) : 0, n = -1;

	errno = EINVAL;
	if (text)
		n = write(store->runs_fd, text, (size_t)len);
	if (text && n == len)
		runs_seal_add(&store->seal, text, (size_t)len);
	free(text);
	if (len && n == len)
		return 0;
	return err_harness(err, "%s/runs.jsonl: cannot append a run: %s", store->dir,
			   n >= 0 ? "the disk is full" : strerror(errno));
}

int store_json(struct store *store, const char *name, const json_t *json, struct err *err)
{
	char *path = xasprintf("%s/%s", store->dir, name);
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	int rc;

	if (text) {
		size_t len = strlen(text);

		text[len] = '\n';
		rc = fs_write(path, text, len + 1, err);
	} else {
		rc = err_harness(err, "%s: cannot be written as JSON", path);
	}
	free(text);
	free(path);
	return rc;
}
