#include <math.h>

#include "conednn.h"
#include "vector.h"

NN_KERNEL
static void softmax_rows(float *restrict rows, const float *restrict mask, int64_t count, int64_t width) {
  v16 lowest;
  v_fill(&lowest, -INFINITY);
  for (int64_t r = 0; r < count; r++) {
    float *row = rows + r * width;
    v16 largest = lowest, v, m;
    for (int64_t i = 0; i < width; i += 16) {
      int64_t lanes = width - i;
      v_load(&v, row + i, lanes);
      if (mask != NULL) {
        v_load(&m, mask + i, lanes);
        v16i keep = m != 0.0f;
        v_select(&v, &keep, &v, &lowest);
        v_store(row + i, &v, lanes);
      }
      if (lanes < 16)
        for (int64_t j = lanes; j < 16; j++) v[j] = -INFINITY;
      v16i larger = v > largest;
      v_select(&largest, &larger, &v, &largest);
    }
    float top = v_max(&largest);
    if (top == -INFINITY) {
      // Nothing to attend to (or only masked keys).
      memset(row, 0, (size_t)width * sizeof(float));
      continue;
    }
    v16 sum = {0};
    for (int64_t i = 0; i < width; i += 16) {
      int64_t lanes = width - i;
      v_load(&v, row + i, lanes);
      if (lanes < 16)
        for (int64_t j = lanes; j < 16; j++) v[j] = -INFINITY;
      v16i masked = v == lowest;
      v -= top;
      v_exp(&v, &v);
      v = (v16)((v16i)v & ~masked);
      sum += v;
      v_store(row + i, &v, lanes);
    }
    float factor = 1.0f / v_sum(&sum);
    for (int64_t i = 0; i < width; i += 16) {
      int64_t lanes = width - i;
      v_load(&v, row + i, lanes);
      v *= factor;
      v_store(row + i, &v, lanes);
    }
  }
}

// gradient := p · (gradient − Σ p · gradient), the gradient with respect to the logits.
NN_KERNEL
static void softmax_rows_gradient(float *restrict gradient, const float *restrict probabilities, int64_t count,
                                  int64_t width) {
  for (int64_t r = 0; r < count; r++) {
    float *g = gradient + r * width;
    const float *p = probabilities + r * width;
    v16 sum = {0}, a, b;
    for (int64_t i = 0; i < width; i += 16) {
      v_load(&a, g + i, width - i);
      v_load(&b, p + i, width - i);
      sum += a * b;
    }
    float total = v_sum(&sum);
    for (int64_t i = 0; i < width; i += 16) {
      v_load(&a, g + i, width - i);
      v_load(&b, p + i, width - i);
      a = (a - total) * b;
      v_store(g + i, &a, width - i);
    }
  }
}

int nn_attention_forward(float *output, float *probabilities, const float *query, const float *key, const float *value,
                         const float *mask, nn_attention_shape s) {
  int64_t heads = s.channels / s.head;
  float scale = 1.0f / sqrtf((float)s.head);
  int status = 0;
  for (int64_t n = 0; n < s.batch; n++) {
    for (int64_t h = 0; h < heads; h++) {
      int64_t queries_at = n * s.queries * s.channels + h * s.head, keys_at = n * s.keys * s.channels + h * s.head;
      float *p = probabilities + (n * heads + h) * s.queries * s.keys;
      status |= nn_matrix_product('N', 'T', s.queries, s.keys, s.head, scale, query + queries_at, s.channels,
                                  key + keys_at, s.channels, 0, p, s.keys);
      softmax_rows(p, mask == NULL ? NULL : mask + n * s.keys, s.queries, s.keys);
      status |= nn_matrix_product('N', 'N', s.queries, s.head, s.keys, 1, p, s.keys, value + keys_at, s.channels, 0,
                                  output + queries_at, s.channels);
    }
  }
  return status;
}

int nn_attention_backward(float *query_gradient, float *key_gradient, float *value_gradient,
                          const float *output_gradient, const float *probabilities, const float *query,
                          const float *key, const float *value, float *work, nn_attention_shape s) {
  int64_t heads = s.channels / s.head;
  float scale = 1.0f / sqrtf((float)s.head);
  int status = 0;
  for (int64_t n = 0; n < s.batch; n++) {
    for (int64_t h = 0; h < heads; h++) {
      int64_t queries_at = n * s.queries * s.channels + h * s.head, keys_at = n * s.keys * s.channels + h * s.head;
      const float *p = probabilities + (n * heads + h) * s.queries * s.keys;
      const float *g = output_gradient + queries_at;
      if (value_gradient != NULL)
        status |= nn_matrix_product('T', 'N', s.keys, s.head, s.queries, 1, p, s.keys, g, s.channels, 0,
                                    value_gradient + keys_at, s.channels);
      if (query_gradient == NULL && key_gradient == NULL) continue;
      status |= nn_matrix_product('N', 'T', s.queries, s.keys, s.head, 1, g, s.channels, value + keys_at, s.channels, 0,
                                  work, s.keys);
      softmax_rows_gradient(work, p, s.queries, s.keys);
      if (query_gradient != NULL)
        status |= nn_matrix_product('N', 'N', s.queries, s.head, s.keys, scale, work, s.keys, key + keys_at, s.channels,
                                    0, query_gradient + queries_at, s.channels);
      if (key_gradient != NULL)
        status |= nn_matrix_product('T', 'N', s.keys, s.head, s.queries, scale, work, s.keys, query + queries_at,
                                    s.channels, 0, key_gradient + keys_at, s.channels);
    }
  }
  return status;
}
