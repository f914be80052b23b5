/*
 * The terms on which programs of one's own are checked: those of the command line, and for each C
 * file those in comments of its own:
 *
 *     // racegate: outcomes=any timeouts=due
 *
 * Each word is an option without its dashes. What the command line says goes before.
 */
#ifndef RACEGATE_CLI_TERMS_H
#define RACEGATE_CLI_TERMS_H

#include "catalog/catalog.h"
#include "cli/options.h"

/*
 * Gives each target that is no case its terms. A mistake in a comment is ERR_INPUT
 * "file:line:column: ...".
 */
int terms_apply(const struct options *options, struct target_list *targets, struct err *err);

#endif
