/*
 * A compiler call as the user wrote it: what it asks for, argument by argument. Pure, and
 * as far as gcc and clang agree.
 */
#ifndef RACEGATE_CC_CALL_H
#define RACEGATE_CC_CALL_H

#include "base/args.h"

#include <stdbool.h>

enum cc_language {
	CC_NO_INPUT, // an option
	CC_C,
	CC_PREPROCESSED, // C
	CC_HEADER,
	CC_CXX,
	CC_ASSEMBLER, // or another language that is not instrumented
	CC_LINKED,    // objects, libraries, the linker's scripts
};

// An option with its value, or an input.
struct cc_item {
	const char *word, *value; // value NULL: none, or part of the argument
	size_t at, nr;            // of the argument; how many it takes
	enum cc_language language;
};

struct cc_reader {
	const struct args *args; // without the compiler's name, response files expanded
	size_t next;
	enum cc_language forced; // by -x; CC_NO_INPUT: by the name of each file
	bool inputs_only;        // after "--"
};

// The next item; false at the end. A reader begins as { .args = … }.
bool cc_next(struct cc_reader *reader, struct cc_item *item);

enum cc_kind {
	CC_QUESTION, // about the compiler itself (--version), or without input: passed on
	CC_OBJECTS,  // ends before it links, or links objects to an object (-r)
	CC_PROGRAM,
	CC_LIBRARY, // -shared
};

struct cc_call {
	enum cc_kind kind;
	bool compiles;     // C is among the inputs, preprocessed or not
	bool preprocesses; // some that is not
	const char *cxx;   // the argument that makes it C++; NULL: none
	size_t options;    // where options may be added: at "--", or after the last argument
};

struct cc_call cc_understand(const struct args *args);

#endif
