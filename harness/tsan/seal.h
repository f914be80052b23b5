/*
 * Seals of the hook's reports. The program can write to its own evidence; what it does not know is
 * the key that the hook was given. Shared with the reader in detect/: both must agree.
 */
#ifndef RACEGATE_TSAN_SEAL_H
#define RACEGATE_TSAN_SEAL_H

#include <stdint.h>

#define SEAL_ENV "RACEGATE_SEAL"

enum { SEAL_DIGITS = 16 }; // of a key in the environment, and of a seal

static inline uint64_t seal_mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

// The key of what the process starts with exec: it does not tell its own.
static inline uint64_t seal_next_key(uint64_t key)
{
	return seal_mix(key ^ 0x9E3779B97F4A7C15u) | 1;
}

#define SEAL_HASH 0xcbf29ce484222325u

// Of the bytes since the last seal.
static inline uint64_t seal_hash(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * 0x100000001b3u;
}

// Report number `nr` (from 1) of the process, whose bytes have the hash; its end: number 0.
static inline uint64_t seal_of(uint64_t key, uint64_t pid, uint64_t nr, uint64_t hash)
{
	uint64_t seal = seal_mix(key + hash);

	seal = seal_mix(seal ^ seal_mix(key ^ pid));
	return seal_mix(seal ^ seal_mix(key + nr));
}

#endif
