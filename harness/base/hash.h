// A 64-bit hash of bytes, for cache keys and fingerprints (FNV-1a,
// http://isthe.com/chongo/tech/comp/fnv/).
#ifndef RACEGATE_HASH_H
#define RACEGATE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_INIT UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len);
// Hashes the string with its terminator, so that "ab","c" and "a","bc" differ; NULL counts as "".
uint64_t hash_str(uint64_t hash, const char *text);

#endif
