// Where racegate's own files are: found from the running program, so that it works from anywhere.
#ifndef RACEGATE_HOME_H
#define RACEGATE_HOME_H

struct home {
	char *build; // folder of the program, the runtime objects and the build cache
	char *root;  // folder above it: cases/, harness/, reports/
};

void home_find(struct home *home);
void home_release(struct home *home);

// The shortest way to write `path`: relative to the current folder when it lies below it.
char *home_relative(const char *path); // caller owns it

#endif
