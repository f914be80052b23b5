/*
 * A schedule: every decision of an iteration, run-length encoded, and what is needed
 * to replay it. On disk it is a readable text file:
 *
 *     racegate-schedule 1
 *     program 5f1c33d6a5e0b7f2            hash of the program file
 *     target shared-state/lock-order/racy
 *     arguments 3 "two words"             as args_quote() quotes them
 *     built --cc gcc --cflags "-O2 -g"    racegate's build options; defaults: no such line
 *     threads 8
 *     shows deadlock at racy.c:30, racy.c:41
 *     found by pos, seed 000000000000001f, iteration 12
 *     events 9ae5c0e2ab517a2d             hash of all events
 *     unavoidable after step 12, in all of 60 continuations
 *     decisions 30                        in the steps that follow
 *     steps
 *     main*14 T1*3 T2*9 choice:1 time main*2
 */
#ifndef RACEGATE_SCHEDULE_H
#define RACEGATE_SCHEDULE_H

#include "base/err.h"
#include "base/strbuf.h"
#include "rt/protocol.h"

/*
 * The point of no return: the first step after which all of `tried` other continuations
 * showed the same; one that left the schedule a decision earlier did not. This is no
 * proof: a continuation that was not tried may still avoid it.
 */
struct no_return {
	uint64_t step;
	uint32_t tried; // 0: no point is known
};

struct schedule {
	char *program;   // hash of the program's file, 16 hex digits
	char *target;    // its id
	char *arguments; // of the program, as args_quote() writes them
	char *built;     // racegate's build options, see flags_to_rebuild(); NULL: none
	char *shows;     // the finding or outcome that it shows, one line
	char *found_by;  // policy, seed, iteration: one line
	uint32_t threads;
	uint64_t event_hash;
	struct no_return no_return;
	struct rt_entry *entries; // owned
	size_t nr;
};

void schedule_release(struct schedule *schedule);
struct schedule schedule_copy(const struct schedule *schedule);
// Copies the entries into the schedule, in place of those that it has.
void schedule_set(struct schedule *schedule, const struct rt_entry *entries, size_t nr);
uint64_t schedule_decisions(const struct schedule *schedule); // how many they are
void schedule_render(const struct schedule *schedule, struct strbuf *out);
// Parses this format. 0, or -1 with `err` (FILE:LINE:COLUMN); release it in either case.
int schedule_parse(const char *path, const char *text, struct schedule *schedule, struct err *err);
/*
 * The hash of a program as in schedules: of its file and of the instrumented libraries
 * that it loads at start. NULL with `err`.
 */
char *schedule_program_hash(const char *path, struct err *err); // program_hash.c

#endif
