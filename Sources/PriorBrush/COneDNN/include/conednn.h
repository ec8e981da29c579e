#ifndef CONEDNN_H
#define CONEDNN_H

/// The kernels of the neural network library: oneDNN behind plain pointers, and own loops where a fused pass is faster.
///
/// Every tensor is NHWC, contiguous, single precision. Output pointers never overlap inputs unless a comment says so.
/// Every function runs on the calling thread alone and allocates nothing unless its name says create.

#include <stddef.h>
#include <stdint.h>

// MARK: Memory and threads

/// Returns zeroed memory aligned to 64 bytes (2 MiB for large blocks), or NULL.
void *nn_allocate(size_t bytes);
void nn_free(void *memory);
/// Limits the parallel regions that the calling thread opens to this one thread.
void nn_use_one_thread(void);
/// Bytes the C heap has handed out and not got back.
size_t nn_heap_bytes(void);

// MARK: Convolution (convolution.c)

typedef struct nn_convolution nn_convolution;
typedef struct nn_packed nn_packed;

enum { nn_forward = 0, nn_backward_data = 1, nn_backward_weights = 2 };

typedef struct {
  int64_t batch, height, width, input_channels, output_channels;
  int64_t kernel_height, kernel_width, stride, padding_height, padding_width;
  int32_t direction;
  int32_t has_bias;
} nn_convolution_shape;

/// Returns a prepared convolution, or NULL if oneDNN cannot make it.
nn_convolution *nn_convolution_create(nn_convolution_shape shape);
void nn_convolution_destroy(nn_convolution *convolution);
/// Bytes of working memory, 64-byte aligned, that a run needs.
size_t nn_convolution_scratch_bytes(const nn_convolution *convolution);
/// A number that two convolutions share if and only if they want their weights in the same layout.
int32_t nn_convolution_layout(const nn_convolution *convolution);

/// Binds OIHW weights, which must outlive the result, to the layout of a forward or backward-data convolution.
nn_packed *nn_packed_create(const nn_convolution *convolution, const float *weights);
/// Copies the present weights into the layout; 0 on success.
int nn_packed_refresh(nn_packed *packed);
void nn_packed_destroy(nn_packed *packed);

int nn_convolution_forward(nn_convolution *convolution, const float *input, const nn_packed *weights, const float *bias,
                           float *output, void *scratch);
int nn_convolution_backward_data(nn_convolution *convolution, const float *output_gradient, const nn_packed *weights,
                                 float *input_gradient, void *scratch);
/// Adds to both gradients; bias_gradient is NULL if and only if the convolution has no bias.
int nn_convolution_backward_weights(nn_convolution *convolution, const float *input, const float *output_gradient,
                                    float *weight_gradient, float *bias_gradient, void *scratch);

// MARK: Matrix products (matmul.c)

/// output[rows, out] = input[rows, in] · weights[out, in]ᵀ + bias; bias may be NULL.
int nn_linear_forward(float *output, const float *input, const float *weights, const float *bias, int64_t rows,
                      int64_t inputs, int64_t outputs);
int nn_linear_backward_input(float *input_gradient, const float *output_gradient, const float *weights, int64_t rows,
                             int64_t inputs, int64_t outputs);
/// Adds to both gradients; bias_gradient may be NULL.
int nn_linear_backward_weights(float *weight_gradient, float *bias_gradient, const float *input,
                               const float *output_gradient, int64_t rows, int64_t inputs, int64_t outputs);
/// Row-major c[m, n] = alpha · op(a) · op(b) + beta · c, for the low-rank adapters.
int nn_matrix_product(char transpose_a, char transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a,
                      int64_t stride_a, const float *b, int64_t stride_b, float beta, float *c, int64_t stride_c);

// MARK: Attention (attention.c)

typedef struct {
  int64_t batch, queries, keys, channels, head;
} nn_attention_shape;

/// Scaled dot-product attention; probabilities has batch · heads · queries · keys floats and is kept for the gradient.
/// mask is [batch, keys] of 0 and 1, or NULL. A row with every key masked gives zeros.
int nn_attention_forward(float *output, float *probabilities, const float *query, const float *key, const float *value,
                         const float *mask, nn_attention_shape shape);
/// Any of the three gradients may be NULL; work has queries · keys floats.
int nn_attention_backward(float *query_gradient, float *key_gradient, float *value_gradient, const float *output_gradient,
                          const float *probabilities, const float *query, const float *key, const float *value,
                          float *work, nn_attention_shape shape);

// MARK: Normalisation (normalization.c)

typedef struct {
  int64_t batch, pixels, channels, groups;
  float epsilon;
  int32_t silu;
} nn_group_norm_shape;

/// y = silu?((x − mean) · rstd · scale + shift, then · (1 + a) + b with modulation = [a, b] of 2C per sample, or NULL).
/// mean and rstd get batch · groups floats; work has 6 · channels floats.
void nn_group_norm_forward(float *output, float *mean, float *rstd, const float *input, const float *scale,
                           const float *shift, const float *modulation, float *work, nn_group_norm_shape shape);
/// Adds to scale_gradient and shift_gradient (both may be NULL); writes modulation_gradient (may be NULL).
void nn_group_norm_backward(float *input_gradient, float *scale_gradient, float *shift_gradient,
                            float *modulation_gradient, const float *output_gradient, const float *input,
                            const float *mean, const float *rstd, const float *scale, const float *shift,
                            const float *modulation, float *work, nn_group_norm_shape shape);
void nn_layer_norm_forward(float *output, float *mean, float *rstd, const float *input, const float *scale,
                           const float *shift, int64_t rows, int64_t channels, float epsilon);
/// Adds to scale_gradient and shift_gradient (both may be NULL); input_gradient may be NULL.
void nn_layer_norm_backward(float *input_gradient, float *scale_gradient, float *shift_gradient,
                            const float *output_gradient, const float *input, const float *mean, const float *rstd,
                            const float *scale, int64_t rows, int64_t channels);

// MARK: Elementwise (elementwise.c)

void nn_fill(float *output, float value, int64_t count);
void nn_add(float *output, const float *a, const float *b, int64_t count);
void nn_subtract(float *output, const float *a, const float *b, int64_t count);
void nn_multiply(float *output, const float *a, const float *b, int64_t count);
void nn_scale(float *output, const float *a, float factor, int64_t count);
void nn_scale_in_place(float *values, float factor, int64_t count);
void nn_accumulate(float *output, const float *a, int64_t count);
void nn_accumulate_scaled(float *output, const float *a, float factor, int64_t count);
void nn_clamp(float *output, const float *a, float low, float high, int64_t count);
void nn_clamp_gradient(float *output, const float *gradient, const float *a, float low, float high, int64_t count);
void nn_silu(float *output, const float *a, int64_t count);
void nn_silu_gradient(float *output, const float *gradient, const float *a, int64_t count);
void nn_gelu(float *output, const float *a, int64_t count);
void nn_gelu_gradient(float *output, const float *gradient, const float *a, int64_t count);
void nn_exponential(float *output, const float *a, int64_t count);
double nn_sum_of_squares(const float *a, int64_t count);

// MARK: Rows and layout (layout.c)

/// output[r] = input[r] + row, over rows of the given width.
void nn_add_row(float *output, const float *input, const float *row, int64_t rows, int64_t width);
void nn_fill_rows(float *output, const float *row, int64_t rows, int64_t width);
/// Adds the sum of all rows to output.
void nn_accumulate_column_sums(float *output, const float *input, int64_t rows, int64_t width);
void nn_copy_columns(float *output, int64_t output_stride, const float *input, int64_t input_stride, int64_t rows,
                     int64_t width);
void nn_upsample2x(float *output, const float *input, int64_t batch, int64_t height, int64_t width, int64_t channels);
void nn_upsample2x_gradient(float *input_gradient, const float *output_gradient, int64_t batch, int64_t height,
                            int64_t width, int64_t channels);
/// height, width and channels are those of the spatially large side in both directions.
void nn_pixel_unshuffle(float *output, const float *input, int64_t batch, int64_t height, int64_t width,
                        int64_t channels, int64_t factor);
void nn_pixel_shuffle(float *output, const float *input, int64_t batch, int64_t height, int64_t width, int64_t channels,
                      int64_t factor);
void nn_gather_rows(float *output, const float *table, const int32_t *rows, int64_t count, int64_t width);
void nn_scatter_add_rows(float *table, const float *gradient, const int32_t *rows, int64_t count, int64_t width);
/// Mean over the tokens whose mask is 1; zeros if there are none.
void nn_masked_mean(float *output, const float *input, const float *mask, int64_t batch, int64_t tokens, int64_t width);
void nn_masked_mean_gradient(float *input_gradient, const float *output_gradient, const float *mask, int64_t batch,
                             int64_t tokens, int64_t width);

// MARK: Optimiser (optimizer.c)

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  int64_t step;
} nn_adamw_settings;

void nn_adamw(float *weights, float *first, float *second, const float *gradient, int64_t count,
              nn_adamw_settings settings);
/// average = decay · average + (1 − decay) · values.
void nn_average(float *average, const float *values, float decay, int64_t count);

// MARK: Half precision (half.c)

/// Rounds to nearest even; overflow becomes infinity, NaN stays NaN.
void nn_float_to_half(uint16_t *output, const float *input, int64_t count);
void nn_half_to_float(float *output, const uint16_t *input, int64_t count);
void nn_bfloat_to_float(float *output, const uint16_t *input, int64_t count);

#endif
