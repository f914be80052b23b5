#include "catalog/marks.h"

#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int race_marks_load(const char *path, struct race_marks *marks, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t alloc = 0;
	int rc = 0;

	if (!file)
		return err_input(err, "%s:1:1: cannot open: %s", path, strerror(errno));
	for (int line = 1; !rc && getline(&text, &alloc, file) >= 0; line++) {
		char *mark = strstr(text, "// RACE:");

		if (!mark)
			continue;
		char *object = mark + strlen("// RACE:");

		object += strspn(object, " \t");
		size_t len = strlen(object);

		while (len && isspace((unsigned char)object[len - 1]))
			len--;
		if (len)
			*VEC_PUSH(marks) =
				(struct race_mark){ .line = line, .object = xstrndup(object, len) };
		else
			rc = err_input(err,
				       "%s:%d:%d: the RACE mark names no object; expected `// "
				       "RACE: object`",
				       path, line, (int)(mark - text) + 1);
	}
	free(text);
	fclose(file);
	return rc;
}

void race_marks_release(struct race_marks *marks)
{
	for (size_t i = 0; i < marks->nr; i++)
		free(marks->items[i].object);
	free(marks->items);
	*marks = (struct race_marks){ 0 };
}

const struct race_mark *race_marks_find(const struct race_marks *marks, int line)
{
	for (size_t i = 0; i < marks->nr; i++)
		if (marks->items[i].line == line)
			return &marks->items[i];
	return NULL;
}
