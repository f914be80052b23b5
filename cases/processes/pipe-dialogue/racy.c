/*
 * main asks a child process questions through a pipe and waits for each answer.
 *
 *   1. main prints "1" to the child      into stdio's buffer: nothing is sent
 *   2. main waits for the answer
 *   3. the child waits for a question    neither will ever go on
 *
 * To a terminal stdio writes each line, to a pipe only when its buffer is full. With
 * thousands of questions at once, or when main closes the pipe after the last, all
 * are sent; in a dialogue the first one never is.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

// Answers each number with its square until there are no more questions.
static void run_child(int questions, int answers)
{
	FILE *in = fdopen(questions, "r");
	long number;

	while (in && fscanf(in, "%ld", &number) == 1)
		dprintf(answers, "%ld\n", number * number);
	_exit(0);
}

static long ask(FILE *to, FILE *from, long number)
{
	long answer;

	fprintf(to, "%ld\n", number);
	return fscanf(from, "%ld", &answer) == 1 ? answer : -1;
}

int main(int argc, char **argv)
{
	long questions = argc > 1 ? atol(argv[1]) : 10, wrong = 0;
	int down[2], up[2]; // pipes: main writes down[1], the child writes up[1]
	FILE *to, *from;

	if (pipe(down) < 0 || pipe(up) < 0)
		exit(1);
	if (fork_child() == 0) {
		close(down[1]);
		close(up[0]);
		run_child(down[0], up[1]);
	}
	close(down[0]);
	close(up[1]);
	to = fdopen(down[1], "w");
	from = fdopen(up[0], "r");
	if (!to || !from)
		exit(1);
	for (long i = 1; i <= questions; i++)
		wrong += ask(to, from, i) != i * i;
	fclose(to);
	fclose(from);
	wait(NULL);
	printf("wrong answers %ld\n", wrong);
	return 0;
}
