#include "session/kept_cases.h"

#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>

static int save_case(const char *dir, const struct testcase *tc, struct err *err)
{
	static const char *const names[] = { "case.yaml", "racy.c", "fixed.c", "common.h" };
	char *to = xasprintf("%s/cases/%s", dir, tc->id);
	int rc = fs_mkdirs(to, err);

	for (size_t i = 0; !rc && i < ARRAY_SIZE(names); i++) {
		char *source = xasprintf("%s/%s", tc->dir, names[i]),
		     *copy = xasprintf("%s/%s", to, names[i]);

		if (fs_is_file(source))
			rc = fs_copy(source, copy, err);
		free(source);
		free(copy);
	}
	free(to);
	return rc;
}

int kept_cases_save(const char *dir, const struct target_list *targets, struct err *err)
{
	for (size_t i = 0; i < targets->nr; i++) {
		const struct testcase *tc = targets->items[i].tc;

		if (tc && (!i || targets->items[i - 1].tc != tc) && save_case(dir, tc, err))
			return -1;
	}
	return 0;
}
