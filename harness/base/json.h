// Members of JSON objects as they are mostly wanted: what is absent reads as nothing.
#ifndef RACEGATE_JSON_H
#define RACEGATE_JSON_H

#include "base/strbuf.h"

#include <jansson.h>
#include <stdint.h>

// The text, borrowed from the object; "" if it is absent or not a string.
const char *text_of(const json_t *json, const char *key);
// Sets a member; NULL and 0 set none. Bytes that are not UTF-8 are escaped.
void set_text(json_t *object, const char *key, const char *text);
void set_number(json_t *object, const char *key, uint64_t value);
// A hash as 16 hexadecimal digits (JSON's numbers have fewer bits); 0 if it is absent.
void set_hash(json_t *object, const char *key, uint64_t hash);
uint64_t hash_of(const json_t *json, const char *key);
// The whole number; 0 if it is absent or not an integer.
json_int_t number_of(const json_t *json, const char *key);
/*
 * Adds it and a line feed, and drops the reference. `layout`: JSON_COMPACT or JSON_INDENT(1).
 * It is of ASCII alone, so that a terminal finds nothing to obey.
 */
void strbuf_add_json(struct strbuf *out, json_t *json, size_t layout);

#endif
