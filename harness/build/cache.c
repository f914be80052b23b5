#include "build/cache.h"

#include "base/claim.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int hash_file(const char *path, uint64_t *hash)
{
	struct strbuf content = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	int rc = fs_read(path, 0, &content, &ignored);

	*hash = hash_bytes(HASH_INIT, content.buf, content.len);
	strbuf_release(&content);
	return rc;
}

// Whether every file named in `dir`/.inputs has the content that is noted there.
static bool inputs_are_the_same(const char *dir)
{
	char *path = xasprintf("%s/.inputs", dir);
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t alloc = 0;
	bool good = file != NULL;

	while (good && getline(&line, &alloc, file) > 0) {
		uint64_t noted, now;
		int start = 0;

		line[strcspn(line, "\n")] = '\0';
		good = sscanf(line, "%16" SCNx64 " %n", &noted, &start) == 1 && start &&
		       !hash_file(line + start, &now) && now == noted;
	}
	free(line);
	if (file)
		fclose(file);
	free(path);
	return good;
}

/*
 * The next file of a make rule, unescaped as compilers escape ("a\\ b.h", "c\\#.h", "d$$.h");
 * false at the end of the rule. `*at` moves past it.
 */
static bool next_input(const char **at, struct strbuf *name)
{
	const char *p = *at;

	strbuf_reset(name);
	while (*p == ' ' || *p == '\n' || (*p == '\\' && p[1] == '\n'))
		p++;
	for (; *p && *p != ' ' && *p != '\n'; p++) {
		if ((*p == '\\' && (p[1] == ' ' || p[1] == '#')) || (*p == '$' && p[1] == '$'))
			p++;
		strbuf_addch(name, *p);
	}
	*at = p;
	return name->len > 0;
}

// Turns the compiler's make rule ("target: a.c b.h \") into lines of hash and path.
static int write_inputs(const struct cache_entry *entry, struct err *err)
{
	struct strbuf rule = STRBUF_INIT, inputs = STRBUF_INIT, name = STRBUF_INIT;
	char *path = xasprintf("%s/.inputs", entry->work);
	int rc = fs_read(entry->deps, 0, &rule, err);
	const char *at = strstr(rule.buf, ": ");
	uint64_t hash;

	at = at ? at + 2 : rule.buf;
	while (!rc && next_input(&at, &name)) {
		rc = hash_file(name.buf, &hash);
		if (rc)
			err_harness(err, "%s: cannot read the program just built", name.buf);
		strbuf_addf(&inputs, "%016" PRIx64 " %s\n", hash, name.buf);
	}
	if (!rc)
		rc = fs_write(path, inputs.buf, inputs.len, err);
	strbuf_release(&rule);
	strbuf_release(&inputs);
	strbuf_release(&name);
	free(path);
	return rc;
}

static bool still_good(const struct cache_entry *entry)
{
	return !access(entry->program, X_OK) && inputs_are_the_same(entry->dir);
}

static uint64_t key_of(const struct args *command, const char *version)
{
	uint64_t hash = hash_str(HASH_INIT, version);

	for (size_t i = 0; i < command->nr; i++) {
		const char *word = command->items[i];
		uint64_t content;

		hash = hash_str(hash, word);
		// Objects are linked in and are in no make rule.
		if (text_ends_with(word, ".o") && !hash_file(word, &content))
			hash = hash_bytes(hash, &content, sizeof(content));
	}
	return hash;
}

static int make_work(struct cache_entry *entry, struct err *err)
{
	enum { TRIES = 3 };

	// Between its making and its claim another harness may sweep it away.
	for (int i = 0; i < TRIES && entry->claim < 0; i++) {
		memcpy(entry->work + strlen(entry->work) - 6, "XXXXXX", 6);
		if (!mkdtemp(entry->work))
			break;
		entry->claim = claim_take(entry->work);
	}
	if (entry->claim < 0)
		return err_harness(err, "%s: cannot create folder: %s", entry->work,
				   strerror(errno));
	return 0;
}

void cache_sweep(const char *build)
{
	claim_sweep(build, "/cache/????????????????.??????");
}

int cache_lookup(struct cache_entry *entry, const char *build, const char *source,
		 const char *version, const struct args *command, struct err *err)
{
	const char *base = fs_base(source);
	int stem = (int)strcspn(base, ".");
	uint64_t key = key_of(command, version);
	char *cache = xasprintf("%s/cache", build);
	int rc = fs_mkdirs(cache, err);

	// The names of our own files begin with a dot, which a program's name never does.
	if (!stem) {
		base = "program";
		stem = (int)strlen(base);
	}
	entry->claim = -1;
	entry->dir = xasprintf("%s/%016" PRIx64, cache, key);
	entry->work = xasprintf("%s.XXXXXX", entry->dir);
	entry->program = xasprintf("%s/%.*s", entry->dir, stem, base);
	if (!rc && still_good(entry))
		rc = 1;
	else if (!rc)
		rc = make_work(entry, err);
	entry->building = xasprintf("%s/%.*s", entry->work, stem, base);
	entry->deps = xasprintf("%s/.deps", entry->work);
	entry->log = xasprintf("%s/.log", entry->work);
	free(cache);
	if (rc < 0)
		cache_entry_release(entry);
	return rc;
}

int cache_commit(struct cache_entry *entry, struct err *err)
{
	if (write_inputs(entry, err)) {
		fs_remove_tree(entry->work);
		return -1;
	}
	if (!rename(entry->work, entry->dir))
		return 0;
	// An older entry is in the way, or another process was faster.
	if (still_good(entry)) {
		fs_remove_tree(entry->work);
		return 0;
	}
	fs_remove_tree(entry->dir);
	if (!rename(entry->work, entry->dir))
		return 0;
	return err_harness(err, "%s: cannot store the built program: %s", entry->dir,
			   strerror(errno));
}

void cache_abandon(struct cache_entry *entry)
{
	fs_remove_tree(entry->work);
}

void cache_entry_release(struct cache_entry *entry)
{
	if (entry->dir && entry->claim >= 0)
		close(entry->claim);
	free(entry->dir);
	free(entry->work);
	free(entry->program);
	free(entry->building);
	free(entry->deps);
	free(entry->log);
	*entry = (struct cache_entry){ 0 };
}
