/*
 * YAML files into structs through libcyaml's schemas, with errors that name
 * the exact place and say what is expected there. libcyaml's own messages
 * point at the mapping around a mistake and do not list what is allowed, so
 * the document is held against the schema first.
 */
#ifndef RACEGATE_YAML_FILE_H
#define RACEGATE_YAML_FILE_H

#include "base/err.h"

#include <cyaml/cyaml.h>

/*
 * Loads `path` by `schema` into `*value` (release it with yaml_file_free). Unknown,
 * duplicate and missing keys, wrong types, wrong enum values, numbers out of
 * range, broken YAML and files beyond the limits of yaml_text.h are ERR_INPUT
 * "path:line:column: ...".
 */
int yaml_file_load(const char *path, const cyaml_schema_value_t *schema, void **value,
		   struct err *err);
void yaml_file_free(const cyaml_schema_value_t *schema, void *value);

/*
 * An error about a value that is well-formed but wrong: finds the place of
 * `where` ("outcomes[2].result") in the file, or of the nearest part of it
 * that exists. Returns -1 with ERR_INPUT.
 */
int yaml_file_error_at(struct err *err, const char *path, const char *where, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
