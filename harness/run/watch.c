#include "run/watch.h"

#include "base/clock.h"
#include "run/still.h"

#define LOOK_AFTER  (100 * NS_PER_MS)
#define LOOK_EVERY  (50 * NS_PER_MS)
#define STILL_FOR   (100 * NS_PER_MS)
#define IDLE_WINDOW (300 * NS_PER_MS)
// A sanitizer's own thread, or a poll every now and then, is no work: 1 in 256 of the time.
#define IDLE_SHARE 256

static int64_t idle_window(const struct run_spec *spec)
{
	int64_t tenth = spec->limits.wall_ns / 10;

	return tenth < IDLE_WINDOW ? tenth : IDLE_WINDOW;
}

void watch_start(struct watch *watch, const struct run_spec *spec, int64_t now)
{
	int64_t before_end = spec->limits.wall_ns - 2 * idle_window(spec);

	*watch = (struct watch){ 0 };
	watch->next_look = now + (before_end < LOOK_AFTER ? before_end : LOOK_AFTER);
}

void watch_release(struct watch *watch)
{
	*watch = (struct watch){ 0 };
}

void watch_output(struct watch *watch)
{
	watch->still_since = 0;
}

static int64_t cpu_of(const struct pid_list *processes)
{
	int64_t sum = 0;

	for (size_t i = 0; i < processes->nr; i++)
		sum += proc_cpu_ns(processes->items[i]);
	return sum;
}

static void sample(struct watch *watch, const struct pid_list *processes, int64_t now)
{
	unsigned at = watch->nr++ % WATCH_SAMPLES;

	watch->samples[at].at = now;
	watch->samples[at].cpu = cpu_of(processes);
}

static bool proven_still(struct watch *watch, const struct pid_list *processes, bool naps,
			 int64_t now)
{
	uint64_t what;

	if (!still_run(processes, naps, &what)) {
		watch->still_since = 0;
		return false;
	}
	if (!watch->still_since || what != watch->still) {
		watch->still = what;
		watch->still_since = clock_now();
		return false;
	}
	return now - watch->still_since >= STILL_FOR && still_alone(processes, naps);
}

// A tool that has a thread of its own has one in each process.
static void count_alive(struct watch *watch, const struct pid_list *processes, bool tool_naps)
{
	struct pid_list threads = { 0 };
	size_t own = tool_naps ? processes->nr : 0;

	for (size_t i = 0; i < processes->nr; i++)
		(void)proc_threads(processes->items[i], &threads);
	if (threads.nr > own && threads.nr - own > watch->most_alive)
		watch->most_alive = (unsigned)(threads.nr - own);
	pid_list_release(&threads);
}

enum watch_verdict watch_look(struct watch *watch, const struct run_spec *spec,
			      const struct pid_list *processes, int64_t now, uint64_t *resident)
{
	const struct run_limits *limits = &spec->limits;

	watch->next_look = now + LOOK_EVERY;
	*resident = 0;
	for (size_t i = 0; i < processes->nr; i++)
		*resident += proc_resident(processes->items[i]);
	count_alive(watch, processes, spec->tool_naps);
	sample(watch, processes, now);
	if (limits->memory_bytes && *resident > limits->memory_bytes)
		return WATCH_MEMORY;
	if (limits->processes && processes->nr > limits->processes)
		return WATCH_PROCESSES;
	return proven_still(watch, processes, spec->tool_naps, now) ? WATCH_HANG : WATCH_FINE;
}

// Whether some thread could run if it were given a CPU: starved is not idle.
static bool anyone_runnable(const struct pid_list *processes)
{
	bool runnable = false;

	for (size_t p = 0; p < processes->nr && !runnable; p++) {
		struct pid_list threads = { 0 };
		struct proc_stat stat;

		proc_threads(processes->items[p], &threads);
		for (size_t t = 0; t < threads.nr && !runnable; t++)
			runnable = !proc_stat(processes->items[p], threads.items[t], &stat) &&
				   stat.state == 'R';
		pid_list_release(&threads);
	}
	return runnable;
}

bool watch_idle(struct watch *watch, const struct run_spec *spec, const struct pid_list *processes,
		int64_t now)
{
	int64_t window = idle_window(spec), cpu = cpu_of(processes);
	unsigned kept = watch->nr < WATCH_SAMPLES ? watch->nr : WATCH_SAMPLES;

	if (anyone_runnable(processes))
		return false;
	// The newest sample that lies a whole window back, else the oldest there is.
	for (unsigned i = 1; i <= kept; i++) {
		unsigned at = (watch->nr - i) % WATCH_SAMPLES;
		int64_t span = now - watch->samples[at].at;

		if (span >= window || i == kept)
			return cpu - watch->samples[at].cpu <= span / IDLE_SHARE;
	}
	return false;
}
