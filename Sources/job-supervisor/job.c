#include <stdlib.h>
#include <string.h>

#include "supervisor.h"

/// Points `list` at `count` zero-ended strings and moves the cursor behind them. Returns 0, or -1 if they are cut short.
static int take_strings(char **list, uint32_t count, const char **cursor, const char *end) {
  for (uint32_t i = 0; i < count; i++) {
    const char *stop = memchr(*cursor, 0, (size_t)(end - *cursor));
    if (!stop) return -1;
    list[i] = (char *)*cursor;
    *cursor = stop + 1;
  }
  return 0;
}

int job_parse(struct job *job, const char *body, size_t length) {
  if (length < sizeof job->start) return -1;
  memcpy(&job->start, body, sizeof job->start);
  const uint32_t arguments = job->start.argument_count, variables = job->start.environment_count;
  // Every string takes a byte at least, which bounds the counts by what was sent.
  if (arguments == 0 || arguments > length || variables > length) return -1;
  job->arguments = calloc((size_t)arguments + 1, sizeof(char *));
  job->environment = calloc((size_t)variables + 1, sizeof(char *));
  if (!job->arguments || !job->environment) return -1;
  const char *cursor = body + sizeof job->start, *end = body + length;
  char *directory;
  if (take_strings(&directory, 1, &cursor, end) < 0) return -1;
  job->directory = directory;
  if (take_strings(job->arguments, arguments, &cursor, end) < 0) return -1;
  return take_strings(job->environment, variables, &cursor, end);
}
