#include "model/limit.h"

#include "base/mem.h"

#include <string.h>

static const struct {
	const char *name, *advice;
} limits[] = {
	{ LIMIT_STEPS, "--max-steps N allows more, a smaller input (--scale, --args) needs fewer" },
	{ LIMIT_TIME,
	  "it waits for something outside the program or computes without a shared "
	  "access; try a smaller input (--scale, --args), or replace what it waits for" },
	{ LIMIT_MEMORY, "a run may use 4 GiB; try a smaller input (--scale, --args)" },
	{ LIMIT_OUTPUT, "a run may write 64 MiB; try a smaller input (--scale, --args), or let it "
			"write less" },
	{ LIMIT_PROCESSES, "a run may have 256 processes; try a smaller input (--scale, --args)" },
};

const char *limit_advice(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(limits); i++)
		if (!strcmp(limits[i].name, name))
			return limits[i].advice;
	return "try a smaller input (--scale, --args)";
}
