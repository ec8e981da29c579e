// The calls by which programs start others: a program that clears its environment must not lose the observer.
#define _GNU_SOURCE
#include "log.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// The settings of a process that is observed, as `NAME=value`.
static char log_setting[PATH_MAX + 64];
static char preload_setting[PATH_MAX + 64];
static const char preload_name[] = "LD_PRELOAD=";

__attribute__((constructor)) static void begin(void) {
  log_open();
  if (!log_is_open()) return;
  Dl_info own;
  const char *log = getenv(READ_LOG_VARIABLE);
  if (log != NULL) snprintf(log_setting, sizeof log_setting, "%s=%s", READ_LOG_VARIABLE, log);
  if (dladdr(log_setting, &own) != 0 && own.dli_fname[0] == '/') {
    snprintf(preload_setting, sizeof preload_setting, "%s%s", preload_name, own.dli_fname);
  }
  note_program();
  note_libraries();
}

__attribute__((destructor)) static void end(void) { note_libraries(); }

static size_t count_of(char *const list[]) {
  size_t count = 0;
  while (list != NULL && list[count] != NULL) count++;
  return count;
}

/// Room for an `LD_PRELOAD` that names the observer before the libraries of others.
struct joined {
  char text[2 * PATH_MAX];
};

/// Copies an environment into `to`, which has room for two more, and completes it.
static void complete(char *const from[], char **to, struct joined *joined) {
  size_t count = 0;
  bool hasLog = false, hasPreload = false;
  for (; from != NULL && from[count] != NULL; count++) {
    to[count] = from[count];
    if (strncmp(from[count], READ_LOG_VARIABLE "=", sizeof READ_LOG_VARIABLE) == 0) hasLog = true;
    if (strncmp(from[count], preload_name, sizeof preload_name - 1) != 0) continue;
    hasPreload = true;
    if (strstr(from[count], preload_setting + sizeof preload_name - 1) != NULL) continue;
    int length = snprintf(
        joined->text, sizeof joined->text, "%s:%s", preload_setting, from[count] + sizeof preload_name - 1);
    if (length > 0 && (size_t)length < sizeof joined->text) to[count] = joined->text;
  }
  if (!hasLog) to[count++] = log_setting;
  if (!hasPreload) to[count++] = preload_setting;
  to[count] = NULL;
}

static bool is_observing(void) { return log_is_open() && log_setting[0] != 0 && preload_setting[0] != 0; }

/// Declares `completed`, an environment that keeps the observer.
#define COMPLETED(environment)                                   \
  size_t variable_count = count_of(environment);                 \
  char *list[variable_count + 3];                                \
  struct joined joined;                                          \
  char *const *completed = environment;                          \
  if (is_observing()) {                                          \
    complete(environment, list, &joined);                        \
    completed = list;                                            \
  }

/// Notes the program that a name without a slash stands for.
static void note_searched(const char *name) {
  if (!log_is_open() || name == NULL) return;
  if (strchr(name, '/') != NULL) return note_path(AT_FDCWD, name, READ_LOG_EXECUTED);
  const char *rest = getenv("PATH");
  char candidate[PATH_MAX];
  while (rest != NULL && *rest != 0) {
    size_t length = strcspn(rest, ":");
    int written = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)length, rest, name);
    if (written > 0 && (size_t)written < sizeof candidate && syscall(SYS_faccessat, AT_FDCWD, candidate, X_OK) == 0) {
      return note_path(AT_FDCWD, candidate, READ_LOG_EXECUTED);
    }
    rest += length;
    if (*rest == ':') rest++;
  }
}

EXPORTED int execve(const char *path, char *const arguments[], char *const environment[]) {
  REAL(int, execve, const char *, char *const[], char *const[]);
  COMPLETED(environment)
  note_path(AT_FDCWD, path, READ_LOG_EXECUTED);
  return real(path, arguments, completed);
}

EXPORTED int execv(const char *path, char *const arguments[]) { return execve(path, arguments, environ); }

EXPORTED int execvpe(const char *file, char *const arguments[], char *const environment[]) {
  REAL(int, execvpe, const char *, char *const[], char *const[]);
  COMPLETED(environment)
  note_searched(file);
  return real(file, arguments, completed);
}

EXPORTED int execvp(const char *file, char *const arguments[]) { return execvpe(file, arguments, environ); }

EXPORTED int fexecve(int descriptor, char *const arguments[], char *const environment[]) {
  REAL(int, fexecve, int, char *const[], char *const[]);
  COMPLETED(environment)
  return real(descriptor, arguments, completed);
}

EXPORTED int execveat(int folder, const char *path, char *const arguments[], char *const environment[], int flags) {
  REAL(int, execveat, int, const char *, char *const[], char *const[], int);
  COMPLETED(environment)
  note_path(folder, path, READ_LOG_EXECUTED);
  return real(folder, path, arguments, completed, flags);
}

EXPORTED int posix_spawn(
    pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
    char *const arguments[], char *const environment[]) {
  REAL(int, posix_spawn, pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
       char *const[], char *const[]);
  COMPLETED(environment)
  note_path(AT_FDCWD, path, READ_LOG_EXECUTED);
  return real(process, path, actions, attributes, arguments, completed);
}

EXPORTED int posix_spawnp(
    pid_t *process, const char *file, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
    char *const arguments[], char *const environment[]) {
  REAL(int, posix_spawnp, pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
       char *const[], char *const[]);
  COMPLETED(environment)
  note_searched(file);
  return real(process, file, actions, attributes, arguments, completed);
}

/// Collects the arguments of a call such as `execl("/bin/echo", "echo", "a", NULL)` as `arguments`.
#define COLLECTED(first, last)                                                    \
  size_t argument_count = 1;                                                      \
  va_list counted, taken;                                                         \
  va_start(counted, first);                                                       \
  va_copy(taken, counted);                                                        \
  while (va_arg(counted, char *) != NULL) argument_count++;                       \
  char *arguments[argument_count + 1];                                            \
  arguments[0] = (char *)first;                                                   \
  for (size_t i = 1; i <= argument_count; i++) arguments[i] = va_arg(taken, char *); \
  last;                                                                           \
  va_end(taken);                                                                  \
  va_end(counted)

EXPORTED int execl(const char *path, const char *first, ...) {
  COLLECTED(first, (void)0);
  return execve(path, arguments, environ);
}

EXPORTED int execlp(const char *file, const char *first, ...) {
  COLLECTED(first, (void)0);
  return execvpe(file, arguments, environ);
}

EXPORTED int execle(const char *path, const char *first, ...) {
  COLLECTED(first, char *const *environment = va_arg(taken, char *const *));
  return execve(path, arguments, environment);
}
