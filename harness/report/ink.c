#include "report/ink.h"

const struct ink ink_none = { "", "", "", "", "", "" };
const struct ink ink_ansi = { "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m", "\033[0m" };

const char *ink_verdict(const struct ink *ink, enum verdict_status status)
{
	switch (status) {
	case VERDICT_PASS:
		return ink->green;
	case VERDICT_FAIL:
		return ink->red;
	case VERDICT_INCONCLUSIVE:
	case VERDICT_ERROR:
		return ink->yellow;
	case VERDICT_SKIPPED:
	case VERDICT_NR:
		break;
	}
	return ink->dim;
}
