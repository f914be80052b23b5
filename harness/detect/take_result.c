#include "detect/detect.h"

#include "base/mem.h"

// The program's bytes as text: without the last newline, which every line has, and escaped.
static char *shown(const struct strbuf *bytes)
{
	struct strbuf text = STRBUF_INIT;
	size_t len = bytes->len;

	if (len && bytes->buf[len - 1] == '\n')
		len--;
	strbuf_add_escaped(&text, bytes->buf, len);
	return strbuf_detach(&text);
}

void record_take_result(struct record *record, const struct run_result *result)
{
	record->how = result->how;
	record->code = result->code;
	record->pid = result->pid;
	record->limit = xstrdup(result->limit);
	record->error = xstrdup(result->error);
	record->wall_ns = result->wall_ns;
	record->cpu_ns = result->cpu_ns;
	record->max_rss_kib = result->max_rss_kib;
	record->out = shown(&result->out);
	record->err = shown(&result->err);
	record->out_total = result->out_total;
	record->out_cut = result->out_total - result->out.len;
	record->out_hash = result->out_hash;
	record->lines = lines_hash(&result->out_lines);
	// Of the explorer's processes only one runs the program.
	record->alive = record->tool == TOOL_EXPLORE ? 0 : result->alive;
	record->orphans = result->orphans;
	if (result->left.len)
		record->left = shown(&result->left);
	// How the explorer ended says nothing about the program.
	if (record->tool != TOOL_EXPLORE)
		ending_findings(result, &record->endings);
}
