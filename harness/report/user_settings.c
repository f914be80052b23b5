// What the user's own settings did in a session: they are named, and so is what they hid.
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

// The setting that has the suppression, or NULL: it is the tool's own.
static const char *setting_of(const struct report *report, const char *suppression)
{
	const json_t *setting, *name;
	size_t i, k;

	json_array_foreach (json_object_get(report->session, "settings"), i, setting) {
		json_array_foreach (json_object_get(setting, "suppressions"), k, name) {
			if (json_is_string(name) && !strcmp(json_string_value(name), suppression))
				return text_of(setting, "name");
		}
	}
	return NULL;
}

void report_take_suppressed(struct report *report, const struct record *record)
{
	for (size_t i = 0; i < record->suppressed.nr; i++) {
		const struct suppressed *s = &record->suppressed.items[i];

		if (!setting_of(report, s->name))
			continue;
		if (!report->suppressed)
			report->suppressed = json_object();
		set_number(report->suppressed, s->name,
			   (uint64_t)number_of(report->suppressed, s->name) + s->count);
	}
}

void report_user_settings(const struct report *report, struct strbuf *out)
{
	const json_t *setting;
	const char *name;
	json_t *count;
	size_t i;

	json_array_foreach (json_object_get(report->session, "settings"), i, setting) {
		struct strbuf line = STRBUF_INIT;

		strbuf_addf(&line, "%s=", text_of(setting, "name"));
		strbuf_add_escaped(&line, text_of(setting, "value"),
				   strlen(text_of(setting, "value")));
		strbuf_addstr(out, "Your setting: ");
		text_wrap(out, line.buf, 6, 80);
		strbuf_release(&line);
	}
	json_object_foreach (report->suppressed, name, count) {
		const json_int_t nr = json_integer_value(count);
		char *line = xasprintf("%lld finding%s suppressed by %s (%s)", (long long)nr,
				       nr == 1 ? "" : "s", name, setting_of(report, name));

		text_wrap(out, line, 6, 80);
		free(line);
	}
}
