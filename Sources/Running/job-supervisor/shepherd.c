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

/// A shepherd that has held more is not used again: its peak at the fork is the least that its child's can be.
/// One that is built with a sanitizer always holds more.
#ifndef PEAK_LIMIT_KIB
#define PEAK_LIMIT_KIB 1024
#endif

enum {
  /// Time for descendants to end by themselves after the process has ended, such as a `tee` behind it.
  LINGER_MS = 250,
  /// Pause between two rounds of SIGKILL.
  KILL_ROUND_MS = 10,
  /// When all that is left has hung in the kernel this long, it is left to it.
  HANG_LIMIT_MS = 10000,
  /// The end of killing whatever is left: something starts processes faster than they die. A busy machine may need most of it.
  KILL_LIMIT_MS = 120000,
  /// Pause between two looks at the memory of the tree, and the one when half of the limit is reached.
  MEMORY_ROUND_MS = 100,
  MEMORY_CLOSE_ROUND_MS = 15,
};

static const int64_t NEVER = INT64_MAX;

/// Everything the shepherd knows while its job runs.
struct shepherd_state {
  struct job *job;
  struct cprocess_report report;
  int report_descriptor;
  /// Where commands come from; -1 when the other end is gone.
  int control;
  pid_t main_pid;
  int main_ended;
  int none_left;
  /// Deadlines in monotonic nanoseconds.
  int64_t limit_at, kill_at, linger_at, hung_at, give_up_at, memory_at;
  int killing;
  int pipes[2];
  cprocess_log *logs[2];
};

static int64_t after_ms(int64_t milliseconds) {
  int64_t now = cprocess_monotonic_ns();
  return milliseconds > (NEVER - now) / 1000000 ? NEVER : now + milliseconds * 1000000;
}

/// Opens what the program uses as its standard streams: what was sent, the pipe of a log, or /dev/null.
static int open_streams(struct shepherd_state *state, int streams[3]) {
  const struct job *job = state->job;
  const uint64_t limits[2] = {job->start.stdout_limit, job->start.stderr_limit};
  for (int i = 0; i < 3; i++) {
    int ends[2];
    if (job->descriptors[i] >= 0) {
      streams[i] = job->descriptors[i];
    } else if (i == 0 || limits[i - 1] == 0) {
      streams[i] = open("/dev/null", (i == 0 ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
      if (streams[i] < 0) return -1;
    } else {
      state->logs[i - 1] = cprocess_log_create(job->logs[i - 1], limits[i - 1]);
      if (!state->logs[i - 1] || cprocess_pipe(ends) < 0) return -1;
      fcntl(ends[0], F_SETFL, O_NONBLOCK);
      state->pipes[i - 1] = ends[0];
      streams[i] = ends[1];
    }
  }
  return 0;
}

static void send_report(struct shepherd_state *state) {
  (void)cprocess_write_all(state->report_descriptor, &state->report, sizeof state->report);
}

static void report_not_started(struct shepherd_state *state, struct start_error error) {
  state->report.kind = CPROCESS_NOT_STARTED;
  state->report.end_monotonic_ns = cprocess_monotonic_ns();
  state->report.error_number = error.number;
  state->report.error_stage = (uint32_t)error.stage;
  send_report(state);
}

/// Returns 0, or -1 after reporting why the program could not be started.
static int start_program(struct shepherd_state *state) {
  struct start_error error = {.stage = CPROCESS_STAGE_FORK};
  int streams[3];
  state->report.start_monotonic_ns = cprocess_monotonic_ns();
  if (open_streams(state, streams) == 0) {
    state->main_pid = program_start(state->job, streams, &error);
    for (int i = 0; i < 3; i++) close(streams[i]);
  } else {
    state->main_pid = -1;
    error.number = errno;
  }
  if (state->main_pid > 0) {
    if (!state->job->start.reports_start) return 0;
    state->report.kind = CPROCESS_STARTED;
    state->report.pid = state->main_pid;
    send_report(state);
    return 0;
  }
  report_not_started(state, error);
  return -1;
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
static int reap(struct shepherd_state *state) {
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid == 0) return 0;
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return state->none_left = 1;
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

static void kill_tree(struct shepherd_state *state) {
  if (!state->killing) state->give_up_at = after_ms(KILL_LIMIT_MS);
  state->killing = 1;
  // The group first: the kernel signals it in one step, so that a process which forks all the time cannot outrun it.
  if (!state->main_ended) kill(-state->main_pid, SIGKILL);
  const struct tree_signalled killed = tree_signal(getpid(), NULL, 0, SIGKILL);
  // What does not hang dies as soon as it gets a processor, which on a busy machine is not soon.
  if (killed.hanging < killed.count || state->hung_at == NEVER) state->hung_at = after_ms(HANG_LIMIT_MS);
  if (state->main_ended && state->report.cause == CPROCESS_OWN_END && state->report.strays == 0)
    state->report.strays = (uint32_t)killed.count;
  state->kill_at = after_ms(KILL_ROUND_MS);
}

static void end_job(struct shepherd_state *state, enum cprocess_cause cause, int at_once) {
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

static void obey(struct shepherd_state *state) {
  struct cprocess_request request;
  int descriptors[3];
  if (cprocess_receive(state->control, &request, descriptors) != 1) {
    end_job(state, CPROCESS_ORPHANED, 1);
    close(state->control);
    state->control = -1;
  } else if (request.id != state->job->id) {
    return;
  } else if (request.kind == CPROCESS_KILL) {
    end_job(state, CPROCESS_KILLED, 1);
  } else {
    end_job(state, CPROCESS_TERMINATED, 0);
  }
}

/// Moves what a bounded stream holds into its log, at most `rounds` blocks.
static void copy_stream(struct shepherd_state *state, int stream, int rounds) {
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

static void watch_memory(struct shepherd_state *state) {
  const int64_t limit = (int64_t)state->job->start.memory_limit_kib;
  int64_t held = tree_memory_kib(getpid(), limit);
  if (held > state->report.tree_peak_kib) state->report.tree_peak_kib = held;
  state->memory_at = held > limit ? NEVER : after_ms(held > limit / 2 ? MEMORY_CLOSE_ROUND_MS : MEMORY_ROUND_MS);
  if (held > limit) end_job(state, CPROCESS_MEMORY_LIMIT, 1);
}

static void meet_deadlines(struct shepherd_state *state) {
  int64_t now = cprocess_monotonic_ns();
  if (now >= state->memory_at) watch_memory(state);
  if (now >= state->limit_at) end_job(state, CPROCESS_TIME_LIMIT, 0);
  if (now >= state->kill_at || (now >= state->linger_at && !state->killing)) kill_tree(state);
}

static int next_timeout_ms(const struct shepherd_state *state) {
  int64_t next = state->limit_at < state->kill_at ? state->limit_at : state->kill_at;
  if (!state->killing && state->linger_at < next) next = state->linger_at;
  if (state->memory_at < next) next = state->memory_at;
  if (next == NEVER) return -1;
  int64_t left = next - cprocess_monotonic_ns();
  if (left <= 0) return 0;
  return left > 3600000000000 ? 3600000 : (int)((left + 999999) / 1000000);
}

static int is_given_up(const struct shepherd_state *state) {
  int64_t now = cprocess_monotonic_ns();
  return now >= state->hung_at || now >= state->give_up_at;
}

static void watch(struct shepherd_state *state, int child_signals) {
  while (!reap(state) && !is_given_up(state)) {
    struct pollfd waits[4] = {{.fd = child_signals, .events = POLLIN},
                              {.fd = state->control, .events = POLLIN},
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

/// Runs one job to its end and reports it. Returns 1 if nothing of it is left.
static int run_job(struct shepherd_state *state, int child_signals) {
  struct job *job = state->job;
  if (job->start.memory_limit_kib > 0 && tree_memory_check() < 0) {
    report_not_started(state, (struct start_error){.stage = CPROCESS_STAGE_MEMORY_LIMIT, .number = errno});
    return 0;
  }
  if (start_program(state) < 0) return 0;
  if (job->start.time_limit_ms > 0) state->limit_at = after_ms(job->start.time_limit_ms);
  if (job->start.memory_limit_kib > 0) state->memory_at = after_ms(MEMORY_CLOSE_ROUND_MS);
  watch(state, child_signals);
  for (int i = 0; i < 2; i++) {
    copy_stream(state, i, 1 << 20);
    // Somebody outside the tree may have got hold of the other end.
    if (state->pipes[i] >= 0) close(state->pipes[i]);
  }
  if (state->logs[0]) state->report.stdout_cut = cprocess_log_finish(state->logs[0]);
  if (state->logs[1]) state->report.stderr_cut = cprocess_log_finish(state->logs[1]);
  state->report.kind = CPROCESS_EXITED;
  state->report.out_of_memory = state->report.signal_number == SIGKILL && memory_kills() > job->memory_kills;
  if (state->report.end_monotonic_ns == 0) state->report.end_monotonic_ns = cprocess_monotonic_ns();
  send_report(state);
  return state->none_left;
}

static long peak_kib(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Waits for the next job and runs it. Returns 1 if the shepherd may have another one.
static int serve(int control, int report_descriptor, int child_signals) {
  struct cprocess_request request;
  struct job job = {0};
  int descriptors[3];
  // A command for a job that has just ended is late.
  do {
    if (cprocess_receive(control, &request, descriptors) != 1) return 0;
  } while (request.kind != CPROCESS_START);
  char *body = job_receive_body(control, &request);
  // The server reports the job as lost.
  if (!body) _exit(1);
  job.id = request.id;
  job.memory_kills = recent_memory_kills();
  struct shepherd_state state = {.job = &job,
                              .report = {.id = request.id},
                              .report_descriptor = report_descriptor,
                              .control = control,
                              .kill_at = NEVER,
                              .linger_at = NEVER,
                              .hung_at = NEVER,
                              .give_up_at = NEVER,
                              .limit_at = NEVER,
                              .memory_at = NEVER,
                              .pipes = {-1, -1}};
  const int error = job_parse(&job, body, request.length, descriptors);
  if (error) report_not_started(&state, (struct start_error){.stage = CPROCESS_STAGE_FORK, .number = error});
  const int is_clean = !error && run_job(&state, child_signals) && state.control >= 0;
  job_free(&job);
  free(body);
  return is_clean;
}

_Noreturn void shepherd_run(int control, int report_descriptor, atomic_int *is_idle) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Should something have stopped it, it goes on to end its job when the supervisor dies.
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  prctl(PR_SET_NAME, "job-shepherd");
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  const int child_signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  // After the report, so that a shepherd that dies before it is not yet thought to be free of its job.
  while (serve(control, report_descriptor, child_signals) && peak_kib() < PEAK_LIMIT_KIB) atomic_store(is_idle, 1);
  _exit(0);
}
