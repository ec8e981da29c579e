#include <math.h>

#include "conednn.h"
#include "vector.h"

// Per-channel sums are shifted by the first pixel, so that a large mean costs no digits, and joined per group in double.
NN_INLINE void group_statistics(float *restrict mean, float *restrict rstd, const float *restrict x,
                                float *restrict work, const nn_group_norm_shape *s) {
  int64_t pixels = s->pixels, channels = s->channels, size = channels / s->groups;
  float *sums = work, *squares = work + channels;
  for (int64_t c = 0; c < channels; c += 16) {
    int64_t lanes = channels - c;
    v16 first, v, sum0 = {0}, sum1 = {0}, square0 = {0}, square1 = {0};
    v_load(&first, x + c, lanes);
    int64_t p = 0;
    for (; p + 2 <= pixels; p += 2) {
      v_load(&v, x + p * channels + c, lanes);
      v -= first;
      sum0 += v;
      square0 += v * v;
      v_load(&v, x + (p + 1) * channels + c, lanes);
      v -= first;
      sum1 += v;
      square1 += v * v;
    }
    for (; p < pixels; p++) {
      v_load(&v, x + p * channels + c, lanes);
      v -= first;
      sum0 += v;
      square0 += v * v;
    }
    sum0 += sum1;
    square0 += square1;
    v_store(sums + c, &sum0, lanes);
    v_store(squares + c, &square0, lanes);
  }
  for (int64_t g = 0; g < s->groups; g++) {
    double total = 0, spread = 0, count = (double)(pixels * size);
    for (int64_t c = g * size; c < (g + 1) * size; c++) total += (double)x[c] * (double)pixels + (double)sums[c];
    double centre = total / count;
    for (int64_t c = g * size; c < (g + 1) * size; c++) {
      double own = (double)sums[c] / (double)pixels, away = (double)x[c] + own - centre;
      spread += (double)squares[c] - own * (double)sums[c] + away * away * (double)pixels;
    }
    mean[g] = (float)centre;
    rstd[g] = (float)(1.0 / sqrt((spread < 0 ? 0 : spread) / count + (double)s->epsilon));
  }
}

// z = x · factor + offset is the whole affine part: normalisation, scale, shift and modulation of one sample.
NN_INLINE void group_affine(float *restrict factor, float *restrict offset, const float *restrict mean,
                            const float *restrict rstd, const float *restrict scale, const float *restrict shift,
                            const float *restrict modulation, const nn_group_norm_shape *s) {
  int64_t channels = s->channels, size = channels / s->groups;
  for (int64_t g = 0; g < s->groups; g++) {
    for (int64_t c = g * size; c < (g + 1) * size; c++) {
      float f = rstd[g] * scale[c], o = shift[c] - mean[g] * f;
      if (modulation != NULL) {
        float gain = 1.0f + modulation[c];
        f *= gain;
        o = o * gain + modulation[channels + c];
      }
      factor[c] = f;
      offset[c] = o;
    }
  }
}

NN_KERNEL
void nn_group_norm_forward(float *restrict output, float *restrict mean, float *restrict rstd,
                           const float *restrict input, const float *restrict scale, const float *restrict shift,
                           const float *restrict modulation, float *restrict work, nn_group_norm_shape s) {
  int64_t channels = s.channels, pixels = s.pixels;
  float *factor = work + 2 * channels, *offset = work + 3 * channels;
  for (int64_t n = 0; n < s.batch; n++) {
    const float *x = input + n * pixels * channels;
    float *y = output + n * pixels * channels;
    group_statistics(mean + n * s.groups, rstd + n * s.groups, x, work, &s);
    group_affine(factor, offset, mean + n * s.groups, rstd + n * s.groups, scale, shift,
                 modulation == NULL ? NULL : modulation + n * 2 * channels, &s);
    for (int64_t c = 0; c < channels; c += 16) {
      int64_t lanes = channels - c;
      v16 f, o, v, gate;
      v_load(&f, factor + c, lanes);
      v_load(&o, offset + c, lanes);
      if (s.silu) {
        for (int64_t p = 0; p < pixels; p++) {
          v_load(&v, x + p * channels + c, lanes);
          v = v * f + o;
          v_sigmoid(&gate, &v);
          v *= gate;
          v_store(y + p * channels + c, &v, lanes);
        }
      } else {
        for (int64_t p = 0; p < pixels; p++) {
          v_load(&v, x + p * channels + c, lanes);
          v = v * f + o;
          v_store(y + p * channels + c, &v, lanes);
        }
      }
    }
  }
}

NN_KERNEL
void nn_group_norm_backward(float *restrict input_gradient, float *restrict scale_gradient,
                            float *restrict shift_gradient, float *restrict modulation_gradient,
                            const float *restrict output_gradient, const float *restrict input,
                            const float *restrict mean, const float *restrict rstd, const float *restrict scale,
                            const float *restrict shift, const float *restrict modulation, float *restrict work,
                            nn_group_norm_shape s) {
  int64_t channels = s.channels, pixels = s.pixels, size = channels / s.groups;
  float *plain = work, *weighted = work + channels, *factor = work + 2 * channels, *offset = work + 3 * channels;
  float *slope = work + 4 * channels, *constant = work + 5 * channels;
  for (int64_t n = 0; n < s.batch; n++) {
    const float *x = input + n * pixels * channels, *dy = output_gradient + n * pixels * channels;
    float *dx = input_gradient + n * pixels * channels;
    const float *mu = mean + n * s.groups, *r = rstd + n * s.groups;
    const float *m = modulation == NULL ? NULL : modulation + n * 2 * channels;
    group_affine(factor, offset, mu, r, scale, shift, m, &s);
    for (int64_t g = 0; g < s.groups; g++) {
      for (int64_t c = g * size; c < (g + 1) * size; c++) {
        slope[c] = r[g];
        constant[c] = -mu[g] * r[g];
      }
    }
    // First pass: the gradient before the activation, kept in dx, and its sums alone and against the normalised input.
    for (int64_t c = 0; c < channels; c += 16) {
      int64_t lanes = channels - c;
      v16 f, o, a, b, v, d, gate, sum = {0}, product = {0};
      v_load(&f, factor + c, lanes);
      v_load(&o, offset + c, lanes);
      v_load(&a, slope + c, lanes);
      v_load(&b, constant + c, lanes);
      for (int64_t p = 0; p < pixels; p++) {
        v_load(&v, x + p * channels + c, lanes);
        v_load(&d, dy + p * channels + c, lanes);
        if (s.silu) {
          v16 z = v * f + o;
          v_sigmoid(&gate, &z);
          d *= gate * (1.0f + z * (1.0f - gate));
        }
        sum += d;
        product += d * (v * a + b);
        v_store(dx + p * channels + c, &d, lanes);
      }
      v_store(plain + c, &sum, lanes);
      v_store(weighted + c, &product, lanes);
    }
    for (int64_t g = 0; g < s.groups; g++) {
      double total = 0, against = 0, count = (double)(pixels * size);
      for (int64_t c = g * size; c < (g + 1) * size; c++) {
        float gain = m == NULL ? 1.0f : 1.0f + m[c];
        double through = (double)scale[c] * (double)gain;
        total += through * (double)plain[c];
        against += through * (double)weighted[c];
        if (scale_gradient != NULL) scale_gradient[c] += gain * weighted[c];
        if (shift_gradient != NULL) shift_gradient[c] += gain * plain[c];
        if (modulation_gradient != NULL) {
          modulation_gradient[n * 2 * channels + c] = scale[c] * weighted[c] + shift[c] * plain[c];
          modulation_gradient[n * 2 * channels + channels + c] = plain[c];
        }
      }
      // dx = rstd · (du − mean(du) − u · mean(du · u)), with u = x · rstd − mean · rstd written out.
      double along = -(double)r[g] * against / count;
      for (int64_t c = g * size; c < (g + 1) * size; c++) {
        slope[c] = (float)(along * (double)r[g]);
        constant[c] = (float)(-(double)r[g] * total / count - along * (double)mu[g] * (double)r[g]);
      }
    }
    for (int64_t c = 0; c < channels; c += 16) {
      int64_t lanes = channels - c;
      v16 f, a, b, v, d;
      v_load(&f, factor + c, lanes);
      v_load(&a, slope + c, lanes);
      v_load(&b, constant + c, lanes);
      for (int64_t p = 0; p < pixels; p++) {
        v_load(&v, x + p * channels + c, lanes);
        v_load(&d, dx + p * channels + c, lanes);
        d = d * f + (v * a + b);
        v_store(dx + p * channels + c, &d, lanes);
      }
    }
  }
}

NN_KERNEL
void nn_layer_norm_forward(float *restrict output, float *restrict mean, float *restrict rstd,
                           const float *restrict input, const float *restrict scale, const float *restrict shift,
                           int64_t rows, int64_t channels, float epsilon) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = input + r * channels;
    float *y = output + r * channels;
    double total = 0, spread = 0;
    for (int64_t c = 0; c < channels; c += 16) {
      v16 v;
      v_load(&v, x + c, channels - c);
      total += (double)v_sum(&v);
    }
    float centre = (float)(total / (double)channels);
    for (int64_t c = 0; c < channels; c += 16) {
      int64_t lanes = channels - c;
      v16 v;
      v_load(&v, x + c, lanes);
      v -= centre;
      if (lanes < 16)
        for (int64_t j = lanes; j < 16; j++) v[j] = 0;
      v *= v;
      spread += (double)v_sum(&v);
    }
    float inverse = (float)(1.0 / sqrt(spread / (double)channels + (double)epsilon));
    mean[r] = centre;
    rstd[r] = inverse;
    for (int64_t c = 0; c < channels; c++) y[c] = (x[c] - centre) * inverse * scale[c] + shift[c];
  }
}

NN_KERNEL
void nn_layer_norm_backward(float *restrict input_gradient, float *restrict scale_gradient,
                            float *restrict shift_gradient, const float *restrict output_gradient,
                            const float *restrict input, const float *restrict mean, const float *restrict rstd,
                            const float *restrict scale, int64_t rows, int64_t channels) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = input + r * channels, *dy = output_gradient + r * channels;
    float centre = mean[r], inverse = rstd[r];
    if (scale_gradient != NULL)
      for (int64_t c = 0; c < channels; c++) scale_gradient[c] += dy[c] * (x[c] - centre) * inverse;
    if (shift_gradient != NULL)
      for (int64_t c = 0; c < channels; c++) shift_gradient[c] += dy[c];
    if (input_gradient == NULL) continue;
    float *dx = input_gradient + r * channels;
    v16 sum = {0}, product = {0}, v, d, w;
    for (int64_t c = 0; c < channels; c += 16) {
      int64_t lanes = channels - c;
      v_load(&v, x + c, lanes);
      v_load(&d, dy + c, lanes);
      v_load(&w, scale + c, lanes);
      d *= w;
      sum += d;
      product += d * ((v - centre) * inverse);
    }
    float average = v_sum(&sum) / (float)channels, along = v_sum(&product) / (float)channels;
    for (int64_t c = 0; c < channels; c++)
      dx[c] = inverse * (dy[c] * scale[c] - average - (x[c] - centre) * inverse * along);
  }
}
