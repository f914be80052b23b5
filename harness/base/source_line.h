// The source line that a frame points at, as far as the source can be found from here.
#ifndef RACEGATE_SOURCE_LINE_H
#define RACEGATE_SOURCE_LINE_H

// Line number `line` of `file` without surrounding white space; NULL if it cannot be read. A
// relative name is looked up here, then in racegate's own folder. The caller owns the result.
char *source_line(const char *file, int line);

#endif
