/// The parts of the supervisor: the server that forks, the shepherd of one job, the tree of its processes.
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cprocess.h"

/// One job as the shepherd needs it; the strings belong to the request's body.
struct job {
  uint64_t id;
  struct cprocess_start start;
  const char *directory;
  char **arguments;
  char **environment;
  /// Standard input, output and error of the process.
  int descriptors[3];
  /// What `memory_kills` was shortly before the job began.
  long long memory_kills;
};

/// Splits the body of a start request into a job. Returns 0, or -1 if it is malformed or memory is short.
int job_parse(struct job *job, const char *body, size_t length);

/// Runs one job to its end and reports it; never returns.
_Noreturn void shepherd_run(struct job *job, int command_descriptor, int report_descriptor);

/// Sends a signal to all descendants of `root`, the subtrees of `except` left out. Returns how many were signalled.
int tree_signal(pid_t root, const pid_t *except, size_t except_count, int signal_number);

/// Returns what all descendants of `root` hold together; above the limit, pages that they share are counted once.
int64_t tree_memory_kib(pid_t root, int64_t limit_kib);

/// Returns how many processes of this machine the kernel has killed for want of memory, or -1.
long long memory_kills(void);

#endif
