/// The parts of the supervisor: the server that forks, the shepherd of one job, the tree of its processes.
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cprocess.h"

/// One job as the shepherd needs it; the strings belong to the request's body.
struct job {
  uint64_t id;
  struct cprocess_start start;
  const char *directory;
  /// Files of standard output and error, where they have a limit.
  const char *logs[2];
  char **arguments;
  char **environment;
  /// Standard input, output and error of the process; -1 where none was sent.
  int descriptors[3];
  /// What `memory_kills` was shortly before the job began.
  long long memory_kills;
};

/// Takes the body of a request from the socket. The caller frees it; NULL if the other end is gone or memory is short.
char *job_receive_body(int socket, const struct cprocess_request *request);

/// Splits the body of a start request into a job. Returns 0, or the errno of what is wrong with it.
int job_parse(struct job *job, const char *body, size_t length, const int descriptors[3]);

/// Frees what `job_parse` has made; the body stays.
void job_free(struct job *job);

struct start_error {
  int32_t stage;
  int32_t number;
};

/// Starts the program of a job with these standard streams. Returns its process id, or -1 with the reason in `error`.
pid_t program_start(const struct job *job, const int streams[3], struct start_error *error);

/// Runs the jobs that arrive on the socket, one after the other, until its other end is closed; never returns.
///
/// `is_idle` is raised after each job that has left nothing behind; after any other the shepherd ends. Who sends a job lowers it.
_Noreturn void shepherd_run(int control, int report_descriptor, atomic_int *is_idle);

/// How many processes were signalled, and how many of them hang in the kernel.
struct tree_signalled {
  int count, hanging;
};

/// Sends a signal to all descendants of `root`, the subtrees of `except` left out.
struct tree_signalled tree_signal(pid_t root, const pid_t *except, size_t except_count, int signal_number);

/// Kills all descendants that belong to no living shepherd.
void orphans_kill(const pid_t *living, size_t count);

/// Tells whether the kernel says what descendants hold. Returns 0, or -1 with errno set.
int tree_memory_check(void);

/// Returns what all descendants of `root` hold together; above the limit, pages that they share are counted once.
int64_t tree_memory_kib(pid_t root, int64_t limit_kib);

/// Returns how many processes of this machine the kernel has killed for want of memory, or -1.
long long memory_kills(void);

/// What `memory_kills` was within the last second: reading it anew for every job would cost as much as a pipe or two.
long long recent_memory_kills(void);

#endif
