// The models of what blocks, as they use each other. Deadlines are virtual.
#ifndef RACEGATE_RT_MODEL_H
#define RACEGATE_RT_MODEL_H

#include "core/iteration.h"

/* step.c */

/*
 * The running thread's step on an object, which it announces. NULL: there is none of this
 * type, or it is destroyed; `misuse` is reported then.
 */
struct rt_object *rt_model_step(enum rt_op op, const volatile void *address,
				enum rt_object_type type, enum rt_finding_kind misuse,
				uintptr_t pc);
// The program makes a new object there. One that threads hold or wait for is `misuse`.
void rt_model_init(const volatile void *address, enum rt_object_type type,
		   enum rt_finding_kind misuse, uintptr_t pc);
// EINVAL without an object, EBUSY when threads hold it or wait for it, which is `misuse`.
int rt_model_destroy(struct rt_object *object, enum rt_finding_kind misuse, uintptr_t pc);

/* thread.c */

int rt_create(pthread_t *handle, bool detached, void *(*start)(void *), void *arg, uintptr_t pc);
// The same without a step, for who is no thread of the program: ordered after nothing.
void rt_spawn(bool detached, void *(*start)(void *), void *arg, uintptr_t pc);
int rt_join(pthread_t handle, void **result, int64_t deadline, uintptr_t pc);
int rt_detach(pthread_t handle, uintptr_t pc);
// Where a thread was created before main(), as constructors do; 0: none was.
extern uintptr_t rt_early_thread;
// Whether the thread that is created there is a controlled one; an early one is noted.
bool rt_creates_controlled(uintptr_t pc);

/* keys.c */

int rt_key_create(pthread_key_t *key, void (*destroy)(void *), uintptr_t pc);
int rt_key_delete(pthread_key_t key);
int rt_key_set(pthread_key_t key, const void *value);
void *rt_key_get(pthread_key_t key);
// Before control, in constructors: the C library has made this key, and the main thread's value.
void rt_key_made_early(pthread_key_t key, void (*destroy)(void *));
void rt_key_set_early(pthread_key_t key, const void *value);
// Calls the destructors of the running thread's values.
void rt_keys_destroy(void);

/* exit.c */

// The running thread ends; its cleanup handlers have run.
_Noreturn void rt_thread_finish(void *result);

/* cancel.c */

// The running thread ends, its cleanup handlers first.
_Noreturn void rt_unwind(void *result, uintptr_t pc);
// A cancellation point: does not return when the running thread was asked to end.
void rt_cancel_point(uintptr_t pc);
// As rt_suspend(); pthread_cancel() ends the wait, and rt_cancel_wait() has to follow.
bool rt_suspend_cancellable(enum rt_object_type type, uintptr_t object, int64_t deadline);
// Does not return when the wait was ended by pthread_cancel().
void rt_cancel_wait(uintptr_t pc);
// The running thread is to end at once, wherever it is: it was asked to, and said so.
bool rt_cancels_now(void);

// Which handlers end a wait with EINTR: all of them, or those without SA_RESTART.
enum rt_ends { RT_NEVER_RESTARTED, RT_RESTARTED };

// How often that has happened to the running thread.
uint32_t rt_interruptions(enum rt_ends by);
/*
 * A wait in a cancellation point. 0: it was woken; ETIMEDOUT; EINTR: a signal was handled
 * that ends such a wait. Does not return when the thread is cancelled.
 */
int rt_wait(enum rt_object_type type, uintptr_t object, int64_t deadline, enum rt_ends by);

/* once.c */

void rt_once(int *control, void (*init)(void), uintptr_t pc);

/* mutex.c: as the POSIX functions */

int rt_mutex_lock(pthread_mutex_t *mutex, int64_t deadline, uintptr_t pc);
int rt_mutex_trylock(pthread_mutex_t *mutex, uintptr_t pc);
int rt_mutex_unlock(pthread_mutex_t *mutex, uintptr_t pc);
int rt_mutex_destroy(pthread_mutex_t *mutex, uintptr_t pc);
// Forgets what was there, and looks whether it may.
void rt_mutex_init(pthread_mutex_t *mutex, uintptr_t pc);
// NULL: the running thread does not hold it.
struct rt_object *rt_mutex_for_wait(pthread_mutex_t *mutex);
// Unlocks it without a scheduling point: a part of another step.
void rt_mutex_release(struct rt_object *object, uintptr_t pc);
// The thread has ended: its robust mutexes are free, and their next owner is notified.
void rt_mutex_orphan(struct rt_thread *thread);

/* futex.c */

// Whether this operation of the system call has a model.
bool rt_futex_modelled(int operation);
// The system call: its six arguments. -1 and errno.
long rt_futex(const unsigned long a[6], uintptr_t pc);

/* condvar.c: likewise */

void rt_cond_init(pthread_cond_t *cond, uintptr_t pc);
int rt_cond_destroy(pthread_cond_t *cond, uintptr_t pc);
// With `spurious` it may end without a signal, as POSIX allows.
int rt_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline, bool spurious,
		 uintptr_t pc);
int rt_cond_wake(pthread_cond_t *cond, bool all, uintptr_t pc);

#endif
