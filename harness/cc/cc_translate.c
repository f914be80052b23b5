#include "cc/cc_translate.h"

#include "base/mem.h"
#include "build/flags.h"
#include "cc/call.h"

#include <string.h>

int cc_settle(const char *name, const char *compiler, struct cc_setting *setting, struct err *err)
{
	int id = name && *name ? tool_from_name(name) : TOOL_EXPLORE;
	bool tsan = id == TOOL_TSAN || id == TOOL_TSAN_GCC;

	if (id < 0)
		return err_input(err, "RACEGATE_TOOL=%s is not a tool; choose from %s", name,
				 TOOL_NAMES(" (the default)"));
	setting->tool = (enum tool_id)id;
	setting->compiler = compiler && *compiler ? compiler : NULL;
	// A tool is detector and compiler: of these two the compiler is the difference.
	if (setting->compiler && tsan &&
	    compiler_is_clang(setting->compiler) != compiler_is_clang(tool_get(id)->compiler))
		return err_input(err, "RACEGATE_CC=%s does not build for RACEGATE_TOOL=%s; use %s",
				 compiler, name, id == TOOL_TSAN ? "tsan-gcc" : "tsan");
	return 0;
}

// "-fsanitize=thread" and the like: what the list has besides `thread`.
static bool sanitizes_otherwise(const char *word)
{
	static const char option[] = "-fsanitize=";

	return !strncmp(word, option, strlen(option)) &&
	       strcmp(word + strlen(option), "thread") != 0;
}

static bool sanitizes(const char *word)
{
	return sanitizes_otherwise(word) || !strcmp(word, "-fsanitize=thread");
}

static int check_explored(const struct cc_item *item, enum cc_kind kind, struct err *err)
{
	const char *word = item->word;

	if (sanitizes_otherwise(word))
		return err_input(err,
				 "%s: brings its own runtime into a program that the "
				 "explorer controls; drop it, or set RACEGATE_TOOL=native",
				 word);
	if (kind == CC_PROGRAM && (!strcmp(word, "-static") || !strcmp(word, "-static-pie")))
		return err_input(err,
				 "%s: the explorer needs a shared C library; "
				 "drop it, or set RACEGATE_TOOL=native",
				 word);
	if (!strcmp(word, "-m32") || !strcmp(word, "-mx32"))
		return err_input(err, "%s: the explorer supports only 64-bit programs", word);
	return 0;
}

static int check_call(const struct cc_setting *setting, const struct args *args,
		      const struct cc_call *call, struct err *err)
{
	const enum report_format format = tool_get(setting->tool)->format;
	struct cc_reader reader = { .args = args };
	struct cc_item item;

	if (call->cxx)
		return err_input(err, "%s: is C++; racegate-cc compiles only C", call->cxx);
	while (cc_next(&reader, &item)) {
		if (item.language)
			continue;
		if (format == REPORT_EXPLORE && check_explored(&item, call->kind, err))
			return -1;
		if (format == REPORT_VALGRIND_XML && sanitizes(item.word))
			return err_input(err,
					 "%s: Valgrind cannot run such a program; drop it, or "
					 "set another RACEGATE_TOOL than %s",
					 item.word, tool_name(setting->tool));
	}
	return 0;
}

// The explorer does this itself, or could not name places.
static bool is_dropped(const struct cc_item *item)
{
	static const char *const dropped[] = { "-fsanitize=thread", "-s", "-Wl,-s",
					       "-Wl,--strip-all" };

	for (size_t i = 0; !item->language && i < ARRAY_SIZE(dropped); i++)
		if (!strcmp(item->word, dropped[i]))
			return true;
	return !item->language && !strncmp(item->word, "-fno-sanitize=", strlen("-fno-sanitize="));
}

/*
 * After the user's options, so that they win. What is explored is what the source
 * says, at -O0: an optimiser may make one step of many, and the bug is gone from all
 * schedules but still in the source.
 */
static void add_last(const struct cc_setting *setting, const struct cc_call *call, struct args *out)
{
	const struct tool *tool = tool_get(setting->tool);
	bool explored = tool->format == REPORT_EXPLORE, links = call->kind != CC_OBJECTS;

	if (explored && call->compiles) {
		flags_compile(out, tool, 0, setting->compiler, links);
		args_add(out, "-fno-lto"); // at link time -O0 would be forgotten
		// It wants -O, and its memcpy() and others are not those that are controlled.
		if (call->preprocesses)
			args_add(out, "-U_FORTIFY_SOURCE");
	}
	// A library finds the hooks in the program, so they may be undefined in it.
	if (call->kind == CC_LIBRARY && (explored || tool->format == REPORT_TSAN_DATA))
		args_add(out, "-Wl,-z,undefs");
	if (explored && links)
		args_add(out, "-pthread");
	if (call->kind == CC_PROGRAM)
		flags_link_last(out, tool, setting->folder);
}

int cc_translate(const struct cc_setting *setting, const struct args *args, struct args *out,
		 struct err *err)
{
	const struct tool *tool = tool_get(setting->tool);
	const struct cc_call call = cc_understand(args);
	bool ours = call.kind != CC_QUESTION, links = ours && call.kind != CC_OBJECTS;
	bool explored = ours && tool->format == REPORT_EXPLORE;
	struct cc_reader reader = { .args = args };
	struct cc_item item;

	if (ours && check_call(setting, args, &call, err))
		return -1;
	args_add(out, setting->compiler ? setting->compiler : tool->compiler);
	// The user's own -O, -g and so on come later and win.
	if (!explored && (links || (ours && call.compiles)))
		flags_compile(out, tool, 0, setting->compiler, links);
	// In front of any -x, which would make C sources of the objects.
	if (call.kind == CC_PROGRAM)
		flags_link(out, tool, setting->folder);
	while (cc_next(&reader, &item)) {
		if (ours && item.at == call.options)
			add_last(setting, &call, out);
		for (size_t i = 0; i < item.nr && !(explored && is_dropped(&item)); i++)
			args_add(out, args->items[item.at + i]);
	}
	if (ours && call.options == args->nr)
		add_last(setting, &call, out);
	args_end(out);
	return 0;
}
