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
	int stop; // readable: whoever asked is to be left alone; 0: never. Borrowed
	bool stopped;
	struct rt_shared *shared; // request and result
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
 * who runs the program with RT_ENV=`*words` (owned by the caller) in its
 * environment, and with all descriptors, has it work off warm->shared->request
 * once, and end.
 */
int warm_prepare(struct warm *warm, char **words, struct err *err);

/*
 * Works off warm->shared->request; the answer is in warm->shared->result. 0, or
 * -1 with `err` when the process is gone or `stop` has become readable; then
 * `stopped` is set, and result.iterations still says how many had ended.
 */
int warm_request(struct warm *warm, struct err *err);

// What the last iteration wrote to stdout or stderr, at most `max` bytes.
void warm_output(int fd, size_t max, struct strbuf *out);

void warm_release(struct warm *warm);

#endif
