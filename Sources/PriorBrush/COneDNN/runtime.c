#define _GNU_SOURCE
#include "runtime.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conednn.h"

void *nn_allocate(size_t bytes) {
  const size_t huge = (size_t)2 << 20;
  size_t alignment = bytes >= huge ? huge : 64;
  size_t rounded = (bytes + 63) / 64 * 64;
  void *memory = NULL;
  if (posix_memalign(&memory, alignment, rounded == 0 ? 64 : rounded) != 0) return NULL;
#ifdef MADV_HUGEPAGE
  if (alignment == huge) madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  memset(memory, 0, rounded == 0 ? 64 : rounded);
  return memory;
}

void nn_free(void *memory) { free(memory); }

size_t nn_heap_bytes(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static void (*set_threads)(int);

static void start(void) {
  // libdnnl brings libgomp along; naming its function here would force every build to link it by hand.
  set_threads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t nn_engine(void) {
  pthread_once(&once, start);
  return engine;
}

void nn_use_one_thread(void) {
  static _Thread_local int limited;
  if (limited) return;
  pthread_once(&once, start);
  if (set_threads != NULL) set_threads(1);
  limited = 1;
}
