#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "run/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_TAIL ",\"hash\":\"%016" PRIx64 "\"}"

enum { TAIL_LEN = sizeof(",\"hash\":\"0123456789abcdef\"}") - 1 };

// Of a line without its tail.
static uint64_t line_hash(const char *line, size_t len)
{
	return hash_bytes(HASH_INIT, line, len);
}

char *runs_seal_line(const json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER), *sealed = NULL;
	size_t len = text ? strlen(text) : 0;

	if (len > strlen("{}") && text[len - 1] == '}') {
		text[len - 1] = '\0';
		sealed = xasprintf("%s" LINE_TAIL "\n", text, line_hash(text, len - 1));
	}
	free(text);
	return sealed;
}

bool runs_line_is_whole(const char *line, size_t len)
{
	char tail[TAIL_LEN + 1];

	if (len < TAIL_LEN)
		return false;
	snprintf(tail, sizeof(tail), LINE_TAIL, line_hash(line, len - TAIL_LEN));
	return !memcmp(line + len - TAIL_LEN, tail, TAIL_LEN);
}

void runs_seal_begin(struct runs_seal *seal, uint64_t key)
{
	*seal = (struct runs_seal){ .key = key, .hash = hash_bytes(HASH_INIT, &key, sizeof(key)) };
}

void runs_seal_add(struct runs_seal *seal, const char *line, size_t len)
{
	seal->hash = hash_bytes(seal->hash, line, len);
	seal->count++;
}

json_t *runs_seal_to_json(const struct runs_seal *seal)
{
	// JSON's numbers have fewer bits.
	char key[24], hash[24];

	snprintf(key, sizeof(key), "%016" PRIx64, seal->key);
	snprintf(hash, sizeof(hash), "%016" PRIx64, seal->hash);
	return json_pack("{s:I,s:s,s:s}", "count", (json_int_t)seal->count, "key", key, "hash",
			 hash);
}

int runs_seal_from_json(const json_t *json, struct runs_seal *seal)
{
	const char *key = text_of(json, "key"), *hash = text_of(json, "hash");

	*seal = (struct runs_seal){ .count = (uint64_t)number_of(json, "count") };
	if (strlen(key) != 16 || strlen(hash) != 16)
		return -1;
	seal->key = strtoull(key, NULL, 16);
	seal->hash = strtoull(hash, NULL, 16);
	return 0;
}
