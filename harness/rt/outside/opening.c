// open() and its kin, modelled from POSIX as cancellation points. Else they are the kernel's.
#include "core/intercept.h"
#include "model/model.h"

#include <fcntl.h>
#include <stdarg.h>

#define MODE_OF(flags)                                                                             \
	({                                                                                         \
		mode_t asked = 0;                                                                  \
		va_list list;                                                                      \
                                                                                                   \
		va_start(list, flags);                                                             \
		if ((flags) & (O_CREAT | __O_TMPFILE))                                             \
			asked = va_arg(list, mode_t);                                              \
		va_end(list);                                                                      \
		asked;                                                                             \
	})

#define OPENS(name)                                                                                \
	RT_EXPORT int name(const char *path, int flags, ...)                                       \
	{                                                                                          \
		if (RT_OWN_CALL())                                                                 \
			rt_cancel_point(RT_PC());                                                  \
		return RT_REAL(name)(path, flags, MODE_OF(flags));                                 \
	}

#define OPENS_AT(name)                                                                             \
	RT_EXPORT int name(int at, const char *path, int flags, ...)                               \
	{                                                                                          \
		if (RT_OWN_CALL())                                                                 \
			rt_cancel_point(RT_PC());                                                  \
		return RT_REAL(name)(at, path, flags, MODE_OF(flags));                             \
	}

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
OBSERVE_OWN(int, creat, (const char *path, mode_t mode), rt_cancel_point(RT_PC()), path, mode)
OBSERVE_OWN(int, creat64, (const char *path, mode_t mode), rt_cancel_point(RT_PC()), path, mode)
