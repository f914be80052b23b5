#include "session/guard.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
	WATCHED = IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
		  IN_ONLYDIR,
};

void guard_init(struct guard *guard)
{
	*guard = (struct guard){ .fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK) };
}

void guard_release(struct guard *guard)
{
	if (guard->fd >= 0)
		close(guard->fd);
	for (size_t i = 0; i < guard->folders.nr; i++)
		free(guard->folders.items[i].what);
	free(guard->folders.items);
	*guard = (struct guard){ .fd = -1 };
}

int guard_add(struct guard *guard, const char *dir)
{
	int id = guard->fd < 0 ? -1 : inotify_add_watch(guard->fd, dir, WATCHED);

	if (id >= 0)
		*VEC_PUSH(&guard->folders) = (struct guarded){ .id = id };
	return id;
}

static char *words_of(const struct inotify_event *event)
{
	const char *name = event->len ? event->name : "";

	// Logs are called "e.<what>.<pid>".
	name += strncmp(name, "e.", 2) ? 0 : 2;
	if (event->mask & IN_Q_OVERFLOW)
		return xstrdup("too much happened to the logs to be seen");
	if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF))
		return xstrdup("the folder of the logs was removed");
	return xasprintf("%s was %s while the program ran", name,
			 event->mask & IN_DELETE ? "removed" : "renamed");
}

static void note_event(struct guard *guard, const struct inotify_event *event)
{
	const bool all = event->mask & IN_Q_OVERFLOW;

	for (size_t i = 0; !(event->mask & IN_IGNORED) && i < guard->folders.nr; i++) {
		struct guarded *folder = &guard->folders.items[i];

		if ((all || folder->id == event->wd) && !folder->what)
			folder->what = words_of(event);
	}
}

static void read_events(struct guard *guard)
{
	char events[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	while ((n = read(guard->fd, events, sizeof(events))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *event = (const void *)(events + at);

			note_event(guard, event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
}

char *guard_take(struct guard *guard, int id)
{
	char *what = NULL;

	if (id < 0)
		return NULL;
	read_events(guard);
	inotify_rm_watch(guard->fd, id);
	for (size_t i = 0; i < guard->folders.nr; i++)
		if (guard->folders.items[i].id == id) {
			what = guard->folders.items[i].what;
			guard->folders.items[i] = guard->folders.items[--guard->folders.nr];
			break;
		}
	return what;
}
