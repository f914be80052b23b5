#include "catalog/yaml_text.h"

#include "base/fs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int fail_at(struct err *err, const char *path, yaml_mark_t mark, const char *what,
		   const char *more)
{
	return err_input(err, "%s:%zu:%zu: %s%s%s", path, mark.line + 1, mark.column + 1, what,
			 more ? ", " : "", more ? more : "");
}

// Line and column, counted in characters, of a byte.
static yaml_mark_t yaml_place(const struct strbuf *text, size_t offset)
{
	yaml_mark_t mark = { 0 };

	for (size_t i = 0; i < offset && i < text->len; i++) {
		bool starts = ((unsigned char)text->buf[i] & 0xC0) != 0x80;

		mark.column = text->buf[i] == '\n' ? 0 : mark.column + starts;
		mark.line += text->buf[i] == '\n';
	}
	return mark;
}

int yaml_text_read(const char *path, struct strbuf *text, struct err *err)
{
	char what[64];

	if (fs_read(path, YAML_MAX_BYTES + 1, text, err))
		return err_input(err, "%s:1:1: cannot read: %s", path, strerror(errno));
	if (text->len <= YAML_MAX_BYTES)
		return 0;
	snprintf(what, sizeof(what), "the file is longer than %d KiB", YAML_MAX_BYTES / 1024);
	return fail_at(err, path, yaml_place(text, YAML_MAX_BYTES), what, NULL);
}

static int start_parser(yaml_parser_t *parser, const char *path, const struct strbuf *text,
			struct err *err)
{
	if (!yaml_parser_initialize(parser))
		return err_harness(err, "%s: cannot start the YAML parser", path);
	yaml_parser_set_input_string(parser, (const unsigned char *)text->buf, text->len);
	return 0;
}

// Checks the nesting of all events. What is not YAML is left for the parser to report.
static int check_depth(const char *path, const struct strbuf *text, struct err *err)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool more = true;
	int depth = 0, rc = start_parser(&parser, path, text, err);

	if (rc)
		return rc;
	while (more && !rc && yaml_parser_parse(&parser, &event)) {
		depth += event.type == YAML_SEQUENCE_START_EVENT ||
			 event.type == YAML_MAPPING_START_EVENT;
		depth -= event.type == YAML_SEQUENCE_END_EVENT ||
			 event.type == YAML_MAPPING_END_EVENT;
		if (depth > YAML_MAX_DEPTH) {
			char what[64];

			snprintf(what, sizeof(what), "nested deeper than %d levels",
				 YAML_MAX_DEPTH);
			rc = fail_at(err, path, event.start_mark, what, NULL);
		}
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return rc;
}

// The reader stops at a byte and knows no lines; the scanner and parser know their mark.
static yaml_mark_t problem_place(const yaml_parser_t *parser, const struct strbuf *text)
{
	return parser->error == YAML_READER_ERROR ? yaml_place(text, parser->problem_offset)
						  : parser->problem_mark;
}

int yaml_text_parse(const char *path, const struct strbuf *text, yaml_document_t *doc,
		    struct err *err)
{
	yaml_parser_t parser;
	int rc = 0;

	if (check_depth(path, text, err) || start_parser(&parser, path, text, err))
		return -1;
	if (!yaml_parser_load(&parser, doc)) {
		char what[256];

		snprintf(what, sizeof(what), "not valid YAML: %s",
			 parser.problem ? parser.problem : "unreadable");
		rc = fail_at(err, path, problem_place(&parser, text), what, parser.context);
	} else if (!yaml_document_get_root_node(doc)) {
		rc = err_input(err, "%s:1:1: is empty; expected keys with values", path);
		yaml_document_delete(doc);
	}
	yaml_parser_delete(&parser);
	return rc;
}
