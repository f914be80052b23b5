#include "catalog/yaml_file.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "catalog/yaml_text.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checker {
	const char *path;
	yaml_document_t *doc;
	struct err *err;
};

static int fail(struct checker *c, yaml_mark_t mark, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct checker *c, yaml_mark_t mark, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	// A wrong value may hold anything; the message is for a terminal.
	strbuf_add_escaped(&text, line, strlen(line));
	err_input(c->err, "%s:%zu:%zu: %s", c->path, mark.line + 1, mark.column + 1, text.buf);
	strbuf_release(&text);
	return -1;
}

static const char *scalar(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

static void list_values(const cyaml_schema_value_t *schema, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < schema->enumeration.count && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					 schema->enumeration.strings[i].str);
}

static int check_enum(struct checker *c, const yaml_node_t *node, const char *name,
		      const cyaml_schema_value_t *schema)
{
	char allowed[700];

	for (uint32_t i = 0; i < schema->enumeration.count; i++)
		if (!strcmp(scalar(node), schema->enumeration.strings[i].str))
			return 0;
	list_values(schema, allowed, sizeof(allowed));
	return fail(c, node->start_mark, "%s: invalid value '%s'; expected one of: %s", name,
		    scalar(node), allowed);
}

static int check_number(struct checker *c, const yaml_node_t *node, const char *name)
{
	char *end;

	errno = 0;
	long value = strtol(scalar(node), &end, 10);

	if (end == scalar(node) || *end)
		return fail(c, node->start_mark, "%s: '%s' is not an integer", name, scalar(node));
	if (errno || value < 0 || value > INT_MAX)
		return fail(c, node->start_mark, "%s: %s is out of range; expected 0 to %d", name,
			    scalar(node), INT_MAX);
	return 0;
}

static int check_value(struct checker *c, const yaml_node_t *node, const char *name,
		       const cyaml_schema_value_t *schema);

static const cyaml_schema_field_t *find_field(const cyaml_schema_value_t *schema, const char *key)
{
	for (const cyaml_schema_field_t *f = schema->mapping.fields; f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

static int unknown_key(struct checker *c, const yaml_node_t *key, const char *name,
		       const cyaml_schema_value_t *schema)
{
	char allowed[700];
	size_t used = 0;

	for (const cyaml_schema_field_t *f = schema->mapping.fields; f->key; f++)
		if (used < sizeof(allowed))
			used += (size_t)snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
						 used ? ", " : "", f->key);
	return fail(c, key->start_mark, "unknown key '%s' in %s; expected one of: %s", scalar(key),
		    name, allowed);
}

static int check_mapping(struct checker *c, const yaml_node_t *node, const char *name,
			 const cyaml_schema_value_t *schema)
{
	const yaml_node_pair_t *first = node->data.mapping.pairs.start;

	for (const yaml_node_pair_t *p = first; p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(c->doc, p->key);

		if (key->type != YAML_SCALAR_NODE)
			return fail(c, key->start_mark, "%s: a key must be a scalar", name);
		const cyaml_schema_field_t *field = find_field(schema, scalar(key));

		if (!field)
			return unknown_key(c, key, name, schema);
		for (const yaml_node_pair_t *q = first; q < p; q++)
			if (!strcmp(scalar(yaml_document_get_node(c->doc, q->key)), scalar(key)))
				return fail(c, key->start_mark,
					    "the key '%s' is listed twice in %s", scalar(key),
					    name);
		if (check_value(c, yaml_document_get_node(c->doc, p->value), field->key,
				&field->value))
			return -1;
	}
	for (const cyaml_schema_field_t *f = schema->mapping.fields; f->key; f++) {
		bool seen = (f->value.flags & CYAML_FLAG_OPTIONAL) != 0;

		for (const yaml_node_pair_t *p = first; p < node->data.mapping.pairs.top && !seen;
		     p++)
			seen = !strcmp(scalar(yaml_document_get_node(c->doc, p->key)), f->key);
		if (!seen)
			return fail(c, node->start_mark, "%s: missing key '%s'", name, f->key);
	}
	return 0;
}

static int check_sequence(struct checker *c, const yaml_node_t *node, const char *name,
			  const cyaml_schema_value_t *schema)
{
	size_t nr = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);

	if (nr < schema->sequence.min)
		return fail(c, node->start_mark, "%s: has %zu entries; expected at least %u", name,
			    nr, schema->sequence.min);
	for (size_t i = 0; i < nr; i++) {
		const yaml_node_t *entry =
			yaml_document_get_node(c->doc, node->data.sequence.items.start[i]);
		char *entry_name = xasprintf("%s[%zu]", name, i);
		int rc = check_value(c, entry, entry_name, schema->sequence.entry);

		free(entry_name);
		if (rc)
			return -1;
	}
	return 0;
}

static int check_value(struct checker *c, const yaml_node_t *node, const char *name,
		       const cyaml_schema_value_t *schema)
{
	bool mapping = schema->type == CYAML_MAPPING;
	bool sequence = schema->type == CYAML_SEQUENCE || schema->type == CYAML_SEQUENCE_FIXED;

	if (mapping)
		return node->type == YAML_MAPPING_NODE
			       ? check_mapping(c, node, name, schema)
			       : fail(c, node->start_mark,
				      "%s: expected keys with values (a mapping)", name);
	if (sequence)
		return node->type == YAML_SEQUENCE_NODE
			       ? check_sequence(c, node, name, schema)
			       : fail(c, node->start_mark, "%s: expected a list", name);
	if (node->type != YAML_SCALAR_NODE)
		return fail(c, node->start_mark,
			    "%s: expected a single value, not a list or mapping", name);
	if (schema->type == CYAML_ENUM)
		return check_enum(c, node, name, schema);
	if (schema->type == CYAML_INT || schema->type == CYAML_UINT)
		return check_number(c, node, name);
	if (schema->type == CYAML_STRING && strlen(scalar(node)) < schema->string.min)
		return fail(c, node->start_mark, "%s: is empty; expected text", name);
	return 0;
}

static const cyaml_config_t config = {
	.log_level = CYAML_LOG_ERROR, // no log function: what can be said was said by the check
	.mem_fn = cyaml_mem,
};

int yaml_file_load(const char *path, const cyaml_schema_value_t *schema, void **value,
		   struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	yaml_document_t doc;
	struct checker checker = { .path = path, .doc = &doc, .err = err };
	int rc = yaml_text_read(path, &text, err);

	if (!rc && !(rc = yaml_text_parse(path, &text, &doc, err))) {
		rc = check_value(&checker, yaml_document_get_root_node(&doc), "the file", schema);
		yaml_document_delete(&doc);
	}
	if (!rc) {
		cyaml_err_t status = cyaml_load_data((const uint8_t *)text.buf, text.len, &config,
						     schema, (cyaml_data_t **)value, NULL);

		if (status != CYAML_OK)
			rc = err_input(err, "%s:1:1: %s", path, cyaml_strerror(status));
	}
	strbuf_release(&text);
	return rc;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *value)
{
	cyaml_free(&config, schema, value, 0);
}

// One step down from `node` by the key or [index] that `*where` starts with, and past it.
static const yaml_node_t *step(yaml_document_t *doc, const yaml_node_t *node, const char **where)
{
	if (**where == '[') {
		size_t index = strtoul(*where + 1, NULL, 10);

		*where += strcspn(*where, "]") + 1;
		if (node->type != YAML_SEQUENCE_NODE ||
		    index >= (size_t)(node->data.sequence.items.top -
				      node->data.sequence.items.start))
			return NULL;
		return yaml_document_get_node(doc, node->data.sequence.items.start[index]);
	}
	size_t len = strcspn(*where, ".[");
	const char *name = *where;

	*where += len;
	if (node->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *key = yaml_document_get_node(doc, p->key);

		if (key->type == YAML_SCALAR_NODE && strlen(scalar(key)) == len &&
		    !memcmp(scalar(key), name, len))
			return yaml_document_get_node(doc, p->value);
	}
	return NULL;
}

int yaml_file_error_at(struct err *err, const char *path, const char *where, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	yaml_mark_t mark = { 0 };
	yaml_document_t doc;
	char message[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (!yaml_text_read(path, &text, &ignored) &&
	    !yaml_text_parse(path, &text, &doc, &ignored)) {
		const yaml_node_t *node = yaml_document_get_root_node(&doc);

		while (node) {
			mark = node->start_mark;
			while (*where == '.')
				where++;
			node = *where ? step(&doc, node, &where) : NULL;
		}
		yaml_document_delete(&doc);
	}
	strbuf_reset(&text);
	strbuf_add_escaped(&text, message, strlen(message)); // it may quote the file
	err_input(err, "%s:%zu:%zu: %s", path, mark.line + 1, mark.column + 1, text.buf);
	strbuf_release(&text);
	return -1;
}
