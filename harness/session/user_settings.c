#include "session/user_settings.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_READ = 1 << 20 };

/*
 * Names of suppressions: Valgrind's are the lines after a brace, TSan's all lines of the form
 * "what:where".
 */
static void add_names(json_t *names, const char *file)
{
	struct strbuf text = STRBUF_INIT;
	bool after_brace = false;
	const char *what;

	if (fs_read_plain(file, MAX_READ, &text, &what))
		json_array_append_new(names, json_sprintf("(%s: %s)", file, what));
	for (char *rest = text.buf, *line; text.len && (line = strsep(&rest, "\n"));) {
		bool brace;

		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		brace = *line == '{';
		if (*line && *line != '#' && !brace &&
		    (after_brace || (strchr(line, ':') && *file && !strstr(text.buf, "{"))))
			json_array_append_new(names, json_string(line));
		after_brace = brace || (after_brace && !*line);
	}
	strbuf_release(&text);
}

// All that follows "suppressions=" in the settings.
static json_t *suppressions_of(const char *value)
{
	static const char key[] = "suppressions=";
	json_t *names = json_array();

	for (const char *at = value; (at = strstr(at, key));) {
		const char *from = at + strlen(key);
		const char quote = *from == '\'' || *from == '"' ? *from : '\0';
		char *file;
		size_t len;

		from += quote != '\0';
		len = quote ? strcspn(from, (char[]){ quote, '\0' }) : strcspn(from, " \t\n:,");
		file = xstrndup(from, len);
		if (at == value || strncmp(at - 4, "int_", 4) != 0) // print_suppressions is no file
			add_names(names, file);
		free(file);
		at = from + len;
	}
	return names;
}

static void add_setting(json_t *array, const char *name, const char *value)
{
	json_t *setting, *names;

	if (!value || !*value)
		return;
	setting = json_object();
	names = suppressions_of(value);
	set_text(setting, "name", name);
	set_text(setting, "value", value);
	if (json_array_size(names))
		json_object_set(setting, "suppressions", names);
	json_decref(names);
	json_array_append_new(array, setting);
}

static void add_file(json_t *array, const char *folder)
{
	char *path = xasprintf("%s/.valgrindrc", folder);
	struct strbuf text = STRBUF_INIT;
	const char *what;

	if (!fs_read_plain(path, MAX_READ, &text, &what) && text.len)
		add_setting(array, path, text.buf);
	strbuf_release(&text);
	free(path);
}

json_t *user_settings_to_json(void)
{
	static const char *const names[] = { "TSAN_OPTIONS", "VALGRIND_OPTS", "LD_PRELOAD" };
	json_t *array = json_array();
	const char *home = getenv("HOME");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_setting(array, names[i], getenv(names[i]));
	if (home)
		add_file(array, home);
	add_file(array, ".");
	return array;
}

char *user_settings_merge(const char *setting)
{
	const char *tsan = strncmp(setting, "TSAN_OPTIONS=", 13) ? NULL : getenv("TSAN_OPTIONS");
	const char *preload = strncmp(setting, "LD_PRELOAD=", 11) ? NULL : getenv("LD_PRELOAD");

	// Suppressions name functions: TSan has to look them up itself then.
	if (tsan && *tsan)
		return xasprintf("TSAN_OPTIONS=%s:%s%s", tsan, setting + 13,
				 strstr(tsan, "suppressions=") ? ":symbolize=1" : "");
	if (preload && *preload)
		return xasprintf("%s:%s", setting, preload);
	return xstrdup(setting);
}
