// The calls by which programs open, make and replace files, each handed on to the C library and noted.
#define _GNU_SOURCE
#include "log.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static enum read_log_kind kind_of_flags(int flags) {
  if (flags & O_TRUNC || (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) return READ_LOG_WRITTEN;
  switch (flags & O_ACCMODE) {
    case O_RDONLY: return READ_LOG_READ;
    case O_RDWR: return READ_LOG_UPDATE;
    default: return READ_LOG_EXTENDED;
  }
}

/// Notes what was opened, and returns the descriptor; of a compiled module that may not be what its source says, Python is told that there
/// is none.
static int noted(int descriptor, int folder, const char *path, int flags) {
  if (descriptor < 0 || path == NULL || !log_is_open()) return descriptor;
  if ((flags & O_TMPFILE) == O_TMPFILE) return descriptor;
  if (flags & (O_DIRECTORY | O_PATH)) {
    note_opened(descriptor, folder, path, READ_LOG_FOLLOWED);
    return descriptor;
  }
  enum read_log_kind kind = kind_of_flags(flags);
  char source[PATH_MAX];
  struct stat status;
  int saved = errno;
  switch (kind == READ_LOG_READ ? judge_bytecode(descriptor, folder, path, source, &status) : BYTECODE_OTHER) {
    case BYTECODE_OTHER: note_opened(descriptor, folder, path, kind); break;
    case BYTECODE_STANDS: note_read(folder, source, &status); break;
    case BYTECODE_STALE:
      close(descriptor);
      errno = ENOENT;
      return -1;
  }
  errno = saved;
  return descriptor;
}

#define TAKE_MODE(flags, mode)                                        \
  mode_t mode = 0;                                                    \
  if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) {      \
    va_list list;                                                     \
    va_start(list, flags);                                            \
    mode = va_arg(list, mode_t);                                      \
    va_end(list);                                                     \
  }

#define OPEN(name)                                           \
  EXPORTED int name(const char *path, int flags, ...) {      \
    REAL(int, name, const char *, int, ...);                 \
    TAKE_MODE(flags, mode)                                   \
    return noted(real(path, flags, mode), AT_FDCWD, path, flags); \
  }

#define OPEN_CHECKED(name)                                   \
  EXPORTED int name(const char *path, int flags);            \
  int name(const char *path, int flags) {                    \
    REAL(int, name, const char *, int);                      \
    return noted(real(path, flags), AT_FDCWD, path, flags);  \
  }

#define OPENAT(name)                                                     \
  EXPORTED int name(int folder, const char *path, int flags, ...) {      \
    REAL(int, name, int, const char *, int, ...);                        \
    TAKE_MODE(flags, mode)                                               \
    return noted(real(folder, path, flags, mode), folder, path, flags);  \
  }

#define OPENAT_CHECKED(name)                                             \
  EXPORTED int name(int folder, const char *path, int flags);            \
  int name(int folder, const char *path, int flags) {                    \
    REAL(int, name, int, const char *, int);                             \
    return noted(real(folder, path, flags), folder, path, flags);        \
  }

OPEN(open)
OPEN(open64)
OPEN_CHECKED(__open_2)
OPEN_CHECKED(__open64_2)
OPENAT(openat)
OPENAT(openat64)
OPENAT_CHECKED(__openat_2)
OPENAT_CHECKED(__openat64_2)

#define CREAT(name)                                           \
  EXPORTED int name(const char *path, mode_t mode) {          \
    REAL(int, name, const char *, mode_t);                    \
    int descriptor = real(path, mode);                        \
    note_opened(descriptor, AT_FDCWD, path, READ_LOG_WRITTEN); \
    return descriptor;                                        \
  }

CREAT(creat)
CREAT(creat64)

static void note_stream(FILE *stream, const char *path, const char *mode) {
  if (stream == NULL || path == NULL || mode == NULL) return;
  bool isUpdate = false;
  for (const char *letter = mode; *letter != 0 && *letter != ','; letter++) {
    if (*letter == '+') isUpdate = true;
  }
  enum read_log_kind kind = mode[0] == 'r' ? READ_LOG_READ : READ_LOG_EXTENDED;
  if (isUpdate) kind = READ_LOG_UPDATE;
  if (mode[0] == 'w') kind = READ_LOG_WRITTEN;
  note_opened(fileno(stream), AT_FDCWD, path, kind);
}

#define FOPEN(name)                                               \
  EXPORTED FILE *name(const char *path, const char *mode) {       \
    REAL(FILE *, name, const char *, const char *);               \
    FILE *stream = real(path, mode);                              \
    note_stream(stream, path, mode);                              \
    return stream;                                                \
  }

FOPEN(fopen)
FOPEN(fopen64)

#define FREOPEN(name)                                                        \
  EXPORTED FILE *name(const char *path, const char *mode, FILE *old) {       \
    REAL(FILE *, name, const char *, const char *, FILE *);                  \
    FILE *stream = real(path, mode, old);                                    \
    note_stream(stream, path, mode);                                         \
    return stream;                                                           \
  }

FREOPEN(freopen)
FREOPEN(freopen64)

#define MKSTEMP(name)                                                \
  EXPORTED int name(char *path) {                                    \
    REAL(int, name, char *);                                         \
    int descriptor = real(path);                                     \
    note_opened(descriptor, AT_FDCWD, path, READ_LOG_WRITTEN);       \
    return descriptor;                                               \
  }

#define MKSTEMP_NUMBER(name)                                         \
  EXPORTED int name(char *path, int number) {                        \
    REAL(int, name, char *, int);                                    \
    int descriptor = real(path, number);                             \
    note_opened(descriptor, AT_FDCWD, path, READ_LOG_WRITTEN);       \
    return descriptor;                                               \
  }

#define MKSTEMP_NUMBERS(name)                                        \
  EXPORTED int name(char *path, int first, int second) {             \
    REAL(int, name, char *, int, int);                               \
    int descriptor = real(path, first, second);                      \
    note_opened(descriptor, AT_FDCWD, path, READ_LOG_WRITTEN);       \
    return descriptor;                                               \
  }

MKSTEMP(mkstemp)
MKSTEMP(mkstemp64)
MKSTEMP_NUMBER(mkstemps)
MKSTEMP_NUMBER(mkstemps64)
MKSTEMP_NUMBER(mkostemp)
MKSTEMP_NUMBER(mkostemp64)
MKSTEMP_NUMBERS(mkostemps)
MKSTEMP_NUMBERS(mkostemps64)

EXPORTED int rename(const char *old, const char *new) {
  REAL(int, rename, const char *, const char *);
  int result = real(old, new);
  if (result == 0) note_moved(AT_FDCWD, old, AT_FDCWD, new);
  return result;
}

EXPORTED int renameat(int oldFolder, const char *old, int newFolder, const char *new) {
  REAL(int, renameat, int, const char *, int, const char *);
  int result = real(oldFolder, old, newFolder, new);
  if (result == 0) note_moved(oldFolder, old, newFolder, new);
  return result;
}

EXPORTED int renameat2(int oldFolder, const char *old, int newFolder, const char *new, unsigned flags) {
  REAL(int, renameat2, int, const char *, int, const char *, unsigned);
  int result = real(oldFolder, old, newFolder, new, flags);
  if (result == 0) note_moved(oldFolder, old, newFolder, new);
  return result;
}

#define LINK(name)                                                   \
  EXPORTED int name(const char *old, const char *new) {              \
    REAL(int, name, const char *, const char *);                     \
    int result = real(old, new);                                     \
    if (result == 0) note_path(AT_FDCWD, new, READ_LOG_WRITTEN);     \
    return result;                                                   \
  }

LINK(link)
LINK(symlink)

EXPORTED int linkat(int oldFolder, const char *old, int newFolder, const char *new, int flags) {
  REAL(int, linkat, int, const char *, int, const char *, int);
  int result = real(oldFolder, old, newFolder, new, flags);
  if (result == 0) note_path(newFolder, new, READ_LOG_WRITTEN);
  return result;
}

EXPORTED int symlinkat(const char *old, int newFolder, const char *new) {
  REAL(int, symlinkat, const char *, int, const char *);
  int result = real(old, newFolder, new);
  if (result == 0) note_path(newFolder, new, READ_LOG_WRITTEN);
  return result;
}

#define TRUNCATE(name, size_type)                                    \
  EXPORTED int name(const char *path, size_type size) {              \
    REAL(int, name, const char *, size_type);                        \
    int result = real(path, size);                                   \
    if (result == 0) note_path(AT_FDCWD, path, READ_LOG_WRITTEN);    \
    return result;                                                   \
  }

TRUNCATE(truncate, off_t)
TRUNCATE(truncate64, off64_t)

EXPORTED int unlink(const char *path) {
  REAL(int, unlink, const char *);
  int result = real(path);
  if (result == 0) note_path(AT_FDCWD, path, READ_LOG_WRITTEN);
  return result;
}

EXPORTED int unlinkat(int folder, const char *path, int flags) {
  REAL(int, unlinkat, int, const char *, int);
  int result = real(folder, path, flags);
  if (result == 0 && !(flags & AT_REMOVEDIR)) note_path(folder, path, READ_LOG_WRITTEN);
  return result;
}

EXPORTED int remove(const char *path) {
  REAL(int, remove, const char *);
  int result = real(path);
  if (result == 0) note_path(AT_FDCWD, path, READ_LOG_WRITTEN);
  return result;
}
