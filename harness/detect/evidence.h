// The evidence of a run: the files that its tool left in the run's private folder.
#ifndef RACEGATE_EVIDENCE_H
#define RACEGATE_EVIDENCE_H

#include "detect/detect.h"
#include "tool/tool.h"

/*
 * Parses the logs in `dir` that belong to the format, one for each process of
 * the run, into record->findings and record->evidence. How the run ended must
 * be in the record: reports of locks that threads held only because the
 * harness ended them are left out. The program could write to `dir`: what is
 * there is looked at without following links or waiting, and what no tool
 * would leave is EVIDENCE_TAMPERED. So are logs of another process, without
 * the seals of `key` (0: they have none), or that do not agree with the exit
 * code: record->pid and tool_code must be those of the run.
 */
void evidence_collect(enum report_format format, const char *dir, uint64_t key,
		      struct record *record);

/*
 * Copies the logs to SESSION/logs/<name>-<run>/, each at most 256 KiB, and
 * notes them in the record.
 */
int evidence_keep(const char *dir, const char *session, const char *name, struct record *record,
		  struct err *err);

/*
 * Moves the schedules of a run from its evidence folder into the session's
 * schedules/, as NAME-RUN-N.sched; findings and outcomes name them from then on.
 */
int evidence_keep_schedules(const char *dir, const char *session, const char *name,
			    struct record *record, struct err *err);

#endif
