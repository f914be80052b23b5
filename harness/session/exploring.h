// What a session asks of the explorer.
#ifndef RACEGATE_EXPLORING_H
#define RACEGATE_EXPLORING_H

#include "session/runner.h"
#include "session/settings.h"

struct explore_settings exploring_of(const struct settings *o);

#endif
