#include <dnnl.h>
#include <pthread.h>
#include <stdlib.h>

#include "conednn.h"
#include "runtime.h"

// oneDNN 2.x describes memory by a struct and operations by a second struct; 3.x hides both behind handles.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t description;
typedef const_dnnl_memory_desc_t description_view;
static description_view view(const description *d) { return *d; }
static dnnl_status_t describe(description *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(d, rank, dims, dnnl_f32, tag);
}
static void forget(description *d) {
  if (*d != NULL) dnnl_memory_desc_destroy(*d);
  *d = NULL;
}
static dnnl_status_t duplicate(description *d, description_view source) { return dnnl_memory_desc_clone(d, source); }
#else
typedef dnnl_memory_desc_t description;
typedef const dnnl_memory_desc_t *description_view;
static description_view view(const description *d) { return d; }
static dnnl_status_t describe(description *d, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(d, rank, dims, dnnl_f32, tag);
}
static void forget(description *d) { (void)d; }
static dnnl_status_t duplicate(description *d, description_view source) {
  *d = *source;
  return dnnl_success;
}
#endif

struct nn_convolution {
  nn_convolution_shape shape;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  dnnl_memory_t source, destination, bias, scratch;
  size_t scratch_bytes;
  int32_t layout;
  // Only for the weight gradient: oneDNN's layout, the plain one, and the way between them.
  dnnl_memory_t blocked, plain;
  dnnl_primitive_t unpack;
  float *blocked_values, *plain_values, *bias_values;
};

struct nn_packed {
  dnnl_memory_t plain, packed, scratch;
  dnnl_primitive_t reorder;
  dnnl_stream_t stream;
  float *values;
  void *scratch_values;
};

// MARK: Layout numbers

static pthread_mutex_t layouts_lock = PTHREAD_MUTEX_INITIALIZER;
static description *layouts;
static int32_t layout_count, layout_capacity;

static int32_t number_of_layout(description_view wanted) {
  pthread_mutex_lock(&layouts_lock);
  int32_t number = -1;
  for (int32_t i = 0; i < layout_count && number < 0; i++)
    if (dnnl_memory_desc_equal(view(&layouts[i]), wanted)) number = i;
  if (number < 0 && layout_count == layout_capacity) {
    int32_t capacity = layout_capacity == 0 ? 64 : layout_capacity * 2;
    description *grown = realloc(layouts, (size_t)capacity * sizeof(description));
    if (grown != NULL) {
      layouts = grown;
      layout_capacity = capacity;
    }
  }
  if (number < 0 && layout_count < layout_capacity && duplicate(&layouts[layout_count], wanted) == dnnl_success)
    number = layout_count++;
  pthread_mutex_unlock(&layouts_lock);
  return number;
}

// MARK: Creation

typedef struct {
  description source, weights, bias, destination, plain_weights;
} descriptions;

static int describe_all(descriptions *d, const nn_convolution_shape *s) {
  int64_t out_height = (s->height + 2 * s->padding_height - s->kernel_height) / s->stride + 1;
  int64_t out_width = (s->width + 2 * s->padding_width - s->kernel_width) / s->stride + 1;
  dnnl_dims_t source = {s->batch, s->input_channels, s->height, s->width};
  dnnl_dims_t weights = {s->output_channels, s->input_channels, s->kernel_height, s->kernel_width};
  dnnl_dims_t bias = {s->output_channels};
  dnnl_dims_t destination = {s->batch, s->output_channels, out_height, out_width};
  return describe(&d->source, 4, source, dnnl_nhwc) == dnnl_success &&
         describe(&d->weights, 4, weights, dnnl_format_tag_any) == dnnl_success &&
         describe(&d->plain_weights, 4, weights, dnnl_oihw) == dnnl_success &&
         describe(&d->bias, 1, bias, dnnl_x) == dnnl_success &&
         describe(&d->destination, 4, destination, dnnl_nhwc) == dnnl_success;
}

static void forget_all(descriptions *d) {
  forget(&d->source);
  forget(&d->weights);
  forget(&d->plain_weights);
  forget(&d->bias);
  forget(&d->destination);
}

static dnnl_status_t make_descriptor(dnnl_primitive_desc_t *out, int direction, const nn_convolution_shape *s,
                                     const descriptions *d, dnnl_primitive_attr_t attributes,
                                     const_dnnl_primitive_desc_t forward) {
  dnnl_dims_t strides = {s->stride, s->stride};
  dnnl_dims_t padding = {s->padding_height, s->padding_width};
  description_view bias = s->has_bias ? view(&d->bias) : NULL;
#if DNNL_VERSION_MAJOR >= 3
  dnnl_dims_t dilation = {0, 0};
  switch (direction) {
    case nn_forward:
      return dnnl_convolution_forward_primitive_desc_create(
          out, nn_engine(), dnnl_forward_training, dnnl_convolution_direct, view(&d->source), view(&d->weights), bias,
          view(&d->destination), strides, dilation, padding, padding, attributes);
    case nn_backward_data:
      return dnnl_convolution_backward_data_primitive_desc_create(
          out, nn_engine(), dnnl_convolution_direct, view(&d->source), view(&d->weights), view(&d->destination),
          strides, dilation, padding, padding, forward, attributes);
    default:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          out, nn_engine(), dnnl_convolution_direct, view(&d->source), view(&d->weights), bias, view(&d->destination),
          strides, dilation, padding, padding, forward, attributes);
  }
#else
  dnnl_convolution_desc_t operation;
  dnnl_status_t status;
  switch (direction) {
    case nn_forward:
      status = dnnl_convolution_forward_desc_init(&operation, dnnl_forward_training, dnnl_convolution_direct,
                                                  view(&d->source), view(&d->weights), bias, view(&d->destination),
                                                  strides, padding, padding);
      break;
    case nn_backward_data:
      status = dnnl_convolution_backward_data_desc_init(&operation, dnnl_convolution_direct, view(&d->source),
                                                        view(&d->weights), view(&d->destination), strides, padding,
                                                        padding);
      break;
    default:
      status = dnnl_convolution_backward_weights_desc_init(&operation, dnnl_convolution_direct, view(&d->source),
                                                           view(&d->weights), bias, view(&d->destination), strides,
                                                           padding, padding);
  }
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(out, &operation, attributes, nn_engine(), forward);
#endif
}

static description_view described(const_dnnl_primitive_desc_t descriptor, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(descriptor, what, 0);
}

static int create_reorder(dnnl_primitive_t *out, description_view from, description_view to, size_t *scratch_bytes,
                          dnnl_memory_t *scratch) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t descriptor = NULL;
  int made = dnnl_primitive_attr_create(&attributes) == dnnl_success &&
             dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success &&
             dnnl_reorder_primitive_desc_create(&descriptor, from, nn_engine(), to, nn_engine(), attributes) ==
                 dnnl_success &&
             dnnl_primitive_create(out, descriptor) == dnnl_success;
  if (made) {
    description_view wanted = described(descriptor, dnnl_query_scratchpad_md);
    *scratch_bytes = wanted == NULL ? 0 : dnnl_memory_desc_get_size(wanted);
    if (*scratch_bytes > 0) made = dnnl_memory_create(scratch, wanted, nn_engine(), NULL) == dnnl_success;
  }
  if (descriptor != NULL) dnnl_primitive_desc_destroy(descriptor);
  if (attributes != NULL) dnnl_primitive_attr_destroy(attributes);
  return made;
}

static int prepare_weight_gradient(nn_convolution *c, const descriptions *d) {
  description_view blocked = described(c->descriptor, dnnl_query_diff_weights_md);
  description_view plain = view(&d->plain_weights);
  c->plain_values = nn_allocate(dnnl_memory_desc_get_size(plain));
  c->bias_values = nn_allocate((size_t)c->shape.output_channels * sizeof(float));
  if (c->plain_values == NULL || c->bias_values == NULL) return 0;
  if (dnnl_memory_create(&c->plain, plain, nn_engine(), c->plain_values) != dnnl_success) return 0;
  if (c->shape.has_bias && dnnl_memory_create(&c->bias, view(&d->bias), nn_engine(), c->bias_values) != dnnl_success)
    return 0;
  if (dnnl_memory_desc_equal(blocked, plain)) return 1;
  c->blocked_values = nn_allocate(dnnl_memory_desc_get_size(blocked));
  if (c->blocked_values == NULL) return 0;
  if (dnnl_memory_create(&c->blocked, blocked, nn_engine(), c->blocked_values) != dnnl_success) return 0;
  size_t scratch_bytes = 0;
  dnnl_memory_t scratch = NULL;
  int made = create_reorder(&c->unpack, blocked, plain, &scratch_bytes, &scratch);
  if (scratch != NULL) dnnl_memory_destroy(scratch);
  return made && scratch_bytes == 0;
}

static int prepare(nn_convolution *c, const descriptions *d, dnnl_primitive_attr_t attributes) {
  int direction = c->shape.direction;
  dnnl_primitive_desc_t forward = NULL;
  if (direction != nn_forward && make_descriptor(&forward, nn_forward, &c->shape, d, attributes, NULL) != dnnl_success)
    return 0;
  dnnl_status_t status = make_descriptor(&c->descriptor, direction, &c->shape, d, attributes, forward);
  if (forward != NULL) dnnl_primitive_desc_destroy(forward);
  if (status != dnnl_success || dnnl_primitive_create(&c->primitive, c->descriptor) != dnnl_success) return 0;
  if (dnnl_stream_create(&c->stream, nn_engine(), dnnl_stream_default_flags) != dnnl_success) return 0;
  if (dnnl_memory_create(&c->source, view(&d->source), nn_engine(), NULL) != dnnl_success) return 0;
  if (dnnl_memory_create(&c->destination, view(&d->destination), nn_engine(), NULL) != dnnl_success) return 0;
  description_view scratch = described(c->descriptor, dnnl_query_scratchpad_md);
  c->scratch_bytes = scratch == NULL ? 0 : dnnl_memory_desc_get_size(scratch);
  if (c->scratch_bytes > 0 && dnnl_memory_create(&c->scratch, scratch, nn_engine(), NULL) != dnnl_success) return 0;
  if (direction == nn_backward_weights) return prepare_weight_gradient(c, d);
  if (c->shape.has_bias && dnnl_memory_create(&c->bias, view(&d->bias), nn_engine(), NULL) != dnnl_success) return 0;
  c->layout = number_of_layout(described(c->descriptor, dnnl_query_weights_md));
  return c->layout >= 0;
}

nn_convolution *nn_convolution_create(nn_convolution_shape shape) {
  nn_use_one_thread();
  if (nn_engine() == NULL) return NULL;
  nn_convolution *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  c->shape = shape;
  descriptions d = {0};
  dnnl_primitive_attr_t attributes = NULL;
  int made = dnnl_primitive_attr_create(&attributes) == dnnl_success &&
             dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success &&
             describe_all(&d, &shape) && prepare(c, &d, attributes);
  forget_all(&d);
  if (attributes != NULL) dnnl_primitive_attr_destroy(attributes);
  if (made) return c;
  nn_convolution_destroy(c);
  return NULL;
}

void nn_convolution_destroy(nn_convolution *c) {
  if (c == NULL) return;
  dnnl_memory_t memories[] = {c->source, c->destination, c->bias, c->scratch, c->blocked, c->plain};
  for (size_t i = 0; i < sizeof memories / sizeof memories[0]; i++)
    if (memories[i] != NULL) dnnl_memory_destroy(memories[i]);
  if (c->primitive != NULL) dnnl_primitive_destroy(c->primitive);
  if (c->unpack != NULL) dnnl_primitive_destroy(c->unpack);
  if (c->descriptor != NULL) dnnl_primitive_desc_destroy(c->descriptor);
  if (c->stream != NULL) dnnl_stream_destroy(c->stream);
  nn_free(c->blocked_values);
  nn_free(c->plain_values);
  nn_free(c->bias_values);
  free(c);
}

size_t nn_convolution_scratch_bytes(const nn_convolution *c) { return c->scratch_bytes; }

int32_t nn_convolution_layout(const nn_convolution *c) { return c->layout; }

// MARK: Packed weights

nn_packed *nn_packed_create(const nn_convolution *c, const float *weights) {
  nn_use_one_thread();
  nn_packed *p = calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  const nn_convolution_shape *s = &c->shape;
  dnnl_dims_t dims = {s->output_channels, s->input_channels, s->kernel_height, s->kernel_width};
  description plain;
  if (describe(&plain, 4, dims, dnnl_oihw) != dnnl_success) {
    free(p);
    return NULL;
  }
  description_view wanted = described(c->descriptor, dnnl_query_weights_md);
  int made = dnnl_memory_create(&p->plain, view(&plain), nn_engine(), (void *)weights) == dnnl_success &&
             dnnl_stream_create(&p->stream, nn_engine(), dnnl_stream_default_flags) == dnnl_success;
  if (made && !dnnl_memory_desc_equal(wanted, view(&plain))) {
    size_t scratch_bytes = 0;
    p->values = nn_allocate(dnnl_memory_desc_get_size(wanted));
    made = p->values != NULL && dnnl_memory_create(&p->packed, wanted, nn_engine(), p->values) == dnnl_success &&
           create_reorder(&p->reorder, view(&plain), wanted, &scratch_bytes, &p->scratch);
    if (made && scratch_bytes > 0) {
      p->scratch_values = nn_allocate(scratch_bytes);
      made = p->scratch_values != NULL && dnnl_memory_set_data_handle(p->scratch, p->scratch_values) == dnnl_success;
    }
  }
  forget(&plain);
  if (made) return p;
  nn_packed_destroy(p);
  return NULL;
}

int nn_packed_refresh(nn_packed *p) {
  if (p->reorder == NULL) return 0;
  nn_use_one_thread();
  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_FROM, p->plain}, {DNNL_ARG_TO, p->packed}, {DNNL_ARG_SCRATCHPAD, p->scratch}};
  return dnnl_primitive_execute(p->reorder, p->stream, p->scratch == NULL ? 2 : 3, arguments);
}

void nn_packed_destroy(nn_packed *p) {
  if (p == NULL) return;
  dnnl_memory_t memories[] = {p->plain, p->packed, p->scratch};
  for (size_t i = 0; i < sizeof memories / sizeof memories[0]; i++)
    if (memories[i] != NULL) dnnl_memory_destroy(memories[i]);
  if (p->reorder != NULL) dnnl_primitive_destroy(p->reorder);
  if (p->stream != NULL) dnnl_stream_destroy(p->stream);
  nn_free(p->values);
  nn_free(p->scratch_values);
  free(p);
}

// MARK: Running

static int run(nn_convolution *c, dnnl_exec_arg_t *arguments, int count, const float *source, const float *destination,
               void *scratch) {
  nn_use_one_thread();
  dnnl_memory_set_data_handle(c->source, (void *)source);
  dnnl_memory_set_data_handle(c->destination, (void *)destination);
  if (c->scratch != NULL) {
    dnnl_memory_set_data_handle(c->scratch, scratch);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, c->scratch};
  }
  return dnnl_primitive_execute(c->primitive, c->stream, count, arguments);
}

int nn_convolution_forward(nn_convolution *c, const float *input, const nn_packed *weights, const float *bias,
                           float *output, void *scratch) {
  dnnl_exec_arg_t arguments[6] = {{DNNL_ARG_SRC, c->source},
                                  {DNNL_ARG_DST, c->destination},
                                  {DNNL_ARG_WEIGHTS, weights->packed != NULL ? weights->packed : weights->plain}};
  int count = 3;
  if (c->bias != NULL) {
    dnnl_memory_set_data_handle(c->bias, (void *)bias);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, c->bias};
  }
  return run(c, arguments, count, input, output, scratch);
}

int nn_convolution_backward_data(nn_convolution *c, const float *output_gradient, const nn_packed *weights,
                                 float *input_gradient, void *scratch) {
  dnnl_exec_arg_t arguments[6] = {{DNNL_ARG_DIFF_SRC, c->source},
                                  {DNNL_ARG_DIFF_DST, c->destination},
                                  {DNNL_ARG_WEIGHTS, weights->packed != NULL ? weights->packed : weights->plain}};
  return run(c, arguments, 3, input_gradient, output_gradient, scratch);
}

int nn_convolution_backward_weights(nn_convolution *c, const float *input, const float *output_gradient,
                                    float *weight_gradient, float *bias_gradient, void *scratch) {
  dnnl_exec_arg_t arguments[6] = {{DNNL_ARG_SRC, c->source},
                                  {DNNL_ARG_DIFF_DST, c->destination},
                                  {DNNL_ARG_DIFF_WEIGHTS, c->blocked != NULL ? c->blocked : c->plain}};
  int count = 3;
  if (c->bias != NULL) arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_BIAS, c->bias};
  int status = run(c, arguments, count, input, output_gradient, scratch);
  if (status == dnnl_success && c->unpack != NULL) {
    dnnl_exec_arg_t unpack[] = {{DNNL_ARG_FROM, c->blocked}, {DNNL_ARG_TO, c->plain}};
    status = dnnl_primitive_execute(c->unpack, c->stream, 2, unpack);
  }
  if (status != dnnl_success) return status;
  const nn_convolution_shape *s = &c->shape;
  nn_accumulate(weight_gradient, c->plain_values,
                s->output_channels * s->input_channels * s->kernel_height * s->kernel_width);
  if (bias_gradient != NULL) nn_accumulate(bias_gradient, c->bias_values, s->output_channels);
  return 0;
}
