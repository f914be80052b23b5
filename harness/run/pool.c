#include "run/run.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "model/limit.h"
#include "run/hang.h"
#include "run/live.h"
#include "run/orphans.h"
#include "run/spin.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define TICK_EVERY (200 * NS_PER_MS)
// Orphans have descriptors that wake us; this is for those that got none.
#define ORPHANS_EVERY (50 * NS_PER_MS)
// A session that the user stops ends within a second.
#define LAST_WORDS (600 * NS_PER_MS)

struct pool {
	const struct pool_options *options;
	const struct pool_client *client;
	struct live_table lives;
	struct live_scratch scratch;
	struct orphans orphans;
	struct run_spec *held; // asked for, but no room yet
	unsigned used;         // weight of the runs that live
	size_t active;         // number of them
	uint64_t serial;
	char id[64]; // distinguishes this pool's runs from any other's
	bool dry;    // the client had none; asked again when a run has ended
	bool stopping;
	int signal; // that the user sent, 0: none
	int failed; // -1 after `done` failed
	int stop;   // readable: the user wants to stop
	sigset_t old_mask;
	struct sigaction old_child;
	int old_subreaper;
	int64_t next_tick;
	struct {
		struct pollfd *items;
		size_t nr, alloc;
	} fds;
};

static int pool_init(struct pool *pool, struct err *err)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t child;

	pool->lives.nr = pool->options->slots ? pool->options->slots : 1;
	pool->lives.items = xcalloc(pool->lives.nr, sizeof(*pool->lives.items));
	snprintf(pool->id, sizeof(pool->id), "%d.%lld", getpid(), (long long)clock_now());
	pool->next_tick = clock_now() + TICK_EVERY;
	prctl(PR_GET_CHILD_SUBREAPER, &pool->old_subreaper);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	// Where SIGCHLD is ignored the kernel reaps children and their status is lost.
	sigaction(SIGCHLD, &action, &pool->old_child);
	interrupt_hold(&pool->old_mask);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	orphans_init(&pool->orphans);
	pool->stop = interrupt_fd();
	if (pool->stop < 0)
		return err_harness(err, "cannot read signals: %s", strerror(errno));
	return 0;
}

static void pool_release(struct pool *pool)
{
	if (pool->stop >= 0)
		close(pool->stop);
	orphans_release(&pool->orphans);
	live_scratch_release(&pool->scratch);
	free(pool->lives.items);
	free(pool->fds.items);
	sigaction(SIGCHLD, &pool->old_child, NULL);
	// Once one was taken the next one ends the process.
	if (pool->signal)
		interrupt_unhold(&pool->old_mask);
	interrupt_release(&pool->old_mask);
	prctl(PR_SET_CHILD_SUBREAPER, pool->old_subreaper);
}

static unsigned weight_of(const struct run_spec *spec)
{
	return spec->weight ? spec->weight : 1;
}

static void pool_drop(struct pool *pool, struct run_spec *spec)
{
	if (spec && pool->client->drop)
		pool->client->drop(pool->client->ctx, spec);
}

// Hands the result to the client and frees the slot.
static void pool_finish_run(struct pool *pool, struct live *live, struct err *err)
{
	bool report = !pool->stopping || live->told;

	pool->used -= weight_of(live->spec);
	pool->active--;
	pool->dry = false;
	if (!report)
		pool_drop(pool, live->spec);
	else if (pool->client->done(pool->client->ctx, live->spec, &live->result, err) < 0) {
		pool->failed = -1;
		pool->stopping = true;
	}
	live_close(live);
	if (pool->orphans.nr)
		orphans_kill_unknown(&pool->orphans, &pool->lives);
}

static struct live *free_slot(struct pool *pool)
{
	for (size_t i = 0; i < pool->lives.nr; i++)
		if (pool->lives.items[i].phase == LIVE_FREE)
			return &pool->lives.items[i];
	return NULL;
}

// Takes the next run from the client if there is room for it.
static struct run_spec *pool_take_spec(struct pool *pool)
{
	unsigned slots = (unsigned)pool->lives.nr;
	struct run_spec *spec;

	if (pool->stopping || pool->dry || (pool->active && pool->used >= slots))
		return NULL;
	if (pool->options->deadline_ns && clock_now() >= pool->options->deadline_ns) {
		pool_drop(pool, pool->held);
		pool->held = NULL;
	} else if (!pool->held)
		pool->held = pool->client->next(pool->client->ctx);
	spec = pool->held;
	if (!spec) {
		pool->dry = true;
		return NULL;
	}
	if (pool->active && weight_of(spec) > slots - pool->used)
		return NULL;
	pool->held = NULL;
	return spec;
}

static void start_all(struct pool *pool, struct err *err)
{
	struct run_spec *spec;

	while ((spec = pool_take_spec(pool))) {
		struct live *live = free_slot(pool);

		live->spec = spec;
		live->serial = ++pool->serial;
		snprintf(live->mark, sizeof(live->mark), LIVE_MARK "=%s.%llu", pool->id,
			 (unsigned long long)live->serial);
		pool->used += weight_of(spec);
		pool->active++;
		if (live_start(live, &pool->scratch) < 0)
			pool_finish_run(pool, live, err);
	}
}

static void decide(struct live *live, enum ending_how how, const char *limit)
{
	live->decided = true;
	live->result.how = how;
	live->result.limit = limit;
}

// All its processes: the first one's family and what has detached itself from that.
static void processes_of(struct pool *pool, const struct live *live, struct pid_list *out)
{
	orphans_look(&pool->orphans, &pool->lives);
	proc_family(live->child.pid, out);
	orphans_list(&pool->orphans, live->serial, out);
}

static void end_stuck(struct live *live, const struct pid_list *processes, bool proven, bool idle,
		      int64_t now)
{
	decide(live, idle ? ENDING_HANG : ENDING_TIMEOUT, NULL);
	live->result.hang.proven = proven;
	// Under a tool that runs one thread at a time a state is the tool's, not the program's.
	live->result.hang.spinning = !idle && live->spec->unwind && spin_proven(processes);
	hang_take(&live->result.hang, processes, live->spec->unwind, live->spec->tool_naps);
	live_ask(live, now, live->spec->limits.grace_ns);
}

static void look(struct pool *pool, struct live *live, int64_t now)
{
	struct pid_list processes = { 0 };
	uint64_t resident;
	bool wall = now >= live->started + live->spec->limits.wall_ns;
	enum watch_verdict verdict;

	processes_of(pool, live, &processes);
	if (wall) {
		end_stuck(live, &processes, false,
			  watch_idle(&live->watch, live->spec, &processes, now), now);
		pid_list_release(&processes);
		return;
	}
	verdict = watch_look(&live->watch, live->spec, &processes, now, &resident);
	if ((long)(resident / 1024) > live->result.max_rss_kib)
		live->result.max_rss_kib = (long)(resident / 1024);
	// The look itself sees some that come and go, and never one that is not there.
	if (!live->spec->starter && live->watch.most_alive > 1 &&
	    live->watch.most_alive > live->result.alive)
		live->result.alive = live->watch.most_alive;
	if (verdict == WATCH_HANG)
		end_stuck(live, &processes, true, true, now);
	if (verdict == WATCH_MEMORY || verdict == WATCH_PROCESSES) {
		decide(live, ENDING_LIMIT,
		       verdict == WATCH_MEMORY ? LIMIT_MEMORY : LIMIT_PROCESSES);
		live_kill(live, now);
	}
	pid_list_release(&processes);
}

static void check_flood(struct live *live, int64_t now)
{
	uint64_t limit = live->spec->limits.flood_bytes;

	if (live->decided || !limit || live->result.out_total + live->result.err_total <= limit)
		return;
	decide(live, ENDING_LIMIT, LIMIT_OUTPUT);
	if (live->phase == LIVE_RUNNING)
		live_kill(live, now);
}

// The first process is gone: reports the run when the others are gone too, else ends them.
static void settle(struct pool *pool, struct live *live, struct err *err)
{
	if (orphans_of(&pool->orphans, live->serial)) {
		orphans_kill(&pool->orphans, live);
		if (orphans_of(&pool->orphans, live->serial))
			return;
	}
	live_drain(live, &pool->scratch);
	check_flood(live, clock_now());
	pool_finish_run(pool, live, err);
}

static void on_time(struct pool *pool, struct live *live, int64_t now)
{
	int64_t wall = live->spec->limits.wall_ns;

	if (live->phase == LIVE_RUNNING &&
	    (now >= live->watch.next_look || (wall && now >= live->started + wall)))
		look(pool, live, now);
	else if (live->phase == LIVE_ASKED && now >= live->phase_end) {
		live->told = false; // what it has it did not say in time
		live_kill(live, now);
	} else if (live->phase == LIVE_KILLED && now >= live->phase_end) {
		orphans_forget(&pool->orphans, live->child.pid);
		live_give_up(live, now);
	}
}

static void on_interrupt(struct pool *pool)
{
	int number = interrupt_take();

	if (!number)
		return;
	pool->signal = number;
	pool->stopping = true;
}

// All runs end: at the user's wish those that tell have a moment to say what they have.
static void stop_runs(struct pool *pool, int64_t now)
{
	for (size_t i = 0; i < pool->lives.nr; i++) {
		struct live *live = &pool->lives.items[i];

		if (live->phase != LIVE_RUNNING && live->phase != LIVE_ASKED)
			continue;
		live->told = pool->signal && live->spec->tells;
		if (live->told)
			live_ask(live, now, LAST_WORDS);
		else
			live_kill(live, now);
	}
}

static void watch_fd(struct pool *pool, int fd)
{
	struct pollfd *item = VEC_PUSH(&pool->fds);

	item->fd = fd;
	item->events = POLLIN;
}

static int64_t next_event(const struct pool *pool, int64_t now)
{
	int64_t next = pool->next_tick;

	for (size_t i = 0; i < pool->lives.nr; i++) {
		const struct live *live = &pool->lives.items[i];
		int64_t wall, due = next;

		if (live->phase == LIVE_FREE)
			continue;
		wall = live->spec->limits.wall_ns;
		if (live->phase == LIVE_RUNNING)
			due = wall && live->started + wall < live->watch.next_look
				      ? live->started + wall
				      : live->watch.next_look;
		else if (live->phase == LIVE_ASKED || live->phase == LIVE_KILLED)
			due = live->phase_end;
		next = due < next ? due : next;
	}
	if (pool->orphans.nr && now + ORPHANS_EVERY < next)
		next = now + ORPHANS_EVERY;
	return next;
}

/*
 * A process's descriptor comes before its pipes: when poll() finds it ended,
 * what it says about the pipes then holds all that it wrote.
 */
static int wait_events(struct pool *pool, struct err *err)
{
	int64_t now = clock_now(), left = next_event(pool, now) - now;

	pool->fds.nr = 0;
	watch_fd(pool, pool->stop);
	for (size_t i = 0; i < pool->lives.nr; i++) {
		const struct live *live = &pool->lives.items[i];
		bool there = live->phase != LIVE_FREE;

		watch_fd(pool, there ? live->child.pidfd : -1);
		watch_fd(pool, there && live->phase != LIVE_ORPHANED ? live->fd_out : -1);
		watch_fd(pool, there && live->phase != LIVE_ORPHANED ? live->fd_err : -1);
	}
	for (size_t i = 0; i < pool->orphans.nr; i++)
		watch_fd(pool, pool->orphans.items[i].pidfd);
	if (child_poll(pool->fds.items, pool->fds.nr,
		       left > 0 ? (int)((left + NS_PER_MS - 1) / NS_PER_MS) : 0) < 0)
		return err_harness(err, "cannot wait for the runs: %s", strerror(errno));
	return 0;
}

static void on_live(struct pool *pool, struct live *live, const struct pollfd *fds, int64_t now)
{
	if ((fds[1].revents || fds[2].revents) && live_drain(live, &pool->scratch)) {
		watch_output(&live->watch);
		if (live->phase == LIVE_RUNNING)
			check_flood(live, now);
	}
	if (fds[0].revents) {
		live_reap(live, now);
		orphans_look(&pool->orphans, &pool->lives);
	} else {
		on_time(pool, live, now);
	}
}

static void on_events(struct pool *pool, struct err *err)
{
	const struct pollfd *fds = pool->fds.items;
	int64_t now = clock_now();
	bool stopping = pool->stopping;

	if (fds[0].revents)
		on_interrupt(pool);
	if (pool->orphans.nr)
		orphans_reap(&pool->orphans, &pool->lives);
	for (size_t i = 0; i < pool->lives.nr; i++) {
		struct live *live = &pool->lives.items[i];

		if (live->phase == LIVE_FREE)
			continue;
		if (live->phase != LIVE_ORPHANED)
			on_live(pool, live, fds + 1 + 3 * i, now);
		if (live->phase == LIVE_ORPHANED)
			settle(pool, live, err);
	}
	if (pool->stopping && !stopping)
		stop_runs(pool, now);
	if (now >= pool->next_tick) {
		pool->next_tick = now + TICK_EVERY;
		if (pool->client->tick)
			pool->client->tick(pool->client->ctx);
	}
}

// Without being able to wait for them: ends all runs, one by one.
static void pool_abandon(struct pool *pool)
{
	for (size_t i = 0; i < pool->lives.nr; i++) {
		struct live *live = &pool->lives.items[i];
		int64_t now = clock_now();

		if (live->phase == LIVE_FREE)
			continue;
		if (live->phase != LIVE_ORPHANED) {
			live_kill(live, now);
			if (!live->forbidden)
				live_reap(live, now);
		}
		orphans_look(&pool->orphans, &pool->lives);
		orphans_kill(&pool->orphans, live);
		pool_drop(pool, live->spec);
		live_close(live);
	}
}

int pool_run(const struct pool_options *options, const struct pool_client *client, struct err *err)
{
	struct pool pool = { .options = options, .client = client, .stop = -1 };
	int rc = pool_init(&pool, err);

	while (!rc) {
		start_all(&pool, err);
		if (!pool.active && !pool.orphans.nr)
			break;
		rc = wait_events(&pool, err);
		if (!rc)
			on_events(&pool, err);
	}
	if (rc)
		pool_abandon(&pool);
	pool_drop(&pool, pool.held);
	if (!rc)
		rc = pool.failed ? pool.failed : pool.signal;
	pool_release(&pool);
	return rc;
}
