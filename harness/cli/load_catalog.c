#include "base/fs.h"
#include "base/home.h"
#include "base/mem.h"
#include "cli/command.h"

#include <stdlib.h>

int load_catalog(const struct options *options, struct catalog *catalog, struct err *err)
{
	struct home home;
	char *beside;
	int rc;

	if (options->cases || fs_is_dir("cases"))
		return catalog_load(options->cases ? options->cases : "cases", catalog, err);
	home_find(&home);
	beside = xasprintf("%s/cases", home.root);
	rc = catalog_load(beside, catalog, err);
	free(beside);
	home_release(&home);
	return rc;
}
