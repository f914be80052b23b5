/*
 * What the pool costs: bench_pool [--runs N] [--rounds N] [--program PATH]
 *
 * Compares, in interleaved rounds, a bare posix_spawn loop, the pool with one
 * slot and the pool with two, and prints the medians, those of the ratios
 * over the rounds' own ratios: a machine that is busy for a while slows all
 * three of a round. Then it runs N programs more and says whether the memory
 * of this process has grown.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "run/run.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ROUNDS 101

struct bench {
	struct run_spec spec;
	const char *argv[3];
	long left;
	long good, bad;
	int64_t cpu_ns, wall_ns;
};

static struct run_spec *next_run(void *ctx)
{
	struct bench *bench = ctx;

	return bench->left-- > 0 ? &bench->spec : NULL;
}

static int run_done(void *ctx, struct run_spec *spec, struct run_result *result, struct err *err)
{
	struct bench *bench = ctx;

	(void)spec;
	(void)err;
	if (result->how == ENDING_EXIT && result->code == 0)
		bench->good++;
	else
		bench->bad++;
	bench->cpu_ns += result->cpu_ns;
	bench->wall_ns += result->wall_ns;
	return 0;
}

static void bench_init(struct bench *bench, const char *program, const char *arg)
{
	*bench = (struct bench){ .argv = { program, arg, NULL } };
	bench->spec = (struct run_spec){
		.argv = bench->argv,
		.weight = 1,
		.limits = { .wall_ns = 10 * NS_PER_S,
			    .grace_ns = NS_PER_S,
			    .memory_bytes = 1u << 30,
			    .output_bytes = 1u << 16,
			    .flood_bytes = 1u << 24,
			    .file_bytes = 1u << 30,
			    .processes = 64 },
	};
}

// Runs per second.
static double bare_rate(const struct bench *bench, long runs)
{
	int64_t start = clock_now();
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", 1, 0);
	for (long i = 0; i < runs; i++) {
		pid_t pid;

		if (posix_spawn(&pid, bench->argv[0], &actions, NULL, (char *const *)bench->argv,
				environ))
			exit(3);
		waitpid(pid, NULL, 0);
	}
	posix_spawn_file_actions_destroy(&actions);
	return (double)runs * NS_PER_S / (double)(clock_now() - start);
}

static double pool_rate(struct bench *bench, unsigned slots, long runs)
{
	struct pool_options options = { .slots = slots };
	struct pool_client client = { .ctx = bench, .next = next_run, .done = run_done };
	struct err err = ERR_INIT;
	int64_t start = clock_now();

	bench->left = runs;
	if (pool_run(&options, &client, &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(3);
	}
	return (double)runs * NS_PER_S / (double)(clock_now() - start);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, int nr)
{
	qsort(values, (size_t)nr, sizeof(*values), by_value);
	return values[nr / 2];
}

static void compare(struct bench *bench, int rounds, long runs)
{
	double bare[MAX_ROUNDS], one[MAX_ROUNDS], two[MAX_ROUNDS];
	double one_ratio[MAX_ROUNDS], two_ratio[MAX_ROUNDS], scaling[MAX_ROUNDS];

	for (int i = 0; i < rounds; i++) {
		bare[i] = bare_rate(bench, runs);
		one[i] = pool_rate(bench, 1, runs);
		two[i] = pool_rate(bench, 2, runs);
		one_ratio[i] = one[i] / bare[i];
		two_ratio[i] = two[i] / bare[i];
		scaling[i] = two[i] / one[i];
	}
	printf("posix_spawn loop  %7.0f runs/s\n", median(bare, rounds));
	printf("pool, 1 slot      %7.0f runs/s  %.2f of the loop\n", median(one, rounds),
	       median(one_ratio, rounds));
	printf("pool, 2 slots     %7.0f runs/s  %.2f of the loop, %.2f of one slot\n",
	       median(two, rounds), median(two_ratio, rounds), median(scaling, rounds));
}

static long resident_kib(void)
{
	long size, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
		resident = 0;
	if (file)
		fclose(file);
	return resident * sysconf(_SC_PAGESIZE) / 1024;
}

static void grow(struct bench *bench, long runs)
{
	long before = resident_kib();
	double rate = pool_rate(bench, 2, runs);

	printf("memory            %ld KiB before, %ld KiB after %ld runs (%.0f runs/s)\n", before,
	       resident_kib(), runs, rate);
}

// Sleepers need no CPU: the pool's wall time against theirs, spread over the slots.
static void overhead(unsigned slots)
{
	struct bench bench;
	double wall, ideal;

	bench_init(&bench, "/bin/sleep", "0.1");
	wall = 40 / pool_rate(&bench, slots, 40);
	ideal = (double)bench.cpu_ns / NS_PER_S / slots + 40 * 0.1 / slots;
	printf("40 sleeps of 0.1 s, %u slots: %.3f s, CPU and sleep alone %.3f s, ratio %.3f\n",
	       slots, wall, ideal, wall / ideal);
}

int main(int argc, char **argv)
{
	const char *program = "/bin/true";
	long runs = 100000, each = 300;
	int rounds = 9;
	struct bench bench;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--runs"))
			runs = atol(argv[i + 1]);
		else if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--each"))
			each = atol(argv[i + 1]);
		else if (!strcmp(argv[i], "--program"))
			program = argv[i + 1];
	}
	if (rounds < 1 || rounds > MAX_ROUNDS)
		rounds = 9;
	bench_init(&bench, program, NULL);
	pool_rate(&bench, 2, each);
	compare(&bench, rounds, each);
	overhead(2);
	overhead(8);
	if (runs > 0)
		grow(&bench, runs);
	printf("runs that did not end with exit 0: %ld\n", bench.bad);
	return bench.bad != 0;
}
