/*
 * What /proc says about processes. A process may end at any time: a function that
 * finds it gone says so by its result and changes nothing else.
 */
#ifndef RACEGATE_PROC_H
#define RACEGATE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pid_list {
	pid_t *items;
	size_t nr, alloc;
};

void pid_list_release(struct pid_list *list);
void pid_list_add(struct pid_list *list, pid_t pid);
bool pid_list_has(const struct pid_list *list, pid_t pid);

// Appends the numbers that `text` lists, separated by spaces.
void pid_list_parse(struct pid_list *list, const char *text);

struct proc_stat {
	char state; // R, S, D, T, t, Z, X
	pid_t parent, session;
};

int proc_stat(pid_t pid, pid_t tid, struct proc_stat *stat);
int proc_threads(pid_t pid, struct pid_list *threads);

/*
 * Appends the children of `pid`: those of its threads as
 * /proc/PID/task/TID/children lists them, or by a look at every process where
 * the kernel has no such file.
 */
int proc_children(pid_t pid, struct pid_list *children);

// Appends `root` and its descendants, parents first.
void proc_family(pid_t root, struct pid_list *family);

uint64_t proc_resident(pid_t pid); // bytes; 0 when it is gone
int64_t proc_cpu_ns(pid_t pid);    // of all its threads, ended ones as well; 0 when it is gone

// The system call that a thread is blocked in.
struct proc_call {
	long nr;
	uint64_t args[6];
	uint64_t sp, pc;
};

// -1 when the thread runs, is blocked outside of a call, or may not be looked at.
int proc_call(pid_t pid, pid_t tid, struct proc_call *call);

enum proc_wait {
	WAIT_OTHER, // or nothing that is known
	WAIT_FUTEX,
	WAIT_READ, // of the stream args[0]
	WAIT_WRITE,
	WAIT_CHILD, // to end or change
	WAIT_TIME,  // to pass, whatever others do
};

// What a thread that sleeps in system call `nr` waits for.
enum proc_wait proc_call_wait(long nr);
// Its name, or "system call NR". Owned.
char *proc_call_name(long nr);

// How often the thread has been switched out; -1: gone.
int64_t proc_switches(pid_t pid, pid_t tid);

// One line of /proc/PID/maps.
struct proc_map {
	uint64_t start, end;
	bool shared, code;
	char path[256]; // cut when longer; "" for anonymous memory
};

// Takes the mappings one after the other until `wanted` says true, which is then in `map`:
// 1; 0: none was wanted; -1: they cannot be read.
int proc_map_find(pid_t pid, bool (*wanted)(const struct proc_map *map, const void *arg),
		  const void *arg, struct proc_map *map);

// The mapping that holds `addr`; false when there is none.
bool proc_map_of(pid_t pid, uint64_t addr, struct proc_map *map);
bool proc_is_libc(const char *path); // the C library's file, not its loader's

// What a descriptor of a process refers to, as its link says: "pipe:[123]", a path; -1: gone.
int proc_fd_link(pid_t pid, int fd, char *link, size_t size);

enum { PROC_NAME = 32 };
void proc_name(pid_t pid, char name[PROC_NAME]); // of its program, as the kernel keeps it; "?"

// The value of `name` in the environment that the process was started with; false: not there.
bool proc_environ(pid_t pid, const char *name, char *value, size_t size);

// Appends every process there is.
int proc_all(struct pid_list *processes);

// Reads at most `size` - 1 bytes of a small file below /proc; the length, or -1.
ssize_t proc_read(const char *path, char *buf, size_t size);

#endif
