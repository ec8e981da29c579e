#define _GNU_SOURCE
#include "read_log.h"

#include <sys/mman.h>
#include <unistd.h>

int read_log_create(void) {
  int descriptor = memfd_create("reads", MFD_CLOEXEC);
  if (descriptor < 0) return -1;
  const uint64_t magic = READ_LOG_MAGIC;
  if (ftruncate(descriptor, READ_LOG_BYTES) == 0 && pwrite(descriptor, &magic, sizeof magic, 0) == sizeof magic) return descriptor;
  close(descriptor);
  return -1;
}
