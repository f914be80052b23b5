/*
 * Starting a child process: one call for compilers, tools and the programs
 * under test. A child gets its own session and process group, a clean signal
 * mask, /dev/null as stdin, and dies with its parent.
 */
#ifndef RACEGATE_CHILD_H
#define RACEGATE_CHILD_H

#include "base/err.h"
#include "base/strbuf.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct child_spec {
	const char *const
		*argv; // NULL-terminated; argv[0] is looked up on PATH unless it has a slash
	const char *const *env;  // NULL-terminated; NULL: the parent's
	const char *cwd;         // NULL: the parent's
	int fd_out, fd_err;      // -1: /dev/null; stay open in the parent
	uint64_t cpus;           // bit i: may run on CPU i; 0: as the parent
	bool no_aslr;            // addresses as without address space randomisation
	uint64_t max_file_bytes; // largest file it may write; 0: no limit
};

#define CHILD_SPEC_INIT                                                                            \
	{                                                                                          \
		.fd_out = -1, .fd_err = -1                                                         \
	}

struct child {
	pid_t pid;
	int pidfd; // readable when the child has ended; the caller closes it
};

/*
 * Starts `spec->argv`. A program that cannot be executed is an error here
 * (through a close-on-exec pipe), not an exit code of the child.
 */
int child_spawn(const struct child_spec *spec, struct child *child, struct err *err);

// poll() that goes on when it is interrupted; -1 with errno when it cannot.
int child_poll(struct pollfd *fds, size_t nr, int timeout_ms);
// Waits for a child's end as wait4() does; -1 with errno when that cannot be known.
int child_reap(pid_t pid, int *status, struct rusage *usage);

/*
 * Runs a short helper (a compiler, `tool --version`) to its end. Its stdout and
 * stderr are appended to `output`, at most 1 MiB. `*status` is as of waitpid;
 * after `timeout_ms`, or when an interrupt is held back (base/interrupt.h), its process
 * group is killed and an error returned.
 */
int child_capture(const struct child_spec *spec, int timeout_ms, struct strbuf *output, int *status,
		  struct err *err);
// The first line that it says; NULL: it cannot be run, fails or takes longer than 10 s. Owned.
char *child_first_line(const char *const argv[]);

#endif
