#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervisor.h"

struct pid_list {
  pid_t *pids;
  size_t count, room;
};

/// Returns 0, or -1 when memory is short.
static int append(struct pid_list *list, pid_t pid) {
  if (list->count == list->room) {
    size_t room = list->room ? list->room * 2 : 64;
    pid_t *larger = realloc(list->pids, room * sizeof *larger);
    if (!larger) return -1;
    list->pids = larger;
    list->room = room;
  }
  list->pids[list->count++] = pid;
  return 0;
}

/// Appends the children of one thread.
static void append_children(struct pid_list *list, const char *path) {
  FILE *file = fopen(path, "re");
  if (!file) return;
  int pid;
  while (fscanf(file, "%d", &pid) == 1)
    if (append(list, (pid_t)pid) < 0) break;
  fclose(file);
}

/// Lists all descendants of a process; every thread keeps its own children.
static struct pid_list descendants(pid_t root) {
  struct pid_list list = {0};
  char path[320];
  pid_t parent = root;
  for (size_t next = 0;; parent = list.pids[next++]) {
    snprintf(path, sizeof path, "/proc/%d/task", (int)parent);
    DIR *tasks = opendir(path);
    for (struct dirent *task = tasks ? readdir(tasks) : NULL; task; task = readdir(tasks)) {
      if (!isdigit((unsigned char)task->d_name[0])) continue;
      snprintf(path, sizeof path, "/proc/%d/task/%s/children", (int)parent, task->d_name);
      append_children(&list, path);
    }
    if (tasks) closedir(tasks);
    if (next == list.count) return list;
  }
}

static int64_t resident_kib(pid_t pid) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  long long pages = 0;
  if (fscanf(file, "%*d %lld", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/// What is resident, each page divided by the number of processes that share it; what is resident if the kernel does not say.
static int64_t proportional_kib(pid_t pid) {
  char path[48], line[128];
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
  FILE *file = fopen(path, "re");
  long long kib = -1;
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "Pss: %lld kB", &kib) == 1) break;
  if (file) fclose(file);
  return kib >= 0 ? kib : resident_kib(pid);
}

int tree_memory_check(void) {
  char children[64];
  snprintf(children, sizeof children, "/proc/self/task/%d/children", (int)getpid());
  return access(children, R_OK) < 0 ? -1 : access("/proc/self/statm", R_OK);
}

int64_t tree_memory_kib(pid_t root, int64_t limit_kib) {
  struct pid_list list = descendants(root);
  int64_t sum = 0;
  for (size_t i = 0; i < list.count; i++) sum += resident_kib(list.pids[i]);
  // Pages that several processes share were counted for each; the exact sum is slow and only needed when it decides.
  if (sum > limit_kib) {
    sum = 0;
    for (size_t i = 0; i < list.count; i++) sum += proportional_kib(list.pids[i]);
  }
  free(list.pids);
  return sum;
}

long long memory_kills(void) {
  FILE *file = fopen("/proc/vmstat", "re");
  if (!file) return -1;
  char line[128];
  long long count = -1;
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "oom_kill %lld", &count) == 1) break;
  fclose(file);
  return count;
}

long long recent_memory_kills(void) {
  static long long count;
  static int64_t next_at;
  int64_t now = cprocess_monotonic_ns();
  if (now >= next_at) {
    count = memory_kills();
    next_at = now + 1000000000;
  }
  return count;
}
