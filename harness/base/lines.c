#include "base/lines.h"

#include "base/hash.h"

#include <string.h>

// A sum of hashes that are not mixed would be the same for many texts.
static uint64_t line_weight(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

void lines_add(struct lines *lines, const char *bytes, size_t len)
{
	while (len) {
		const char *newline = memchr(bytes, '\n', len);
		const size_t part = newline ? (size_t)(newline - bytes) + 1 : len;

		lines->line = hash_bytes(lines->begun ? lines->line : HASH_INIT, bytes, part);
		lines->begun = !newline;
		if (newline)
			lines->sum += line_weight(lines->line);
		bytes += part;
		len -= part;
	}
}

uint64_t lines_hash(const struct lines *lines)
{
	const uint64_t sum = lines->sum + (lines->begun ? line_weight(lines->line) : 0);

	return sum ? sum : 1;
}
