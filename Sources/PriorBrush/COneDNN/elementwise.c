#include "conednn.h"
#include "vector.h"

NN_KERNEL void nn_fill(float *restrict output, float value, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = value;
}

NN_KERNEL void nn_add(float *restrict output, const float *restrict a, const float *restrict b, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = a[i] + b[i];
}

NN_KERNEL void nn_subtract(float *restrict output, const float *restrict a, const float *restrict b, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = a[i] - b[i];
}

NN_KERNEL void nn_multiply(float *restrict output, const float *restrict a, const float *restrict b, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = a[i] * b[i];
}

NN_KERNEL void nn_scale(float *restrict output, const float *restrict a, float factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = a[i] * factor;
}

NN_KERNEL void nn_scale_in_place(float *restrict values, float factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) values[i] *= factor;
}

NN_KERNEL void nn_accumulate(float *restrict output, const float *restrict a, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] += a[i];
}

NN_KERNEL void nn_accumulate_scaled(float *restrict output, const float *restrict a, float factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] += factor * a[i];
}

NN_KERNEL void nn_clamp(float *restrict output, const float *restrict a, float low, float high, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    float v = a[i];
    v = v < low ? low : v;
    output[i] = v > high ? high : v;
  }
}

NN_KERNEL void nn_clamp_gradient(float *restrict output, const float *restrict gradient, const float *restrict a,
                                 float low, float high, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = a[i] < low || a[i] > high ? 0.0f : gradient[i];
}

NN_KERNEL void nn_exponential(float *restrict output, const float *restrict a, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    v16 v;
    v_load(&v, a + i, count - i);
    v_exp(&v, &v);
    v_store(output + i, &v, count - i);
  }
}

NN_KERNEL void nn_silu(float *restrict output, const float *restrict a, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    v16 v, gate;
    v_load(&v, a + i, count - i);
    v_sigmoid(&gate, &v);
    v *= gate;
    v_store(output + i, &v, count - i);
  }
}

NN_KERNEL void nn_silu_gradient(float *restrict output, const float *restrict gradient, const float *restrict a,
                                int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    v16 v, g, gate;
    v_load(&v, a + i, count - i);
    v_load(&g, gradient + i, count - i);
    v_sigmoid(&gate, &v);
    g *= gate * (1.0f + v * (1.0f - gate));
    v_store(output + i, &g, count - i);
  }
}

// 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) is x · sigmoid of twice that argument.
static const float gelu_linear = 1.5957691216057308f, gelu_cubic = 0.07135481282553137f;

NN_KERNEL void nn_gelu(float *restrict output, const float *restrict a, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    v16 v, gate;
    v_load(&v, a + i, count - i);
    v16 u = v * (gelu_linear + gelu_cubic * (v * v));
    v_sigmoid(&gate, &u);
    v *= gate;
    v_store(output + i, &v, count - i);
  }
}

NN_KERNEL void nn_gelu_gradient(float *restrict output, const float *restrict gradient, const float *restrict a,
                                int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    v16 v, g, gate;
    v_load(&v, a + i, count - i);
    v_load(&g, gradient + i, count - i);
    v16 square = v * v;
    v16 u = v * (gelu_linear + gelu_cubic * square);
    v_sigmoid(&gate, &u);
    g *= gate + v * (gate * (1.0f - gate)) * (gelu_linear + 3.0f * gelu_cubic * square);
    v_store(output + i, &g, count - i);
  }
}

NN_KERNEL double nn_sum_of_squares(const float *restrict a, int64_t count) {
  double lane[16] = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int j = 0; j < 16; j++) lane[j] += (double)a[i + j] * (double)a[i + j];
  for (; i < count; i++) lane[0] += (double)a[i] * (double)a[i];
  double total = 0;
  for (int j = 0; j < 16; j++) total += lane[j];
  return total;
}
