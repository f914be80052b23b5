/*
 * Streams. The C library's own lock of a stream is never held across a scheduling point.
 * What other threads see of it is modelled here: flockfile() is a recursive lock, and each
 * call on a stream waits while another thread has it.
 *
 * Only flockfile() makes order. The lock within each call would, too, but nobody relies on
 * that: a printf() between two accesses does not make them right.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "hb/shadow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The lock */

static bool theirs(const struct rt_object *lock)
{
	return lock->owner >= 0 && lock->owner != rt_self->id;
}

// NULL: something else lies there, and the stream has no lock.
static struct rt_object *stream_enter(FILE *file, uintptr_t pc)
{
	struct rt_object *lock;

	rt_unsafe_call((uintptr_t)file, pc);
	rt_point(RT_OP_CALL, (uintptr_t)file, 0, pc);
	rt_progress();
	lock = file ? rt_object((uintptr_t)file, RT_FILE) : NULL;
	if (!lock)
		return NULL;
	while (theirs(lock))
		rt_block(RT_FILE, (uintptr_t)file, RT_NEVER);
	lock->owner = rt_self->id; // the call may lead back into the program (fopencookie)
	lock->count++;
	return lock;
}

static void stream_let_go(struct rt_object *lock)
{
	lock->owner = -1;
	rt_wake_all(RT_FILE, lock->address);
}

static void stream_leave(struct rt_object *lock)
{
	if (lock && rt_controlled() && !--lock->count)
		stream_let_go(lock);
}

static void stream_hold(struct rt_object *lock, uintptr_t pc)
{
	rt_progress();
	lock->owner = rt_self->id;
	if (lock->count++)
		return;
	rt_hold(lock, pc);
	rt_acquire(lock->clock);
}

static void lock_stream(FILE *file, uintptr_t pc)
{
	struct rt_object *lock;

	rt_point(RT_OP_LOCK, (uintptr_t)file, 0, pc);
	lock = rt_object((uintptr_t)file, RT_FILE);
	if (!lock)
		return;
	while (theirs(lock))
		rt_block(RT_FILE, (uintptr_t)file, RT_NEVER);
	stream_hold(lock, pc);
}

static int trylock_stream(FILE *file, uintptr_t pc)
{
	struct rt_object *lock;

	rt_point(RT_OP_LOCK, (uintptr_t)file, 0, pc);
	lock = rt_object((uintptr_t)file, RT_FILE);
	if (!lock || theirs(lock))
		return -1;
	stream_hold(lock, pc);
	return 0;
}

static void unlock_stream(FILE *file, uintptr_t pc)
{
	struct rt_object *lock;

	rt_point(RT_OP_UNLOCK, (uintptr_t)file, 0, pc);
	lock = rt_object((uintptr_t)file, RT_FILE);
	if (!lock || lock->owner != rt_self->id) {
		rt_report_rule(RT_FOUND_BAD_UNLOCK,
			       lock && lock->owner >= 0 ? RT_RULE_NOT_HOLDER : RT_RULE_NOT_LOCKED,
			       (uintptr_t)file, pc);
		return;
	}
	rt_progress();
	if (--lock->count)
		return;
	rt_release_only(&lock->clock);
	rt_let_go(rt_self, lock);
	stream_let_go(lock);
}

INTERCEPT(void, flockfile, (FILE * file), lock_stream(file, RT_PC()), file)
INTERCEPT(int, ftrylockfile, (FILE * file), trylock_stream(file, RT_PC()), file)
INTERCEPT(void, funlockfile, (FILE * file), unlock_stream(file, RT_PC()), file)

/* What is said of the program's memory, after the scheduling point */

static void reads_text(const char *text, uintptr_t pc)
{
	rt_access((uintptr_t)text, (unsigned)strlen(text) + 1, RT_OP_READ, pc);
}

/* The calls: NOTE is said before, AFTERWARDS once `result` is there. */

#define ON_STREAM(ret, name, file, params, note, afterwards, ...)                                  \
	INTERCEPT_OWN(ret, name, params, ({                                                        \
			      struct rt_object *lock = stream_enter(file, RT_PC());                \
			      ret result;                                                          \
                                                                                                   \
			      note;                                                                \
			      result = RT_REAL(name)(__VA_ARGS__);                                 \
			      afterwards;                                                          \
			      stream_leave(lock);                                                  \
			      result;                                                              \
		      }),                                                                          \
		      __VA_ARGS__)

ON_STREAM(int, puts, stdout, (const char *text), reads_text(text, RT_PC()), (void)0, text)
ON_STREAM(int, fputs, file, (const char *restrict text, FILE *restrict file),
	  reads_text(text, RT_PC()), (void)0, text, file)
ON_STREAM(int, putchar, stdout, (int c), (void)0, (void)0, c)
ON_STREAM(int, putc, file, (int c, FILE *file), (void)0, (void)0, c, file)
ON_STREAM(int, fputc, file, (int c, FILE *file), (void)0, (void)0, c, file)
ON_STREAM(int, fflush, file, (FILE * file), (void)0, (void)0, file)
ON_STREAM(size_t, fwrite, file,
	  (const void *restrict from, size_t size, size_t nr, FILE *restrict file),
	  rt_access_range(from, size *nr, RT_OP_READ, RT_PC()), (void)0, from, size, nr, file)

ON_STREAM(size_t, fread, file, (void *restrict to, size_t size, size_t nr, FILE *restrict file),
	  (void)0, rt_access_range(to, size *result, RT_OP_WRITE, RT_PC()), to, size, nr, file)
ON_STREAM(char *, fgets, file, (char *restrict to, int size, FILE *restrict file), (void)0,
	  if (result) rt_access_range(to, strlen(to) + 1, RT_OP_WRITE, RT_PC()), to, size, file)
ON_STREAM(int, getchar, stdin, (void), (void)0, (void)0)
ON_STREAM(int, getc, file, (FILE * file), (void)0, (void)0, file)
ON_STREAM(int, fgetc, file, (FILE * file), (void)0, (void)0, file)
ON_STREAM(int, ungetc, file, (int c, FILE *file), (void)0, (void)0, c, file)
ON_STREAM(ssize_t, getline, file,
	  (char **restrict line, size_t *restrict size, FILE *restrict file), (void)0,
	  if (result >= 0) rt_access_range(*line, (size_t)result + 1, RT_OP_WRITE, RT_PC()), line,
	  size, file)
ON_STREAM(int, fseek, file, (FILE * file, long offset, int whence), (void)0, (void)0, file, offset,
	  whence)
ON_STREAM(long, ftell, file, (FILE * file), (void)0, (void)0, file)
ON_STREAM(int, setvbuf, file, (FILE *restrict file, char *restrict buffer, int mode, size_t size),
	  (void)0, (void)0, file, buffer, mode, size)

// Without the lock, by the program's own wish: it does not wait.
ON_STREAM(int, putc_unlocked, NULL, (int c, FILE *file), (void)0, (void)0, c, file)
ON_STREAM(int, putchar_unlocked, NULL, (int c), (void)0, (void)0, c)
ON_STREAM(int, fputs_unlocked, NULL, (const char *restrict text, FILE *restrict file),
	  reads_text(text, RT_PC()), (void)0, text, file)

static void print_error(const char *text, uintptr_t pc)
{
	struct rt_object *lock = stream_enter(stderr, pc);

	RT_REAL(perror)(text);
	stream_leave(lock);
}

static void rewind_stream(FILE *file, uintptr_t pc)
{
	struct rt_object *lock = stream_enter(file, pc);

	RT_REAL(rewind)(file);
	stream_leave(lock);
}

// The stream is no more: another one may get its address.
static int close_stream(FILE *file, uintptr_t pc)
{
	struct rt_object *lock = stream_enter(file, pc);
	int rc = RT_REAL(fclose)(file);

	stream_leave(lock);
	rt_object_forget((uintptr_t)file);
	return rc;
}

INTERCEPT_OWN(void, perror, (const char *text), print_error(text, RT_PC()), text)
INTERCEPT_OWN(void, rewind, (FILE * file), rewind_stream(file, RT_PC()), file)
INTERCEPT_OWN(int, fclose, (FILE * file), close_stream(file, RT_PC()), file)

/* Formats */

enum direction { PRINTS, SCANS };

static int converts(enum direction direction, FILE *file, const char *restrict format, va_list list,
		    uintptr_t pc)
{
	struct rt_object *lock =
		rt_controlled() && rt_in_program(pc) ? stream_enter(file, pc) : NULL;
	int rc = direction == PRINTS ? RT_REAL(vfprintf)(file, format, list)
				     : RT_REAL(vfscanf)(file, format, list);

	stream_leave(lock);
	return rc;
}

#define FORMAT(name, direction, file, ...)                                                         \
	RT_EXPORT int name(__VA_ARGS__, ...)                                                       \
	{                                                                                          \
		va_list list;                                                                      \
		int rc;                                                                            \
                                                                                                   \
		va_start(list, format);                                                            \
		rc = converts(direction, file, format, list, RT_PC());                             \
		va_end(list);                                                                      \
		return rc;                                                                         \
	}

int __isoc99_scanf(const char *restrict format, ...);
int __isoc99_fscanf(FILE *restrict file, const char *restrict format, ...);
FORMAT(printf, PRINTS, stdout, const char *restrict format)
FORMAT(fprintf, PRINTS, file, FILE *restrict file, const char *restrict format)
FORMAT(__isoc99_scanf, SCANS, stdin, const char *restrict format)
FORMAT(__isoc99_fscanf, SCANS, file, FILE *restrict file, const char *restrict format)

REPLACE(int, vprintf, (const char *restrict format, va_list list),
	converts(PRINTS, stdout, format, list, RT_PC()))
REPLACE(int, vfprintf, (FILE *restrict file, const char *restrict format, va_list list),
	converts(PRINTS, file, format, list, RT_PC()))

// What -D_FORTIFY_SOURCE makes of them.
int __printf_chk(int flag, const char *restrict format, ...);
int __fprintf_chk(FILE *restrict file, int flag, const char *restrict format, ...);
int __vfprintf_chk(FILE *restrict file, int flag, const char *restrict format, va_list list);
FORMAT(__printf_chk, PRINTS, stdout, int flag __attribute__((unused)), const char *restrict format)
FORMAT(__fprintf_chk, PRINTS, file, FILE *restrict file, int flag __attribute__((unused)),
       const char *restrict format)

REPLACE(int, __vfprintf_chk,
	(FILE *restrict file, int flag __attribute__((unused)), const char *restrict format,
	 va_list list),
	converts(PRINTS, file, format, list, RT_PC()))
