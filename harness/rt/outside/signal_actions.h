// What signals do.
#ifndef RACEGATE_RT_SIGNAL_ACTIONS_H
#define RACEGATE_RT_SIGNAL_ACTIONS_H

#include <signal.h>

enum rt_disposition { RT_IGNORED, RT_HANDLED, RT_FATAL, RT_STOPPING };

// What happens when it is delivered; `*action` is as the kernel has it.
enum rt_disposition rt_signal_disposition(int number, struct sigaction *action);

#endif
