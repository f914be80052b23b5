/*
 * The C library's functions through which a program touches memory without
 * instrumentation. A call is one scheduling point; all it reads and writes is
 * checked. Only calls from the program's own code count: what a library does
 * with its memory is its business.
 */
#include "engine/real.h"
#include "engine/sched.h"
#include "hb/shadow.h"
#include "hooks/hooks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OURS() (rt_controlled() && rt_in_program(RT_PC()))

// A longer range is checked up to here: it does not fit into the history of memory.
enum { CHECKED = 1 << 20 };

static void begin(enum rt_op op, const void *address, size_t size, uintptr_t pc)
{
	rt_point(op, (uintptr_t)address, size < UINT8_MAX ? (unsigned)size : UINT8_MAX, pc);
	if (op == RT_OP_WRITE)
		rt_progress();
}

static void reads(const void *address, size_t size, uintptr_t pc)
{
	rt_access((uintptr_t)address, size < CHECKED ? (unsigned)size : CHECKED, RT_OP_READ, pc);
}

static void writes(const void *address, size_t size, uintptr_t pc)
{
	rt_access((uintptr_t)address, size < CHECKED ? (unsigned)size : CHECKED, RT_OP_WRITE, pc);
}

static void copies(void *to, const void *from, size_t size, uintptr_t pc)
{
	if (!size)
		return;
	begin(RT_OP_WRITE, to, size, pc);
	reads(from, size, pc);
	writes(to, size, pc);
}

static void fills(void *to, size_t size, uintptr_t pc)
{
	if (!size)
		return;
	begin(RT_OP_WRITE, to, size, pc);
	writes(to, size, pc);
}

// Of a string and its end; the string is measured after the scheduling point.
static size_t reads_string(const char *s, size_t max, uintptr_t pc)
{
	size_t len = RT_REAL(strnlen)(s, max);

	reads(s, len < max ? len + 1 : max, pc);
	return len;
}

static void compares(const char *a, const char *b, size_t max, bool until_end, uintptr_t pc)
{
	size_t n = 0;

	begin(RT_OP_READ, a, 1, pc);
	while (n < max && a[n] == b[n] && (a[n] || !until_end))
		n++;
	n += n < max;
	reads(a, n, pc);
	reads(b, n, pc);
}

/* Memory */

RT_EXPORT void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	if (OURS())
		copies(to, from, size, RT_PC());
	return RT_REAL(memcpy)(to, from, size);
}

RT_EXPORT void *mempcpy(void *restrict to, const void *restrict from, size_t size)
{
	if (OURS())
		copies(to, from, size, RT_PC());
	return RT_REAL(mempcpy)(to, from, size);
}

RT_EXPORT void *memmove(void *to, const void *from, size_t size)
{
	if (OURS())
		copies(to, from, size, RT_PC());
	return RT_REAL(memmove)(to, from, size);
}

RT_EXPORT void bcopy(const void *from, void *to, size_t size)
{
	if (OURS())
		copies(to, from, size, RT_PC());
	RT_REAL(bcopy)(from, to, size);
}

RT_EXPORT void *memset(void *to, int byte, size_t size)
{
	if (OURS())
		fills(to, size, RT_PC());
	return RT_REAL(memset)(to, byte, size);
}

RT_EXPORT void bzero(void *to, size_t size)
{
	if (OURS())
		fills(to, size, RT_PC());
	RT_REAL(bzero)(to, size);
}

RT_EXPORT void explicit_bzero(void *to, size_t size)
{
	if (OURS())
		fills(to, size, RT_PC());
	RT_REAL(explicit_bzero)(to, size);
}

RT_EXPORT int memcmp(const void *a, const void *b, size_t size)
{
	if (OURS())
		compares(a, b, size, false, RT_PC());
	return RT_REAL(memcmp)(a, b, size);
}

RT_EXPORT int bcmp(const void *a, const void *b, size_t size)
{
	if (OURS())
		compares(a, b, size, false, RT_PC());
	return RT_REAL(memcmp)(a, b, size);
}

RT_EXPORT void *memchr(const void *s, int byte, size_t size)
{
	void *found;

	if (!OURS())
		return RT_REAL(memchr)(s, byte, size);
	begin(RT_OP_READ, s, 1, RT_PC());
	found = RT_REAL(memchr)(s, byte, size);
	reads(s, found ? (size_t)((char *)found - (const char *)s) + 1 : size, RT_PC());
	return found;
}

RT_EXPORT void *memrchr(const void *s, int byte, size_t size)
{
	if (OURS()) {
		begin(RT_OP_READ, s, 1, RT_PC());
		reads(s, size, RT_PC());
	}
	return RT_REAL(memrchr)(s, byte, size);
}

// Elements are compared by the program's own function, between its scheduling points.
RT_EXPORT void qsort(void *items, size_t nr, size_t size,
		     int (*compare)(const void *, const void *))
{
	if (OURS())
		fills(items, nr * size, RT_PC());
	RT_REAL(qsort)(items, nr, size, compare);
}

// Newer compilers' names for the first three.
void *__tsan_memcpy(void *to, const void *from, size_t size);  // NOLINT
void *__tsan_memmove(void *to, const void *from, size_t size); // NOLINT
void *__tsan_memset(void *to, int byte, size_t size);          // NOLINT

RT_EXPORT void *__tsan_memcpy(void *to, const void *from, size_t size) // NOLINT
{
	if (rt_controlled())
		copies(to, from, size, RT_PC());
	return RT_REAL(memcpy)(to, from, size);
}

RT_EXPORT void *__tsan_memmove(void *to, const void *from, size_t size) // NOLINT
{
	if (rt_controlled())
		copies(to, from, size, RT_PC());
	return RT_REAL(memmove)(to, from, size);
}

RT_EXPORT void *__tsan_memset(void *to, int byte, size_t size) // NOLINT
{
	if (rt_controlled())
		fills(to, size, RT_PC());
	return RT_REAL(memset)(to, byte, size);
}

/* Strings that are read */

static size_t begin_string(const char *s, size_t max, uintptr_t pc)
{
	begin(RT_OP_READ, s, 1, pc);
	return reads_string(s, max, pc);
}

RT_EXPORT size_t strlen(const char *s)
{
	return OURS() ? begin_string(s, SIZE_MAX, RT_PC()) : RT_REAL(strlen)(s);
}

RT_EXPORT size_t strnlen(const char *s, size_t max)
{
	return OURS() ? begin_string(s, max, RT_PC()) : RT_REAL(strnlen)(s, max);
}

RT_EXPORT int strcmp(const char *a, const char *b)
{
	if (OURS())
		compares(a, b, SIZE_MAX, true, RT_PC());
	return RT_REAL(strcmp)(a, b);
}

RT_EXPORT int strncmp(const char *a, const char *b, size_t max)
{
	if (OURS())
		compares(a, b, max, true, RT_PC());
	return RT_REAL(strncmp)(a, b, max);
}

#define READS_ONE(returned, name, second)                                                          \
	RT_EXPORT returned name(const char *s, second with)                                        \
	{                                                                                          \
		if (OURS())                                                                        \
			begin_string(s, SIZE_MAX, RT_PC());                                        \
		return RT_REAL(name)(s, with);                                                     \
	}

READS_ONE(char *, strchr, int)
READS_ONE(char *, strrchr, int)
READS_ONE(char *, strchrnul, int)

#define READS_TWO(returned, name)                                                                  \
	RT_EXPORT returned name(const char *a, const char *b)                                      \
	{                                                                                          \
		if (OURS()) {                                                                      \
			begin_string(a, SIZE_MAX, RT_PC());                                        \
			reads_string(b, SIZE_MAX, RT_PC());                                        \
		}                                                                                  \
		return RT_REAL(name)(a, b);                                                        \
	}

READS_TWO(int, strcasecmp)
READS_TWO(int, strcoll)
READS_TWO(char *, strstr)
READS_TWO(char *, strcasestr)
READS_TWO(char *, strpbrk)
READS_TWO(size_t, strspn)
READS_TWO(size_t, strcspn)

#define DUPLICATE(name, max, parameters, ...)                                                      \
	RT_EXPORT char *name parameters                                                            \
	{                                                                                          \
		char *copy;                                                                        \
		size_t len;                                                                        \
                                                                                                   \
		if (!OURS())                                                                       \
			return RT_REAL(name)(__VA_ARGS__);                                         \
		len = begin_string(s, max, RT_PC());                                               \
		copy = rt_born(RT_REAL(name)(__VA_ARGS__), len + 1, RT_PC());                      \
		if (copy)                                                                          \
			writes(copy, len + 1, RT_PC());                                            \
		return copy;                                                                       \
	}

DUPLICATE(strdup, SIZE_MAX, (const char *s), s)
DUPLICATE(strndup, size, (const char *s, size_t size), s, size)

/* Strings that are written */

// `offset`: where the copy begins; `fixed`: so many bytes are written, 0: as many as are read.
static void copies_string(char *to, size_t offset, const char *from, size_t max, size_t fixed,
			  uintptr_t pc)
{
	size_t len = reads_string(from, max, pc);

	writes(to + offset, fixed ? fixed : len + 1, pc);
}

#define COPIES(name)                                                                               \
	RT_EXPORT char *name(char *restrict to, const char *restrict from)                         \
	{                                                                                          \
		if (OURS()) {                                                                      \
			begin(RT_OP_WRITE, to, 1, RT_PC());                                        \
			copies_string(to, 0, from, SIZE_MAX, 0, RT_PC());                          \
		}                                                                                  \
		return RT_REAL(name)(to, from);                                                    \
	}

COPIES(strcpy)
COPIES(stpcpy)

#define COPIES_MAX(name)                                                                           \
	RT_EXPORT char *name(char *restrict to, const char *restrict from, size_t size)            \
	{                                                                                          \
		if (OURS() && size) {                                                              \
			begin(RT_OP_WRITE, to, 1, RT_PC());                                        \
			copies_string(to, 0, from, size, size, RT_PC());                           \
		}                                                                                  \
		return RT_REAL(name)(to, from, size);                                              \
	}

COPIES_MAX(strncpy)
COPIES_MAX(stpncpy)

RT_EXPORT char *strcat(char *restrict to, const char *restrict from)
{
	if (OURS()) {
		begin(RT_OP_WRITE, to, 1, RT_PC());
		copies_string(to, reads_string(to, SIZE_MAX, RT_PC()), from, SIZE_MAX, 0, RT_PC());
	}
	return RT_REAL(strcat)(to, from);
}

RT_EXPORT char *strncat(char *restrict to, const char *restrict from, size_t max)
{
	if (OURS()) {
		begin(RT_OP_WRITE, to, 1, RT_PC());
		copies_string(to, reads_string(to, SIZE_MAX, RT_PC()), from, max, 0, RT_PC());
	}
	return RT_REAL(strncat)(to, from, max);
}

RT_EXPORT char *strtok_r(char *restrict s, const char *restrict delimiters, char **restrict state)
{
	char *token;

	if (!OURS())
		return RT_REAL(strtok_r)(s, delimiters, state);
	begin(RT_OP_WRITE, s ? s : *state, 1, RT_PC());
	token = RT_REAL(strtok_r)(s, delimiters, state);
	if (token)
		writes(token, RT_REAL(strlen)(token) + 1, RT_PC());
	return token;
}

/* Text that is made */

static int prints(char *to, size_t size, const char *format, va_list list, uintptr_t pc)
{
	int len;

	begin(RT_OP_WRITE, to, 1, pc);
	len = RT_REAL(vsnprintf)(to, size, format, list);
	if (len >= 0 && size)
		writes(to, (size_t)len < size ? (size_t)len + 1 : size, pc);
	return len;
}

RT_EXPORT int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list list)
{
	return OURS() ? prints(to, size, format, list, RT_PC())
		      : RT_REAL(vsnprintf)(to, size, format, list);
}

RT_EXPORT int vsprintf(char *restrict to, const char *restrict format, va_list list)
{
	return OURS() ? prints(to, INT32_MAX, format, list, RT_PC())
		      : RT_REAL(vsprintf)(to, format, list);
}

RT_EXPORT int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = OURS() ? prints(to, size, format, list, RT_PC())
		     : RT_REAL(vsnprintf)(to, size, format, list);
	va_end(list);
	return len;
}

RT_EXPORT int sprintf(char *restrict to, const char *restrict format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = OURS() ? prints(to, INT32_MAX, format, list, RT_PC())
		     : RT_REAL(vsprintf)(to, format, list);
	va_end(list);
	return len;
}
