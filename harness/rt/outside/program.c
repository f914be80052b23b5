/*
 * Other programs, started beside this one or in its place. They are not controlled, and
 * named.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "outside/outside.h"
#include "outside/signals.h"

#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void program_announce(const char *name, uintptr_t pc)
{
	rt_report_uncontrolled(name, pc);
	rt_iteration.processes = true;
	rt_shared->result.processes = true;
	rt_point(RT_OP_CREATE, 0, 0, pc);
	rt_progress();
}

#define STARTS(ret, name, params, ...)                                                             \
	INTERCEPT_OWN(ret, name, params, ({                                                        \
			      ret result;                                                          \
                                                                                                   \
			      program_announce(#name, RT_PC());                                    \
			      rt_signals_lend();                                                   \
			      result = RT_REAL(name)(__VA_ARGS__);                                 \
			      rt_signals_return();                                                 \
			      result;                                                              \
		      }),                                                                          \
		      __VA_ARGS__)

STARTS(int, system, (const char *command), command)
STARTS(FILE *, popen, (const char *command, const char *mode), command, mode)
STARTS(int, pclose, (FILE * stream), stream)

#define SPAWNS(name)                                                                               \
	RT_EXPORT int name(pid_t *restrict pid, const char *restrict path,                         \
			   const posix_spawn_file_actions_t *restrict actions,                     \
			   const posix_spawnattr_t *restrict attributes,                           \
			   char *const argv[restrict], char *const envp[restrict])                 \
	{                                                                                          \
		const bool own = RT_OWN_CALL();                                                    \
		int error;                                                                         \
                                                                                                   \
		if (own) {                                                                         \
			program_announce(#name, RT_PC());                                          \
			rt_signals_lend();                                                         \
		}                                                                                  \
		error = RT_REAL(name)(pid, path, actions, attributes, argv, envp);                 \
		if (own)                                                                           \
			rt_signals_return();                                                       \
		if (!error && pid)                                                                 \
			*pid = rt_new_child(*pid);                                                 \
		return error;                                                                      \
	}

SPAWNS(posix_spawn)
SPAWNS(posix_spawnp)

/*
 * Another program takes over: what is known so far is written down, and how it
 * ends is all that will be known. When it does not come, this one goes on.
 */
static int program_replace(const char *name, const char *path, char *const *argv, char *const *envp,
			   bool search, uintptr_t pc)
{
	bool ours = rt_controlled() && rt_in_program(pc);
	int rc;

	if (ours) {
		program_announce(name, pc);
		rt_note_end(RT_END_RUNNING, 0);
	}
	rc = search ? RT_REAL(execvpe)(path, argv, envp) : RT_REAL(execve)(path, argv, envp);
	rt_iteration.controlled = ours;
	return rc;
}

RT_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return program_replace("execve", path, argv, envp, false, RT_PC());
}

RT_EXPORT int execv(const char *path, char *const argv[])
{
	return program_replace("execv", path, argv, environ, false, RT_PC());
}

RT_EXPORT int execvp(const char *file, char *const argv[])
{
	return program_replace("execvp", file, argv, environ, true, RT_PC());
}

RT_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return program_replace("execvpe", file, argv, envp, true, RT_PC());
}

#define LISTS(name, search, environment)                                                           \
	RT_EXPORT int name(const char *path, const char *first, ...)                               \
	{                                                                                          \
		enum { MAX = 256 };                                                                \
		char *argv[MAX] = { (char *)first };                                               \
		char *const *envp = environ;                                                       \
		va_list list;                                                                      \
                                                                                                   \
		va_start(list, first);                                                             \
		for (int i = 1; i < MAX - 1 && argv[i - 1]; i++)                                   \
			argv[i] = va_arg(list, char *);                                            \
		if (environment)                                                                   \
			envp = va_arg(list, char *const *);                                        \
		va_end(list);                                                                      \
		return program_replace(#name, path, argv, envp, search, RT_PC());                  \
	}

LISTS(execl, false, false)
LISTS(execlp, true, false)
LISTS(execle, false, true)
