#include "session/asking.h"

#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

// More are rarely different bugs, and each costs a look at every schedule.
enum { MOST_QUESTIONS = 32 };

void asking_take(struct asking *asking, const struct record *record)
{
	const bool explores = record->tool == TOOL_EXPLORE;
	struct witness_list *list = explores ? &asking->found : &asking->named;

	for (size_t i = 0; i < record->findings.nr; i++) {
		const struct finding *finding = &record->findings.items[i];

		if (explores || list->nr < MOST_QUESTIONS)
			(void)witness_ask(list, finding);
	}
}

void asking_release(struct asking *asking)
{
	witness_list_release(&asking->named);
	witness_list_release(&asking->found);
}

int asking_write(const struct asking *asking, const char *path, struct err *err)
{
	struct witness_list open = { 0 };
	char *text = NULL;
	json_t *json;
	int rc = 0;

	for (size_t i = 0; i < asking->named.nr; i++)
		if (!witness_same(&asking->found, &asking->named.items[i]))
			*VEC_PUSH(&open) = asking->named.items[i]; // borrowed
	if (open.nr) {
		json = witness_list_to_json(&open);
		text = json_dumps(json, JSON_COMPACT);
		json_decref(json);
		rc = fs_write(path, text, strlen(text), err) ? -1 : 1;
	}
	free(text);
	free(open.items);
	return rc;
}
