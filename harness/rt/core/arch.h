/*
 * The one file that knows the processor: switching between threads, and the
 * thread pointer behind _Thread_local, errno and pthread_self().
 *
 * To port: how the thread pointer is read and written, which registers a called
 * function must keep, how a new stack begins, where a longjmp() leads.
 */
#ifndef RACEGATE_RT_ARCH_H
#define RACEGATE_RT_ARCH_H

#include <stdbool.h>
#include <stdint.h>

// Saves the kept registers and the stack pointer, and continues where `load_sp` was saved.
void rt_switch_stacks(void **save_sp, void *load_sp);

#if defined(__x86_64__)

#define RT_SWITCH_STACKS                                                                           \
	".text\n.globl rt_switch_stacks\n.type rt_switch_stacks,@function\nrt_switch_stacks:\n"    \
	"push %rbp\npush %rbx\npush %r12\npush %r13\npush %r14\npush %r15\n"                       \
	"mov %rsp,(%rdi)\nmov %rsi,%rsp\n"                                                         \
	"pop %r15\npop %r14\npop %r13\npop %r12\npop %rbx\npop %rbp\nret\n"                        \
	".size rt_switch_stacks,.-rt_switch_stacks\n"

enum { RT_KEPT_REGISTERS = 6, RT_STACK_ALIGN_WORDS = 1 };

static inline uintptr_t rt_tls(void)
{
	uintptr_t tls;

	__asm__ volatile("mov %%fs:0,%0" : "=r"(tls)); // the block begins with its own address
	return tls;
}

/*
 * Some hypervisors forget at times what wrfsbase has set. `by_kernel` costs a system call
 * (arch_prctl(ARCH_SET_FS)) and is always kept.
 */
static inline void rt_set_tls(uintptr_t tls, bool by_kernel)
{
	enum { ARCH_PRCTL = 158, SET_FS = 0x1002 };
	long number = ARCH_PRCTL;

	if (by_kernel)
		__asm__ volatile("syscall"
				 : "+a"(number)
				 : "D"((long)SET_FS), "S"(tls)
				 : "rcx", "r11", "memory");
	else
		__asm__ volatile("wrfsbase %0" : : "r"(tls) : "memory");
}

// The stack pointer that a jump restores, which glibc hides; 0: unknown.
static inline uintptr_t rt_jump_target(const void *registers)
{
	uintptr_t sp = ((const uintptr_t *)registers)[6];

	__asm__("ror $17,%0\n\txor %%fs:0x30,%0" : "+r"(sp) : : "cc");
	return sp;
}

#elif defined(__aarch64__)

#define RT_SWITCH_STACKS                                                                           \
	".text\n.globl rt_switch_stacks\n.type rt_switch_stacks,%function\nrt_switch_stacks:\n"    \
	"stp x29,x30,[sp,#-160]!\nstp x19,x20,[sp,#16]\nstp x21,x22,[sp,#32]\n"                    \
	"stp x23,x24,[sp,#48]\nstp x25,x26,[sp,#64]\nstp x27,x28,[sp,#80]\n"                       \
	"stp d8,d9,[sp,#96]\nstp d10,d11,[sp,#112]\nstp d12,d13,[sp,#128]\n"                       \
	"stp d14,d15,[sp,#144]\nmov x9,sp\nstr x9,[x0]\nmov sp,x1\n"                               \
	"ldp x19,x20,[sp,#16]\nldp x21,x22,[sp,#32]\nldp x23,x24,[sp,#48]\n"                       \
	"ldp x25,x26,[sp,#64]\nldp x27,x28,[sp,#80]\nldp d8,d9,[sp,#96]\n"                         \
	"ldp d10,d11,[sp,#112]\nldp d12,d13,[sp,#128]\nldp d14,d15,[sp,#144]\n"                    \
	"ldp x29,x30,[sp],#160\nret\n"                                                             \
	".size rt_switch_stacks,.-rt_switch_stacks\n"

static inline uintptr_t rt_tls(void)
{
	uintptr_t tls;

	__asm__ volatile("mrs %0,tpidr_el0" : "=r"(tls));
	return tls;
}

static inline void rt_set_tls(uintptr_t tls, bool by_kernel)
{
	(void)by_kernel;
	__asm__ volatile("msr tpidr_el0,%0" : : "r"(tls) : "memory");
}

static inline uintptr_t rt_jump_target(const void *registers)
{
	(void)registers;
	return 0;
}

#else
#error "racegate's explorer has no port to this processor: see harness/rt/README.md"
#endif

// The saved stack pointer of a thread that begins with `start` when it is switched to.
static inline void *rt_first_stack(uintptr_t top, void (*start)(void))
{
#if defined(__x86_64__)
	void **sp = (void **)(top & ~(uintptr_t)15);

	*--sp = 0; // as after a call: the stack is off alignment by one word
	*--sp = (void *)start;
	for (int i = 0; i < RT_KEPT_REGISTERS; i++)
		*--sp = 0;
	return sp;
#else
	uint64_t *sp = (uint64_t *)(top & ~(uintptr_t)15) - 20;

	for (int i = 0; i < 20; i++)
		sp[i] = 0;
	sp[1] = (uint64_t)start; // x30
	return sp;
#endif
}

#endif
