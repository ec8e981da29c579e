#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "supervisor.h"

enum {
  /// Longest body of a request; above what the kernel accepts for arguments and environment together.
  BODY_LIMIT = 16 << 20,
};

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

char *job_receive_body(int socket, const struct cprocess_request *request) {
  char *body = request->length <= BODY_LIMIT ? malloc(request->length ? request->length : 1) : NULL;
  if (body && cprocess_read_all(socket, body, request->length) == 1) return body;
  free(body);
  return NULL;
}

/// Hands out the descriptors that were sent, in order. Returns -1 if the kernel has dropped one for which there was no room.
static int take_descriptors(struct job *job, const int descriptors[3]) {
  for (int i = 0, next = 0; i < 3; i++) {
    job->descriptors[i] = -1;
    if (!(job->start.passed >> i & 1)) continue;
    job->descriptors[i] = descriptors[next++];
    if (job->descriptors[i] < 0) return -1;
  }
  return 0;
}

int job_parse(struct job *job, const char *body, size_t length, const int descriptors[3]) {
  if (length < sizeof job->start) return EINVAL;
  memcpy(&job->start, body, sizeof job->start);
  const uint32_t arguments = job->start.argument_count, variables = job->start.environment_count;
  // Every string takes a byte at least, which bounds the counts by what was sent.
  if (arguments == 0 || arguments > length || variables > length) return EINVAL;
  if (take_descriptors(job, descriptors) < 0) return EMFILE;
  job->arguments = calloc((size_t)arguments + 1, sizeof(char *));
  job->environment = calloc((size_t)variables + 1, sizeof(char *));
  if (!job->arguments || !job->environment) return ENOMEM;
  const char *cursor = body + sizeof job->start, *end = body + length;
  char *paths[3];
  if (take_strings(paths, 3, &cursor, end) < 0) return EINVAL;
  job->directory = paths[0];
  job->logs[0] = paths[1];
  job->logs[1] = paths[2];
  if (take_strings(job->arguments, arguments, &cursor, end) < 0) return EINVAL;
  return take_strings(job->environment, variables, &cursor, end) < 0 ? EINVAL : 0;
}

void job_free(struct job *job) {
  free(job->arguments);
  free(job->environment);
}
