#include "catalog/gate.h"

#include "base/json.h"

#include <stdlib.h>

bool gate_stops(const struct gate *gate, enum finding_kind kind)
{
	return kind_severity(kind) <= gate->fail_on;
}

bool gate_accepts(const struct gate *gate, int exit_status)
{
	if (exit_status <= 0 || exit_status > 255)
		return !exit_status;
	return gate->ok_exits[exit_status / 32] >> exit_status % 32 & 1;
}

static void add_exit(struct gate *gate, long status)
{
	gate->ok_exits[status / 32] |= UINT32_C(1) << status % 32;
}

int gate_add_exits(struct gate *gate, const char *list, struct err *err)
{
	const char *at = list;
	char *end;

	for (;; at = end + 1) {
		long status = strtol(at, &end, 10);

		if (end == at || (*end && *end != ',') || status < 0 || status > 255)
			return err_input(err,
					 "'%s' is not a list of exit statuses from 0 to 255, as "
					 "in 1,3",
					 list);
		add_exit(gate, status);
		if (!*end)
			return 0;
	}
}

json_t *gate_to_json(const struct gate *gate)
{
	json_t *exits = json_array();

	for (int status = 1; status < 256; status++)
		if (gate_accepts(gate, status))
			json_array_append_new(exits, json_integer(status));
	return json_pack("{s:s,s:b,s:o}", "fail_on", severity_name(gate->fail_on), "strict",
			 gate->strict, "ok_exits", exits);
}

void gate_from_json(const json_t *json, struct gate *gate)
{
	int fail_on = severity_from_name(text_of(json, "fail_on"));
	const json_t *status;
	size_t i;

	*gate = (struct gate){ .fail_on = fail_on < 0 ? SEVERITY_ERROR : (enum severity)fail_on,
			       .strict = json_is_true(json_object_get(json, "strict")) };
	json_array_foreach (json_object_get(json, "ok_exits"), i, status) {
		json_int_t value = json_integer_value(status);

		if (value > 0 && value < 256)
			add_exit(gate, (long)value);
	}
}
