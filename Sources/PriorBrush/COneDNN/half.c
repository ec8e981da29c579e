#include <string.h>

#include "conednn.h"

static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint16_t half_of(float value) {
  uint32_t bits = bits_of(value), sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return (uint16_t)(sign | 0x7e00u | ((magnitude >> 13) & 0x1ffu));
  if (magnitude >= 0x477ff000u) return (uint16_t)(sign | 0x7c00u);
  if (magnitude < 0x38800000u) {
    // Adding one half moves the mantissa to where subnormal halves keep it, rounding to nearest even on the way.
    uint32_t shifted = bits_of(float_of(magnitude) + 0.5f) - 0x3f000000u;
    return (uint16_t)(sign | shifted);
  }
  uint32_t odd = (magnitude >> 13) & 1u;
  return (uint16_t)(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13));
}

static float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000u) << 16, exponent = (half >> 10) & 0x1fu, mantissa = half & 0x3ffu;
  if (exponent == 0) {
    float magnitude = (float)mantissa * 0x1p-24f;
    return float_of(sign | bits_of(magnitude));
  }
  if (exponent == 31) return float_of(sign | 0x7f800000u | (mantissa << 13));
  return float_of(sign | ((exponent + 112u) << 23) | (mantissa << 13));
}

void nn_float_to_half(uint16_t *output, const float *input, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = half_of(input[i]);
}

void nn_half_to_float(float *output, const uint16_t *input, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = float_of_half(input[i]);
}

void nn_bfloat_to_float(float *output, const uint16_t *input, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = float_of((uint32_t)input[i] << 16);
}
