/*
 * What the user has set for the tools: environment variables and Valgrind's files of options. They
 * are obeyed as far as they leave the tools able to see (the canaries run with them), and recorded.
 */
#ifndef RACEGATE_USER_SETTINGS_H
#define RACEGATE_USER_SETTINGS_H

#include <jansson.h>

// An array of {name, value, suppressions: [names]}; new reference.
json_t *user_settings_to_json(void);

/*
 * "NAME=VALUE" with what the user has set: of TSAN_OPTIONS theirs come first, as the later one
 * counts; of LD_PRELOAD theirs come after. Others are as they are. Owned.
 */
char *user_settings_merge(const char *setting);

#endif
