// Compiled modules of Python, which stand for their sources (PEP 3147: names; PEP 552: the header of magic, flags, time and size).
#define _GNU_SOURCE
#include "log.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// Builds the path of the source behind `pkg/__pycache__/x.cpython-311.pyc`; false for other files.
static bool source_of(const char *path, char source[PATH_MAX]) {
  static const char folder[] = "__pycache__/";
  static const char ending[] = ".pyc";
  size_t length = strnlen(path, PATH_MAX);
  if (length < sizeof ending || length >= PATH_MAX) return false;
  if (strcmp(path + length - (sizeof ending - 1), ending) != 0) return false;
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return false;
  const char *name = slash + 1;
  size_t stem = strcspn(name, ".");
  if (name - path < (ptrdiff_t)sizeof folder - 1) return false;
  const char *start = name - (sizeof folder - 1);
  if (strncmp(start, folder, sizeof folder - 1) != 0 || (start > path && start[-1] != '/')) return false;
  int written = snprintf(source, PATH_MAX, "%.*s%.*s.py", (int)(start - path), path, (int)stem, name);
  return written > 0 && written < PATH_MAX;
}

static int64_t nanoseconds(struct timespec time) { return time.tv_sec * INT64_C(1000000000) + time.tv_nsec; }

static uint32_t number(const unsigned char *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/// Whether this process runs Python, which may be a part of another program.
static bool runs_python(void) {
  static _Atomic bool is_known;
  if (!is_known && dlsym(RTLD_DEFAULT, "Py_IsInitialized") != NULL) is_known = true;
  return is_known;
}

/// Whether a source belongs to Python itself or to a package, which are told apart by their versions.
static bool is_of_library(const char *source) {
  static const char *const folders[] = {
      "/site-packages/", "/dist-packages/", "/lib/python3.", "/lib64/python3.", "/lib/pypy3."};
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    if (strstr(source, folders[i]) != NULL) return true;
  }
  return false;
}

enum bytecode judge_bytecode(int descriptor, int folder, const char *path, char source[PATH_MAX], struct stat *status) {
  if (!source_of(path, source) || !is_of_interest(source) || !runs_python()) return BYTECODE_OTHER;
  if (status_of(folder, source, 0, status) != 0) return BYTECODE_OTHER;
  if (is_of_library(source)) return BYTECODE_STANDS;
  unsigned char header[16];
  struct stat compiled;
  if (fstat(descriptor, &compiled) != 0 || pread(descriptor, header, sizeof header, 0) != sizeof header) return BYTECODE_STALE;
  // Made to be checked by the source's digest, or not at all.
  if (number(header + 4) != 0) return BYTECODE_STANDS;
  if (number(header + 8) != (uint32_t)status->st_mtim.tv_sec || number(header + 12) != (uint32_t)status->st_size) {
    return BYTECODE_STALE;
  }
  // Python compares whole seconds and sizes: a source that was changed later than, or shortly before, the module was compiled may be
  // another one than that which was compiled.
  const int64_t second = INT64_C(1000000000);
  return nanoseconds(status->st_ctim) + second > nanoseconds(compiled.st_mtim) ? BYTECODE_STALE : BYTECODE_STANDS;
}
