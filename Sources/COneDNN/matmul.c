#include <dnnl.h>

#include "conednn.h"
#include "vector.h"

int nn_matrix_product(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                      int64_t stride_a, const float *b, int64_t stride_b, float beta, float *c, int64_t stride_c) {
  nn_use_one_thread();
  return dnnl_sgemm(transpose_a, transpose_b, m, n, k, alpha, a, stride_a, b, stride_b, beta, c, stride_c);
}

// One output row is a run of dot products; below four rows the packing inside a general product costs more than it saves.
NN_KERNEL
static void few_rows(float *restrict output, const float *restrict input, const float *restrict weights,
                     const float *restrict bias, int64_t rows, int64_t inputs, int64_t outputs) {
  for (int64_t o = 0; o < outputs; o++) {
    const float *w = weights + o * inputs;
    for (int64_t r = 0; r < rows; r++) {
      const float *x = input + r * inputs;
      v16 sum0 = {0}, sum1 = {0}, a, b;
      int64_t i = 0;
      for (; i + 32 <= inputs; i += 32) {
        v_load(&a, w + i, 16);
        v_load(&b, x + i, 16);
        sum0 += a * b;
        v_load(&a, w + i + 16, 16);
        v_load(&b, x + i + 16, 16);
        sum1 += a * b;
      }
      for (; i < inputs; i += 16) {
        int64_t lanes = inputs - i;
        v_load(&a, w + i, lanes);
        v_load(&b, x + i, lanes);
        sum0 += a * b;
      }
      sum0 += sum1;
      output[r * outputs + o] = v_sum(&sum0) + (bias != NULL ? bias[o] : 0.0f);
    }
  }
}

int nn_linear_forward(float *output, const float *input, const float *weights, const float *bias, int64_t rows,
                      int64_t inputs, int64_t outputs) {
  if (rows <= 3) {
    few_rows(output, input, weights, bias, rows, inputs, outputs);
    return 0;
  }
  if (bias != NULL) nn_fill_rows(output, bias, rows, outputs);
  return nn_matrix_product('N', 'T', rows, outputs, inputs, 1, input, inputs, weights, inputs, bias != NULL ? 1 : 0,
                           output, outputs);
}

int nn_linear_backward_input(float *input_gradient, const float *output_gradient, const float *weights, int64_t rows,
                             int64_t inputs, int64_t outputs) {
  return nn_matrix_product('N', 'N', rows, inputs, outputs, 1, output_gradient, outputs, weights, inputs, 0,
                           input_gradient, inputs);
}

int nn_linear_backward_weights(float *weight_gradient, float *bias_gradient, const float *input,
                               const float *output_gradient, int64_t rows, int64_t inputs, int64_t outputs) {
  if (bias_gradient != NULL) nn_accumulate_column_sums(bias_gradient, output_gradient, rows, outputs);
  return nn_matrix_product('T', 'N', outputs, inputs, rows, 1, output_gradient, outputs, input, inputs, 1,
                           weight_gradient, inputs);
}
