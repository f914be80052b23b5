/*
 * Memory that is there or ends the program: out of memory is the one failure
 * that no caller could handle better. Everything is released with free().
 */
#ifndef RACEGATE_MEM_H
#define RACEGATE_MEM_H

#include <stddef.h>

void *xcalloc(size_t nr, size_t size);
void *xrealloc(void *old, size_t nr, size_t size);
char *xstrdup(const char *text); // NULL gives NULL
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Makes room for one more element in a vector that is kept as three members
 * `items`, `nr`, `alloc`, and evaluates to a pointer to the new element, which
 * is zeroed and counted: `*VEC_PUSH(stack) = frame;`
 */
#define VEC_PUSH(vec)                                                                              \
	((vec)->nr == (vec)->alloc ? (void)((vec)->items = xgrow((vec)->items, &(vec)->alloc,      \
								 sizeof(*(vec)->items)))           \
				   : (void)0,                                                      \
	 memset(&(vec)->items[(vec)->nr], 0, sizeof(*(vec)->items)), &(vec)->items[(vec)->nr++])

void *xgrow(void *items, size_t *alloc, size_t size);

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
