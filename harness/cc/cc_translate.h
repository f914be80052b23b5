// The compiler call that is made in place of the user's.
#ifndef RACEGATE_CC_TRANSLATE_H
#define RACEGATE_CC_TRANSLATE_H

#include "base/args.h"
#include "base/err.h"
#include "tool/tool.h"

struct cc_setting {
	enum tool_id tool;
	const char *compiler; // name or path; NULL: the tool's own
	const char *folder;   // has the runtime objects
};

/*
 * From RACEGATE_TOOL and RACEGATE_CC, both may be NULL. ERR_INPUT when there is
 * no such tool, or the compiler cannot build for it.
 */
int cc_settle(const char *name, const char *compiler, struct cc_setting *setting, struct err *err);

/*
 * Adds the compiler and its arguments, ended for exec. Pure; `args` have
 * no response files left. ERR_INPUT when the tool cannot be used with this call.
 */
int cc_translate(const struct cc_setting *setting, const struct args *args, struct args *out,
		 struct err *err);

#endif
