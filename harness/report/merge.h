// One bug, one entry: findings merged over runs and tools by fingerprint.
#ifndef RACEGATE_MERGE_H
#define RACEGATE_MERGE_H

#include "report/report.h"

// Counts the record's findings, the tool's and the harness's, for target number `target`.
void merge_record(struct report *report, size_t target, const struct record *record);

/*
 * When all records are in: folds findings that are only part of another one
 * (DRD names one stack of two) into it, and sorts by target and first run.
 */
void merge_finish(struct report *report);
void bug_release(struct bug *bug);

#endif
