#ifndef CONEDNN_RUNTIME_H
#define CONEDNN_RUNTIME_H

#include <dnnl.h>

/// The one CPU engine of the process, or NULL.
dnnl_engine_t nn_engine(void);

#endif
