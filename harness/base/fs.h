// Files and folders. Errors name the path and what the system said.
#ifndef RACEGATE_FS_H
#define RACEGATE_FS_H

#include "base/err.h"
#include "base/strbuf.h"

#include <glob.h>
#include <stdbool.h>
#include <stddef.h>

bool fs_is_dir(const char *path);
bool fs_is_file(const char *path);
int fs_mkdirs(const char *path, struct err *err); // like mkdir -p, mode 0777 less the umask
// Appends the file's content to `out`, at most `max` bytes of it (0: all).
int fs_read(const char *path, size_t max, struct strbuf *out, struct err *err);
/*
 * As fs_read, of a file that somebody else may have put there: never follows a link and never
 * waits. -1 unless it is a plain file that can be read; `what` is then one word or two for what
 * there is ("a FIFO", "a link").
 */
int fs_read_plain(const char *path, size_t max, struct strbuf *out, const char **what);
/*
 * Writes a file so that a reader sees the old content or the whole new one, never a part. What is
 * no plain file (/dev/stdout, a pipe) is written to as it is.
 */
int fs_write(const char *path, const void *bytes, size_t len, struct err *err);
int fs_copy(const char *from, const char *to, struct err *err);
int fs_remove_tree(const char *path); // 0, or -1 with errno; a missing path is fine
// What matches the path and the pattern after it ("/e.*"), for globfree(). False: nothing does.
bool fs_glob(const char *path, const char *pattern, int flags, glob_t *found);
const char *fs_base(const char *path); // what follows the last slash

#endif
