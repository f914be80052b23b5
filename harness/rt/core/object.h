// Synchronisation objects, known by their addresses; which thread holds which.
#ifndef RACEGATE_RT_OBJECT_H
#define RACEGATE_RT_OBJECT_H

#include "core/iteration.h"

void rt_object_begin(void);
// The object at the address, made if necessary; NULL if there is one of another type.
struct rt_object *rt_object(uintptr_t address, enum rt_object_type type);
struct rt_object *rt_object_find(uintptr_t address);
// Those of one type.
void rt_object_each(enum rt_object_type type, void (*visit)(struct rt_object *object));
void rt_object_forget(uintptr_t address);
// Forgets all in memory that was freed.
void rt_object_forget_range(uintptr_t address, size_t size);
void rt_hold(struct rt_object *object, uintptr_t pc);
/*
 * The step since which the running thread can have looked at what the lock
 * protects: at which it took it; now, when it does not hold it; 0, when it has
 * done nothing since, so that it has not looked at all.
 */
uint64_t rt_looked_since(const struct rt_object *object);
void rt_let_go(struct rt_thread *thread, struct rt_object *object);

#endif
