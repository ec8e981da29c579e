#include "conednn.h"
#include "vector.h"

NN_KERNEL void nn_add_row(float *restrict output, const float *restrict input, const float *restrict row, int64_t rows,
                          int64_t width) {
  for (int64_t c = 0; c < width; c += 16) {
    int64_t lanes = width - c;
    v16 v, w;
    v_load(&w, row + c, lanes);
    for (int64_t r = 0; r < rows; r++) {
      v_load(&v, input + r * width + c, lanes);
      v += w;
      v_store(output + r * width + c, &v, lanes);
    }
  }
}

void nn_fill_rows(float *output, const float *row, int64_t rows, int64_t width) {
  for (int64_t r = 0; r < rows; r++) memcpy(output + r * width, row, (size_t)width * sizeof(float));
}

NN_KERNEL void nn_accumulate_column_sums(float *restrict output, const float *restrict input, int64_t rows,
                                         int64_t width) {
  for (int64_t c = 0; c < width; c += 16) {
    int64_t lanes = width - c;
    v16 v, even = {0}, odd = {0};
    int64_t r = 0;
    for (; r + 2 <= rows; r += 2) {
      v_load(&v, input + r * width + c, lanes);
      even += v;
      v_load(&v, input + (r + 1) * width + c, lanes);
      odd += v;
    }
    if (r < rows) {
      v_load(&v, input + r * width + c, lanes);
      even += v;
    }
    v_load(&v, output + c, lanes);
    v += even + odd;
    v_store(output + c, &v, lanes);
  }
}

void nn_copy_columns(float *output, int64_t output_stride, const float *input, int64_t input_stride, int64_t rows,
                     int64_t width) {
  for (int64_t r = 0; r < rows; r++)
    memcpy(output + r * output_stride, input + r * input_stride, (size_t)width * sizeof(float));
}

void nn_upsample2x(float *output, const float *input, int64_t batch, int64_t height, int64_t width, int64_t channels) {
  size_t bytes = (size_t)channels * sizeof(float);
  for (int64_t row = 0; row < batch * height; row++) {
    const float *x = input + row * width * channels;
    float *y = output + row * 4 * width * channels;
    for (int64_t i = 0; i < width; i++) {
      memcpy(y + 2 * i * channels, x + i * channels, bytes);
      memcpy(y + (2 * i + 1) * channels, x + i * channels, bytes);
    }
    memcpy(y + 2 * width * channels, y, 2 * (size_t)width * bytes);
  }
}

NN_KERNEL void nn_upsample2x_gradient(float *restrict input_gradient, const float *restrict output_gradient,
                                      int64_t batch, int64_t height, int64_t width, int64_t channels) {
  for (int64_t row = 0; row < batch * height; row++) {
    const float *upper = output_gradient + row * 4 * width * channels, *lower = upper + 2 * width * channels;
    float *dx = input_gradient + row * width * channels;
    for (int64_t i = 0; i < width; i++) {
      for (int64_t c = 0; c < channels; c += 16) {
        int64_t lanes = channels - c, left = 2 * i * channels + c, right = left + channels;
        v16 v, sum;
        v_load(&sum, upper + left, lanes);
        v_load(&v, upper + right, lanes);
        sum += v;
        v_load(&v, lower + left, lanes);
        sum += v;
        v_load(&v, lower + right, lanes);
        sum += v;
        v_store(dx + i * channels + c, &sum, lanes);
      }
    }
  }
}

void nn_pixel_unshuffle(float *output, const float *input, int64_t batch, int64_t height, int64_t width,
                        int64_t channels, int64_t factor) {
  int64_t rows = height / factor, columns = width / factor, deep = channels * factor * factor;
  for (int64_t n = 0; n < batch; n++)
    for (int64_t y = 0; y < rows; y++)
      for (int64_t i = 0; i < factor; i++)
        for (int64_t x = 0; x < columns; x++)
          for (int64_t j = 0; j < factor; j++) {
            const float *from = input + ((n * height + y * factor + i) * width + x * factor + j) * channels;
            float *to = output + ((n * rows + y) * columns + x) * deep + i * factor + j;
            for (int64_t c = 0; c < channels; c++) to[c * factor * factor] = from[c];
          }
}

void nn_pixel_shuffle(float *output, const float *input, int64_t batch, int64_t height, int64_t width, int64_t channels,
                      int64_t factor) {
  int64_t rows = height / factor, columns = width / factor, deep = channels * factor * factor;
  for (int64_t n = 0; n < batch; n++)
    for (int64_t y = 0; y < rows; y++)
      for (int64_t i = 0; i < factor; i++)
        for (int64_t x = 0; x < columns; x++)
          for (int64_t j = 0; j < factor; j++) {
            float *to = output + ((n * height + y * factor + i) * width + x * factor + j) * channels;
            const float *from = input + ((n * rows + y) * columns + x) * deep + i * factor + j;
            for (int64_t c = 0; c < channels; c++) to[c] = from[c * factor * factor];
          }
}

void nn_gather_rows(float *output, const float *table, const int32_t *rows, int64_t count, int64_t width) {
  for (int64_t i = 0; i < count; i++)
    memcpy(output + i * width, table + rows[i] * width, (size_t)width * sizeof(float));
}

void nn_scatter_add_rows(float *table, const float *gradient, const int32_t *rows, int64_t count, int64_t width) {
  for (int64_t i = 0; i < count; i++) nn_accumulate(table + rows[i] * width, gradient + i * width, width);
}

static float mask_weight(const float *mask, int64_t tokens) {
  float kept = 0;
  for (int64_t t = 0; t < tokens; t++) kept += mask[t];
  return kept > 0 ? 1.0f / kept : 0.0f;
}

void nn_masked_mean(float *output, const float *input, const float *mask, int64_t batch, int64_t tokens,
                    int64_t width) {
  nn_fill(output, 0, batch * width);
  for (int64_t n = 0; n < batch; n++) {
    float weight = mask_weight(mask + n * tokens, tokens);
    for (int64_t t = 0; t < tokens; t++)
      nn_accumulate_scaled(output + n * width, input + (n * tokens + t) * width, weight * mask[n * tokens + t], width);
  }
}

void nn_masked_mean_gradient(float *input_gradient, const float *output_gradient, const float *mask, int64_t batch,
                             int64_t tokens, int64_t width) {
  for (int64_t n = 0; n < batch; n++) {
    float weight = mask_weight(mask + n * tokens, tokens);
    for (int64_t t = 0; t < tokens; t++)
      nn_scale(input_gradient + (n * tokens + t) * width, output_gradient + n * width, weight * mask[n * tokens + t],
               width);
  }
}
