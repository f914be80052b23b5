#include "base/source_line.h"

#include "base/home.h"
#include "base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Debug information names sources of the catalogue relative to racegate's own folder.
static FILE *open_source(const char *file)
{
	FILE *source = fopen(file, "re");
	struct home home;
	char *path;

	if (source || file[0] == '/')
		return source;
	home_find(&home);
	path = xasprintf("%s/%s", home.root, file);
	source = fopen(path, "re");
	free(path);
	home_release(&home);
	return source;
}

char *source_line(const char *file, int line)
{
	FILE *source = line > 0 ? open_source(file) : NULL;
	char *text = NULL, *found = NULL;
	size_t alloc = 0;

	if (!source)
		return NULL;
	while (line > 0 && getline(&text, &alloc, source) > 0)
		line--;
	if (line == 0) {
		size_t start = strspn(text, " \t"), end = strlen(text);

		while (end > start && isspace((unsigned char)text[end - 1]))
			end--;
		found = xstrndup(text + start, end - start);
	}
	free(text);
	fclose(source);
	return found;
}
