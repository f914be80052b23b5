#include "catalog/catalog.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add_case(struct catalog *catalog, const char *dir)
{
	struct testcase *tc = xcalloc(1, sizeof(*tc));
	struct err err = ERR_INIT;

	if (!testcase_load(dir, tc, &err)) {
		*VEC_PUSH(catalog) = tc;
		return;
	}
	free(tc);
	*VEC_PUSH(&catalog->broken) = (struct broken_case){ .dir = xstrdup(dir), .err = err };
}

// Adds every case `depth` ("/*") below `dir`; the folders of a case hold a source or a case.yaml.
static void add_matching(struct catalog *catalog, const char *dir, const char *depth)
{
	glob_t found = { 0 };

	if (fs_glob(dir, depth, GLOB_ONLYDIR, &found))
		for (size_t i = 0; i < found.gl_pathc; i++) {
			char *yaml = xasprintf("%s/case.yaml", found.gl_pathv[i]);
			char *source = xasprintf("%s/racy.c", found.gl_pathv[i]);

			if (fs_is_file(yaml) || fs_is_file(source))
				add_case(catalog, found.gl_pathv[i]);
			free(yaml);
			free(source);
		}
	globfree(&found);
}

int catalog_load(const char *root, struct catalog *catalog, struct err *err)
{
	*catalog = (struct catalog){ 0 };
	if (!fs_is_dir(root))
		return err_input(err, "%s: no such folder; name the catalogue with --cases DIR",
				 root);
	catalog->root = xstrdup(root);
	add_matching(catalog, root, "/*/*");
	return 0;
}

void catalog_release(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->nr; i++) {
		testcase_release(catalog->items[i]);
		free(catalog->items[i]);
	}
	for (size_t i = 0; i < catalog->broken.nr; i++)
		free(catalog->broken.items[i].dir);
	free(catalog->items);
	free(catalog->broken.items);
	free(catalog->root);
	*catalog = (struct catalog){ 0 };
}

static bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return !stat(a, &sa) && !stat(b, &sb) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static bool testcase_matches(const struct testcase *tc, const char *pattern)
{
	const char *name = fs_base(tc->id);

	return !fnmatch(pattern, tc->id, FNM_PATHNAME) || !fnmatch(pattern, name, 0) ||
	       !fnmatch(pattern, tc->family, 0) || same_file(tc->dir, pattern);
}

void target_list_release(struct target_list *targets)
{
	for (size_t i = 0; i < targets->nr; i++) {
		free(targets->items[i].id);
		free(targets->items[i].source);
		gate_release(&targets->items[i].gate);
	}
	free(targets->items);
	*targets = (struct target_list){ 0 };
}

void target_add_case(struct target_list *targets, const struct testcase *tc, enum variant variant)
{
	*VEC_PUSH(targets) = (struct target){
		.id = xasprintf("%s/%s", tc->id, variant_name(variant)),
		.tc = tc,
		.variant = variant,
		.source = testcase_source(tc, variant),
	};
}

struct target *target_add_source(struct target_list *targets, const char *path)
{
	struct target *target = VEC_PUSH(targets);

	*target = (struct target){ .id = xstrdup(path), .source = xstrdup(path) };
	return target;
}

void target_add_program(struct target_list *targets, const char *const *argv)
{
	*VEC_PUSH(targets) = (struct target){ .id = xstrdup(argv[0]), .argv = argv };
}

bool target_names_program(const char *name)
{
	return fs_is_file(name) && !text_ends_with(name, ".c");
}

bool target_list_has(const struct target_list *targets, const struct testcase *tc)
{
	for (size_t i = 0; i < targets->nr; i++)
		if (targets->items[i].tc == tc)
			return true;
	return false;
}

static void add_variant(struct target_list *targets, const struct testcase *tc,
			enum variant variant)
{
	for (size_t i = 0; i < targets->nr; i++)
		if (targets->items[i].tc == tc && targets->items[i].variant == variant)
			return;
	target_add_case(targets, tc, variant);
}

static void add_both(struct target_list *targets, const struct testcase *tc)
{
	add_variant(targets, tc, VARIANT_RACY);
	add_variant(targets, tc, VARIANT_FIXED);
}

// `variant`: only this one; -1: both.
static size_t add_cases(const struct catalog *catalog, const char *pattern, int variant,
			struct target_list *targets)
{
	size_t found = 0;

	for (size_t i = 0; i < catalog->nr; i++) {
		if (!testcase_matches(catalog->items[i], pattern))
			continue;
		if (variant < 0)
			add_both(targets, catalog->items[i]);
		else
			add_variant(targets, catalog->items[i], (enum variant)variant);
		found++;
	}
	return found;
}

// "lock-order/fixed", as reports name a target: its variant, and `name` without it; else -1.
static int take_variant(char *name)
{
	char *slash = strrchr(name, '/');
	int variant = slash ? variant_from_name(slash + 1) : -1;

	if (variant >= 0)
		*slash = '\0';
	return variant;
}

// Whether `path` is the folder `dir` or lies in it.
static bool is_below(const char *path, const char *dir)
{
	char *full = realpath(path, NULL), *above = realpath(dir, NULL);
	size_t len = above ? strlen(above) : 0;
	bool below =
		full && above && !strncmp(full, above, len) && (full[len] == '/' || !full[len]);

	free(full);
	free(above);
	return below;
}

// The error of a broken case that `name` selects, or NULL.
static const struct broken_case *find_broken(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->broken.nr; i++) {
		const struct broken_case *b = &catalog->broken.items[i];
		size_t root = strlen(catalog->root) + 1;
		const char *id = strlen(b->dir) > root ? b->dir + root : b->dir;

		if (!fnmatch(name, id, FNM_PATHNAME) || !fnmatch(name, fs_base(b->dir), 0) ||
		    same_file(b->dir, name))
			return b;
		char *family = xstrndup(id, strcspn(id, "/"));
		bool matches = !fnmatch(name, family, 0);

		free(family);
		if (matches || (fs_is_dir(name) && is_below(b->dir, name)))
			return b;
	}
	return NULL;
}

// A folder outside the catalogue: a case, a family of cases or a catalogue of its own.
static int add_folder(struct catalog *catalog, const char *dir, struct target_list *targets,
		      struct err *err)
{
	static const char *const depths[] = { "", "/*", "/*/*" };
	size_t first = catalog->nr, first_broken = catalog->broken.nr;

	for (size_t i = 0; i < ARRAY_SIZE(depths); i++) {
		add_matching(catalog, dir, depths[i]);
		if (catalog->nr > first || catalog->broken.nr > first_broken)
			break;
	}
	if (catalog->broken.nr > first_broken) {
		*err = catalog->broken.items[first_broken].err;
		return -1;
	}
	if (catalog->nr == first)
		return err_input(
			err, "%s: contains no case (a folder with case.yaml, racy.c and fixed.c)",
			dir);
	for (size_t i = first; i < catalog->nr; i++)
		add_both(targets, catalog->items[i]);
	return 0;
}

// Cases of the catalogue that lie below the folder `dir`.
static size_t add_below(const struct catalog *catalog, const char *dir, struct target_list *targets)
{
	size_t found = 0;

	for (size_t i = 0; i < catalog->nr; i++)
		if (is_below(catalog->items[i]->dir, dir)) {
			add_both(targets, catalog->items[i]);
			found++;
		}
	return found;
}

// Adds what the name of a case or of a variant selects; returns how many, or -1.
static int add_named(const struct catalog *catalog, const char *name, struct target_list *targets,
		     struct err *err)
{
	char *plain = xstrdup(name);
	int variant = take_variant(plain), found = -1;
	const struct broken_case *broken = find_broken(catalog, plain);

	if (broken)
		*err = broken->err;
	else
		found = (int)add_cases(catalog, plain, variant, targets);
	free(plain);
	return found;
}

static int select_one(struct catalog *catalog, const char *name, struct target_list *targets,
		      struct err *err)
{
	int found = add_named(catalog, name, targets, err);

	if (found)
		return found < 0 ? -1 : 0;
	if (text_ends_with(name, ".c") && strpbrk(name, "*?[") == NULL) {
		if (!fs_is_file(name))
			return err_input(err, "%s: no such file", name);
		for (size_t i = 0; i < targets->nr; i++)
			if (!targets->items[i].tc && same_file(targets->items[i].source, name))
				return 0;
		target_add_source(targets, name);
		return 0;
	}
	if (fs_is_dir(name))
		return add_below(catalog, name, targets) ? 0
							 : add_folder(catalog, name, targets, err);
	return err_input(err,
			 "%s: no such case, folder or C file; `racegate list` shows the cases; "
			 "check a built program with `racegate run -- PROGRAM`",
			 name);
}

int target_select(struct catalog *catalog, const char *const *names, size_t nr,
		  struct target_list *targets, struct err *err)
{
	if (!nr && catalog->broken.nr) {
		*err = catalog->broken.items[0].err;
		return -1;
	}
	for (size_t i = 0; i < nr; i++)
		if (select_one(catalog, names[i], targets, err))
			return -1;
	for (size_t i = 0; !nr && i < catalog->nr; i++)
		add_both(targets, catalog->items[i]);
	return 0;
}

int target_select_cases(struct catalog *catalog, const char *const *names, size_t nr,
			struct target_list *targets, struct err *err)
{
	if (target_select(catalog, names, nr, targets, err))
		return -1;
	for (size_t i = 0; i < targets->nr; i++)
		if (!targets->items[i].tc)
			return err_input(err, "%s: is a C file; name a case or a folder of cases",
					 targets->items[i].id);
	return 0;
}

static bool is_plain(const char *name)
{
	struct strbuf shown = STRBUF_INIT;
	bool plain;

	strbuf_add_shown(&shown, name, strlen(name), false);
	plain = !strcmp(shown.buf ? shown.buf : "", name) && !strpbrk(name, "\n\t");
	strbuf_release(&shown);
	return plain;
}

int target_check_names(const struct target_list *targets, struct err *err)
{
	for (size_t i = 0; i < targets->nr; i++)
		if (!is_plain(targets->items[i].id))
			return err_input(err,
					 "%s: the name has a line break, a control character or "
					 "bytes that are not UTF-8; give it, or a link to it, "
					 "another name",
					 targets->items[i].id);
	return 0;
}
