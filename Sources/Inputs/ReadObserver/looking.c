// The calls by which programs look at files, follow links and go to folders, each handed on to the C library and noted.
#define _GNU_SOURCE
#include "log.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>

#define STAT(name, type)                                                    \
  EXPORTED int name(const char *path, type *status) {                       \
    REAL(int, name, const char *, type *);                                  \
    int result = real(path, status);                                        \
    if (result == 0) note_look(AT_FDCWD, path, (const struct stat *)status); \
    return result;                                                          \
  }

#define STAT_AT(name, type)                                                 \
  EXPORTED int name(int folder, const char *path, type *status, int flags) { \
    REAL(int, name, int, const char *, type *, int);                        \
    int result = real(folder, path, status, flags);                         \
    if (result == 0) note_look(folder, path, (const struct stat *)status);  \
    return result;                                                          \
  }

/// As programs of older C libraries call it.
#define OLD_STAT(name, type)                                                \
  EXPORTED int name(int version, const char *path, type *status);           \
  int name(int version, const char *path, type *status) {                   \
    REAL(int, name, int, const char *, type *);                             \
    int result = real(version, path, status);                               \
    if (result == 0) note_look(AT_FDCWD, path, (const struct stat *)status); \
    return result;                                                          \
  }

#define OLD_STAT_AT(name, type)                                                          \
  EXPORTED int name(int version, int folder, const char *path, type *status, int flags); \
  int name(int version, int folder, const char *path, type *status, int flags) {         \
    REAL(int, name, int, int, const char *, type *, int);                                \
    int result = real(version, folder, path, status, flags);                             \
    if (result == 0) note_look(folder, path, (const struct stat *)status);               \
    return result;                                                                       \
  }

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "both are the same on systems of 64 bits");

STAT(stat, struct stat)
STAT(stat64, struct stat64)
STAT(lstat, struct stat)
STAT(lstat64, struct stat64)
STAT_AT(fstatat, struct stat)
STAT_AT(fstatat64, struct stat64)
OLD_STAT(__xstat, struct stat)
OLD_STAT(__xstat64, struct stat64)
OLD_STAT(__lxstat, struct stat)
OLD_STAT(__lxstat64, struct stat64)
OLD_STAT_AT(__fxstatat, struct stat)
OLD_STAT_AT(__fxstatat64, struct stat64)

/// Looks again at what a call has found that says less of it.
static void look_again(int folder, const char *path, int flags) {
  struct stat status;
  int saved = errno;
  if (log_is_open() && path != NULL && status_of(folder, path, flags & AT_SYMLINK_NOFOLLOW, &status) == 0) {
    note_look(folder, path, &status);
  }
  errno = saved;
}

EXPORTED int statx(int folder, const char *path, int flags, unsigned mask, struct statx *status) {
  REAL(int, statx, int, const char *, int, unsigned, struct statx *);
  int result = real(folder, path, flags, mask, status);
  if (result == 0) look_again(folder, path, flags);
  return result;
}

#define ACCESS(name)                                       \
  EXPORTED int name(const char *path, int mode) {          \
    REAL(int, name, const char *, int);                    \
    int result = real(path, mode);                         \
    if (result == 0) look_again(AT_FDCWD, path, 0);        \
    return result;                                         \
  }

ACCESS(access)
ACCESS(eaccess)
ACCESS(euidaccess)

EXPORTED int faccessat(int folder, const char *path, int mode, int flags) {
  REAL(int, faccessat, int, const char *, int, int);
  int result = real(folder, path, mode, flags);
  if (result == 0) look_again(folder, path, flags);
  return result;
}

/// Notes the version of a link whose target has been read.
static void note_link(int folder, const char *path) {
  struct stat status;
  int saved = errno;
  if (log_is_open() && path != NULL && status_of(folder, path, AT_SYMLINK_NOFOLLOW, &status) == 0) {
    note_followed(folder, path, &status, READ_LOG_LINK);
  }
  errno = saved;
}

EXPORTED ssize_t readlink(const char *path, char *buffer, size_t size) {
  REAL(ssize_t, readlink, const char *, char *, size_t);
  ssize_t result = real(path, buffer, size);
  if (result >= 0) note_link(AT_FDCWD, path);
  return result;
}

EXPORTED ssize_t readlinkat(int folder, const char *path, char *buffer, size_t size) {
  REAL(ssize_t, readlinkat, int, const char *, char *, size_t);
  ssize_t result = real(folder, path, buffer, size);
  if (result >= 0) note_link(folder, path);
  return result;
}

EXPORTED ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t room);
ssize_t __readlink_chk(const char *path, char *buffer, size_t size, size_t room) {
  REAL(ssize_t, __readlink_chk, const char *, char *, size_t, size_t);
  ssize_t result = real(path, buffer, size, room);
  if (result >= 0) note_link(AT_FDCWD, path);
  return result;
}

EXPORTED ssize_t __readlinkat_chk(int folder, const char *path, char *buffer, size_t size, size_t room);
ssize_t __readlinkat_chk(int folder, const char *path, char *buffer, size_t size, size_t room) {
  REAL(ssize_t, __readlinkat_chk, int, const char *, char *, size_t, size_t);
  ssize_t result = real(folder, path, buffer, size, room);
  if (result >= 0) note_link(folder, path);
  return result;
}

/// Notes what a path has led to.
static void note_reached(int folder, const char *path, enum read_log_kind kind) {
  struct stat status;
  int saved = errno;
  if (log_is_open() && path != NULL && status_of(folder, path, 0, &status) == 0) {
    note_followed(folder, path, &status, kind);
  }
  errno = saved;
}

char *resolve(const char *path, char *buffer) {
  REAL(char *, realpath, const char *, char *);
  return real(path, buffer);
}

EXPORTED char *realpath(const char *restrict path, char *restrict buffer) {
  char *result = resolve(path, buffer);
  if (result != NULL) note_reached(AT_FDCWD, path, READ_LOG_FOLLOWED);
  return result;
}

EXPORTED char *__realpath_chk(const char *path, char *buffer, size_t room);
char *__realpath_chk(const char *path, char *buffer, size_t room) {
  REAL(char *, __realpath_chk, const char *, char *, size_t);
  char *result = real(path, buffer, room);
  if (result != NULL) note_reached(AT_FDCWD, path, READ_LOG_FOLLOWED);
  return result;
}

EXPORTED char *canonicalize_file_name(const char *path) {
  char *result = resolve(path, NULL);
  if (result != NULL) note_reached(AT_FDCWD, path, READ_LOG_FOLLOWED);
  return result;
}

EXPORTED int chdir(const char *path) {
  REAL(int, chdir, const char *);
  // Before the process is elsewhere, where a relative path means something else.
  note_reached(AT_FDCWD, path, READ_LOG_FOLLOWED);
  int result = real(path);
  if (result == 0) note_folder(path);
  return result;
}

EXPORTED int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *restrict actions, const char *restrict path) {
  REAL(int, posix_spawn_file_actions_addchdir_np, posix_spawn_file_actions_t *, const char *);
  note_reached(AT_FDCWD, path, READ_LOG_FOLLOWED);
  return real(actions, path);
}

EXPORTED DIR *opendir(const char *path) {
  REAL(DIR *, opendir, const char *);
  DIR *result = real(path);
  if (result != NULL) note_reached(AT_FDCWD, path, READ_LOG_LISTED);
  return result;
}

/// A library that is given back may be the only thing of it that was read.
EXPORTED int dlclose(void *handle) {
  REAL(int, dlclose, void *);
  note_libraries();
  return real(handle);
}
