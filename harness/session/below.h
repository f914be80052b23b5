// What a script, make or the like starts, found out by letting it run once.
#ifndef RACEGATE_BELOW_H
#define RACEGATE_BELOW_H

#include <stdbool.h>

/*
 * Whether the program contains ThreadSanitizer, or, when it only starts others (a script, make),
 * one of these does: it is run once for that. `dir` is a folder for its logs. What does not end
 * within a minute is ended; what has shown until then counts.
 */
bool below_has_tsan(const char *const *argv, const char *dir);

#endif
