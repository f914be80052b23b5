/*
 * The text of a YAML file as a document. Both functions' errors are ERR_INPUT
 * "path:line:column: ...". libyaml's effort grows with the square of the
 * nesting, so that a small file can keep it busy for minutes: what no file of
 * ours comes near is refused before it is loaded.
 */
#ifndef RACEGATE_YAML_TEXT_H
#define RACEGATE_YAML_TEXT_H

#include "base/err.h"
#include "base/strbuf.h"

#include <yaml.h>

enum {
	YAML_MAX_BYTES = 256 * 1024,
	YAML_MAX_DEPTH = 32, // lists and mappings in each other
};

int yaml_text_read(const char *path, struct strbuf *text, struct err *err);
// When 0 is returned `doc` has a root, and the caller deletes it (yaml_document_delete).
int yaml_text_parse(const char *path, const struct strbuf *text, yaml_document_t *doc,
		    struct err *err);

#endif
