// What the TSan hook takes from its process: the key of its seals, and where files are mapped.
#ifndef RACEGATE_TSAN_SURROUNDINGS_H
#define RACEGATE_TSAN_SURROUNDINGS_H

#include "out.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>

// Takes the key out of the environment, also out of /proc/self/environ.
static uint64_t take_key(void)
{
	char *word = getenv(SEAL_ENV);
	uint64_t next, key = 0;

	for (int i = 0; word && i < SEAL_DIGITS; i++) {
		char c = word[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
							: 16;

		if (digit > 15)
			return 0;
		key = key << 4 | digit;
	}
	next = seal_next_key(key);
	for (int i = 0; word && i < SEAL_DIGITS; i++)
		word[i] = "0123456789abcdef"[next >> (60 - 4 * i) & 15];
	return key;
}

// A line of /proc/self/maps with the path of a file that is still there.
static bool is_file_mapping(const char *line, unsigned len)
{
	static const char deleted[] = " (deleted)\n";
	unsigned tail = sizeof(deleted) - 1, slash = 0, same = 0;

	while (slash < len && line[slash] != '/')
		slash++;
	while (len >= tail && same < tail && line[len - tail + same] == deleted[same])
		same++;
	return slash < len && same < tail;
}

/*
 * Hashes the file mappings, and writes them to `out` unless that is NULL. The others are left
 * out: they have no symbols, and TSan's own change all the time.
 */
static uint64_t walk_maps(struct out *out)
{
	char piece[1024], line[4300];
	unsigned len = 0;
	uint64_t hash = 0xcbf29ce484222325u;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
	long got;

	while (fd >= 0 && (got = syscall(SYS_read, fd, piece, sizeof(piece))) > 0) {
		for (long i = 0; i < got; i++) {
			if (len < sizeof(line))
				line[len++] = piece[i];
			if (piece[i] != '\n')
				continue;
			if (!is_file_mapping(line, len))
				len = 0;
			for (unsigned k = 0; k < len; k++) {
				hash = (hash ^ (unsigned char)line[k]) * 0x100000001b3u;
				if (out)
					put_char(out, line[k]);
			}
			len = 0;
		}
	}
	if (fd >= 0)
		syscall(SYS_close, fd);
	return hash;
}

#endif
