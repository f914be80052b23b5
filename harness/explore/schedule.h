/*
 * A schedule: every decision of an iteration, run-length encoded, and what is
 * needed to follow it again. On disk it is a text file that a person can read:
 *
 *     racegate-schedule 1
 *     program 5f1c33d6a5e0b7f2            hash of the program file
 *     target shared-state/lock-order/racy
 *     arguments 3 "two words"             in quotes when it has to be, as args_quote() does
 *     built --cc gcc --cflags "-O2 -g"    as racegate was told to; as usual: no such line
 *     threads 8
 *     shows deadlock at racy.c:30, racy.c:41
 *     found by pos, seed 000000000000001f, iteration 12
 *     events 9ae5c0e2ab517a2d             hash of everything that happens
 *     unavoidable after step 12, in all of 60 continuations
 *     decisions 30                        that follow
 *     steps
 *     main*14 T1*3 T2*9 choice:1 time main*2
 */
#ifndef RACEGATE_SCHEDULE_H
#define RACEGATE_SCHEDULE_H

#include "base/err.h"
#include "base/strbuf.h"
#include "rt/protocol.h"

/*
 * The point of no return: the first step after which each of `tried` other
 * continuations showed the same, while one did not that left the schedule a
 * decision before. What was tried, and no more: a continuation that nobody tried
 * may still avoid it.
 */
struct no_return {
	uint64_t step;
	uint32_t tried; // 0: it was not looked for
};

struct schedule {
	char *program;   // hash of the program's file, 16 hex digits
	char *target;    // its id
	char *arguments; // of the program, as args_quote() writes them
	char *built;     // what racegate was told to build it with, see flags_to_rebuild(); NULL:
			 // nothing
	char *shows;     // what it is kept for, one line
	char *found_by;  // policy, seed, iteration: one line
	uint32_t threads;
	uint64_t event_hash;
	struct no_return no_return;
	struct rt_entry *entries; // owned
	size_t nr;
};

void schedule_release(struct schedule *schedule);
struct schedule schedule_copy(const struct schedule *schedule);
void schedule_render(const struct schedule *schedule, struct strbuf *out);
// Reads that form. 0, or -1 with `err` (FILE:LINE:COLUMN); release it in either case.
int schedule_parse(const char *path, const char *text, struct schedule *schedule, struct err *err);
/*
 * What a program is made of, as schedules name it: the hash of its file and of the
 * instrumented libraries that are loaded with it. NULL with `err`.
 */
char *schedule_program_hash(const char *path, struct err *err); // program_hash.c

#endif
