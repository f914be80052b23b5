/*
 * The warmed process: an explored program that waits before its main() and
 * forks an iteration whenever it is asked (see rt/protocol.h).
 */
#ifndef RACEGATE_WARM_H
#define RACEGATE_WARM_H

#include "base/err.h"
#include "base/strbuf.h"
#include "rt/protocol.h"

#include <sys/types.h>

struct warm {
	pid_t pid; // 0: not running
	int socket, out, err;
	int stop; // borrowed; becomes readable when it is time to stop; 0: never
	bool stopped;
	struct rt_shared *shared; // the last request and its result
};

// What is asked of the warmed process. It is a value: nothing remains of an earlier one.
struct request {
	struct rt_request rt;
	const struct rt_entry *schedule_in;    // rt.nr_schedule_in, borrowed
	const struct rt_deviation *deviations; // rt.nr_deviations, borrowed
};

#define WARM_INIT                                                                                  \
	{                                                                                          \
		.socket = -1, .out = -1, .err = -1                                                 \
	}

/*
 * Starts the program, pinned to the CPU that it starts on and at fixed
 * addresses. 0, or -1 with `err`; release it in either case.
 */
int warm_start(struct warm *warm, const char *const *argv, struct err *err);

/*
 * Makes the descriptors and the shared memory of a warmed process without one:
 * the program, started with RT_ENV=`*value` (owned by the caller) in its
 * environment and with all descriptors, works off the request and ends.
 */
int warm_prepare(struct warm *warm, const struct request *request, char **value, struct err *err);

/*
 * Works off the request; the answer is in warm->shared->result. 0, or -1 with
 * `err` when the process is gone or `stop` has become readable; then `stopped` is
 * set, and result.iterations still says how many had ended.
 */
int warm_request(struct warm *warm, const struct request *request, struct err *err);

// What the last iteration wrote to stdout or stderr, at most `max` bytes.
void warm_output(int fd, size_t max, struct strbuf *out);

void warm_release(struct warm *warm);

#endif
