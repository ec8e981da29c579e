#include <math.h>

#include "conednn.h"
#include "vector.h"

NN_KERNEL void nn_adamw(float *restrict weights, float *restrict first, float *restrict second,
                        const float *restrict gradient, int64_t count, nn_adamw_settings s) {
  float correction = (float)(1.0 - pow((double)s.beta1, (double)s.step));
  float root = (float)sqrt(1.0 - pow((double)s.beta2, (double)s.step));
  float step = s.learning_rate / correction, keep = 1.0f - s.learning_rate * s.weight_decay;
  float beta1 = s.beta1, beta2 = s.beta2, rest1 = 1.0f - beta1, rest2 = 1.0f - beta2, epsilon = s.epsilon;
  for (int64_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = beta1 * first[i] + rest1 * g;
    float v = beta2 * second[i] + rest2 * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = keep * weights[i] - step * m / (sqrtf(v) / root + epsilon);
  }
}

NN_KERNEL void nn_average(float *restrict average, const float *restrict values, float decay, int64_t count) {
  float rest = 1.0f - decay;
  for (int64_t i = 0; i < count; i++) average[i] = decay * average[i] + rest * values[i];
}
