/*
 * What the explorer costs: bench_explore [--rounds N] [--iterations N]
 *
 * Compares, in interleaved rounds on one CPU, a plain loop of fork, _exit and
 * wait (fixtures/prog_forks.c, a small dynamically linked C program) with
 * iterations of a program of two threads and 15 steps, and with iterations that
 * end before their first step, which is what is left of one without a program.
 * Then the cost of a step in iterations of 200,000 steps, all of it included,
 * with a switch at every second step and with none, and whether the warmed
 * process grows.
 *
 * Figures are medians of the rounds, ratios those of the rounds' own ratios.
 * Behind them stands the same by CPU time, over all rounds: on a machine that
 * is busy with other things that is what counts.
 */
#include "base/child.h"
#include "base/clock.h"
#include "test/explored.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ROUNDS = 101, THREADS = 8, STEPS = 200000, LONG_ITERATIONS = 10, CPU = 0 };

struct spent {
	double wall, cpu; // ns
};

// One sort of iterations, over the rounds.
struct figure {
	double each[MAX_ROUNDS]; // wall ns of one iteration
	struct spent all;
	double done; // iterations
	uint64_t switches;
};

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "bench-explore: %s\n", what);
	exit(3);
}

static struct spent plain_forks(long times)
{
	char *words = xasprintf("%ld", times), *cpu = xasprintf("%d", CPU);
	const char *const argv[] = { "build/fixtures/prog_forks", words, cpu, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct spent spent;
	int status;

	spec.argv = argv;
	if (child_capture(&spec, 600000, &output, &status, &err))
		give_up(err.text);
	if (status || sscanf(output.buf, "%lf %lf", &spent.wall, &spent.cpu) != 2)
		give_up("build/fixtures/prog_forks failed");
	strbuf_release(&output);
	free(words);
	free(cpu);
	return spent;
}

// Of the warmed process and all its iterations.
static double cpu_ns(pid_t pid)
{
	char *path = xasprintf("/proc/%d/stat", (int)pid);
	unsigned long own_user, own_system, user, system;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file,
			    "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu "
			    "%lu",
			    &own_user, &own_system, &user, &system) != 4)
		give_up("cannot read the CPU time of the explored program");
	fclose(file);
	free(path);
	return (double)(own_user + own_system + user + system) * NS_PER_S /
	       (double)sysconf(_SC_CLK_TCK);
}

static long resident_kib(pid_t pid)
{
	char *path = xasprintf("/proc/%d/statm", (int)pid);
	long size, resident = 0;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
		give_up("cannot read the size of the explored program");
	fclose(file);
	free(path);
	return resident * sysconf(_SC_PAGESIZE) / 1024;
}

static void iterate(struct explored *e, const struct rt_request *request, struct figure *figure,
		    int round)
{
	struct err err = ERR_INIT;
	double cpu = cpu_ns(e->warm.pid);
	int64_t start = clock_now();
	double wall;

	if (warm_request(&e->warm, &(struct request){ .rt = *request }, &err))
		give_up(err.text);
	wall = (double)(clock_now() - start);
	figure->each[round] = wall / request->iterations;
	figure->all.wall += wall;
	figure->all.cpu += cpu_ns(e->warm.pid) - cpu;
	figure->done += request->iterations;
	figure->switches = e->warm.shared->result.switches;
}

static struct rt_request request_of(enum rt_policy_id policy, uint32_t iterations)
{
	return (struct rt_request){ .policy = policy,
				    .iterations = iterations,
				    .max_steps = 1000000,
				    .seed = 1,
				    .quantum = 1000000,
				    .threads = THREADS,
				    .wall_ms = 60000,
				    .uncounted = true,
				    .early_timeouts = true };
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(const double *values, int nr)
{
	double sorted[MAX_ROUNDS] = { 0 };

	memcpy(sorted, values, (size_t)nr * sizeof(*sorted));
	qsort(sorted, (size_t)nr, sizeof(*sorted), by_value);
	return sorted[nr / 2];
}

static double ratio(const struct figure *loop, const struct figure *figure, int rounds)
{
	double ratios[MAX_ROUNDS] = { 0 };

	for (int i = 0; i < rounds; i++)
		ratios[i] = loop->each[i] / figure->each[i];
	return median(ratios, rounds);
}

static void print_rate(const char *what, const struct figure *loop, const struct figure *figure,
		       int rounds)
{
	printf("%-26s %7.0f per s, %.2f of the loop, by CPU time %.2f\n", what,
	       NS_PER_S / median(figure->each, rounds), ratio(loop, figure, rounds),
	       loop->all.cpu / loop->done / (figure->all.cpu / figure->done));
}

static void print_steps(const char *what, const struct figure *figure, int rounds)
{
	printf("%-26s %7.1f ns a step, by CPU time %.1f, %llu switches\n", what,
	       median(figure->each, rounds) / STEPS, figure->all.cpu / figure->done / STEPS,
	       (unsigned long long)figure->switches);
}

static void compare(int rounds, uint32_t iterations)
{
	static struct figure loop, few, none, switching, straight;
	struct explored small, large;
	struct rt_request request;

	explored_start(&small, "counting", NULL);
	explored_start(&large, "counting", "50000");
	for (int i = -1; i < rounds; i++) {
		int round = i < 0 ? 0 : i; // the first one is for the caches
		struct spent spent = plain_forks(iterations);

		if (i == 0)
			few = none = switching = straight = (struct figure){ 0 };
		if (i >= 0) {
			loop.each[i] = spent.wall / iterations;
			loop.all.wall += spent.wall;
			loop.all.cpu += spent.cpu;
			loop.done += iterations;
		}
		request = request_of(RT_POLICY_RANDOM, iterations);
		iterate(&small, &request, &few, round);
		if (small.warm.shared->result.steps != 15)
			give_up("the small program does not have 15 steps");
		request.max_steps = 0;
		iterate(&small, &request, &none, round);
		request = request_of(RT_POLICY_ROUND_ROBIN, LONG_ITERATIONS);
		iterate(&large, &request, &straight, round);
		request.quantum = 2;
		iterate(&large, &request, &switching, round);
	}
	printf("%-26s %7.0f per s\n", "fork, exit, wait", NS_PER_S / median(loop.each, rounds));
	print_rate("two threads, 15 steps", &loop, &few, rounds);
	print_rate("no step", &loop, &none, rounds);
	print_steps("a switch at every second", &switching, rounds);
	print_steps("no switch", &straight, rounds);
	printf("the CPU was ours for %.2f of the time\n",
	       (loop.all.cpu + few.all.cpu + none.all.cpu + switching.all.cpu + straight.all.cpu) /
		       (loop.all.wall + few.all.wall + none.all.wall + switching.all.wall +
			straight.all.wall));
	explored_end(&small);
	explored_end(&large);
}

static void grow(uint32_t iterations)
{
	struct rt_request request = request_of(RT_POLICY_RANDOM, 100);
	static struct figure unused;
	struct explored e;
	long before, here;

	explored_start(&e, "counting", NULL);
	iterate(&e, &request, &unused, 0);
	before = resident_kib(e.warm.pid);
	here = resident_kib(getpid());
	request.iterations = iterations;
	iterate(&e, &request, &unused, 0);
	printf("memory %ld KiB before, %ld KiB after %u iterations; the driver %ld, %ld\n", before,
	       resident_kib(e.warm.pid), iterations, here, resident_kib(getpid()));
	explored_end(&e);
}

// With all that it starts.
static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(CPU, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	uint32_t iterations = 500;
	int rounds = 9;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--iterations"))
			iterations = (uint32_t)atol(argv[i + 1]);
	}
	if (rounds < 1 || rounds > MAX_ROUNDS)
		rounds = 9;
	pin();
	compare(rounds, iterations > 0 ? iterations : 500);
	grow(40 * iterations);
	return 0;
}
