#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervisor.h"

struct process {
  pid_t pid;
  pid_t parent;
  /// In clock ticks since boot; with the number it names a process for ever.
  unsigned long long start;
  /// A zombie cannot be signalled, but its children may still name it as their parent.
  int is_zombie;
  /// It waits in the kernel for something that no signal ends.
  int hangs;
  int included;
};

/// Describes a process. Returns 0, or -1 if it is gone.
static int describe(pid_t pid, struct process *process) {
  char path[48], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return -1;
  text[count] = 0;
  // The program's name may hold any character, so the fields begin behind the last parenthesis.
  char *fields = strrchr(text, ')');
  char state;
  int parent, threads;
  unsigned long long start;
  // Fields 3, 4, 20 and 22 of proc(5): state, parent, threads, start time.
  if (!fields || sscanf(fields + 1,
                        " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d %*d %llu", &state,
                        &parent, &threads, &start) != 4)
    return -1;
  // A process whose first thread has ended looks like a zombie while its other threads go on.
  const int is_zombie = (state == 'Z' || state == 'X') && threads <= 1;
  *process = (struct process){
      .pid = pid, .parent = parent, .start = start, .is_zombie = is_zombie, .hangs = state == 'D'};
  return 0;
}

/// Lists all processes. The caller frees the list.
static struct process *snapshot(size_t *count) {
  *count = 0;
  DIR *folder = opendir("/proc");
  if (!folder) return NULL;
  size_t room = 0;
  struct process *list = NULL;
  for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    struct process process;
    if (describe((pid_t)atoi(entry->d_name), &process) < 0) continue;
    if (*count == room) {
      room = room ? room * 2 : 256;
      struct process *larger = realloc(list, room * sizeof *list);
      if (!larger) break;
      list = larger;
    }
    list[(*count)++] = process;
  }
  closedir(folder);
  return list;
}

static int contains(const pid_t *list, size_t count, pid_t pid) {
  for (size_t i = 0; i < count; i++)
    if (list[i] == pid) return 1;
  return 0;
}

/// Signals a process unless its number has meanwhile passed to another one. Returns 1 if it was signalled.
static int signal_process(const struct process *process, int signal_number) {
  struct process now;
  if (process->is_zombie) return 0;
  int handle = (int)syscall(SYS_pidfd_open, process->pid, 0);
  if (handle < 0) return 0;
  int sent = 0;
  if (describe(process->pid, &now) == 0 && now.start == process->start)
    sent = syscall(SYS_pidfd_send_signal, handle, signal_number, NULL, 0) == 0;
  close(handle);
  return sent;
}

struct tree_signalled tree_signal(pid_t root, const pid_t *except, size_t except_count, int signal_number) {
  size_t count = 0;
  struct process *list = snapshot(&count);
  for (int grown = 1; grown;) {
    grown = 0;
    for (size_t i = 0; i < count; i++) {
      if (list[i].included || contains(except, except_count, list[i].pid)) continue;
      int below = list[i].parent == root;
      for (size_t j = 0; !below && j < count; j++) below = list[j].included && list[j].pid == list[i].parent;
      if (below) grown = list[i].included = 1;
    }
  }
  struct tree_signalled sent = {0};
  for (size_t i = 0; i < count; i++) {
    if (!list[i].included || !signal_process(&list[i], signal_number)) continue;
    sent.count++;
    sent.hanging += list[i].hangs;
  }
  free(list);
  return sent;
}
