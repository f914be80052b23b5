// Numbers that look random: hashes, and a sequence from a seed.
#ifndef RACEGATE_RT_HASH_H
#define RACEGATE_RT_HASH_H

#include <stdint.h>

// FNV-1a: start with RT_FNV, then mix in bytes, or words as if they were bytes.
#define RT_FNV UINT64_C(0xcbf29ce484222325)

static inline uint64_t rt_fnv(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3;
}

// The next number after `state`, splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
static inline uint64_t rt_splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

#endif
