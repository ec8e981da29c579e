#ifndef CONEDNN_VECTOR_H
#define CONEDNN_VECTOR_H

// Sixteen lanes of single precision, written once and compiled for several instruction sets.
// Vectors cross function borders by pointer only: passing them by value would change the ABI with the instruction set.

#include <stdint.h>
#include <string.h>

// Under ThreadSanitizer one version only: the loader chooses among several before the sanitizer's runtime exists, and crashes.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define NN_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define NN_KERNEL
#endif
#define NN_INLINE static inline __attribute__((always_inline))

enum { nn_lanes = 16 };

typedef float v16 __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));

NN_INLINE void v_load(v16 *out, const float *p, int64_t lanes) {
  if (lanes >= nn_lanes) {
    memcpy(out, p, sizeof(v16));
  } else {
    v16 v = {0};
    for (int64_t i = 0; i < lanes; i++) v[i] = p[i];
    *out = v;
  }
}

NN_INLINE void v_store(float *p, const v16 *in, int64_t lanes) {
  if (lanes >= nn_lanes) {
    memcpy(p, in, sizeof(v16));
  } else {
    v16 v = *in;
    for (int64_t i = 0; i < lanes; i++) p[i] = v[i];
  }
}

NN_INLINE void v_fill(v16 *out, float value) { *out = (v16){0} + value; }

NN_INLINE void v_select(v16 *out, const v16i *mask, const v16 *a, const v16 *b) {
  *out = (v16)((*mask & (v16i)*a) | (~*mask & (v16i)*b));
}

NN_INLINE float v_sum(const v16 *in) {
  float lane[16];
  memcpy(lane, in, sizeof lane);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lane[i] += lane[i + width];
  return lane[0];
}

NN_INLINE float v_max(const v16 *in) {
  float lane[16];
  memcpy(lane, in, sizeof lane);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lane[i] = lane[i] > lane[i + width] ? lane[i] : lane[i + width];
  return lane[0];
}

// exp(x) = 2^n · e^r with |r| <= ln 2 / 2. The polynomial is Cephes' for single precision; the relative error stays below 2e-7.
// n is read from the bits of a shifted float, so that NaN needs no conversion to an integer and comes out as NaN.
NN_INLINE void v_exp(v16 *out, const v16 *in) {
  v16 x = *in, low, high;
  v_fill(&low, -87.3365447504f);
  v_fill(&high, 88.3762626647f);
  v16i over = x > high;
  v_select(&x, &over, &high, &x);
  v16i under = x < low;
  v_select(&x, &under, &low, &x);
  const float shifter = 12582912.0f;
  v16 t = x * 1.44269504088896341f + shifter;
  v16 n = t - shifter;
  v16 r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  v16 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  v16i scale = ((v16i)t + 127) << 23;
  *out = p * (v16)scale;
}

NN_INLINE void v_sigmoid(v16 *out, const v16 *in) {
  v16 negative = -*in, e;
  v_exp(&e, &negative);
  *out = 1.0f / (1.0f + e);
}

#endif
