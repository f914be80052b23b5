// The standard streams of a process.
#ifndef RACEGATE_STANDARD_H
#define RACEGATE_STANDARD_H

/*
 * Where a process was started with its stdin, stdout or stderr closed, the next file that it
 * opens would become that stream, and what is printed would go there. Each gets a descriptor
 * on which writing fails.
 */
void standard_open(void);

#endif
