/*
 * What the cases and the claims cite can be looked up: each document is there, and each section is
 * a heading of it. The documents are no part of the project: they stand in the folder that
 * RACEGATE_SEEDS names, or beside the project. Where they are not, the citations are not looked up.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "claims/claim.h"
#include "test/support.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

// The heading that a line is, without its marks: "## Locks {#locks}" is "Locks"; owned.
static char *heading_of(const char *line, size_t len)
{
	struct strbuf text = STRBUF_INIT;
	const char *end = line + len, *anchor = memmem(line, len, " {#", 3);

	if (anchor)
		end = anchor;
	while (line < end && strchr("#* \t", *line))
		line++;
	while (end > line && strchr("#* \t\r", end[-1]))
		end--;
	for (; line < end; line++)
		if (*line != '`' && *line != '*')
			strbuf_addch(&text, *line);
	return strbuf_detach(&text);
}

// A line of the document is the title, and not only begins with it.
static bool has_heading(const char *text, const char *title)
{
	bool found = false;

	while (*text && !found) {
		size_t len = strcspn(text, "\n");
		char *heading = heading_of(text, len);

		found = !strcmp(heading, title);
		free(heading);
		text += len + (text[len] == '\n');
	}
	return found;
}

static void a_title_is_a_whole_line_without_its_marks(void)
{
	static const struct {
		const char *text, *title;
		bool found;
	} rows[] = {
		{ "## Locks\ntext\n", "Locks", true },
		{ "text\n### 2. `os` module {#os}\n", "2. os module", true },
		{ "**A *bold* one**", "A bold one", true },
		{ "a bare line\r\nanother\r\n", "a bare line", true },
		{ "## Locks and keys\n", "Locks", false },
		{ "## 1. Locks\n", "Locks", false },
		{ "", "Locks", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_AT(rows[i].text, has_heading(rows[i].text, rows[i].title) == rows[i].found);
}

// NULL when the documents are not there.
static const char *folder_of_seeds(void)
{
	const char *folder = getenv("RACEGATE_SEEDS");

	folder = folder && *folder ? folder : "../shared/seeds";
	return fs_is_dir(folder) ? folder : NULL;
}

static void check_citation(const char *who, const char *file, const char *section)
{
	char *path = xasprintf("%s/%s", folder_of_seeds(), file);
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;

	CHECK_AT(who, !fs_read(path, 0, &text, &err));
	CHECK_TEXT_AT(who, has_heading(text.buf, section) ? section : "", section);
	strbuf_release(&text);
	free(path);
}

static void each_section_that_a_case_cites_is_a_heading_of_its_document(void)
{
	struct catalog catalog;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(catalog_load("cases", &catalog, &err), 0);
	CU_ASSERT(catalog.nr > 0);
	for (size_t i = 0; folder_of_seeds() && i < catalog.nr; i++) {
		const struct testcase *tc = catalog.items[i];

		if (tc->seed_file)
			check_citation(tc->id, tc->seed_file, tc->seed_section);
	}
	catalog_release(&catalog);
}

// "one, another"
static void check_sections(const char *claim, const struct seed_reference *seed)
{
	char *sections = xstrdup(seed->section), *rest = sections;

	while (rest) {
		char *section = rest, *comma = strstr(rest, ", ");

		rest = comma ? comma + 2 : NULL;
		if (comma)
			*comma = '\0';
		check_citation(claim, seed->file, section);
	}
	free(sections);
}

static void each_section_that_a_claim_cites_is_a_heading_of_its_document(void)
{
	CU_ASSERT(nr_claims > 0);
	for (size_t i = 0; folder_of_seeds() && i < nr_claims; i++)
		for (size_t k = 0; k < claims[i]->nr_seeds; k++)
			check_sections(claims[i]->name, &claims[i]->seeds[k]);
}

// The next cell of a table's line, without its spaces; `*at` goes on behind it. Owned.
static char *next_cell(const char **at)
{
	const char *begin = *at + strspn(*at, "| "), *end = begin + strcspn(begin, "|");

	*at = end;
	while (end > begin && end[-1] == ' ')
		end--;
	return xstrndup(begin, (size_t)(end - begin));
}

// "| 000 | section | what it says | where |"
static void check_line(const char *line)
{
	char *document = next_cell(&line), *section = next_cell(&line);
	char *pattern = xasprintf("%s/%s_*.txt", folder_of_seeds(), document);
	glob_t found = { 0 };

	CHECK_AT(document, !glob(pattern, 0, NULL, &found));
	if (found.gl_pathc == 1)
		check_citation(document, fs_base(found.gl_pathv[0]), section);
	globfree(&found);
	free(pattern);
	free(section);
	free(document);
}

// Each `name` is a case or a claim, or a file of the catalogue.
static void check_names(const char *line, const struct catalog *catalog)
{
	char *text = xstrdup(line), *rest = text;

	while ((rest = strchr(rest, '`'))) {
		char *name = ++rest, *end = strchr(name, '`');
		bool known = strchr(name, '/') != NULL; // a file

		if (!end)
			break;
		*end = '\0';
		rest = end + 1;
		for (size_t i = 0; i < catalog->nr && !known; i++)
			known = !strcmp(fs_base(catalog->items[i]->id), name);
		for (size_t i = 0; i < nr_claims && !known; i++)
			known = !strcmp(claims[i]->name, name);
		CHECK_AT(name, known);
	}
	free(text);
}

static void what_the_documents_say_is_where_the_table_puts_it(void)
{
	struct strbuf text = STRBUF_INIT;
	struct catalog catalog;
	struct err err = ERR_INIT;
	int nr = 0;

	CU_ASSERT_EQUAL_FATAL(catalog_load("cases", &catalog, &err), 0);
	CU_ASSERT_EQUAL_FATAL(fs_read("cases/README.md", 0, &text, &err), 0);
	for (char *line = text.buf, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (strncmp(line, "| 00", 4) != 0)
			continue;
		nr++;
		check_names(line, &catalog);
		if (folder_of_seeds())
			check_line(line);
	}
	CU_ASSERT(nr > 0);
	strbuf_release(&text);
	catalog_release(&catalog);
}

void suite_seeds(void)
{
	static const struct test_case cases[] = {
		{ "a title is a whole line without its marks",
		  a_title_is_a_whole_line_without_its_marks },
		{ "each section that a case cites is a heading of its document",
		  each_section_that_a_case_cites_is_a_heading_of_its_document },
		{ "what the documents say is where the table puts it",
		  what_the_documents_say_is_where_the_table_puts_it },
		{ "each section that a claim cites is a heading of its document",
		  each_section_that_a_claim_cites_is_a_heading_of_its_document },
	};

	test_suite("seeds", cases, ARRAY_SIZE(cases));
}
