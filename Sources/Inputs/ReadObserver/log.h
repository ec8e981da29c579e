#ifndef READ_OBSERVER_LOG_H
#define READ_OBSERVER_LOG_H

#include "read_log.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

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
