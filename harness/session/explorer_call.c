#include "session/explorer_call.h"

#include "base/mem.h"
#include "build/flags.h"
#include "session/parts.h"

// Of all its schedules together, unless their number was asked for: a few seconds.
enum { STEPS_OF_A_TARGET = 30000000 };
// Of a directed campaign, which looks at each of its schedules.
enum { ASKED_SCHEDULES = 200, ASKED_STEPS = 4000000 };

// A replay of its schedules must be able to build the same program.
static void add_built(struct args *argv, const struct explorer_call *call)
{
	struct strbuf built = STRBUF_INIT;

	if (call->cell->target->source)
		flags_to_rebuild(call->settings->toolchain->tools[call->cell->tool].compiler,
				 call->cell->target->cflags, call->cell->target->ldflags, &built);
	if (built.len) {
		args_add(argv, "--built");
		args_add(argv, built.buf);
	}
	strbuf_release(&built);
}

// What both sorts of campaigns are told.
static void add_campaign(struct args *argv, const struct explorer_call *call)
{
	const struct explore_settings *asked = &call->settings->explore;
	const struct explore_terms *terms = &call->cell->target->explore;

	args_take(argv, xasprintf("%s/racegate-explore", call->settings->home->build));
	args_add(argv, "--log");
	args_add(argv, call->log);
	args_add(argv, "--target");
	args_add(argv, call->cell->target->id);
	add_built(argv, call);
	args_add(argv, "--seed");
	args_take(argv, xasprintf("%llu", (unsigned long long)call->seed));
	if (asked->max_steps) {
		args_add(argv, "--max-steps");
		args_take(argv, xasprintf("%llu", (unsigned long long)asked->max_steps));
	}
	if (asked->as_found)
		args_add(argv, "--as-found");
	if (terms->few_spurious) {
		args_add(argv, "--spurious");
		args_take(argv, xasprintf("%u", terms->spurious));
	}
	if (terms->due_timeouts)
		args_add(argv, "--due-timeouts");
}

static void add_ordinary(struct args *argv, const struct explorer_call *call)
{
	const struct explore_settings *asked = &call->settings->explore;

	add_campaign(argv, call);
	args_add(argv, "--iterations");
	args_take(argv, xasprintf("%llu", (unsigned long long)part_share(asked->schedules,
									 asked->parts, call->nth)));
	args_add(argv, "--search");
	args_take(argv, xasprintf("%llu", (unsigned long long)part_search(
						  asked->schedules, asked->parts, call->nth)));
	if (asked->limited) {
		args_add(argv, "--all-steps");
		args_take(argv, xasprintf("%u", STEPS_OF_A_TARGET / asked->parts));
	}
	if (asked->strategy) {
		args_add(argv, "--strategy");
		args_add(argv, asked->strategy);
	}
	if (asked->depth) {
		args_add(argv, "--depth");
		args_take(argv, xasprintf("%u", asked->depth));
	}
	if (asked->bounded) {
		args_add(argv, "--preemptions");
		args_take(argv, xasprintf("%u", asked->preemptions));
	}
	args_add(argv, "--");
}

static void add_directed(struct args *argv, const struct explorer_call *call)
{

	add_campaign(argv, call);
	args_add(argv, "--ask");
	args_add(argv, call->cell->asked);
	args_add(argv, "--iterations");
	args_take(argv, xasprintf("%u", ASKED_SCHEDULES));
	args_add(argv, "--all-steps");
	args_take(argv, xasprintf("%u", ASKED_STEPS));
	args_add(argv, "--");
}

void explorer_arguments(const struct explorer_call *call, struct args *argv)
{
	(call->cell->asked ? add_directed : add_ordinary)(argv, call);
}
