// Helgrind's and DRD's XML (valgrind: docs/internals/xml-output-protocol4.txt), read piece by
// piece, so that every complete error of a truncated file is delivered.
#include "base/mem.h"
#include "base/strbuf.h"
#include "detect/detect.h"
#include "detect/valgrind_error.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 65536

/*
 * The numbers of the errors in the log, which its end counts again: what was taken out or put in
 * shows.
 */
struct uniques {
	uint64_t *items;
	size_t nr, alloc;
	size_t counted;
};

struct reader {
	XML_Parser xml;
	struct finding_list *out;
	struct strbuf text; // of the innermost element that has begun
	struct strbuf dir;
	bool stranger; // not what Helgrind or DRD writes
	bool known;    // said which tool it is
	bool counted;  // error counts were closed
	bool finished; // all was closed: the tool came to its end
	bool drd;
	unsigned depth;
	unsigned in_error; // depth of the open <error>, 0: none
	unsigned ignored;  // depth of an element whose content does not count, 0: none
	bool in_allocation, in_creation;
	struct vg_error error;
	struct stack *stack; // that <frame>s are added to, NULL: none
	struct frame frame;  // being read; its strings are owned
	char *path;          // of the frame's module, owned
	uint64_t pc;         // of the frame
	struct vg_objects objects;
	struct log_facts *facts;
	struct uniques uniques;
	unsigned threads; // that were announced
	uint64_t count;   // of a pair
};

static void reject(struct reader *r)
{
	r->stranger = true;
	XML_StopParser(r->xml, XML_FALSE);
}

static void reject_because(struct reader *r, const char *why)
{
	r->facts->why = why;
	reject(r);
}

static struct vg_part *add_part(struct reader *r, const char *text)
{
	struct vg_part *part = VEC_PUSH(&r->error.parts);

	part->text = xstrdup(text);
	part->is_allocation = r->in_allocation;
	part->is_creation = r->in_creation;
	return part;
}

static struct vg_part *last_part(struct reader *r)
{
	return r->error.parts.nr ? &r->error.parts.items[r->error.parts.nr - 1] : NULL;
}

// A stack belongs to the text before it; a second one in a row is on its own.
static bool wants_stack(const struct reader *r, const struct vg_part *part)
{
	return !part->stack.nr && part->is_allocation == r->in_allocation &&
	       part->is_creation == r->in_creation;
}

static void begin_stack(struct reader *r)
{
	if (!r->error.parts.nr || !wants_stack(r, last_part(r)))
		add_part(r, NULL);
	r->stack = &last_part(r)->stack;
}

static void release_frame(struct frame *frame)
{
	free(frame->func);
	free(frame->file);
	free(frame->module);
	*frame = (struct frame){ 0 };
}

static void begin_error(struct reader *r)
{
	vg_error_release(&r->error);
	r->error.drd = r->drd;
	r->in_error = r->depth;
}

static void begin_in_error(struct reader *r, const char *name)
{
	if (!strncmp(name, "other_segment", 13)) {
		r->ignored = r->depth;
	} else if (!strcmp(name, "stack")) {
		begin_stack(r);
	} else if (!strcmp(name, "frame")) {
		release_frame(&r->frame);
		strbuf_reset(&r->dir);
	} else if (!strcmp(name, "allocation_context")) {
		r->in_allocation = true;
	} else if (!strcmp(name, "first_observed_at")) {
		r->in_creation = true;
	}
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = ctx;

	(void)attributes;
	strbuf_reset(&r->text);
	if (!r->depth++ && strcmp(name, "valgrindoutput"))
		reject(r);
	else if (r->ignored)
		return;
	else if (r->in_error)
		begin_in_error(r, name);
	else if (!strcmp(name, "error") && r->depth == 2)
		begin_error(r);
}

static void take_text(struct reader *r, char **to)
{
	free(*to);
	*to = xstrdup(r->text.buf);
}

static void end_frame(struct reader *r)
{
	struct frame *frame = &r->frame;
	char *path = NULL;

	if (frame->file && r->dir.len)
		path = xasprintf("%s/%s", r->dir.buf, frame->file);
	if (r->stack)
		stack_add(r->stack, frame->func, path ? path : frame->file, frame->line, 0,
			  frame->module);
	vg_objects_frame(&r->objects, r->path, r->pc, frame->func, frame->line);
	free(path);
	free(r->path);
	r->path = NULL;
	release_frame(frame);
}

static void end_module(struct reader *r)
{
	const char *slash = strrchr(r->text.buf, '/');

	take_text(r, &r->path);
	free(r->frame.module);
	r->frame.module = xstrdup(slash ? slash + 1 : r->text.buf);
}

// PthAPIerror says in a second <what> which error the call returned.
static bool is_second_what(const struct reader *r)
{
	const struct vg_part *first = r->error.parts.items;

	return r->error.parts.nr && !r->in_creation && first->text && !first->stack.nr;
}

// What is said about the error: <what>, <text> of <xwhat>, <auxwhat>, <text> of <xauxwhat>.
static void end_text(struct reader *r, bool is_what)
{
	if (is_what && is_second_what(r)) {
		struct vg_part *first = r->error.parts.items;
		char *both = xasprintf("%s %s", first->text, r->text.buf);

		free(first->text);
		first->text = both;
		return;
	}
	add_part(r, r->text.buf);
}

static void end_in_frame(struct reader *r, const char *name)
{
	if (!strcmp(name, "fn"))
		take_text(r, &r->frame.func);
	else if (!strcmp(name, "ip"))
		r->pc = strtoull(r->text.buf, NULL, 0);
	else if (!strcmp(name, "obj"))
		end_module(r);
	else if (!strcmp(name, "file"))
		take_text(r, &r->frame.file);
	else if (!strcmp(name, "line"))
		r->frame.line = atoi(r->text.buf);
	else if (!strcmp(name, "dir"))
		strbuf_addstr(&r->dir, r->text.buf);
	else if (!strcmp(name, "frame"))
		end_frame(r);
}

static void end_in_error(struct reader *r, const char *name)
{
	if (!strcmp(name, "kind"))
		take_text(r, &r->error.kind);
	else if (!strcmp(name, "what") || !strcmp(name, "text") || !strcmp(name, "auxwhat"))
		end_text(r, strcmp(name, "what") == 0);
	else if (!strcmp(name, "address") && last_part(r))
		take_text(r, &last_part(r)->address);
	else if (!strcmp(name, "stack"))
		r->stack = NULL;
	else if (!strcmp(name, "allocation_context"))
		r->in_allocation = false;
	else if (!strcmp(name, "first_observed_at"))
		r->in_creation = false;
	else if (r->stack)
		end_in_frame(r, name);
}

static void end_at_top(struct reader *r, const char *name)
{
	if (!strcmp(name, "protocolversion") && strcmp(r->text.buf, "4"))
		reject(r);
	if (!strcmp(name, "protocoltool")) {
		r->drd = !strcmp(r->text.buf, "drd");
		r->known = r->drd || !strcmp(r->text.buf, "helgrind");
		if (!r->known)
			reject(r);
	}
	if (!strcmp(name, "errorcounts"))
		r->counted = true;
	if (!strcmp(name, "pid") && r->facts->pid && atol(r->text.buf) != r->facts->pid)
		reject_because(r, "is of another process");
	r->threads += !strcmp(name, "announcethread");
}

static bool is_unique(const struct reader *r, uint64_t number)
{
	for (size_t i = 0; i < r->uniques.nr; i++)
		if (r->uniques.items[i] == number)
			return true;
	return false;
}

// In the pairs of <suppcounts>: <count>, <name>.
static void end_in_counts(struct reader *r, const char *name)
{
	if (!strcmp(name, "count"))
		r->count = strtoull(r->text.buf, NULL, 10);
	else if (!strcmp(name, "name") && r->facts->record)
		record_add_suppressed(r->facts->record, r->text.buf, r->count);
}

// <unique> is in each <error>, and in the pairs of the counts at the end.
static void end_unique(struct reader *r)
{
	uint64_t number = strtoull(r->text.buf, NULL, 0);

	if (r->in_error)
		*VEC_PUSH(&r->uniques) = number;
	else if (r->depth == 4 && !is_unique(r, number))
		reject_because(r, "lacks errors that were counted");
	else if (r->depth == 4)
		r->uniques.counted++;
}

// DRD does not announce threads; Helgrind does before it names them, and a forked child's do not
// come again.
static bool is_race(const struct finding_list *list)
{
	return list->nr && list->items[list->nr - 1].kind == KIND_DATA_RACE;
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct reader *r = ctx;

	if (!r->ignored && !strcmp(name, "unique"))
		end_unique(r);
	if (r->ignored) {
		if (r->ignored == r->depth)
			r->ignored = 0;
	} else if (r->in_error == r->depth) {
		if (!r->known)
			reject(r);
		else
			vg_error_finding(&r->error, &r->objects, r->out);
		if (r->facts->first && !r->drd && r->threads < 2 && is_race(r->out))
			reject_because(r, "has a race in a program that never had two threads");
		r->in_error = 0;
	} else if (r->in_error) {
		end_in_error(r, name);
	} else if (r->depth == 2) {
		end_at_top(r, name);
	} else if (r->depth == 4) {
		end_in_counts(r, name);
	}
	if (!--r->depth)
		r->finished = r->counted;
	strbuf_reset(&r->text);
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int len)
{
	struct reader *r = ctx;

	strbuf_add(&r->text, text, (size_t)len);
}

// Valgrind writes no document type; with one, entities could grow without bound.
static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
			       const XML_Char *public, int has_internal_subset)
{
	(void)name, (void)system, (void)public, (void)has_internal_subset;
	reject(ctx);
}

// expat waits long before it calls text no XML.
static bool begins_as_it_should(const char *log, size_t len)
{
	static const char magic[] = "<?xml version=\"1.0\"?>";
	size_t nr = len < sizeof(magic) - 1 ? len : sizeof(magic) - 1;

	return !memcmp(log, magic, nr);
}

// Never says "final": an end in the middle is a cut, not an error.
static bool feed(XML_Parser xml, const char *log, size_t len)
{
	for (size_t done = 0; done < len; done += PIECE) {
		size_t piece = len - done < PIECE ? len - done : PIECE;

		if (XML_Parse(xml, log + done, (int)piece, XML_FALSE) != XML_STATUS_OK)
			return false;
	}
	return true;
}

enum evidence valgrind_xml_parse(const char *log, size_t len, struct log_facts *facts,
				 struct finding_list *out)
{
	struct log_facts nobodys = { 0 };
	struct reader r = { .out = out,
			    .text = STRBUF_INIT,
			    .dir = STRBUF_INIT,
			    .facts = facts ? facts : &nobodys };
	enum evidence evidence;

	if (!len)
		return EVIDENCE_MISSING;
	r.xml = XML_ParserCreate(NULL);
	XML_SetUserData(r.xml, &r);
	XML_SetElementHandler(r.xml, on_start, on_end);
	XML_SetCharacterDataHandler(r.xml, on_text);
	XML_SetStartDoctypeDeclHandler(r.xml, on_doctype);
	if (!begins_as_it_should(log, len) || !feed(r.xml, log, len) || r.stranger)
		evidence = EVIDENCE_TAMPERED;
	else
		evidence = r.finished ? EVIDENCE_WHOLE : EVIDENCE_CUT;
	if (evidence == EVIDENCE_WHOLE && r.uniques.counted < r.uniques.nr) {
		r.facts->why = "has errors that were not counted";
		evidence = EVIDENCE_TAMPERED;
	}
	r.facts->reports = r.uniques.nr;
	free(r.uniques.items);
	XML_ParserFree(r.xml);
	vg_error_release(&r.error);
	vg_objects_release(&r.objects);
	release_frame(&r.frame);
	free(r.path);
	strbuf_release(&r.text);
	strbuf_release(&r.dir);
	return evidence;
}
