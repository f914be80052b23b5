// Call stacks, as tools and the unwinder give them; innermost frame first.
#ifndef RACEGATE_STACK_H
#define RACEGATE_STACK_H

#include <stddef.h>
#include <stdint.h>

struct frame {
	char *func;   // owned; NULL when unknown
	char *file;   // owned; path as the debug information has it, NULL when unknown
	int line;     // 0 when unknown
	int col;      // 0 when unknown
	char *module; // owned; base name of the executable or library, NULL when unknown
};

struct stack {
	struct frame *items;
	size_t nr, alloc;
};

void stack_release(struct stack *stack);
// Appends a frame; copies its strings, each of which may be NULL. A leading "./" of `file` goes.
void stack_add(struct stack *stack, const char *func, const char *file, int line, int col,
	       const char *module);

#endif
