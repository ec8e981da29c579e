#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cprocess.h"

struct cprocess_log {
  char *path;
  /// -1 until the first byte.
  int descriptor;
  size_t head_left;
  /// The last `tail_size` bytes past the head, as a ring that begins at `tail_next` once it is full.
  char *tail;
  size_t tail_size;
  size_t tail_next;
  uint64_t tail_total;
};

cprocess_log *cprocess_log_create(const char *path, size_t limit) {
  cprocess_log *log = calloc(1, sizeof *log);
  if (!log) return NULL;
  log->path = strdup(path);
  log->descriptor = -1;
  log->head_left = limit - limit / 2;
  log->tail_size = limit / 2;
  if (log->path) return log;
  free(log);
  return NULL;
}

static void put(cprocess_log *log, const char *bytes, size_t length) {
  if (log->descriptor < 0 && log->path) {
    log->descriptor = open(log->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    // Tried once: what comes after lost bytes would be taken for the beginning.
    free(log->path);
    log->path = NULL;
  }
  // A full disk must not stop the process that is being watched: what cannot be written is lost.
  if (log->descriptor >= 0) (void)cprocess_write_all(log->descriptor, bytes, length);
}

void cprocess_log_write(cprocess_log *log, const void *bytes, size_t length) {
  if (length == 0) return;
  const char *next = bytes;
  if (log->head_left > 0) {
    size_t part = length < log->head_left ? length : log->head_left;
    put(log, next, part);
    log->head_left -= part;
    next += part;
    length -= part;
  }
  if (length == 0) return;
  log->tail_total += length;
  if (!log->tail) log->tail = malloc(log->tail_size ? log->tail_size : 1);
  if (!log->tail || log->tail_size == 0) return;
  if (length > log->tail_size) {
    next += length - log->tail_size;
    length = log->tail_size;
  }
  size_t room = log->tail_size - log->tail_next;
  size_t first = length < room ? length : room;
  memcpy(log->tail + log->tail_next, next, first);
  memcpy(log->tail, next + first, length - first);
  log->tail_next = (log->tail_next + length) % log->tail_size;
}

uint64_t cprocess_log_finish(cprocess_log *log) {
  uint64_t kept = 0;
  if (log->tail && log->tail_size > 0) kept = log->tail_total < log->tail_size ? log->tail_total : log->tail_size;
  uint64_t cut = log->tail_total - kept;
  if (cut > 0) {
    char note[96];
    int length = snprintf(note, sizeof note, "\n[... %" PRIu64 " bytes left out here ...]\n", cut);
    put(log, note, (size_t)length);
  }
  if (kept == log->tail_size && kept > 0) put(log, log->tail + log->tail_next, log->tail_size - log->tail_next);
  if (kept > 0) put(log, log->tail, log->tail_next);
  if (log->descriptor >= 0) close(log->descriptor);
  free(log->path);
  free(log->tail);
  free(log);
  return cut;
}
