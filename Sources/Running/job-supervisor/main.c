/// A fork server for jobs. It is small, so that forking is fast and the peak memory of a child is the child's own;
/// it kills all it has started when the orchestrator goes away, however that happens.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

enum {
  /// How long shepherds may take to end their jobs once the orchestrator is gone.
  SHUTDOWN_MS = 15000,
  /// How long a shepherd may take to accept a request: one that something has stopped must not stop the server.
  SEND_LIMIT_S = 10,
  /// A shepherd that is stopped is made to go on, so often for one job; then something stops it for ever, and it is killed.
  STOP_LIMIT = 100,
};

struct entry {
  /// The job that it has, or had last.
  uint64_t id;
  pid_t shepherd;
  /// Where its jobs and commands go.
  int control;
  /// Shared with the shepherd, which raises it when it can take a job.
  atomic_int *is_idle;
  /// How often it was stopped during its job.
  int stops;
};

static struct entry *entries;
static size_t entry_count, entry_room;

static void report_failure(uint64_t id, enum cprocess_report_kind kind, enum cprocess_cause cause, int error) {
  struct cprocess_report report = {
      .id = id, .kind = kind, .cause = cause, .error_number = error, .error_stage = CPROCESS_STAGE_FORK};
  report.start_monotonic_ns = report.end_monotonic_ns = cprocess_monotonic_ns();
  (void)cprocess_write_all(CPROCESS_REPORT_DESCRIPTOR, &report, sizeof report);
}

static int reserve_entry(void) {
  if (entry_count < entry_room) return 0;
  size_t room = entry_room ? entry_room * 2 : 64;
  struct entry *larger = realloc(entries, room * sizeof *entries);
  if (!larger) return -1;
  entries = larger;
  entry_room = room;
  return 0;
}

/// Forks a shepherd; `descriptors` are those of a request that is being served. Returns its entry, or NULL with errno set.
static struct entry *fork_shepherd(const int descriptors[3]) {
  int ends[2];
  if (reserve_entry() < 0) return NULL;
  atomic_int *is_idle = mmap(NULL, sizeof *is_idle, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (is_idle == MAP_FAILED) return NULL;
  if (cprocess_socketpair(ends) < 0) {
    munmap(is_idle, sizeof *is_idle);
    return NULL;
  }
  pid_t pid = fork();
  if (pid < 0) {
    int error = errno;
    munmap(is_idle, sizeof *is_idle);
    close(ends[0]);
    close(ends[1]);
    errno = error;
    return NULL;
  }
  if (pid == 0) {
    // The other shepherds' sockets must end when the server ends, and a job's pipes with the job, so no copy of them may stay here.
    for (size_t i = 0; i < entry_count; i++) close(entries[i].control);
    for (int i = 0; i < 3; i++)
      if (descriptors[i] >= 0) close(descriptors[i]);
    close(ends[0]);
    close(CPROCESS_CONTROL_DESCRIPTOR);
    shepherd_run(ends[1], CPROCESS_REPORT_DESCRIPTOR, is_idle);
  }
  close(ends[1]);
  const struct timeval limit = {.tv_sec = SEND_LIMIT_S};
  (void)setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  entries[entry_count] = (struct entry){.shepherd = pid, .control = ends[0], .is_idle = is_idle};
  return &entries[entry_count++];
}

static struct entry *idle_shepherd(void) {
  for (size_t i = 0; i < entry_count; i++)
    if (atomic_load(entries[i].is_idle)) return &entries[i];
  return NULL;
}

/// Takes the rest of a start request and hands it to a shepherd. Returns -1 when the orchestrator is gone.
static int start_job(const struct cprocess_request *request, const int descriptors[3]) {
  char *body = job_receive_body(CPROCESS_CONTROL_DESCRIPTOR, request);
  if (!body) return -1;
  struct entry *entry = idle_shepherd();
  if (!entry) entry = fork_shepherd(descriptors);
  if (entry) {
    int count = 0;
    while (count < 3 && descriptors[count] >= 0) count++;
    entry->id = request->id;
    entry->stops = 0;
    atomic_store(entry->is_idle, 0);
    // A shepherd that takes nothing has just been killed, or is now: its end is seen later, and reported as the job's.
    if (cprocess_send(entry->control, request, body, descriptors, count, 1) < 0) kill(entry->shepherd, SIGKILL);
  } else {
    report_failure(request->id, CPROCESS_NOT_STARTED, CPROCESS_OWN_END, errno);
  }
  free(body);
  return 0;
}

/// Serves one request. Returns -1 when the orchestrator is gone.
static int serve(void) {
  struct cprocess_request request;
  int descriptors[3];
  int alive = cprocess_receive(CPROCESS_CONTROL_DESCRIPTOR, &request, descriptors) == 1;
  if (alive && request.kind == CPROCESS_START) {
    alive = start_job(&request, descriptors) == 0;
  } else if (alive) {
    for (size_t i = 0; i < entry_count; i++)
      if (entries[i].id == request.id) (void)cprocess_send(entries[i].control, &request, NULL, NULL, 0, 1);
  }
  for (int i = 0; i < 3; i++)
    if (descriptors[i] >= 0) close(descriptors[i]);
  return alive ? 0 : -1;
}

/// Kills what a dead shepherd has left behind.
static void kill_orphans(void) {
  pid_t *living = malloc((entry_count ? entry_count : 1) * sizeof *living);
  if (!living) return;
  for (size_t i = 0; i < entry_count; i++) living[i] = entries[i].shepherd;
  orphans_kill(living, entry_count);
  free(living);
}

static struct entry *entry_of(pid_t shepherd) {
  for (size_t i = 0; i < entry_count; i++)
    if (entries[i].shepherd == shepherd) return &entries[i];
  return NULL;
}

/// Makes a stopped shepherd go on: its job may have stopped it, to get past its limits.
static void resume(struct entry *entry) {
  kill(entry->shepherd, ++entry->stops > STOP_LIMIT ? SIGKILL : SIGCONT);
}

static void bury(struct entry *entry, int status) {
  struct entry ended = *entry;
  close(ended.control);
  munmap(ended.is_idle, sizeof *ended.is_idle);
  *entry = entries[--entry_count];
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  kill_orphans();
  report_failure(ended.id, CPROCESS_LOST, ended.stops > STOP_LIMIT ? CPROCESS_STOPPED : CPROCESS_OWN_END, 0);
}

/// Reaps shepherds that have ended, and makes go on those that were stopped. Returns 1 when no child is left.
static int reap(void) {
  for (;;) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return pid < 0;
    struct entry *entry = entry_of(pid);
    if (entry && WIFSTOPPED(status))
      resume(entry);
    else if (entry)
      bury(entry, status);
  }
}

/// Lets the shepherds end their jobs, and ends what is left of both when they take too long.
static void shut_down(int child_signals) {
  for (size_t i = 0; i < entry_count; i++) {
    close(entries[i].control);
    entries[i].control = -1;
  }
  int64_t deadline = cprocess_monotonic_ns() + (int64_t)SHUTDOWN_MS * 1000000;
  while (!reap()) {
    struct pollfd wait = {.fd = child_signals, .events = POLLIN};
    struct signalfd_siginfo signals[8];
    if (poll(&wait, 1, 100) > 0) (void)!read(child_signals, signals, sizeof signals);
    if (cprocess_monotonic_ns() < deadline) continue;
    tree_signal(getpid(), NULL, 0, SIGKILL);
    // Nobody is left whose report would be read, and a process that hangs in the kernel is left to it.
    if (cprocess_monotonic_ns() > deadline + (int64_t)SHUTDOWN_MS * 1000000) return;
  }
}

int main(void) {
  if (fcntl(CPROCESS_CONTROL_DESCRIPTOR, F_SETFD, FD_CLOEXEC) < 0 ||
      fcntl(CPROCESS_REPORT_DESCRIPTOR, F_SETFD, FD_CLOEXEC) < 0) {
    fputs("job-supervisor is started by orchestrate and does nothing by itself\n", stderr);
    return 2;
  }
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Should something have stopped it, it goes on to end everything when the orchestrator dies.
  prctl(PR_SET_PDEATHSIG, SIGCONT);
  signal(SIGPIPE, SIG_IGN);
  // A log that may not grow any more is cut; it must not end what watches the job.
  signal(SIGXFSZ, SIG_IGN);
  // Only the orchestrator ends the server; a Ctrl-C or a hang-up is its business.
  sigset_t blocked;
  sigemptyset(&blocked);
  const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&blocked, numbers[i]);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  int child_signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (child_signals < 0) return 1;
  struct cprocess_report ready = {.kind = CPROCESS_READY, .pid = getpid()};
  if (cprocess_write_all(CPROCESS_REPORT_DESCRIPTOR, &ready, sizeof ready) < 0) return 1;
  for (int alive = 1; alive;) {
    struct pollfd waits[2] = {{.fd = CPROCESS_CONTROL_DESCRIPTOR, .events = POLLIN},
                              {.fd = child_signals, .events = POLLIN}};
    if (poll(waits, 2, -1) < 0) continue;
    struct signalfd_siginfo signals[8];
    if (waits[1].revents) (void)!read(child_signals, signals, sizeof signals);
    reap();
    if (waits[0].revents) alive = serve() == 0;
  }
  shut_down(child_signals);
  return 0;
}
