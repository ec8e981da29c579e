/// System calls that Swift's Glibc module does not import, the wire form between orchestrator and job-supervisor,
/// and a log file of bounded size. Functions return -1 and set errno on failure unless said otherwise.
#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Makes a pipe whose ends are closed on exec: `ends[0]` reads, `ends[1]` writes.
int cprocess_pipe(int ends[2]);

/// Makes a connected pair of Unix stream sockets that are closed on exec.
int cprocess_socketpair(int ends[2]);

/// Makes a counter that wakes a poll: write eight bytes to raise it, read eight to clear it. Closed on exec, non-blocking.
int cprocess_eventfd(void);

/// Makes reads and writes of a descriptor return EAGAIN instead of waiting.
int cprocess_set_nonblocking(int descriptor);

/// Starts a program with a clean signal mask and default signal actions; if `has_own_session` is not 0, in a session of its own.
///
/// Descriptor `descriptors[i]` becomes `i` in the child; everything above is closed.
/// Returns the child's process id, or -1 with errno set when the program cannot be started.
pid_t cprocess_spawn(const char *path, char *const arguments[], char *const environment[], const int *descriptors,
                     int count, int has_own_session);

/// Descriptor in the supervisor on which requests arrive.
#define CPROCESS_CONTROL_DESCRIPTOR 3
/// Descriptor in the supervisor to which reports go.
#define CPROCESS_REPORT_DESCRIPTOR 4

/// What a request asks for.
enum cprocess_request_kind {
  /// Start a process; a `cprocess_start` and its strings follow, up to three descriptors come along.
  CPROCESS_START = 1,
  /// SIGTERM to the whole tree, SIGKILL after the grace period.
  CPROCESS_TERMINATE = 2,
  /// SIGKILL to the whole tree at once.
  CPROCESS_KILL = 3,
};

/// Precedes every request.
struct cprocess_request {
  uint64_t id;
  uint32_t kind;
  /// Bytes that follow.
  uint32_t length;
};

/// Body of a start request. The strings follow, each ended by a zero byte: working directory, files for standard output and error,
/// arguments, environment.
struct cprocess_start {
  /// 0 means unlimited.
  int64_t time_limit_ms;
  /// Between SIGTERM and SIGKILL.
  int64_t grace_ms;
  /// Greatest size of the stream's file; 0 if it has none.
  uint64_t stdout_limit;
  uint64_t stderr_limit;
  /// Most memory that the process and its descendants may hold together; 0 means unlimited.
  uint64_t memory_limit_kib;
  /// 1 if a report is wanted as soon as the program runs.
  uint32_t reports_start;
  /// Bit `i` says that a descriptor for stream `i` comes along; a stream with neither descriptor nor file is /dev/null.
  uint32_t passed;
  uint32_t argument_count;
  uint32_t environment_count;
};

/// What a report says.
enum cprocess_report_kind {
  /// The program runs; `pid` is set.
  CPROCESS_STARTED = 1,
  /// The process and all its descendants are gone.
  CPROCESS_EXITED = 2,
  /// The program could not be started; `error_number` says why and `error_stage` what was tried.
  CPROCESS_NOT_STARTED = 3,
  /// The process that watched the job died; its tree was killed.
  CPROCESS_LOST = 4,
  /// The supervisor is ready for requests; its first report.
  CPROCESS_READY = 5,
};

/// What ended a process.
enum cprocess_cause {
  CPROCESS_OWN_END = 0,
  CPROCESS_TIME_LIMIT = 1,
  CPROCESS_TERMINATED = 2,
  CPROCESS_KILLED = 3,
  /// The orchestrator or the supervisor went away.
  CPROCESS_ORPHANED = 4,
  CPROCESS_MEMORY_LIMIT = 5,
  /// Something stopped the process that watched the job, again and again.
  CPROCESS_STOPPED = 6,
};

/// The step that failed when a program could not be started.
enum cprocess_start_stage {
  CPROCESS_STAGE_FORK = 1,
  CPROCESS_STAGE_DIRECTORY = 2,
  CPROCESS_STAGE_PROGRAM = 3,
  /// The kernel does not say what the tree holds, so that its limit could not be kept.
  CPROCESS_STAGE_MEMORY_LIMIT = 4,
};

/// One report; smaller than PIPE_BUF, so that many processes may write to one pipe.
struct cprocess_report {
  uint64_t id;
  uint32_t kind;
  uint32_t cause;
  int32_t pid;
  int32_t exit_code;
  /// 0 unless a signal ended the process.
  int32_t signal_number;
  int32_t error_number;
  uint32_t error_stage;
  /// Descendants that were still alive when the process had ended, and were killed.
  uint32_t strays;
  /// 1 if the kernel killed a process of this machine for want of memory while the job ran.
  uint32_t out_of_memory;
  uint32_t reserved;
  int64_t start_monotonic_ns;
  int64_t end_monotonic_ns;
  int64_t user_us;
  int64_t system_us;
  int64_t max_rss_kib;
  /// Greatest amount seen of what the process and its descendants held together; 0 without a limit.
  int64_t tree_peak_kib;
  int64_t minor_faults;
  int64_t major_faults;
  int64_t voluntary_switches;
  int64_t involuntary_switches;
  int64_t blocks_in;
  int64_t blocks_out;
  /// Bytes left out of the bounded files.
  uint64_t stdout_cut;
  uint64_t stderr_cut;
};

/// Sends a request with its body and `count` descriptors (at most 3). Returns 0, or -1 when the other end is gone; if `waits` is 0
/// also when there is no room for it now.
int cprocess_send(int socket, const struct cprocess_request *request, const void *body, const int *descriptors,
                  int count, int waits);

/// Receives the head of a request and up to three descriptors; absent ones are -1.
/// Returns 1, 0 at end of file, -1 on error.
int cprocess_receive(int socket, struct cprocess_request *request, int descriptors[3]);

/// Reads exactly `length` bytes, waiting as long as it takes. Returns 1, 0 at end of file, -1 on error.
int cprocess_read_all(int descriptor, void *bytes, size_t length);

/// Writes exactly `length` bytes to a blocking descriptor. Returns 0, or -1 on error.
int cprocess_write_all(int descriptor, const void *bytes, size_t length);

/// Makes all threads allocate from one place, instead of reserving 64 MiB of address space for each.
void cprocess_share_allocations(void);

/// The monotonic clock in nanoseconds.
int64_t cprocess_monotonic_ns(void);

/// A log file that keeps the beginning and the end of what is written to it.
typedef struct cprocess_log cprocess_log;

/// Begins a log of at most about `limit` bytes; its file is made, or made empty, by the first byte. NULL when memory is short.
cprocess_log *cprocess_log_create(const char *path, size_t limit);

/// Appends bytes; past half of the limit only the last half is remembered.
void cprocess_log_write(cprocess_log *log, const void *bytes, size_t length);

/// Writes the remembered end, closes the file and frees the log. Returns how many bytes were left out.
uint64_t cprocess_log_finish(cprocess_log *log);

#endif
