/*
 * Semaphores, modelled from POSIX: sem_wait(), sem_post(), sem_open(). The value is in the
 * semaphore itself, where the C library keeps it, so that one that was made before
 * control began, or that lies in zeroed memory, works. The C library's functions change
 * it and never wait.
 *
 * A post orders what came before it against every wait that returns later.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

static int semaphore_fail(int error)
{
	errno = error;
	return -1;
}

static struct rt_object *semaphore_step(enum rt_op op, const sem_t *sem, uintptr_t pc)
{
	return rt_model_step(op, sem, RT_SEMAPHORE, RT_FOUND_SEMAPHORE_MISUSE, pc);
}

static int semaphore_wait(sem_t *sem, int64_t deadline, uintptr_t pc)
{
	struct rt_object *object = semaphore_step(RT_OP_LOCK, sem, pc);
	const enum rt_ends by = deadline == RT_NEVER ? RT_RESTARTED : RT_NEVER_RESTARTED;
	int error;

	if (!object)
		return semaphore_fail(EINVAL);
	rt_cancel_point(pc);
	while (RT_REAL(sem_trywait)(sem)) {
		error = rt_wait(RT_SEMAPHORE, object->address, deadline, by);
		if (error)
			return semaphore_fail(error);
	}
	rt_progress();
	rt_acquire(object->clock);
	return 0;
}

static int semaphore_wait_until(sem_t *sem, clockid_t clock, const struct timespec *until,
				uintptr_t pc)
{
	if (!rt_time_valid(until))
		return semaphore_fail(EINVAL);
	return semaphore_wait(sem, rt_time_of(clock, until), pc);
}

static int semaphore_destroy(const sem_t *sem, uintptr_t pc)
{
	int error = rt_model_destroy(semaphore_step(RT_OP_CALL, sem, pc), RT_FOUND_SEMAPHORE_MISUSE,
				     pc);

	return error ? semaphore_fail(error) : 0;
}

static int semaphore_trywait(sem_t *sem, uintptr_t pc)
{
	struct rt_object *object = semaphore_step(RT_OP_LOCK, sem, pc);

	if (!object)
		return semaphore_fail(EINVAL);
	if (RT_REAL(sem_trywait)(sem))
		return -1;
	rt_progress();
	rt_acquire(object->clock);
	return 0;
}

static int semaphore_post(sem_t *sem, uintptr_t pc)
{
	struct rt_object *object = semaphore_step(RT_OP_UNLOCK, sem, pc);

	if (!object)
		return semaphore_fail(EINVAL);
	if (RT_REAL(sem_post)(sem))
		return -1;
	rt_progress();
	rt_release(&object->clock);
	rt_wake_all(RT_SEMAPHORE, object->address);
	return 0;
}

static int semaphore_value(sem_t *sem, int *value, uintptr_t pc)
{
	return semaphore_step(RT_OP_ATOMIC_READ, sem, pc) ? RT_REAL(sem_getvalue)(sem, value)
							  : semaphore_fail(EINVAL);
}

OBSERVE(int, sem_init, (sem_t * sem, int shared, unsigned value),
	rt_model_init(sem, RT_SEMAPHORE, RT_FOUND_SEMAPHORE_MISUSE, RT_PC()), sem, shared, value)
INTERCEPT(int, sem_destroy, (sem_t * sem), semaphore_destroy(sem, RT_PC()), sem)
INTERCEPT(int, sem_wait, (sem_t * sem), semaphore_wait(sem, RT_NEVER, RT_PC()), sem)
INTERCEPT(int, sem_trywait, (sem_t * sem), semaphore_trywait(sem, RT_PC()), sem)
INTERCEPT(int, sem_timedwait, (sem_t * sem, const struct timespec *until),
	  semaphore_wait_until(sem, CLOCK_REALTIME, until, RT_PC()), sem, until)
INTERCEPT(int, sem_clockwait, (sem_t * sem, clockid_t clock, const struct timespec *until),
	  semaphore_wait_until(sem, clock, until, RT_PC()), sem, clock, until)
INTERCEPT(int, sem_post, (sem_t * sem), semaphore_post(sem, RT_PC()), sem)
INTERCEPT(int, sem_getvalue, (sem_t * sem, int *value), semaphore_value(sem, value, RT_PC()), sem,
	  value)

/*
 * Named semaphores live in the iteration: the next one does not find them. Their
 * memory is shared with the processes that the program forks.
 */
enum { MAX_NAMED = 64 };

static RT_COLD_STATE struct named {
	char name[RT_MAX_NAME]; // "": unlinked
	sem_t *sem;             // NULL: free
	unsigned opened;
} named[MAX_NAMED];

static struct named *named_as(const char *name)
{
	for (int i = 0; i < MAX_NAMED; i++)
		if (named[i].sem && *name && !strcmp(named[i].name, name))
			return &named[i];
	return NULL;
}

static struct named *make_named(const char *name, unsigned value)
{
	struct named *made = named;

	while (made < named + MAX_NAMED && made->sem)
		made++;
	if (made == named + MAX_NAMED || strlen(name) >= RT_MAX_NAME)
		rt_end_limit("room for named semaphores");
	made->sem = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			 -1, 0);
	if (made->sem == MAP_FAILED)
		rt_end_limit("memory for named semaphores");
	memcpy(made->name, name, strlen(name) + 1);
	made->opened = 0;
	rt_object_forget((uintptr_t)made->sem);
	RT_REAL(sem_init)(made->sem, 1, value);
	return made;
}

static sem_t *fail_open(int error)
{
	errno = error;
	return SEM_FAILED;
}

RT_EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
	struct named *found;
	mode_t mode = 0;
	unsigned value = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		value = va_arg(args, unsigned);
		va_end(args);
	}
	if (!rt_controlled())
		return RT_REAL(sem_open)(name, flags, mode, value);
	rt_point(RT_OP_CALL, 0, 0, RT_PC());
	found = named_as(name);
	if (found && flags & O_CREAT && flags & O_EXCL)
		return fail_open(EEXIST);
	if (!found && !(flags & O_CREAT))
		return fail_open(ENOENT);
	if (!found && value > (unsigned)SEM_VALUE_MAX)
		return fail_open(EINVAL);
	if (!found)
		found = make_named(name, value);
	found->opened++;
	return found->sem;
}

// Its memory stays until the end: no other one gets its address.
static int named_close(sem_t *sem, uintptr_t pc)
{
	rt_point(RT_OP_CALL, (uintptr_t)sem, 0, pc);
	for (int i = 0; i < MAX_NAMED; i++) {
		if (named[i].sem != sem || !named[i].opened)
			continue;
		named[i].opened--;
		return 0;
	}
	rt_report_rule(RT_FOUND_SEMAPHORE_MISUSE, RT_RULE_NOT_OPEN, (uintptr_t)sem, pc);
	return semaphore_fail(EINVAL);
}

static int named_unlink(const char *name, uintptr_t pc)
{
	struct named *found;

	rt_point(RT_OP_CALL, 0, 0, pc);
	found = named_as(name);
	if (!found)
		return semaphore_fail(ENOENT);
	found->name[0] = '\0';
	return 0;
}

INTERCEPT(int, sem_close, (sem_t * sem), named_close(sem, RT_PC()), sem)
INTERCEPT(int, sem_unlink, (const char *name), named_unlink(name, RT_PC()), name)
