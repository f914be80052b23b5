/*
 * Folders that a process works in and that must not outlive it. It holds a lock on each, which
 * ends with it however it ends: what nobody holds was left by one that was killed.
 */
#ifndef RACEGATE_CLAIM_H
#define RACEGATE_CLAIM_H

// Takes a folder that was just made. A descriptor, to be closed when the work is done; -1 with
// errno when it cannot be held, or is gone already.
int claim_take(const char *dir);

// Removes the folders below `path` that match the pattern, as in fs_glob(), and that nobody holds.
void claim_sweep(const char *path, const char *pattern);
// Removes the files that match and that fs_write() was making in a process that is gone.
void claim_sweep_files(const char *path, const char *pattern);

#endif
