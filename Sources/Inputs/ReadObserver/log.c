#define _GNU_SOURCE
#include "log.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static char *base;

/// What it means that this program looks at a file.
static enum read_log_kind look = READ_LOG_LOOKED;
/// Whether it means anything: version control compares every file of a checkout with what it knows.
static bool looks_count = true;

/// The process whose memory this is.
static pid_t owner;

/// The names by which the process has come to its folder; empty if they are not known.
static char followed[PATH_MAX];

static struct read_log_header *header(void) { return (struct read_log_header *)base; }

bool log_is_open(void) { return base != NULL; }

static bool begins(const char *path, const char *prefix) { return strncmp(path, prefix, strlen(prefix)) == 0; }

static void become_owner(void) { owner = getpid(); }

void log_open(void) {
  const char *path = getenv(READ_LOG_VARIABLE);
  if (path == NULL || path[0] != '/') return;
  int saved = errno;
  // By number: this library's own `open` must not note the log.
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (descriptor >= 0) {
    struct stat status;
    // The name may stand for something else by now, which must not be touched.
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == READ_LOG_BYTES) {
      void *map = mmap(NULL, READ_LOG_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
      if (map != MAP_FAILED && ((struct read_log_header *)map)->magic == READ_LOG_MAGIC) base = map;
      else if (map != MAP_FAILED) munmap(map, READ_LOG_BYTES);
    }
    close(descriptor);
  }
  owner = getpid();
  pthread_atfork(NULL, NULL, become_owner);
  static const char *const builders[] = {"make", "gmake", "bmake", "ninja", "samu", "tup", "redo"};
  for (size_t i = 0; i < sizeof builders / sizeof builders[0]; i++) {
    if (strcmp(program_invocation_short_name, builders[i]) == 0) look = READ_LOG_DATED;
  }
  looks_count = strcmp(program_invocation_short_name, "git") != 0 && !begins(program_invocation_short_name, "git-");
  const char *folder = getenv("PWD");
  if (folder != NULL && folder[0] == '/') note_folder(folder);
  errno = saved;
}

/// FNV-1a.
static uint64_t mixed(uint64_t hash, const void *bytes, size_t count) {
  const unsigned char *next = bytes;
  for (size_t i = 0; i < count; i++) hash = (hash ^ next[i]) * UINT64_C(1099511628211);
  return hash;
}

/// Enters a hash into the table; false if it is there already. A full table lets everything pass.
static bool is_new(uint64_t hash) {
  uint64_t *table = (uint64_t *)(base + READ_LOG_TABLE_OFFSET);
  if (hash == 0) hash = 1;
  for (unsigned probe = 0; probe < 32; probe++) {
    uint64_t *slot = &table[(hash + probe) % READ_LOG_SLOTS];
    uint64_t known = __atomic_load_n(slot, __ATOMIC_RELAXED);
    if (known == 0 && __atomic_compare_exchange_n(slot, &known, hash, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return true;
    if (known == hash) return false;
  }
  return true;
}

/// Appends an entry unless the same one is there; returns whether it was new.
static bool append(const char *path, size_t length, const struct stat *status, enum read_log_kind kind) {
  struct read_log_entry entry = {.kind = (uint16_t)kind, .path_length = (uint16_t)length};
  if (status != NULL) {
    entry.device = status->st_dev;
    entry.inode = status->st_ino;
    entry.size = status->st_size;
    entry.modified_ns = status->st_mtim.tv_sec * INT64_C(1000000000) + status->st_mtim.tv_nsec;
    entry.changed_ns = status->st_ctim.tv_sec * INT64_C(1000000000) + status->st_ctim.tv_nsec;
  }
  uint64_t hash = mixed(UINT64_C(14695981039346656037), &entry, sizeof entry);
  if (!is_new(mixed(hash, path, length))) return false;
  uint64_t room = (sizeof entry + length + 7) & ~UINT64_C(7);
  uint64_t start = __atomic_fetch_add(&header()->tail, room, __ATOMIC_RELAXED);
  if (start + room > READ_LOG_ENTRY_BYTES) {
    __atomic_fetch_add(&header()->lost, 1, __ATOMIC_RELAXED);
    return false;
  }
  struct read_log_entry *place = (struct read_log_entry *)(base + READ_LOG_ENTRIES_OFFSET + start);
  memcpy((char *)place + sizeof place->mark, (char *)&entry + sizeof entry.mark, sizeof entry - sizeof entry.mark);
  memcpy(place->path, path, length);
  __atomic_store_n(&place->mark, READ_LOG_MARK, __ATOMIC_RELEASE);
  return true;
}

bool is_of_interest(const char *path) {
  static const char *const never[] = {"/proc/", "/sys/", "/dev/", "/etc/"};
  // The system's own files are not inputs, but for the packages of Python.
  static const char *const packages_only[] = {
      "/usr/lib", "/usr/share/", "/usr/include/", "/usr/local/lib/", "/lib/", "/lib32/", "/lib64/"};
  for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
    if (begins(path, never[i])) return false;
  }
  for (size_t i = 0; i < sizeof packages_only / sizeof packages_only[0]; i++) {
    if (!begins(path, packages_only[i])) continue;
    return strstr(path, "/site-packages/") != NULL || strstr(path, "/dist-packages/") != NULL;
  }
  return true;
}

/// Makes a path absolute in `buffer`; returns its length, or 0.
static size_t absolute(int folder, const char *path, char buffer[PATH_MAX]) {
  size_t length = strnlen(path, PATH_MAX);
  size_t start = 0;
  if (length == 0 || length == PATH_MAX) return 0;
  if (path[0] != '/') {
    if (folder == AT_FDCWD) {
      if (getcwd(buffer, PATH_MAX) == NULL) return 0;
      start = strlen(buffer);
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t count = target_of(link, buffer, PATH_MAX);
      if (count <= 0 || count == PATH_MAX) return 0;
      start = (size_t)count;
    }
    while (length > 2 && path[0] == '.' && path[1] == '/') {
      path += 2;
      length -= 2;
    }
    if (start == 0 || buffer[start - 1] != '/') {
      if (start + 1 >= PATH_MAX) return 0;
      buffer[start++] = '/';
    }
  }
  if (start + length >= PATH_MAX) return 0;
  memcpy(buffer + start, path, length + 1);
  return start + length;
}

/// Notes what a descriptor stands for, where links in its name have led to.
static void append_resolved(int descriptor, const char *name, const struct stat *status, enum read_log_kind kind) {
  char link[64], buffer[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t count = target_of(link, buffer, sizeof buffer - 1);
  if (count <= 0) return;
  buffer[count] = 0;
  struct stat found;
  // A file that is gone by now has no name any more.
  bool stands = buffer[0] == '/' && strcmp(buffer, name) != 0 && status_of(AT_FDCWD, buffer, AT_SYMLINK_NOFOLLOW, &found) == 0;
  if (stands && found.st_dev == status->st_dev && found.st_ino == status->st_ino && is_of_interest(buffer)) {
    append(buffer, (size_t)count, kind == READ_LOG_WRITTEN ? NULL : status, kind);
  }
}

/// Notes a file that was made by its name in the folder to which links in its path have led; the file may be a link itself.
static void append_in_resolved_folder(char path[PATH_MAX]) {
  char folder[PATH_MAX], resolved[PATH_MAX];
  char *name = strrchr(path, '/');
  if (name == NULL || name == path) return;
  snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
  if (resolve(folder, resolved) == NULL || strcmp(resolved, folder) == 0) return;
  size_t length = strlen(resolved);
  if (length + strlen(name) >= sizeof resolved) return;
  strcpy(resolved + length, name);
  append(resolved, strlen(resolved), NULL, READ_LOG_WRITTEN);
}

/// Notes a relative name behind the names by which the process has come to its folder, where they differ from the folder's own.
static void append_followed(
    int folder, const char *path, const char *name, const struct stat *status, enum read_log_kind kind) {
  char buffer[PATH_MAX];
  struct stat here, there;
  if (path[0] == '/' || folder != AT_FDCWD || followed[0] != '/') return;
  int length = snprintf(buffer, sizeof buffer, "%s/%s", followed, path);
  if (length <= 0 || length >= (int)sizeof buffer || strcmp(buffer, name) == 0 || !is_of_interest(buffer)) return;
  // A link that has moved would make another folder of them.
  if (status_of(AT_FDCWD, followed, 0, &there) != 0 || status_of(AT_FDCWD, ".", 0, &here) != 0) return;
  if (here.st_dev != there.st_dev || here.st_ino != there.st_ino) return;
  append(buffer, (size_t)length, kind == READ_LOG_WRITTEN ? NULL : status, kind);
}

void note_folder(const char *path) {
  char joined[PATH_MAX];
  // A child that shares the memory goes to a folder of its own.
  if (base == NULL || path == NULL || getpid() != owner) return;
  int saved = errno;
  int length = path[0] == '/' ? snprintf(joined, sizeof joined, "%s", path)
                              : snprintf(joined, sizeof joined, "%s/%s", followed, path);
  bool isKnown = length > 0 && length < (int)sizeof joined && joined[0] == '/';
  strcpy(followed, isKnown ? joined : "");
  errno = saved;
}

static void note_regular(
    int descriptor, int folder, const char *path, const char *name, size_t length, const struct stat *status,
    enum read_log_kind kind) {
  // What is being written has a new version with each byte; one entry is enough.
  if (append(name, length, kind == READ_LOG_WRITTEN ? NULL : status, kind)) {
    append_resolved(descriptor, name, status, kind);
    note_libraries();
  }
  append_followed(folder, path, name, status, kind);
}

void note_opened(int descriptor, int folder, const char *path, enum read_log_kind kind) {
  if (base == NULL || descriptor < 0 || path == NULL) return;
  int saved = errno;
  char buffer[PATH_MAX];
  struct stat status;
  size_t length = absolute(folder, path, buffer);
  if (length > 0 && is_of_interest(buffer) && fstat(descriptor, &status) == 0) {
    if (S_ISDIR(status.st_mode)) append(buffer, length, &status, READ_LOG_LISTED);
    // What had no content has none of its own.
    if (kind == READ_LOG_EXTENDED && status.st_size == 0) kind = READ_LOG_WRITTEN;
    if (S_ISREG(status.st_mode)) note_regular(descriptor, folder, path, buffer, length, &status, kind);
  }
  errno = saved;
}

void note_path(int folder, const char *path, enum read_log_kind kind) {
  if (base == NULL || path == NULL) return;
  int saved = errno;
  char buffer[PATH_MAX];
  size_t length = absolute(folder, path, buffer);
  bool isProgram = kind == READ_LOG_EXECUTED;
  struct stat status;
  if (length > 0 && (isProgram || is_of_interest(buffer))) {
    append(buffer, length, isProgram && status_of(AT_FDCWD, buffer, 0, &status) == 0 ? &status : NULL, kind);
    if (kind == READ_LOG_WRITTEN) append_in_resolved_folder(buffer);
  }
  errno = saved;
}

void note_read(int folder, const char *path, const struct stat *status) {
  int saved = errno;
  char buffer[PATH_MAX];
  size_t length = absolute(folder, path, buffer);
  if (length > 0 && is_of_interest(buffer)) append(buffer, length, status, READ_LOG_READ);
  errno = saved;
}

void note_look(int folder, const char *path, const struct stat *status) {
  // Programs of the system are looked at by every shell that searches one.
  static const char *const never[] = {"/usr/", "/bin/", "/sbin/"};
  if (base == NULL || path == NULL || path[0] == 0 || !looks_count || !S_ISREG(status->st_mode)) return;
  int saved = errno;
  char buffer[PATH_MAX];
  size_t length = absolute(folder, path, buffer);
  bool counts = length > 0 && is_of_interest(buffer);
  for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) counts = counts && !begins(buffer, never[i]);
  if (counts) {
    append(buffer, length, status, look);
    append_followed(folder, path, buffer, status, look);
  }
  errno = saved;
}

void note_followed(int folder, const char *path, const struct stat *status, enum read_log_kind kind) {
  if (base == NULL || path == NULL) return;
  int saved = errno;
  char buffer[PATH_MAX];
  size_t length = absolute(folder, path, buffer);
  if (length > 0 && is_of_interest(buffer)) {
    append(buffer, length, status, kind);
    append_followed(folder, path, buffer, status, kind);
  }
  errno = saved;
}

void note_moved(int oldFolder, const char *old, int newFolder, const char *new) {
  if (base == NULL || old == NULL || new == NULL) return;
  int saved = errno;
  char both[2 * PATH_MAX], buffer[PATH_MAX];
  struct stat status;
  size_t first = absolute(oldFolder, old, both);
  size_t second = absolute(newFolder, new, buffer);
  if (first > 0 && second > 0 && status_of(AT_FDCWD, buffer, AT_SYMLINK_NOFOLLOW, &status) == 0) {
    memcpy(both + first + 1, buffer, second);
    append(both, first + 1 + second, S_ISREG(status.st_mode) ? &status : NULL, READ_LOG_MOVED);
    append_in_resolved_folder(buffer);
  }
  errno = saved;
}

void note_program(void) {
  char buffer[PATH_MAX];
  ssize_t length = target_of("/proc/self/exe", buffer, sizeof buffer - 1);
  if (base == NULL || length <= 0) return;
  buffer[length] = 0;
  struct stat status;
  if (status_of(AT_FDCWD, buffer, 0, &status) == 0) append(buffer, (size_t)length, &status, READ_LOG_PROGRAM);
}

static int note_library(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  static _Atomic unsigned long long seen;
  unsigned long long *adds = context;
  if (*adds == 0) {
    *adds = info->dlpi_adds;
    if (atomic_load(&seen) == info->dlpi_adds) return 1;
    atomic_store(&seen, info->dlpi_adds);
  }
  const char *path = info->dlpi_name;
  struct stat status;
  char buffer[PATH_MAX];
  size_t length = path != NULL && strchr(path, '/') != NULL ? absolute(AT_FDCWD, path, buffer) : 0;
  if (length > 0 && is_of_interest(buffer) && status_of(AT_FDCWD, buffer, 0, &status) == 0) {
    append(buffer, length, &status, READ_LOG_LIBRARY);
  }
  return 0;
}

void note_libraries(void) {
  static _Thread_local bool isNoting;
  if (base == NULL || isNoting) return;
  isNoting = true;
  unsigned long long adds = 0;
  dl_iterate_phdr(note_library, &adds);
  isNoting = false;
}
