// Numbers that look random: hashes, and a sequence from a seed.
#ifndef RACEGATE_RT_HASH_H
#define RACEGATE_RT_HASH_H

#include "protocol.h"

// FNV-1a: start with RT_FNV, then mix in bytes, or words as if they were bytes.
#define RT_FNV UINT64_C(0xcbf29ce484222325)

static inline uint64_t rt_fnv(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3;
}

// The next number after `state`: splitmix64.
static inline uint64_t rt_splitmix(uint64_t *state)
{
	return rt_mix(*state += 0x9e3779b97f4a7c15);
}

#endif
