/*
 * The names of the witnesses. A case says what each of them answers, long
 * before one is looked for on the machine; tool/ describes the tools.
 */
#ifndef RACEGATE_TOOL_ID_H
#define RACEGATE_TOOL_ID_H

// X(enumerator suffix, member name in C, name on the command line and in files)
#define TOOL_TABLE(X)                                                                              \
	X(NATIVE, native, "native")                                                                \
	X(TSAN, tsan, "tsan")                                                                      \
	X(TSAN_GCC, tsan_gcc, "tsan-gcc")                                                          \
	X(HELGRIND, helgrind, "helgrind")                                                          \
	X(DRD, drd, "drd")                                                                         \
	X(EXPLORE, explore, "explore")

enum tool_id {
#define X(id, member, name) TOOL_##id,
	TOOL_TABLE(X)
#undef X
		TOOL_NR
};

// "native, tsan, …" and the literal `after`.
#define TOOL_NAMES(after)                 (&(TOOL_TABLE(TOOL_NAME_AFTER) after)[2])
#define TOOL_NAME_AFTER(id, member, name) ", " name

const char *tool_name(enum tool_id id);
int tool_from_name(const char *name); // -1 when there is none of that name

#endif
