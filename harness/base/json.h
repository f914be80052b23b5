// Members of JSON objects as they are mostly wanted: what is absent reads as nothing.
#ifndef RACEGATE_JSON_H
#define RACEGATE_JSON_H

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

// As it is printed: of ASCII alone, so that a terminal finds nothing to obey. Owned (free()).
char *json_printed(const json_t *json);

#endif
