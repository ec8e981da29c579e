#ifndef COPENBLAS_H
#define COPENBLAS_H

/// The few routines of BLAS and LAPACK in use, declared here because Debian puts the headers of LAPACK into a package of its own.
///
/// Fortran routines are column-major, take all arguments by address and the lengths of their text arguments at the end.

#include <stddef.h>
#include <stdint.h>

enum { copenblas_row_major = 101, copenblas_no_transpose = 111, copenblas_transpose = 112 };
enum { copenblas_upper = 121, copenblas_lower = 122, copenblas_non_unit = 131, copenblas_left = 141, copenblas_right = 142 };

void cblas_sgemm(int32_t order, int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, float alpha,
                 const float *a, int32_t stride_a, const float *b, int32_t stride_b, float beta, float *c,
                 int32_t stride_c);
void cblas_dgemm(int32_t order, int32_t transpose_a, int32_t transpose_b, int32_t m, int32_t n, int32_t k, double alpha,
                 const double *a, int32_t stride_a, const double *b, int32_t stride_b, double beta, double *c,
                 int32_t stride_c);
void cblas_dsyrk(int32_t order, int32_t triangle, int32_t transpose, int32_t n, int32_t k, double alpha, const double *a,
                 int32_t stride_a, double beta, double *c, int32_t stride_c);
void cblas_dtrmm(int32_t order, int32_t side, int32_t triangle, int32_t transpose, int32_t diagonal, int32_t m, int32_t n,
                 double alpha, const double *a, int32_t stride_a, double *b, int32_t stride_b);
void dpotrf_(const char *triangle, const int32_t *n, double *a, const int32_t *stride, int32_t *info,
             size_t triangle_length);
void dsyevd_(const char *job, const char *triangle, const int32_t *n, double *a, const int32_t *stride, double *values,
             double *work, const int32_t *work_count, int32_t *whole_work, const int32_t *whole_work_count,
             int32_t *info, size_t job_length, size_t triangle_length);

#endif
