/*
 * The C library's functions through which a program touches memory without
 * instrumentation. A call is one scheduling point; all it reads and writes is
 * checked. Only calls from the program's own code count.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/shadow.h"
#include "hooks/hooks.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void string_begin(enum rt_op op, const void *address, size_t size, uintptr_t pc)
{
	rt_point(op, (uintptr_t)address, size < UINT8_MAX ? (unsigned)size : UINT8_MAX, pc);
	if (op == RT_OP_WRITE)
		rt_progress();
}

static void reads(const void *address, size_t size, uintptr_t pc)
{
	rt_access_range(address, size, RT_OP_READ, pc);
}

static void writes(const void *address, size_t size, uintptr_t pc)
{
	rt_access_range(address, size, RT_OP_WRITE, pc);
}

static void copies(void *to, const void *from, size_t size, uintptr_t pc)
{
	if (!size)
		return;
	string_begin(RT_OP_WRITE, to, size, pc);
	reads(from, size, pc);
	writes(to, size, pc);
}

static void fills(void *to, size_t size, uintptr_t pc)
{
	if (!size)
		return;
	string_begin(RT_OP_WRITE, to, size, pc);
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

	string_begin(RT_OP_READ, a, 1, pc);
	while (n < max && a[n] == b[n] && (a[n] || !until_end))
		n++;
	n += n < max;
	reads(a, n, pc);
	reads(b, n, pc);
}

/* Memory */

static void *finds(const void *s, int byte, size_t size, uintptr_t pc)
{
	void *found;

	string_begin(RT_OP_READ, s, 1, pc);
	found = RT_REAL(memchr)(s, byte, size);
	reads(s, found ? (size_t)((char *)found - (const char *)s) + 1 : size, pc);
	return found;
}

static void reads_all(const void *s, size_t size, uintptr_t pc)
{
	string_begin(RT_OP_READ, s, 1, pc);
	reads(s, size, pc);
}

OBSERVE_OWN(void *, memcpy, (void *restrict to, const void *restrict from, size_t size),
	    copies(to, from, size, RT_PC()), to, from, size)
OBSERVE_OWN(void *, mempcpy, (void *restrict to, const void *restrict from, size_t size),
	    copies(to, from, size, RT_PC()), to, from, size)
OBSERVE_OWN(void *, memmove, (void *to, const void *from, size_t size),
	    copies(to, from, size, RT_PC()), to, from, size)
OBSERVE_OWN(void, bcopy, (const void *from, void *to, size_t size), copies(to, from, size, RT_PC()),
	    from, to, size)
OBSERVE_OWN(void *, memset, (void *to, int byte, size_t size), fills(to, size, RT_PC()), to, byte,
	    size)
OBSERVE_OWN(void, bzero, (void *to, size_t size), fills(to, size, RT_PC()), to, size)
OBSERVE_OWN(void, explicit_bzero, (void *to, size_t size), fills(to, size, RT_PC()), to, size)
OBSERVE_OWN(int, memcmp, (const void *a, const void *b, size_t size),
	    compares(a, b, size, false, RT_PC()), a, b, size)
OBSERVE_OWN(int, bcmp, (const void *a, const void *b, size_t size),
	    compares(a, b, size, false, RT_PC()), a, b, size)
INTERCEPT_OWN(void *, memchr, (const void *s, int byte, size_t size), finds(s, byte, size, RT_PC()),
	      s, byte, size)
OBSERVE_OWN(void *, memrchr, (const void *s, int byte, size_t size), reads_all(s, size, RT_PC()), s,
	    byte, size)
// Elements are compared by the program's own function, between its scheduling points.
typedef int comparison(const void *, const void *);

static void sort(void *items, size_t nr, size_t size, comparison *compare, uintptr_t pc)
{
	fills(items, nr * size, pc);
	rt_push_call(pc, (uintptr_t)__builtin_dwarf_cfa());
	RT_REAL(qsort)(items, nr, size, compare);
	rt_pop_call();
}

INTERCEPT_OWN(void, qsort, (void *items, size_t nr, size_t size, comparison *compare),
	      sort(items, nr, size, compare, RT_PC()), items, nr, size, compare)

// Newer compilers' names for the first three.
#define OBSERVE_TSAN(name, params, note, ...)                                                      \
	void *__tsan_##name params; /* NOLINT */                                                   \
	RT_HOOK void *__tsan_##name params                                                         \
	{                                                                                          \
		if (rt_controlled())                                                               \
			note;                                                                      \
		return RT_REAL(name)(__VA_ARGS__);                                                 \
	}

OBSERVE_TSAN(memcpy, (void *to, const void *from, size_t size), copies(to, from, size, RT_PC()), to,
	     from, size)
OBSERVE_TSAN(memmove, (void *to, const void *from, size_t size), copies(to, from, size, RT_PC()),
	     to, from, size)
OBSERVE_TSAN(memset, (void *to, int byte, size_t size), fills(to, size, RT_PC()), to, byte, size)

/* Strings that are read */

static size_t begin_string(const char *s, size_t max, uintptr_t pc)
{
	string_begin(RT_OP_READ, s, 1, pc);
	return reads_string(s, max, pc);
}

// Of two strings, each whole.
static void begin_strings(const char *a, const char *b, uintptr_t pc)
{
	begin_string(a, SIZE_MAX, pc);
	reads_string(b, SIZE_MAX, pc);
}

INTERCEPT_OWN(size_t, strlen, (const char *s), begin_string(s, SIZE_MAX, RT_PC()), s)
INTERCEPT_OWN(size_t, strnlen, (const char *s, size_t max), begin_string(s, max, RT_PC()), s, max)
OBSERVE_OWN(int, strcmp, (const char *a, const char *b), compares(a, b, SIZE_MAX, true, RT_PC()), a,
	    b)
OBSERVE_OWN(int, strncmp, (const char *a, const char *b, size_t max),
	    compares(a, b, max, true, RT_PC()), a, b, max)

#define READS_ONE(name)                                                                            \
	OBSERVE_OWN(char *, name, (const char *s, int with), begin_string(s, SIZE_MAX, RT_PC()),   \
		    s, with)

READS_ONE(strchr)
READS_ONE(strrchr)
READS_ONE(strchrnul)

#define READS_TWO(returned, name)                                                                  \
	OBSERVE_OWN(returned, name, (const char *a, const char *b), begin_strings(a, b, RT_PC()),  \
		    a, b)

READS_TWO(int, strcasecmp)
READS_TWO(int, strcoll)
READS_TWO(char *, strstr)
READS_TWO(char *, strcasestr)
READS_TWO(char *, strpbrk)
READS_TWO(size_t, strspn)
READS_TWO(size_t, strcspn)

static char *duplicates(const char *s, size_t max, uintptr_t pc)
{
	size_t len = begin_string(s, max, pc);
	char *copy = rt_born(RT_REAL(strndup)(s, len), len + 1, pc);

	if (copy)
		writes(copy, len + 1, pc);
	return copy;
}

INTERCEPT_OWN(char *, strdup, (const char *s), duplicates(s, SIZE_MAX, RT_PC()), s)
INTERCEPT_OWN(char *, strndup, (const char *s, size_t size), duplicates(s, size, RT_PC()), s, size)

/* Strings that are written */

// `offset`: where the copy begins; `fixed`: so many bytes are written, 0: as many as are read.
static void copies_string(char *to, size_t offset, const char *from, size_t max, size_t fixed,
			  uintptr_t pc)
{
	size_t len = reads_string(from, max, pc);

	writes(to + offset, fixed ? fixed : len + 1, pc);
}

static void begin_copy(char *to, const char *from, size_t max, size_t fixed, uintptr_t pc)
{
	if (!max)
		return;
	string_begin(RT_OP_WRITE, to, 1, pc);
	copies_string(to, 0, from, max, fixed, pc);
}

static void appends(char *to, const char *from, size_t max, uintptr_t pc)
{
	string_begin(RT_OP_WRITE, to, 1, pc);
	copies_string(to, reads_string(to, SIZE_MAX, pc), from, max, 0, pc);
}

static char *takes_token(char *restrict s, const char *restrict delimiters, char **restrict state,
			 uintptr_t pc)
{
	char *token;

	string_begin(RT_OP_WRITE, s ? s : *state, 1, pc);
	token = RT_REAL(strtok_r)(s, delimiters, state);
	if (token)
		writes(token, RT_REAL(strlen)(token) + 1, pc);
	return token;
}

#define COPIES(name)                                                                               \
	OBSERVE_OWN(char *, name, (char *restrict to, const char *restrict from),                  \
		    begin_copy(to, from, SIZE_MAX, 0, RT_PC()), to, from)
#define COPIES_MAX(name)                                                                           \
	OBSERVE_OWN(char *, name, (char *restrict to, const char *restrict from, size_t size),     \
		    begin_copy(to, from, size, size, RT_PC()), to, from, size)

COPIES(strcpy)
COPIES(stpcpy)
COPIES_MAX(strncpy)
COPIES_MAX(stpncpy)
OBSERVE_OWN(char *, strcat, (char *restrict to, const char *restrict from),
	    appends(to, from, SIZE_MAX, RT_PC()), to, from)
OBSERVE_OWN(char *, strncat, (char *restrict to, const char *restrict from, size_t max),
	    appends(to, from, max, RT_PC()), to, from, max)
INTERCEPT_OWN(char *, strtok_r,
	      (char *restrict s, const char *restrict delimiters, char **restrict state),
	      takes_token(s, delimiters, state, RT_PC()), s, delimiters, state)

/* Text that is made */

static int prints(char *to, size_t size, const char *format, va_list list, uintptr_t pc)
{
	int len;

	string_begin(RT_OP_WRITE, to, 1, pc);
	len = RT_REAL(vsnprintf)(to, size, format, list);
	if (len >= 0 && size)
		writes(to, (size_t)len < size ? (size_t)len + 1 : size, pc);
	return len;
}

INTERCEPT_OWN(int, vsnprintf,
	      (char *restrict to, size_t size, const char *restrict format, va_list list),
	      prints(to, size, format, list, RT_PC()), to, size, format, list)
INTERCEPT_OWN(int, vsprintf, (char *restrict to, const char *restrict format, va_list list),
	      prints(to, INT32_MAX, format, list, RT_PC()), to, format, list)

RT_EXPORT int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = RT_OWN_CALL() ? prints(to, size, format, list, RT_PC())
			    : RT_REAL(vsnprintf)(to, size, format, list);
	va_end(list);
	return len;
}

RT_EXPORT int sprintf(char *restrict to, const char *restrict format, ...)
{
	va_list list;
	int len;

	va_start(list, format);
	len = RT_OWN_CALL() ? prints(to, INT32_MAX, format, list, RT_PC())
			    : RT_REAL(vsprintf)(to, format, list);
	va_end(list);
	return len;
}
