#include "base/json.h"

#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

void set_hash(json_t *object, const char *key, uint64_t hash)
{
	char text[24];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
	set_text(object, key, text);
}

uint64_t hash_of(const json_t *json, const char *key)
{
	return strtoull(text_of(json, key), NULL, 16);
}

json_int_t number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

// Text of a program may hold any bytes; JSON holds UTF-8 only.
void set_text(json_t *object, const char *key, const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	if (text && !value) {
		struct strbuf escaped = STRBUF_INIT;

		strbuf_add_escaped(&escaped, text, strlen(text));
		value = json_string(escaped.buf);
		strbuf_release(&escaped);
	}
	if (value)
		json_object_set_new(object, key, value);
}

void set_number(json_t *object, const char *key, uint64_t value)
{
	if (value)
		json_object_set_new(object, key, json_integer((json_int_t)value));
}

void strbuf_add_json(struct strbuf *out, json_t *json, size_t layout)
{
	char *text = json_dumps(json, layout | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII);

	strbuf_addf(out, "%s\n", text ? text : "null");
	free(text);
	json_decref(json);
}
