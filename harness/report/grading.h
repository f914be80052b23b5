// How sure each finding is, and what that means for the cells of programs that are no cases.
#ifndef RACEGATE_GRADING_H
#define RACEGATE_GRADING_H

#include "report/report.h"

// After merge_finish(), before the cells are judged.
void report_grade(struct report *report);

#endif
