#include "report/text_finding.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/source_line.h"
#include "base/text.h"
#include "build/flags.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FRAMES = 8 };

// Below the program's outermost frame there is only the start-up code of libraries and tools.
static size_t worth_showing(const struct stack *stack)
{
	size_t nr = 0;

	for (size_t i = 0; i < stack->nr; i++)
		if (frame_in_program(&stack->items[i]))
			nr = i + 1;
	return nr ? nr : stack->nr;
}

static bool is_shown(const struct frame *frame)
{
	return frame->func && !frame_of_tool(frame);
}

static size_t nr_shown(const struct stack *stack, size_t nr)
{
	size_t shown = 0;

	for (size_t i = 0; i < nr; i++)
		shown += is_shown(&stack->items[i]);
	return shown;
}

static void add_stack(const struct stack *stack, struct strbuf *out)
{
	size_t nr = worth_showing(stack), all = nr_shown(stack, nr), shown = 0;

	for (size_t i = 0; i < nr && shown < MAX_FRAMES; i++) {
		const struct frame *frame = &stack->items[i];

		// Better a frame that says little than none.
		if (all && !is_shown(frame))
			continue;
		strbuf_addf(out, "        #%zu %s", shown++, frame->func ? frame->func : "?");
		if (frame->file && frame->line)
			strbuf_addf(out, "  %s:%d", frame->file, frame->line);
		else if (frame->module)
			strbuf_addf(out, "  (%s)", frame->module);
		strbuf_addch(out, '\n');
	}
	if (all > MAX_FRAMES)
		strbuf_addf(out, "        … %zu more\n", all - MAX_FRAMES);
}

static void add_access(const struct access *access, const struct ink *ink, struct strbuf *out)
{
	const struct frame *frame = stack_program_frame(&access->stack);
	char *line = frame && frame->file ? source_line(frame->file, frame->line) : NULL;

	strbuf_addf(out, "      %s%s", access_op_name(access->op), access->wants ? " for " : "");
	strbuf_addstr(out, access->wants ? access->wants : "");
	if (access->size)
		strbuf_addf(out, " of %u bytes", access->size);
	strbuf_addf(out, " by %s", access->thread ? access->thread : "an unknown thread");
	// A thread that joins another waits for no lock that the other holds.
	if (access->held_by && !(access->wants && !strcmp(access->wants, access->held_by)))
		strbuf_addf(out, ", held by %s", access->held_by);
	for (size_t i = 0; i < access->nr_locks; i++)
		strbuf_addf(out, "%s%s", i ? ", " : ", holding ", access->locks[i]);
	strbuf_addch(out, '\n');
	if (line)
		strbuf_addf(out, "        %s%s:%d:%s %s\n", ink->dim, fs_base(frame->file),
			    frame->line, ink->off, line);
	add_stack(&access->stack, out);
	free(line);
}

// With what the target was built with, or it would be another program.
void text_replay(const struct report *report, const struct target *target, const char *schedule,
		 struct strbuf *out)
{
	const json_t *given = json_object_get(report->session, "options");
	const bool own = target->source && !target->tc;
	struct strbuf flags = STRBUF_INIT;

	flags_to_rebuild(target->source ? text_of(given, "cc") : NULL,
			 own ? text_of(given, "cflags") : NULL,
			 own ? text_of(given, "ldflags") : NULL, &flags);
	strbuf_addf(out, "      replay: racegate replay --timeline %s%s%s/%s\n",
		    flags.len ? flags.buf : "", flags.len ? " " : "", report->dir, schedule);
	strbuf_release(&flags);
}

static void add_standing(const struct bug *bug, const struct ink *ink, struct strbuf *out)
{
	const struct triage *triage = &bug->triage;
	struct strbuf line = STRBUF_INIT;

	if (!triage->reason)
		return;
	strbuf_addf(&line, "%s: %s", standing_name(triage->standing), triage->reason);
	strbuf_addf(out, "      %s", standing_counts(triage->standing) ? "" : ink->yellow);
	text_wrap(out, line.buf, 6, 80);
	strbuf_addstr(out, standing_counts(triage->standing) ? "" : ink->off);
	strbuf_release(&line);
}

void text_finding(const struct report *report, const struct bug *bug, const struct ink *ink,
		  struct strbuf *out)
{
	const struct finding *finding = &bug->finding;
	struct strbuf line = STRBUF_INIT;

	strbuf_addf(out, "\n  %s%s%s", ink->bold, bug->id, ink->off);
	if (kind_severity(finding->kind) != SEVERITY_ERROR)
		strbuf_addf(out, "  [%s]", severity_name(kind_severity(finding->kind)));
	strbuf_addstr(out, "\n      ");
	report_finding_title(finding, &line);
	text_wrap(out, line.buf, 6, 80);
	strbuf_reset(&line);
	strbuf_addstr(out, "      ");
	report_finding_rates(report, bug, &line);
	text_wrap(out, line.buf, 6, 80);
	strbuf_release(&line);
	add_standing(bug, ink, out);
	for (size_t i = 0; i < finding->accesses.nr; i++)
		add_access(&finding->accesses.items[i], ink, out);
	if (finding->location.object || finding->location.kind != LOCATION_UNKNOWN) {
		strbuf_addf(out, "      object: %s (%s",
			    finding->location.object ? finding->location.object : "no name",
			    location_kind_name(finding->location.kind));
		if (finding->location.size)
			strbuf_addf(out, ", %llu bytes",
				    (unsigned long long)finding->location.size);
		strbuf_addstr(out, ")\n");
		add_stack(&finding->location.stack, out);
	}
	strbuf_addf(out, "      first seen %s %s in run %llu, seed %016llx\n",
		    bug->by_harness ? "under" : "by", tool_name(bug->first_tool),
		    (unsigned long long)bug->first_run, (unsigned long long)bug->first_seed);
	if (bug->schedule)
		text_replay(report, report->targets[bug->target].target, bug->schedule, out);
	if (bug->log)
		strbuf_addf(out, "      raw log: %s\n", bug->log);
}
