#include <dnnl.h>

#include "conednn.h"

int nn_matrix_product(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                      int64_t stride_a, const float *b, int64_t stride_b, float beta, float *c, int64_t stride_c) {
  nn_use_one_thread();
  return dnnl_sgemm(transpose_a, transpose_b, m, n, k, alpha, a, stride_a, b, stride_b, beta, c, stride_c);
}

int nn_linear_forward(float *output, const float *input, const float *weights, const float *bias, int64_t rows,
                      int64_t inputs, int64_t outputs) {
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
