// The source line that a frame points at, as far as the source can be found from here.
#ifndef RACEGATE_SOURCE_LINE_H
#define RACEGATE_SOURCE_LINE_H

// Line number `line` of `file` without blanks around it; NULL when there is none. Caller owns it.
char *source_line(const char *file, int line);

#endif
