#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

#include "supervisor.h"

void orphans_kill(const pid_t *living, size_t count) {
  // Twice nothing: a list made while parents die may miss their children once.
  for (int round = 0, empty = 0; round < 500 && empty < 2; round++) {
    empty = tree_signal(getpid(), living, count, SIGKILL).count == 0 ? empty + 1 : 0;
    usleep(2000);
  }
}
