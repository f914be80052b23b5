/*
 * librg-perturb.so: preloaded into a native run, it moves the threads of the
 * program against each other, so that interleavings show which two idle CPUs
 * would not produce in a thousand runs. A correct program computes the same.
 *
 * RACEGATE_PERTURB="seed=N[,noise=P][,timer=US][,nap=US][,gate=US][,start=US]"
 *   seed   which perturbation; everything below is chosen by it unless given
 *   noise  per mille of synchronisation calls that are delayed
 *   timer  mean time between interruptions of a running thread, 0: none
 *   nap    how long an interrupted thread sleeps at most, 0: it only yields
 *   gate   how long a new thread waits at most until its creator synchronises,
 *          so that threads made in a loop start together
 *   start  how long a new thread sleeps at most after that
 * Without the variable nothing happens.
 *
 * There are two means. At synchronising calls a thread now and then yields or
 * sleeps for up to 200 us. And a timer of each thread interrupts it anywhere and
 * makes it sleep there, which can split a load-add-store. What a thread
 * does at its n-th call depends on the seed, the thread's number and n alone.
 *
 * The timer's signal restarts system calls; around those that the kernel does
 * not restart, or cuts short, it is blocked. A thread that does not run loses
 * its timer until it synchronises again, so that a deadlock becomes still. A
 * thread sleeps for BUDGET_NS in all, and for no longer.
 */
#include "perturb.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BUDGET_NS     50000000LL
#define MAX_FIRES     400
#define IDLE_FIRES    3
#define IDLE_CPU_NS   3000
#define RENDEZVOUS_NS 200000

struct rg_config rg;
_Thread_local __attribute__((tls_model("initial-exec"))) struct rg_thread rg_self;

static uint64_t mix(uint64_t z)
{
	z += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

uint64_t rg_next(uint64_t *state)
{
	*state += 0x9E3779B97F4A7C15u;
	return mix(*state);
}

static int64_t now_of(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// Sleeps for about `ns`, or yields for 0, within the budget.
void rg_rest(uint64_t ns)
{
	struct timespec ts = { 0, (long)(ns % 1000000000) };
	int64_t start = now_of(CLOCK_MONOTONIC);

	rg_self.busy = true;
	if (ns)
		syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &ts, NULL);
	else
		sched_yield();
	rg_self.busy = false;
	rg_self.left_ns -= now_of(CLOCK_MONOTONIC) - start;
}

void rg_disarm(void)
{
	if (rg_self.armed)
		syscall(SYS_timer_delete, rg_self.timer);
	rg_self.armed = false;
}

static void set_timer(uint64_t ns)
{
	struct itimerspec when = { .it_value = { 0, (long)(ns + 1000) } };

	syscall(SYS_timer_settime, rg_self.timer, 0, &when, NULL);
}

void rg_arm(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = RG_SIG_CUT };

	if (rg_self.armed || !rg.timer_ns || rg_self.left_ns <= 0 || rg_self.fires >= MAX_FIRES ||
	    __atomic_load_n(&rg.off, __ATOMIC_RELAXED))
		return;
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &rg_self.timer) < 0)
		return;
	rg_self.armed = true;
	rg_self.idle = 0;
	rg_self.cpu_ns = now_of(CLOCK_THREAD_CPUTIME_ID);
	set_timer(rg_next(&rg_self.cuts) % (2 * rg.timer_ns));
}

static void on_cut(int sig)
{
	int saved = errno;
	int64_t cpu;

	(void)sig;
	// One that came too late for its timer.
	if (!rg_self.armed) {
		errno = saved;
		return;
	}
	cpu = now_of(CLOCK_THREAD_CPUTIME_ID);
	rg_self.idle = cpu - rg_self.cpu_ns < IDLE_CPU_NS ? rg_self.idle + 1 : 0;
	if (!rg_self.idle && !rg_self.busy)
		rg_rest(rg.nap_ns ? rg_next(&rg_self.cuts) % rg.nap_ns : 0);
	rg_self.cpu_ns = now_of(CLOCK_THREAD_CPUTIME_ID);
	if (++rg_self.fires >= MAX_FIRES || rg_self.left_ns <= 0 || rg_self.idle >= IDLE_FIRES)
		rg_disarm();
	else
		set_timer(rg_next(&rg_self.cuts) % (2 * rg.timer_ns));
	errno = saved;
}

void rg_begin_thread(uint64_t number)
{
	uint64_t base = mix(rg.seed ^ mix(number));

	rg_self.known = true;
	rg_self.calls = mix(base + 1);
	rg_self.cuts = mix(base + 2);
	rg_self.left_ns = BUDGET_NS;
	rg_self.fires = 0;
	rg_self.armed = false;
	pthread_setspecific(rg.key, &rg_self);
	// Short sleeps are to be short: the default adds 50 us to each.
	prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
}

static void end_thread(void *unused)
{
	(void)unused;
	rg_disarm();
	rg_self.left_ns = 0;
}

static void futex(int op, uint32_t value, const struct timespec *limit)
{
	syscall(SYS_futex, &rg.gate, op | FUTEX_PRIVATE_FLAG, value, limit, NULL, 0);
}

// Moves the thread to a CPU of its own, from where it may go on. Left alone, threads that live
// for less than a millisecond all run on their creator's, one after the other.
static void spread(uint64_t number)
{
	cpu_set_t all, one;
	int nr, cpu = -1;

	if (sched_getaffinity(0, sizeof(all), &all) < 0)
		return;
	nr = CPU_COUNT(&all);
	if (nr < 2)
		return;
	for (int skip = (int)(number % (uint64_t)nr); skip >= 0; skip--)
		do
			cpu++;
		while (!CPU_ISSET(cpu, &all));
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (!sched_setaffinity(0, sizeof(one), &one))
		sched_setaffinity(0, sizeof(all), &all);
}

void rg_wait_gate(uint64_t number)
{
	struct timespec limit = { 0, (long)rg.gate_ns };
	uint32_t gate = __atomic_load_n(&rg.gate, __ATOMIC_SEQ_CST);
	int64_t start;

	if (!rg.gate_ns)
		return;
	spread(number);
	__atomic_fetch_add(&rg.waiting, 1, __ATOMIC_SEQ_CST);
	futex(FUTEX_WAIT, gate, &limit);
	// The first thread awake waits for the others, but not for long: one may be late.
	__atomic_fetch_add(&rg.arrived, 1, __ATOMIC_SEQ_CST);
	start = now_of(CLOCK_MONOTONIC);
	while (__atomic_load_n(&rg.arrived, __ATOMIC_SEQ_CST) <
		       __atomic_load_n(&rg.expected, __ATOMIC_SEQ_CST) &&
	       now_of(CLOCK_MONOTONIC) - start < RENDEZVOUS_NS)
		;
}

static void open_gate(void)
{
	if (!__atomic_load_n(&rg.waiting, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&rg.arrived, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&rg.expected, __atomic_exchange_n(&rg.waiting, 0, __ATOMIC_SEQ_CST),
			 __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&rg.gate, 1, __ATOMIC_SEQ_CST);
	futex(FUTEX_WAKE, INT32_MAX, NULL);
}

void rg_noise(void)
{
	int saved = errno;
	uint64_t r;

	if (rg.on)
		open_gate();
	if (!rg.on || !rg_self.known || rg_self.left_ns <= 0)
		return;
	r = rg_next(&rg_self.calls);
	if (r % 1000 < rg.noise)
		rg_rest(r >> 63 ? 0 : (uint64_t)1000 << ((r >> 40) % 8) % 200000);
	if (!rg_self.armed && __atomic_load_n(&rg.threads, __ATOMIC_RELAXED))
		rg_arm();
	errno = saved;
}

static void in_fork_child(void)
{
	uint64_t number;

	if (!rg_self.known)
		return;
	number = mix(rg_self.calls + ++rg_self.forks);
	rg_self.armed = false;
	rg_begin_thread(number);
	__atomic_store_n(&rg.threads, 1, __ATOMIC_RELAXED);
	rg_arm();
}

static void in_fork_parent(void)
{
	rg_self.forks++;
	__atomic_fetch_add(&rg.threads, 1, __ATOMIC_RELAXED);
	rg_noise();
}

static uint64_t setting(const char *text, const char *name, uint64_t otherwise)
{
	size_t len = strlen(name);

	for (const char *at = text; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, len) && at[len] == '=')
			return strtoull(at + len + 1, NULL, 10);
	}
	return otherwise;
}

static uint64_t pick_value(uint64_t *state, const uint64_t *values, size_t nr)
{
	return values[rg_next(state) % nr];
}
#define PICK(state, ...)                                                                           \
	pick_value(state, (const uint64_t[]){ __VA_ARGS__ },                                       \
		   sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

__attribute__((constructor)) static void perturb_begin(void)
{
	const char *text = getenv("RACEGATE_PERTURB");
	struct sigaction action = { .sa_handler = on_cut, .sa_flags = SA_RESTART };
	uint64_t state;

	if (!text || pthread_key_create(&rg.key, end_thread))
		return;
	rg.seed = setting(text, "seed", 1);
	state = mix(rg.seed);
	rg.noise = setting(text, "noise", PICK(&state, 5, 20, 100, 300));
	rg.timer_ns = 1000 * setting(text, "timer", PICK(&state, 20, 20, 50, 50, 100, 0));
	rg.nap_ns = 1000 * setting(text, "nap", PICK(&state, 0, 300, 1000, 1000));
	rg.gate_ns = 1000 * setting(text, "gate", PICK(&state, 2000, 2000, 2000, 2000, 0));
	rg.start_ns = 1000 * setting(text, "start", PICK(&state, 0, 0, 0, 50, 500));
	if (rg.timer_ns && sigaction(RG_SIG_CUT, &action, NULL) < 0)
		rg.timer_ns = 0;
	rg.on = true;
	rg_begin_thread(0);
	pthread_atfork(NULL, in_fork_parent, in_fork_child);
}
