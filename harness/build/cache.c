#include "build/cache.h"

#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"

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

// Whether every file named in `dir`/inputs has the content that is noted there.
static bool still_good(const char *dir)
{
	char *path = xasprintf("%s/inputs", dir);
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

// Turns the compiler's make rule ("target: a.c b.h \") into lines of hash and path.
static int write_inputs(const struct cache_entry *entry, struct err *err)
{
	struct strbuf rule = STRBUF_INIT, inputs = STRBUF_INIT;
	char *path = xasprintf("%s/inputs", entry->work), *word, *rest;
	int rc = fs_read(entry->deps, 0, &rule, err);
	uint64_t hash;

	rest = strstr(rule.buf, ": ");
	for (word = strtok_r(rest ? rest + 2 : rule.buf, " \n\\", &rest); !rc && word;
	     word = strtok_r(NULL, " \n\\", &rest)) {
		rc = hash_file(word, &hash);
		if (rc)
			err_harness(err, "%s: cannot read again what was just compiled", word);
		strbuf_addf(&inputs, "%016" PRIx64 " %s\n", hash, word);
	}
	if (!rc)
		rc = fs_write(path, inputs.buf, inputs.len, err);
	strbuf_release(&rule);
	strbuf_release(&inputs);
	free(path);
	return rc;
}

static uint64_t key_of(const struct command *command, const char *version)
{
	uint64_t hash = hash_str(HASH_INIT, version);

	for (size_t i = 0; i < command->nr; i++) {
		const char *word = command->items[i];
		size_t len = strlen(word);
		uint64_t content;

		hash = hash_str(hash, word);
		// Objects are linked in and stand in no make rule.
		if (len > 2 && !strcmp(word + len - 2, ".o") && !hash_file(word, &content))
			hash = hash_bytes(hash, &content, sizeof(content));
	}
	return hash;
}

int cache_lookup(struct cache_entry *entry, const char *build, const char *source,
		 const char *version, const struct command *command, struct err *err)
{
	const char *base = fs_base(source);
	int stem = (int)strcspn(base, ".");
	uint64_t key = key_of(command, version);

	entry->dir = xasprintf("%s/cache/%016" PRIx64, build, key);
	entry->work = xasprintf("%s.%ld", entry->dir, (long)getpid());
	entry->program = xasprintf("%s/%.*s", entry->dir, stem, base);
	entry->building = xasprintf("%s/%.*s", entry->work, stem, base);
	entry->deps = xasprintf("%s/deps", entry->work);
	entry->log = xasprintf("%s/log", entry->work);
	if (still_good(entry->dir) && !access(entry->program, X_OK))
		return 1;
	if (!fs_mkdirs(entry->work, err))
		return 0;
	cache_entry_release(entry);
	return -1;
}

int cache_commit(struct cache_entry *entry, struct err *err)
{
	if (write_inputs(entry, err))
		return -1;
	if (!rename(entry->work, entry->dir))
		return 0;
	// An older entry is in the way, or somebody else was faster.
	if (still_good(entry->dir)) {
		fs_remove_tree(entry->work);
		return 0;
	}
	fs_remove_tree(entry->dir);
	if (!rename(entry->work, entry->dir))
		return 0;
	return err_harness(err, "%s: cannot keep what was built: %s", entry->dir, strerror(errno));
}

void cache_abandon(struct cache_entry *entry)
{
	fs_remove_tree(entry->work);
}

void cache_entry_release(struct cache_entry *entry)
{
	free(entry->dir);
	free(entry->work);
	free(entry->program);
	free(entry->building);
	free(entry->deps);
	free(entry->log);
	*entry = (struct cache_entry){ 0 };
}
