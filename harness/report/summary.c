// A session in one line.
#include "report/report.h"

void report_summary(const struct report *report, struct strbuf *out)
{
	for (int s = 0; s < VERDICT_NR; s++)
		if (report->verdicts[s] || s == VERDICT_PASS || s == VERDICT_FAIL)
			strbuf_addf(out, "%s%zu %s", s ? ", " : "", report->verdicts[s],
				    verdict_status_name((enum verdict_status)s));
	strbuf_addf(out, "; %zu of %zu target%s conclusive", report->conclusive, report->list.nr,
		    report->list.nr == 1 ? "" : "s");
}
