#define _GNU_SOURCE
#include "cprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MAXIMUM_SPAWN_DESCRIPTORS = 16 };

int cprocess_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int cprocess_socketpair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }

int cprocess_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int cprocess_set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

void cprocess_share_allocations(void) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 1);
#endif
}

int64_t cprocess_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Fills the attributes and actions of a spawn; the first failure ends it.
static int prepare_spawn(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions, const int *copies,
                         int count, int has_own_session) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (has_own_session ? POSIX_SPAWN_SETSID : 0);
  if (!error) error = posix_spawnattr_setflags(attributes, (short)flags);
  for (int i = 0; !error && i < count; i++) error = posix_spawn_file_actions_adddup2(actions, copies[i], i);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, count);
  return error;
}

pid_t cprocess_spawn(const char *path, char *const arguments[], char *const environment[], const int *descriptors,
                     int count, int has_own_session) {
  if (count < 0 || count > MAXIMUM_SPAWN_DESCRIPTORS) {
    errno = EINVAL;
    return -1;
  }
  // Copies above the target range, so that no dup2 overwrites a source that is still needed.
  int copies[MAXIMUM_SPAWN_DESCRIPTORS];
  int made = 0, error = 0;
  for (; made < count; made++) {
    copies[made] = fcntl(descriptors[made], F_DUPFD_CLOEXEC, MAXIMUM_SPAWN_DESCRIPTORS);
    if (copies[made] < 0) {
      error = errno;
      break;
    }
  }
  pid_t pid = -1;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&actions);
  if (!error) error = prepare_spawn(&attributes, &actions, copies, count, has_own_session);
  if (!error) error = posix_spawnp(&pid, path, &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  for (int i = 0; i < made; i++) close(copies[i]);
  if (!error) return pid;
  errno = error;
  return -1;
}

int cprocess_write_all(int descriptor, const void *bytes, size_t length) {
  const char *next = bytes;
  while (length > 0) {
    ssize_t written = write(descriptor, next, length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    next += written;
    length -= (size_t)written;
  }
  return 0;
}

int cprocess_read_all(int descriptor, void *bytes, size_t length) {
  char *next = bytes;
  while (length > 0) {
    ssize_t count = read(descriptor, next, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return (int)count;
    next += count;
    length -= (size_t)count;
  }
  return 1;
}

int cprocess_send(int socket, const struct cprocess_request *request, const void *body, const int *descriptors,
                  int count, int waits) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(3 * sizeof(int))];
  } control = {0};
  struct iovec parts[2] = {{.iov_base = (void *)request, .iov_len = sizeof *request},
                           {.iov_base = (void *)body, .iov_len = request->length}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = request->length > 0 ? 2 : 1};
  if (count > 0 && count <= 3) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(rights), descriptors, (size_t)count * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT));
  while (sent < 0 && errno == EINTR);
  if (sent < (ssize_t)sizeof *request) return -1;
  const char *next = (const char *)body + (sent - (ssize_t)sizeof *request);
  size_t left = request->length - ((size_t)sent - sizeof *request);
  while (left > 0) {
    sent = send(socket, next, left, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return -1;
    next += sent;
    left -= (size_t)sent;
  }
  return 0;
}

int cprocess_receive(int socket, struct cprocess_request *request, int descriptors[3]) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(3 * sizeof(int))];
  } control = {0};
  struct iovec part = {.iov_base = request, .iov_len = sizeof *request};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  for (int i = 0; i < 3; i++) descriptors[i] = -1;
  ssize_t count;
  do count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
  while (count < 0 && errno == EINTR);
  if (count <= 0) return (int)count;
  for (struct cmsghdr *rights = CMSG_FIRSTHDR(&message); rights; rights = CMSG_NXTHDR(&message, rights)) {
    if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) continue;
    size_t bytes = rights->cmsg_len - CMSG_LEN(0);
    memcpy(descriptors, CMSG_DATA(rights), bytes > 3 * sizeof(int) ? 3 * sizeof(int) : bytes);
  }
  size_t missing = sizeof *request - (size_t)count;
  return missing == 0 ? 1 : cprocess_read_all(socket, (char *)request + count, missing);
}
