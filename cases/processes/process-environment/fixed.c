/*
 * Two threads start programs, each with an environment made for that program.
 *
 * posix_spawn takes the environment as an argument, as execve does. Made on the
 * thread's own stack it is nobody else's, so there is nothing to lock, and what
 * the program gets is what stands there. (A program that needs more gets a copy of
 * more.) A lock around setenv and posix_spawn would keep these two apart, but not
 * from a getenv in some library.
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
	char my_var[64], *environment[] = { my_var, NULL };
	posix_spawn_file_actions_t actions;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		exit(1);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	snprintf(my_var, sizeof(my_var), "MY_VAR=%s", value);
	if (posix_spawn(pid, self, &actions, NULL, argv, environment))
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
