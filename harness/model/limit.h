/*
 * Limits that end a run before it could show anything: not the program's fault, and not
 * clean either. What to do about each of them is said once, here.
 */
#ifndef RACEGATE_MODEL_LIMIT_H
#define RACEGATE_MODEL_LIMIT_H

// Of a schedule of the explorer; the runtime names others in its own words ("256 threads").
#define LIMIT_STEPS   "steps"
#define LIMIT_TIME    "time"
#define LIMIT_THREADS "threads"
// Of any other run.
#define LIMIT_MEMORY    "memory"
#define LIMIT_OUTPUT    "output"
#define LIMIT_PROCESSES "processes"

// What to do about the limit of that name, one clause; never NULL.
const char *limit_advice(const char *name);

#endif
