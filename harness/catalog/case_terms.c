#include "catalog/case_terms.h"

#include "base/names.h"

static const char *const variant_names[] = { "racy", "fixed" };
static const char *const grade_names[] = { "acceptable", "interesting", "forbidden" };
static const char *const class_names[] = { "data-race",   "atomicity", "order",    "deadlock",
					   "lost-wakeup", "lost-work", "isolation" };
static const char *const answer_names[] = { "none",   "detects",     "diverges",    "silent",
					    "misses", "false-alarm", "unsupported", "sometimes" };

const char *variant_name(enum variant variant)
{
	return variant_names[variant];
}

int variant_from_name(const char *name)
{
	return name_index(variant_names, VARIANT_NR, name);
}

const char *grade_name(enum grade grade)
{
	return grade_names[grade];
}

int grade_from_name(const char *name)
{
	return name_index(grade_names, GRADE_NR, name);
}

const char *class_name(enum bug_class class)
{
	return class_names[class];
}

const char *answer_name(enum answer answer)
{
	return answer_names[answer];
}
