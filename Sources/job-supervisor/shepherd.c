#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

enum {
  /// Time for descendants to end by themselves after the process has ended, such as a `tee` behind it.
  LINGER_MS = 250,
  /// Pause between two rounds of SIGKILL.
  KILL_ROUND_MS = 10,
  /// A process that outlives SIGKILL this long hangs in the kernel and is left to it.
  KILL_LIMIT_MS = 10000,
  /// Pause between two looks at the memory of the tree, and the one when half of the limit is reached.
  MEMORY_ROUND_MS = 100,
  MEMORY_CLOSE_ROUND_MS = 15,
};

static const int64_t NEVER = INT64_MAX;

/// Everything the shepherd knows while its job runs.
struct flock_state {
  struct job *job;
  struct cprocess_report report;
  int report_descriptor;
  int command_descriptor;
  pid_t main_pid;
  int main_ended;
  /// Deadlines in monotonic nanoseconds.
  int64_t limit_at, kill_at, linger_at, give_up_at, memory_at;
  int killing;
  int pipes[2];
  cprocess_log *logs[2];
};

static int64_t after_ms(int64_t milliseconds) {
  int64_t now = cprocess_monotonic_ns();
  return milliseconds > (NEVER - now) / 1000000 ? NEVER : now + milliseconds * 1000000;
}

struct start_error {
  int32_t stage;
  int32_t number;
};

/// The child's way from vfork to exec; on failure it tells the shepherd through `error_pipe`.
///
/// It shares the shepherd's memory, which waits for exec: a copy of its page tables would take as long as all the rest.
static _Noreturn void become_program(struct job *job, const int streams[3], int error_pipe, pid_t shepherd) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != shepherd) _exit(127);
  struct start_error error = {.stage = CPROCESS_STAGE_DIRECTORY};
  // Descriptors 0 to 2 are always open here, so no source is below 3 and none is overwritten.
  for (int i = 0; i < 3; i++) dup2(streams[i], i);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  if (chdir(job->directory) == 0) {
    environ = job->environment;
    execvp(job->arguments[0], job->arguments);
    error.stage = CPROCESS_STAGE_PROGRAM;
  }
  error.number = errno;
  (void)cprocess_write_all(error_pipe, &error, sizeof error);
  _exit(127);
}

/// Opens the pipes of the bounded streams and fills in what the child uses as its standard streams.
static int open_streams(struct flock_state *state, int streams[3]) {
  const uint64_t limits[2] = {state->job->start.stdout_limit, state->job->start.stderr_limit};
  streams[0] = state->job->descriptors[0];
  for (int i = 0; i < 2; i++) {
    streams[i + 1] = state->job->descriptors[i + 1];
    state->pipes[i] = -1;
    if (limits[i] == 0) continue;
    int ends[2];
    if (cprocess_pipe(ends) < 0) return -1;
    cprocess_set_nonblocking(ends[0]);
    state->pipes[i] = ends[0];
    state->logs[i] = cprocess_log_create(state->job->descriptors[i + 1], limits[i]);
    if (!state->logs[i]) return -1;
    streams[i + 1] = ends[1];
  }
  return 0;
}

static _Noreturn void send_report(struct flock_state *state) {
  (void)cprocess_write_all(state->report_descriptor, &state->report, sizeof state->report);
  _exit(0);
}

static void start_program(struct flock_state *state) {
  struct start_error error = {.stage = CPROCESS_STAGE_FORK};
  int streams[3], error_ends[2];
  pid_t self = getpid();
  state->report.start_monotonic_ns = cprocess_monotonic_ns();
  if (open_streams(state, streams) == 0 && cprocess_pipe(error_ends) == 0) {
    state->main_pid = vfork();
    if (state->main_pid == 0) become_program(state->job, streams, error_ends[1], self);
    error.number = errno;
    close(error_ends[1]);
    for (int i = 0; i < 3; i++) close(streams[i]);
    if (state->main_pid > 0 && cprocess_read_all(error_ends[0], &error, sizeof error) == 0) {
      close(error_ends[0]);
      if (!state->job->start.reports_start) return;
      state->report.kind = CPROCESS_STARTED;
      state->report.pid = state->main_pid;
      (void)cprocess_write_all(state->report_descriptor, &state->report, sizeof state->report);
      return;
    }
  } else {
    error.number = errno;
  }
  state->report.kind = CPROCESS_NOT_STARTED;
  state->report.end_monotonic_ns = cprocess_monotonic_ns();
  state->report.error_number = error.number;
  state->report.error_stage = (uint32_t)error.stage;
  send_report(state);
}

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }

static void add_usage(struct cprocess_report *report, const struct rusage *usage) {
  report->user_us += microseconds(usage->ru_utime);
  report->system_us += microseconds(usage->ru_stime);
  if (usage->ru_maxrss > report->max_rss_kib) report->max_rss_kib = usage->ru_maxrss;
  report->minor_faults += usage->ru_minflt;
  report->major_faults += usage->ru_majflt;
  report->voluntary_switches += usage->ru_nvcsw;
  report->involuntary_switches += usage->ru_nivcsw;
  report->blocks_in += usage->ru_inblock;
  report->blocks_out += usage->ru_oublock;
}

/// Reaps what has ended. Returns 1 when no descendant is left.
static int reap(struct flock_state *state) {
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid == 0) return 0;
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return 1;
    add_usage(&state->report, &usage);
    if (pid != state->main_pid) continue;
    state->main_ended = 1;
    state->report.end_monotonic_ns = cprocess_monotonic_ns();
    if (WIFSIGNALED(status))
      state->report.signal_number = WTERMSIG(status);
    else
      state->report.exit_code = WEXITSTATUS(status);
    state->limit_at = state->memory_at = NEVER;
    state->linger_at = after_ms(LINGER_MS);
  }
}

static void kill_tree(struct flock_state *state) {
  if (!state->killing) state->give_up_at = after_ms(KILL_LIMIT_MS);
  state->killing = 1;
  // The group first: the kernel signals it in one step, so that a process which forks all the time cannot outrun it.
  if (!state->main_ended) kill(-state->main_pid, SIGKILL);
  int killed = tree_signal(getpid(), NULL, 0, SIGKILL);
  if (state->main_ended && state->report.cause == CPROCESS_OWN_END && state->report.strays == 0)
    state->report.strays = (uint32_t)killed;
  state->kill_at = after_ms(KILL_ROUND_MS);
}

static void end_job(struct flock_state *state, enum cprocess_cause cause, int at_once) {
  if (state->report.cause == CPROCESS_OWN_END && !state->main_ended) state->report.cause = cause;
  state->limit_at = NEVER;
  if (at_once) {
    kill_tree(state);
  } else if (!state->killing) {
    tree_signal(getpid(), NULL, 0, SIGTERM);
    tree_signal(getpid(), NULL, 0, SIGCONT);
    if (state->kill_at == NEVER) state->kill_at = after_ms(state->job->start.grace_ms);
  }
}

static void obey(struct flock_state *state) {
  char command;
  ssize_t count = read(state->command_descriptor, &command, 1);
  if (count < 0) return;
  if (count == 0) {
    end_job(state, CPROCESS_ORPHANED, 1);
    close(state->command_descriptor);
    state->command_descriptor = -1;
  } else if (command == CPROCESS_KILL) {
    end_job(state, CPROCESS_KILLED, 1);
  } else {
    end_job(state, CPROCESS_TERMINATED, 0);
  }
}

/// Moves what a bounded stream holds into its log, at most `rounds` blocks.
static void copy_stream(struct flock_state *state, int stream, int rounds) {
  char block[65536];
  while (state->pipes[stream] >= 0 && rounds-- > 0) {
    ssize_t count = read(state->pipes[stream], block, sizeof block);
    if (count > 0) {
      cprocess_log_write(state->logs[stream], block, (size_t)count);
    } else if (count == 0) {
      close(state->pipes[stream]);
      state->pipes[stream] = -1;
    } else if (errno != EINTR) {
      return;
    }
  }
}

static void watch_memory(struct flock_state *state) {
  const int64_t limit = (int64_t)state->job->start.memory_limit_kib;
  int64_t held = tree_memory_kib(getpid(), limit);
  if (held > state->report.tree_peak_kib) state->report.tree_peak_kib = held;
  state->memory_at = held > limit ? NEVER : after_ms(held > limit / 2 ? MEMORY_CLOSE_ROUND_MS : MEMORY_ROUND_MS);
  if (held > limit) end_job(state, CPROCESS_MEMORY_LIMIT, 1);
}

static void meet_deadlines(struct flock_state *state) {
  int64_t now = cprocess_monotonic_ns();
  if (now >= state->memory_at) watch_memory(state);
  if (now >= state->limit_at) end_job(state, CPROCESS_TIME_LIMIT, 0);
  if (now >= state->kill_at || (now >= state->linger_at && !state->killing)) kill_tree(state);
}

static int next_timeout_ms(const struct flock_state *state) {
  int64_t next = state->limit_at < state->kill_at ? state->limit_at : state->kill_at;
  if (!state->killing && state->linger_at < next) next = state->linger_at;
  if (state->memory_at < next) next = state->memory_at;
  if (next == NEVER) return -1;
  int64_t left = next - cprocess_monotonic_ns();
  if (left <= 0) return 0;
  return left > 3600000000000 ? 3600000 : (int)((left + 999999) / 1000000);
}

static void watch(struct flock_state *state, int child_signals) {
  while (!reap(state) && cprocess_monotonic_ns() < state->give_up_at) {
    struct pollfd waits[4] = {{.fd = child_signals, .events = POLLIN},
                              {.fd = state->command_descriptor, .events = POLLIN},
                              {.fd = state->pipes[0], .events = POLLIN},
                              {.fd = state->pipes[1], .events = POLLIN}};
    if (poll(waits, 4, next_timeout_ms(state)) > 0) {
      struct signalfd_siginfo signals[8];
      if (waits[0].revents) (void)!read(child_signals, signals, sizeof signals);
      if (waits[1].revents) obey(state);
      for (int i = 0; i < 2; i++)
        if (waits[i + 2].revents) copy_stream(state, i, 8);
    }
    meet_deadlines(state);
  }
}

_Noreturn void shepherd_run(struct job *job, int command_descriptor, int report_descriptor) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "job-shepherd");
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  int child_signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  struct flock_state state = {.job = job,
                              .report_descriptor = report_descriptor,
                              .command_descriptor = command_descriptor,
                              .kill_at = NEVER,
                              .linger_at = NEVER,
                              .give_up_at = NEVER,
                              .limit_at = NEVER,
                              .memory_at = NEVER};
  state.report.id = job->id;
  start_program(&state);
  if (job->start.time_limit_ms > 0) state.limit_at = after_ms(job->start.time_limit_ms);
  if (job->start.memory_limit_kib > 0) state.memory_at = after_ms(MEMORY_CLOSE_ROUND_MS);
  watch(&state, child_signals);
  for (int i = 0; i < 2; i++) copy_stream(&state, i, 1 << 20);
  if (state.logs[0]) state.report.stdout_cut = cprocess_log_finish(state.logs[0]);
  if (state.logs[1]) state.report.stderr_cut = cprocess_log_finish(state.logs[1]);
  state.report.kind = CPROCESS_EXITED;
  state.report.out_of_memory = state.report.signal_number == SIGKILL && memory_kills() > job->memory_kills;
  if (state.report.end_monotonic_ns == 0) state.report.end_monotonic_ns = cprocess_monotonic_ns();
  send_report(&state);
}
