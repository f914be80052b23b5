#include "base/stack.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void stack_release(struct stack *stack)
{
	for (size_t i = 0; i < stack->nr; i++) {
		free(stack->items[i].func);
		free(stack->items[i].file);
		free(stack->items[i].module);
	}
	free(stack->items);
	*stack = (struct stack){ 0 };
}

void stack_add(struct stack *stack, const char *func, const char *file, int line, int col,
	       const char *module)
{
	// Sources of the catalogue are built with racegate's own folder mapped to ".".
	while (file && file[0] == '.' && file[1] == '/')
		file += 2;
	*VEC_PUSH(stack) = (struct frame){
		.func = xstrdup(func),
		.file = xstrdup(file),
		.line = line,
		.col = col,
		.module = xstrdup(module),
	};
}
