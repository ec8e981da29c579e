#ifndef READ_OBSERVER_LOG_H
#define READ_OBSERVER_LOG_H

#include "read_log.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

/// Declares `real`, the C library's function of the same name.
#define REAL(result, name, ...)                                            \
  static result (*real)(__VA_ARGS__);                                      \
  if (real == NULL) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

/// Looks at a file without being observed.
static inline int status_of(int folder, const char *path, int flags, struct stat *status) {
  return (int)syscall(SYS_newfstatat, folder, path, status, flags);
}

/// Reads a link without being observed; the text has no zero byte at its end.
static inline ssize_t target_of(const char *path, char *buffer, size_t size) {
  return (ssize_t)syscall(SYS_readlinkat, AT_FDCWD, path, buffer, size);
}

/// Remembers the names by which the process has come to its folder: a link in them may lead elsewhere one day.
void note_folder(const char *path);

/// Maps the log named by the environment; without one nothing is noted.
void log_open(void);

/// Whether there is a log.
bool log_is_open(void);

/// Notes a file that was opened with a descriptor, unless it is of no interest. Keeps `errno`.
void note_opened(int descriptor, int folder, const char *path, enum read_log_kind kind);

/// Notes a version of a file that is read. Keeps `errno`.
void note_read(int folder, const char *path, const struct stat *status);

/// Notes a version of a regular file that is looked at, unless this program's looks do not count. Keeps `errno`.
void note_look(int folder, const char *path, const struct stat *status);

/// Notes a path, with the version of what it has led to, or of the link that it is. Keeps `errno`.
void note_followed(int folder, const char *path, const struct stat *status, enum read_log_kind kind);

/// Notes that a file or folder has another name now. Keeps `errno`.
void note_moved(int oldFolder, const char *old, int newFolder, const char *new);

/// Resolves a path without being observed; NULL if that fails.
char *resolve(const char *path, char *buffer);

/// Whether a file may be an input.
bool is_of_interest(const char *path);

/// What a file is that was opened for reading.
enum bytecode {
  /// No compiled module, or one without a source.
  BYTECODE_OTHER,
  /// What Python would compile the source to.
  BYTECODE_STANDS,
  /// Made of another version of the source, for all that can be told.
  BYTECODE_STALE,
};

/// Compares a compiled module that was opened with its source, whose path and version it gives.
enum bytecode judge_bytecode(int descriptor, int folder, const char *path, char source[PATH_MAX], struct stat *status);

/// Notes a file by name alone, or a program that is started with its version. Keeps `errno`.
void note_path(int folder, const char *path, enum read_log_kind kind);

/// Notes the program that runs, and the libraries that have been loaded since the last call.
void note_program(void);
void note_libraries(void);

#endif
