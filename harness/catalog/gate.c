#include "catalog/gate.h"

#include "base/json.h"

bool gate_stops(const struct gate *gate, enum finding_kind kind)
{
	return kind_severity(kind) <= gate->fail_on;
}

json_t *gate_to_json(const struct gate *gate)
{
	return json_pack("{s:s}", "fail_on", severity_name(gate->fail_on));
}

void gate_from_json(const json_t *json, struct gate *gate)
{
	int fail_on = severity_from_name(text_of(json, "fail_on"));

	*gate = (struct gate){ .fail_on = fail_on < 0 ? SEVERITY_ERROR : (enum severity)fail_on };
}
