/*
 * Watching a run that has become old enough to be worth it: its memory, the
 * number of its processes, whether it uses the CPU, and whether anything in it
 * can ever run again. Runs that end sooner are never looked at.
 */
#ifndef RACEGATE_WATCH_H
#define RACEGATE_WATCH_H

#include "run/proc.h"
#include "run/run.h"

#define WATCH_SAMPLES 8

struct watch {
	int64_t next_look;
	struct {
		int64_t at, cpu;
	} samples[WATCH_SAMPLES]; // a ring: `nr` counts all that were taken
	unsigned nr;
	int64_t still_since; // since when nothing in the run has moved; 0: it moves
	uint64_t still;      // what has not moved
	unsigned most_alive; // of the run's threads at once, as far as it was looked at
};

enum watch_verdict {
	WATCH_FINE,
	WATCH_MEMORY,    // it uses more than its limit
	WATCH_PROCESSES, // it has more processes than its limit
	WATCH_HANG,      // proven: nothing in it can run again
};

void watch_start(struct watch *watch, const struct run_spec *spec, int64_t now);
void watch_release(struct watch *watch);

// Output is a sign of life.
void watch_output(struct watch *watch);

/*
 * Looks at `processes`, all of the run, and sets the time of the next look.
 * The resident memory of all together goes to `*resident`.
 */
enum watch_verdict watch_look(struct watch *watch, const struct run_spec *spec,
			      const struct pid_list *processes, int64_t now, uint64_t *resident);

// Whether it has used no CPU time worth mentioning lately; `processes` as above.
bool watch_idle(struct watch *watch, const struct run_spec *spec, const struct pid_list *processes,
		int64_t now);

#endif
