#define _GNU_SOURCE
#include "store_faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int count;
static const char *folder;
static int fault_at;
static int is_sticky;
static int is_short;
static int is_fatal;
static int fault_errno = EIO;

int store_faults_count(void) { return atomic_load(&count); }

__attribute__((constructor)) static void read_environment(void) {
  const char *at = getenv("STORE_FAULT_AT");
  const char *kind = getenv("STORE_FAULT_KIND");
  const char *program = getenv("STORE_FAULT_PROGRAM");
  if (program && strcmp(program, program_invocation_short_name) != 0) return;
  folder = getenv("STORE_FAULT_FOLDER");
  fault_at = at ? atoi(at) : 0;
  is_sticky = getenv("STORE_FAULT_STICKY") != NULL;
  is_short = kind && strcmp(kind, "SHORT") == 0;
  is_fatal = kind && strcmp(kind, "KILL") == 0;
  fault_errno = kind && strcmp(kind, "ENOSPC") == 0 ? ENOSPC : EIO;
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = getenv("STORE_FAULT_COUNT");
  if (!folder || !path) return;
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%d\n", atomic_load(&count));
  fclose(file);
}

static int is_below(const char *path) {
  size_t length;
  if (!folder || !path) return 0;
  length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int is_below_fd(int fd) {
  char link[64], path[PATH_MAX];
  ssize_t length;
  if (!folder) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return is_below(path);
}

/* Counts one change; nonzero if it has to fail. A fatal one is not made, and nothing after it. */
static int is_due(void) {
  int number = atomic_fetch_add(&count, 1) + 1;
  if (is_fatal && number == fault_at) kill(getpid(), SIGKILL);
  return fault_at > 0 && (number == fault_at || (is_sticky && number > fault_at));
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define FAILING_PATH(type, name, parameters, arguments, path) \
  type name parameters {                                      \
    if (is_below(path) && is_due() && !is_short) {            \
      errno = fault_errno;                                    \
      return -1;                                              \
    }                                                         \
    return NEXT(name) arguments;                              \
  }

/* What does not fail on a full or broken disk, but may be the last that a killed process does. */
#define FATAL_PATH(type, name, parameters, arguments, path) \
  type name parameters {                                    \
    if (is_fatal && is_below(path)) (void)is_due();         \
    return NEXT(name) arguments;                            \
  }

#define FAILING_FD(type, name, parameters, arguments, fd) \
  type name parameters {                                  \
    if (is_below_fd(fd) && is_due() && !is_short) {       \
      errno = fault_errno;                                \
      return -1;                                          \
    }                                                     \
    return NEXT(name) arguments;                          \
  }

#define FAILING_WRITE(name, parameters, arguments, shortened, fd, size) \
  ssize_t name parameters {                                             \
    if (is_below_fd(fd) && is_due()) {                                  \
      if (is_short && size > 1) return NEXT(name) shortened;            \
      if (!is_short) {                                                  \
        errno = fault_errno;                                            \
        return -1;                                                      \
      }                                                                 \
    }                                                                   \
    return NEXT(name) arguments;                                        \
  }

FAILING_PATH(int, mkdir, (const char *path, mode_t mode), (path, mode), path)
FAILING_PATH(int, rename, (const char *from, const char *to), (from, to), to)
FATAL_PATH(int, unlink, (const char *path), (path), path)
FATAL_PATH(int, rmdir, (const char *path), (path), path)
FATAL_PATH(int, chmod, (const char *path, mode_t mode), (path, mode), path)
FAILING_PATH(int, link, (const char *from, const char *to), (from, to), to)
FAILING_FD(int, fsync, (int fd), (fd), fd)
FAILING_FD(int, syncfs, (int fd), (fd), fd)
FAILING_FD(int, fdatasync, (int fd), (fd), fd)
FAILING_FD(int, ftruncate, (int fd, off_t size), (fd, size), fd)
FAILING_FD(int, ftruncate64, (int fd, off64_t size), (fd, size), fd)
FAILING_FD(int, fallocate, (int fd, int mode, off_t offset, off_t size), (fd, mode, offset, size), fd)
FAILING_WRITE(write, (int fd, const void *bytes, size_t size), (fd, bytes, size), (fd, bytes, size / 2), fd, size)
FAILING_WRITE(pwrite, (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at), (fd, bytes, size / 2, at), fd, size)
FAILING_WRITE(pwrite64, (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at), (fd, bytes, size / 2, at), fd, size)

/* Opening counts only where it may make a file. */
#define FAILING_OPEN(name)                                                         \
  int name(const char *path, int flags, ...) {                                     \
    mode_t mode = 0;                                                               \
    if (flags & (O_CREAT | O_TMPFILE)) {                                           \
      va_list list;                                                                \
      va_start(list, flags);                                                       \
      mode = va_arg(list, mode_t);                                                 \
      va_end(list);                                                                \
    }                                                                              \
    if ((flags & O_CREAT) && is_below(path) && is_due() && !is_short) {            \
      errno = fault_errno;                                                         \
      return -1;                                                                   \
    }                                                                              \
    return NEXT(name)(path, flags, mode);                                          \
  }

FAILING_OPEN(open)
FAILING_OPEN(open64)
