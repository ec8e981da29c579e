#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "supervisor.h"

/// The child's way from vfork to exec. It shares the shepherd's memory, which waits for exec: there it leaves why it failed.
///
/// A copy of the page tables would take as long as all the rest.
static _Noreturn void become_program(const struct job *job, const int streams[3], pid_t shepherd,
                                     volatile struct start_error *error) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != shepherd) _exit(127);
  // Descriptors 0 to 2 are always open here, so no source is below 3 and none is overwritten.
  for (int i = 0; i < 3; i++) dup2(streams[i], i);
  // The only signals that are ignored here; all others are at their defaults.
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  error->stage = CPROCESS_STAGE_DIRECTORY;
  if (chdir(job->directory) == 0) {
    environ = job->environment;
    execvp(job->arguments[0], job->arguments);
    error->stage = CPROCESS_STAGE_PROGRAM;
  }
  error->number = errno;
  _exit(127);
}

pid_t program_start(const struct job *job, const int streams[3], struct start_error *error) {
  volatile struct start_error failure = {0};
  const pid_t self = getpid();
  const pid_t pid = vfork();
  if (pid == 0) become_program(job, streams, self, &failure);
  if (pid > 0 && failure.number == 0) return pid;
  *error = pid > 0 ? failure : (struct start_error){.stage = CPROCESS_STAGE_FORK, .number = errno};
  return -1;
}
