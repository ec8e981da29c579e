#ifndef READ_OBSERVER_LOG_H
#define READ_OBSERVER_LOG_H

#include "read_log.h"

#include <stdbool.h>
#include <sys/stat.h>

/// Maps the log named by the environment; without one nothing is noted.
void log_open(void);

/// Whether there is a log.
bool log_is_open(void);

/// Notes a file that was opened with a descriptor, unless it is of no interest. Keeps `errno`.
void note_opened(int descriptor, int folder, const char *path, enum read_log_kind kind);

/// Notes a file by name alone. Keeps `errno`.
void note_path(int folder, const char *path, enum read_log_kind kind);

/// Notes the program that runs, and the libraries that have been loaded since the last call.
void note_program(void);
void note_libraries(void);

#endif
