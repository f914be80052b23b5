#include "report/report.h"

#include <stddef.h>

const struct renderer renderers[] = {
#define X(name, file, joins) { #name, file, joins, render_##name },
	FORMATS(X)
#undef X
		{ NULL, NULL, false, NULL },
};
