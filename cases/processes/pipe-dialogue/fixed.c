/*
 * main asks a child process questions and sends each one before it waits for its answer.
 *
 * fflush hands the question over to the pipe, and the child has something to answer. The
 * child's answers need the same care: dprintf writes them at once, a child that uses
 * printf has to flush too. setvbuf with _IOLBF would do it once for all lines, if both
 * programs can be changed. What cannot be changed is often given a pseudo-terminal.
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
	fflush(to);
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
