#include "session/describe.h"

#include "base/child.h"
#include "base/mem.h"
#include "base/version.h"
#include "session/user_settings.h"
#include "tool/limitation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static json_t *tools_json(const struct toolchain *toolchain)
{
	json_t *array = json_array();

	for (int t = 0; t < TOOL_NR; t++) {
		const struct tool_status *s = &toolchain->tools[t];

		json_array_append_new(array,
				      json_pack("{s:s,s:s,s:s,s:s?,s:s?,s:b}", "tool", tool_name(t),
						"title", tool_get(t)->title, "state",
						tool_state_name(s->state), "version", s->version,
						"reason", s->reason, "no_aslr", s->no_aslr));
	}
	return array;
}

// Compilers quote sources, which may hold any bytes; lines stay lines.
static json_t *readable(const char *text)
{
	struct strbuf clean = STRBUF_INIT;
	json_t *json;

	while (*text) {
		size_t len = strcspn(text, "\n");

		strbuf_add_escaped(&clean, text, len);
		text += len;
		if (*text) {
			strbuf_addch(&clean, '\n');
			text++;
		}
	}
	json = json_string(clean.buf);
	strbuf_release(&clean);
	return json;
}

static json_t *builds_json(const struct session_facts *facts, const struct target *target)
{
	json_t *array = json_array();

	for (size_t i = 0; facts->artifacts && i < facts->artifacts->nr; i++) {
		const struct artifact *a = &facts->artifacts->items[i];
		json_t *json;

		if (a->target != target || !target->source ||
		    (a->state == ARTIFACT_READY && !a->program)) // not built yet
			continue;
		json = json_pack("{s:s,s:s,s:s}", "tool", tool_name(a->tool), "build",
				 tool_get(a->tool)->builds[a->build].name, "state",
				 a->state == ARTIFACT_READY ? "ready" : "build-failed");
		if (a->log && *a->log)
			json_object_set_new(json, "log", readable(a->log));
		json_array_append_new(array, json);
	}
	return array;
}

// Tools that cannot work on the target, each with the limitation that a probe has shown.
static json_t *unsupported_json(const struct session_facts *facts, size_t index)
{
	json_t *json = json_object();

	for (int t = 0; facts->unsupported && t < TOOL_NR; t++)
		if (facts->unsupported[index][t])
			json_object_set_new(json, tool_name(t),
					    json_string(facts->unsupported[index][t]->id));
	return json;
}

static json_t *target_json(const struct session_facts *facts, size_t index)
{
	const struct target *target = &facts->targets->items[index];
	json_t *json = json_object(), *tools = json_array();

	json_object_set_new(json, "id", json_string(target->id));
	json_object_set_new(json, "kind",
			    json_string(target->tc       ? "case"
					: target->source ? "source"
							 : "program"));
	if (target->tc) {
		json_object_set_new(json, "case", json_string(target->tc->id));
		json_object_set_new(json, "variant", json_string(variant_name(target->variant)));
	}
	if (!target->tc)
		json_object_set_new(json, "gate", gate_to_json(&target->gate));
	if (target->source)
		json_object_set_new(json, "source", json_string(target->source));
	for (int t = 0; facts->asked && t < TOOL_NR; t++)
		if (facts->asked[index][t])
			json_array_append_new(tools, json_string(tool_name(t)));
	json_object_set_new(json, "tools", tools);
	json_object_set_new(json, "unsupported", unsupported_json(facts, index));
	json_object_set_new(json, "builds", builds_json(facts, target));
	return json;
}

static json_t *options_json(const struct settings *o)
{
	return json_pack("{s:I,s:I,s:f,s:f,s:i,s:b,s:s?,s:s?,s:s?,s:s?}", "runs",
			 (json_int_t)o->runs, "scale", (json_int_t)o->scale, "budget", o->budget,
			 "timeout", o->timeout, "jobs", (int)o->jobs, "perturb", !o->no_perturb,
			 "cflags", o->cflags, "ldflags", o->ldflags, "args", o->args, "cc", o->cc);
}

json_t *session_describe(const struct session_facts *facts)
{
	json_t *json = json_object(), *targets = json_array();
	// Of the sources that are checked: of the current folder, if git knows it.
	char *revision = child_first_line(
		(const char *const[]){ "git", "rev-parse", "--short=12", "HEAD", NULL });
	struct utsname host = { 0 };
	char seed[24], *kernel;

	uname(&host);
	kernel = xasprintf("%s %s %s", host.sysname, host.release, host.machine);
	snprintf(seed, sizeof(seed), "0x%016llx", (unsigned long long)facts->seed);
	for (size_t i = 0; i < facts->targets->nr; i++)
		json_array_append_new(targets, target_json(facts, i));
	json_object_set_new(json, "schema", json_string("racegate-session/1"));
	json_object_set_new(json, "racegate", json_string(RACEGATE_VERSION));
	json_object_set_new(json, "status", json_string(facts->status));
	json_object_set_new(json, "started", json_string(facts->started));
	json_object_set_new(json, "ended", *facts->ended ? json_string(facts->ended) : json_null());
	json_object_set_new(json, "host", json_string(host.nodename));
	json_object_set_new(json, "kernel", json_string(kernel));
	json_object_set_new(json, "cpus", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(json, "git", revision ? json_string(revision) : json_null());
	json_object_set_new(
		json, "containment",
		json_string("T0 (process group, subreaper, limits watched by polling)"));
	json_object_set_new(json, "seed", json_string(seed));
	json_object_set_new(json, "options", options_json(facts->settings));
	json_object_set_new(json, "settings", user_settings_to_json());
	json_object_set_new(json, "tools", tools_json(facts->toolchain));
	json_object_set_new(json, "targets", targets);
	free(kernel);
	free(revision);
	return json;
}
