// All cases below a folder, and the things to check that a user named.
#ifndef RACEGATE_CATALOG_H
#define RACEGATE_CATALOG_H

#include "catalog/gate.h"
#include "catalog/testcase.h"
#include "model/explore_terms.h"

#include <stdbool.h>

struct broken_case {
	char *dir;
	struct err err;
};

struct catalog {
	char *root;              // "cases"
	struct testcase **items; // each on its own, so that targets may point to them
	size_t nr, alloc;        // sorted by id
	struct {
		struct broken_case *items;
		size_t nr, alloc;
	} broken; // cases that could not be loaded, each with its error
};

/*
 * Loads ROOT/<family>/<case>/ for every case there. A broken case does not
 * stop the others: it lands in `broken`. Only an unreadable root is an error.
 */
int catalog_load(const char *root, struct catalog *catalog, struct err *err);
void catalog_release(struct catalog *catalog);

// A thing to check: a variant of a case, a user's source file, or a program built elsewhere.
struct target {
	char *id;                  // "family/case/racy", "path/to/file.c", "./a.out"
	const struct testcase *tc; // borrowed; NULL for a user's own
	enum variant variant;      // of a case
	char *source;              // C file to build; NULL for a program
	const char *const
		*argv; // borrowed: program and arguments, NULL-terminated; NULL when built here
	const char *cflags, *ldflags, *args; // borrowed, for the user's own source; NULL: none
	struct gate gate;                    // of a user's own
	struct explore_terms explore;        // likewise
	unsigned threads;                    // that work at the same time; 0: not known
};

struct target_list {
	struct target *items;
	size_t nr, alloc;
};

void target_list_release(struct target_list *targets);
bool target_list_has(const struct target_list *targets, const struct testcase *tc); // any variant
void target_add_case(struct target_list *targets, const struct testcase *tc, enum variant variant);
struct target *target_add_source(struct target_list *targets, const char *path);
// Names that cannot be printed as they are would be others in reports and schedules: ERR_INPUT.
int target_check_names(const struct target_list *targets, struct err *err);
void target_add_program(struct target_list *targets, const char *const *argv);
// Whether a name on the command line is that of a program: a file that is no C file.
bool target_names_program(const char *name);

/*
 * Adds what each of `names` selects; no names: the whole catalogue. A name
 * is a case's id "family/case", the case or the family alone, a pattern with
 * `*`, `?` or `[…]` for any of these, each with "/racy" or "/fixed" after it
 * for one variant only, a folder with cases, or a C file. One
 * that selects nothing, or a broken case, is ERR_INPUT. Cases outside
 * the root are loaded into the catalogue.
 */
int target_select(struct catalog *catalog, const char *const *names, size_t nr,
		  struct target_list *targets, struct err *err);
// The same where only cases will do: a C file is ERR_INPUT.
int target_select_cases(struct catalog *catalog, const char *const *names, size_t nr,
			struct target_list *targets, struct err *err);

#endif
