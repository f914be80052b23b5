/*
 * Two threads set an environment variable, each for the program that it starts.
 *
 *   1. first sets MY_VAR              "first 7"
 *   2. second sets MY_VAR             "second 4"   there is one environment for both
 *   3. first starts its program       it inherits "second 4"
 *
 * The environment belongs to the process, and a new program gets all of it as it
 * is at that moment. Even if each call on it were atomic, setting and starting are
 * two steps. And they are not atomic: libc locks setenv against setenv only, so
 * whoever reads the environment meanwhile races with it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static long programs; // that each thread starts
static atomic_long wrong;

// The program that is started: this one, with an argument. It prints its MY_VAR.
static void start_program(pid_t *pid, const char *value, int out)
{
	char *argv[] = { "printenv", "0", "MY_VAR", NULL }, self[4096] = "";
	posix_spawn_file_actions_t actions;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		exit(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	setenv("MY_VAR", value, 1);                                // RACE: environ
	if (posix_spawn(pid, self, &actions, NULL, argv, environ)) // RACE: environ
		exit(1);
	posix_spawn_file_actions_destroy(&actions);
}

static bool inherits(const char *value)
{
	char text[32] = "";
	int out[2];
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0)
		exit(1);
	start_program(&pid, value, out[1]);
	close(out[1]);
	if (read(out[0], text, sizeof(text) - 1) < 0)
		exit(1);
	close(out[0]);
	waitpid(pid, NULL, 0);
	return !strcmp(text, value);
}

static void *start_programs(void *name)
{
	char value[32];

	for (long i = 0; i < programs; i++) {
		snprintf(value, sizeof(value), "%s %ld", (const char *)name, i);
		wrong += !inherits(value);
	}
	return NULL;
}

static int print_variable(const char *name)
{
	const char *value = getenv(name);

	return fputs(value ? value : "unset", stdout) < 0;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	if (argc > 2)
		return print_variable(argv[2]);
	programs = argc > 1 ? atol(argv[1]) : 20;
	setenv("MY_VAR", "main", 1);
	pthread_create(&first, NULL, start_programs, "first");
	pthread_create(&second, NULL, start_programs, "second");
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("wrong environments %ld\n", wrong);
	return 0;
}
