/*
 * Addresses to names, through elfutils (libdwfl): for addresses of a dead
 * process (modules reported with their bases) and of a live one alike.
 */
#ifndef RACEGATE_SYMBOLS_H
#define RACEGATE_SYMBOLS_H

#include "base/stack.h"

#include <elfutils/libdwfl.h>
#include <stdint.h>

/*
 * Appends the frame of `pc` to `stack`, inlined functions as frames of their
 * own, innermost first. `pc` must lie inside the instruction: for a return
 * address pass it less one. Unknown parts stay NULL or 0.
 */
void symbols_add_frames(Dwfl *dwfl, uint64_t pc, struct stack *stack);

/*
 * Names the global or static object that holds `addr`: "balance", or
 * "accounts+16" when `addr` lies inside it. `*size` (may be NULL) gets the
 * object's size. The caller owns the result; NULL when there is none.
 */
char *symbols_object(Dwfl *dwfl, uint64_t addr, uint64_t *size);

// The name of the section that holds `addr`, borrowed from the file; NULL when there is none.
const char *symbols_section(Dwfl *dwfl, uint64_t addr);

/*
 * The source name of the symbol of a static object, which compilers
 * decorate: gcc "hits.0", clang "main.hits". The caller owns the result.
 */
char *symbols_plain_name(const char *symbol);

/*
 * A Dwfl over the modules that /proc/PID/maps listed when its text was saved
 * in `maps`; addresses are those of that process. The caller ends it with
 * dwfl_end(). NULL when nothing could be opened.
 */
Dwfl *symbols_from_maps(const char *maps);

// The same over one file that is loaded nowhere: addresses are those in the file itself.
Dwfl *symbols_from_file(const char *path);

#endif
