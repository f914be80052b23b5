#include "base/child.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAPTURE_MAX (1u << 20)
// execvpe() copies the arguments there when it has to start a script without "#!".
#define STACK_SIZE (128 * 1024)
// No signal has a handler, so calls are hardly ever interrupted: more often is for good.
#define MOST_EINTR 1000

// The new process borrows its parent's memory and has a stack that AddressSanitizer does not
// know: its marks would stay in the parent.
#define IN_CHILD __attribute__((no_sanitize("address")))

// What the new process needs, prepared by its parent: it shares the parent's memory until it
// executes and must not allocate.
struct launch {
	const struct child_spec *spec;
	pid_t parent;
	int error_fd;
};

struct launch_error {
	int code;
	char what[32];
};

IN_CHILD __attribute__((noreturn)) static void launch_fail(const struct launch *launch,
							   const char *what)
{
	struct launch_error error = { .code = errno };
	ssize_t n;

	strncpy(error.what, what, sizeof(error.what) - 1);
	do
		n = write(launch->error_fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	_exit(127);
}

// A descriptor above the standard ones for what becomes a standard one; -1 opens /dev/null.
IN_CHILD static int lift(int fd, int flags)
{
	if (fd < 0)
		fd = open("/dev/null", flags | O_CLOEXEC);
	return fd >= 0 && fd <= STDERR_FILENO ? fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : fd;
}

IN_CHILD static int set_streams(const struct launch *launch)
{
	int in = lift(-1, O_RDONLY);
	int out = lift(launch->spec->fd_out, O_WRONLY);
	int err = lift(launch->spec->fd_err, O_WRONLY);

	if (in < 0 || out < 0 || err < 0)
		return -1;
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		return -1;
	// The child must not inherit what the harness inherited. Kernels before 5.11 do not know
	// the flag; our own descriptors are close-on-exec anyway.
	(void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	return 0;
}

/*
 * Handlers vanish when the program is executed; what was ignored would stay so.
 * By the kernel's own call, since the C library refuses its two internal
 * signals, which posix_spawn() hands on ignored.
 */
IN_CHILD static void default_signals(void)
{
	enum { KERNEL_SIGSET_SIZE = 8 };
	const unsigned long action[4] = { 0 }; // handler SIG_DFL, no flags, empty mask

	for (int sig = 1; sig <= SIGRTMAX; sig++)
		(void)syscall(SYS_rt_sigaction, sig, action, NULL, KERNEL_SIGSET_SIZE);
}

IN_CHILD static int set_limits(const struct child_spec *spec)
{
	struct rlimit none = { 0, 0 };
	struct rlimit file = { spec->max_file_bytes, spec->max_file_bytes };

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return -1;
	return spec->max_file_bytes ? setrlimit(RLIMIT_FSIZE, &file) : 0;
}

IN_CHILD static int set_cpus(uint64_t cpus)
{
	cpu_set_t set;

	if (!cpus)
		return 0;
	CPU_ZERO(&set);
	for (int i = 0; i < 64; i++)
		if (cpus >> i & 1)
			CPU_SET(i, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

IN_CHILD static int launch_child(void *arg)
{
	const struct launch *launch = arg;
	const struct child_spec *spec = launch->spec;
	sigset_t none;

	setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		launch_fail(launch, "prctl");
	// The parent may have ended before the line above took effect.
	if (getppid() != launch->parent)
		_exit(127);
	default_signals();
	if (spec->cwd && chdir(spec->cwd) < 0)
		launch_fail(launch, "chdir");
	if (set_limits(spec) < 0)
		launch_fail(launch, "setrlimit");
	if (set_cpus(spec->cpus) < 0)
		launch_fail(launch, "sched_setaffinity");
	if (spec->no_aslr && personality(ADDR_NO_RANDOMIZE) < 0)
		launch_fail(launch, "personality");
	if (set_streams(launch) < 0)
		launch_fail(launch, "standard streams");
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvpe(spec->argv[0], (char *const *)spec->argv,
		(char *const *)(spec->env ? spec->env : (const char *const *)environ));
	launch_fail(launch, "exec");
}

// No handler of the parent's may run in the child while they share their memory.
IN_CHILD static pid_t clone_blocked(struct launch *launch, int *pidfd)
{
	_Alignas(16) char stack[STACK_SIZE];
	sigset_t all, old;
	pid_t pid;
	int saved;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	pid = clone(launch_child, stack + sizeof(stack),
		    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, launch, pidfd);
	saved = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = saved;
	return pid;
}

int child_poll(struct pollfd *fds, size_t nr, int timeout_ms)
{
	int n = -1;

	for (int i = 0; n < 0 && i < MOST_EINTR; i++) {
		n = poll(fds, nr, timeout_ms);
		if (n < 0 && errno != EINTR)
			break;
	}
	return n;
}

int child_reap(pid_t pid, int *status, struct rusage *usage)
{
	pid_t got = -1;

	for (int i = 0; got < 0 && i < MOST_EINTR; i++) {
		got = wait4(pid, status, 0, usage);
		if (got < 0 && errno != EINTR)
			break;
	}
	return got < 0 ? -1 : 0;
}

/*
 * 0 when the program runs; else what kept it from that. It has been executed, or has ended, when
 * clone() returns: all that it says is there, and the pipe's end need not be waited for.
 */
static int launch_result(int fd, const char *name, struct err *err)
{
	struct launch_error error;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno == EAGAIN))
		return 0;
	if (n != sizeof(error))
		return err_harness(err, "%s: the new process ended before exec", name);
	return err_harness(err, "%s: cannot start: %s: %s", name, error.what, strerror(error.code));
}

int child_spawn(const struct child_spec *spec, struct child *child, struct err *err)
{
	struct launch launch = { .spec = spec, .parent = getpid() };
	int fds[2], rc = -1;

	child->pidfd = -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_harness(err, "%s: cannot make a pipe: %s", spec->argv[0],
				   strerror(errno));
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	launch.error_fd = fds[1];
	child->pid = clone_blocked(&launch, &child->pidfd);
	if (child->pid < 0)
		err_harness(err, "%s: cannot start a process: %s", spec->argv[0], strerror(errno));
	close(fds[1]);
	if (child->pid > 0)
		rc = launch_result(fds[0], spec->argv[0], err);
	close(fds[0]);
	if (child->pid > 0 && rc < 0) {
		close(child->pidfd);
		(void)child_reap(child->pid, NULL, NULL);
	}
	return rc;
}

static int left_ms(int64_t deadline)
{
	int64_t left = (deadline - clock_now() + NS_PER_MS - 1) / NS_PER_MS;

	return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

// Reads what there is; false at the end of the stream.
static bool capture_read(int fd, struct strbuf *output, size_t limit)
{
	char chunk[16384];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	if (output->len < limit)
		strbuf_add(output, chunk,
			   (size_t)n < limit - output->len ? (size_t)n : limit - output->len);
	return true;
}

enum capture_end { CAPTURE_ENDED, CAPTURE_LATE, CAPTURE_STOPPED };

/*
 * Reads the pipe until the child has ended, not until its end of file: a
 * process that the child left behind may hold it.
 */
static enum capture_end capture_wait(const struct child *child, int fd, int stop, int64_t deadline,
				     struct strbuf *output)
{
	struct pollfd fds[3] = { { .fd = child->pidfd, .events = POLLIN },
				 { .fd = fd, .events = POLLIN },
				 { .fd = stop, .events = POLLIN } };
	size_t limit = output->len + CAPTURE_MAX;

	while (!fds[0].revents) {
		int n = child_poll(fds, ARRAY_SIZE(fds), left_ms(deadline));

		if (n <= 0)
			return CAPTURE_LATE;
		if (fds[2].revents)
			return CAPTURE_STOPPED;
		if (fds[1].revents && !capture_read(fd, output, limit))
			fds[1].fd = -1;
	}
	for (int i = 0; i < 64 && fds[1].fd >= 0 && poll(&fds[1], 1, 0) > 0; i++)
		if (!capture_read(fd, output, limit))
			break;
	return CAPTURE_ENDED;
}

int child_capture(const struct child_spec *spec, int timeout_ms, struct strbuf *output, int *status,
		  struct err *err)
{
	struct child_spec piped = *spec;
	enum capture_end end;
	struct child child;
	int fds[2], rc, stop, waited;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_harness(err, "%s: cannot make a pipe: %s", spec->argv[0],
				   strerror(errno));
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	piped.fd_out = piped.fd_err = fds[1];
	rc = child_spawn(&piped, &child, err);
	close(fds[1]);
	if (rc < 0)
		goto out;
	stop = interrupt_fd();
	end = capture_wait(&child, fds[0], stop, clock_now() + timeout_ms * NS_PER_MS, output);
	if (stop >= 0)
		close(stop);
	kill(-child.pid, SIGKILL);
	waited = child_reap(child.pid, status, NULL);
	close(child.pidfd);
	if (waited)
		rc = err_harness(err, "%s: cannot get its exit status: %s", spec->argv[0],
				 strerror(errno));
	else if (end == CAPTURE_LATE)
		rc = err_harness(err, "%s: did not end within %d ms", spec->argv[0], timeout_ms);
	else if (end == CAPTURE_STOPPED)
		rc = err_harness(err, "%s: was interrupted", spec->argv[0]);
out:
	close(fds[0]);
	return rc;
}

char *child_first_line(const char *const argv[])
{
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	char *line = NULL;
	int status = 0;

	spec.argv = argv;
	if (!child_capture(&spec, 10000, &output, &status, &ignored) && WIFEXITED(status) &&
	    !WEXITSTATUS(status))
		line = xstrndup(output.buf, strcspn(output.buf, "\n"));
	strbuf_release(&output);
	return line;
}
