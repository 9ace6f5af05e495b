// The product of a training step, many columns at a time, and the sums of rows that a product with
// one column is. Each number is one sum that begins with its first product and takes the others in
// order; nothing is split, so the bits are those of the plain loops, whatever the width of the
// vectors.
//
// The kernels are written once, for vectors of LANES numbers (op_product_kernels.inc), and compiled
// for each width that a machine of this kind may have.
#include <stdbool.h>

#include "core/op_rows.h"
#include "core/vector.h"

static void single(const OpProduct *p, const double *a, const double *b, double *y) {
    double sum = p->goes_on ? *y : a[0] * b[0];
    for (int k = !p->goes_on; k < p->terms; k++) sum += a[k * p->a_term] * b[k * p->b_term];
    *y = sum;
}

static void single_added(const OpProduct *p, const double *a, const double *b, double *y) {
    for (int g = 0; g < p->adds; g++, a += p->a_next, b += p->b_next) {
        double sum = a[0] * b[0];
        for (int k = 1; k < p->terms; k++) sum += a[k * p->a_term] * b[k * p->b_term];
        *y += sum;
    }
}

// Fewer sums than there are numbers in a vector.
static void few_sums(int n, long step, int terms, const double *m, const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        double sum = m[i] * x[0];
        for (int k = 1; k < terms; k++) sum += m[k * step + i] * x[k];
        y[i] = sum;
    }
}

typedef struct {
    void (*product)(const OpProduct *p);
    void (*row_sums)(int n, long step, int terms, const double *m, const double *x, double *y);
    void (*row_sums_blocks)(int n, const OpBlocks *b, double *y);
} Kernels;

#define PASTE(a, b) a##_##b
#define PASTE_EXPANDED(a, b) PASTE(a, b)
#define WIDE(name) PASTE_EXPANDED(name, LANES)

// What every machine has that this is compiled for.
#if defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX__)
#define LANES 4
#else
#define LANES 2
#endif
#define TARGET
#define KERNEL __attribute__((always_inline))
#include "core/op_product_kernels.inc"
static const Kernels plain = {WIDE(product), WIDE(row_sums), WIDE(row_sums_blocks)};
#undef LANES
#undef TARGET
#undef KERNEL

#ifdef VECTOR_CHOICE
#define LANES 4
#define TARGET __attribute__((target("avx2")))
#define KERNEL __attribute__((target("avx2"), always_inline))
#include "core/op_product_kernels.inc"
static const Kernels avx2 = {WIDE(product), WIDE(row_sums), WIDE(row_sums_blocks)};
#undef LANES
#undef TARGET
#undef KERNEL

#define LANES 8
#define TARGET __attribute__((target("avx512f")))
#define KERNEL __attribute__((target("avx512f"), always_inline))
#include "core/op_product_kernels.inc"
static const Kernels avx512 = {WIDE(product), WIDE(row_sums), WIDE(row_sums_blocks)};

static const Kernels *kernels(void) {
    if (__builtin_cpu_supports("avx512f")) return &avx512;
    return __builtin_cpu_supports("avx2") ? &avx2 : &plain;
}
#else
static const Kernels *kernels(void) {
    return &plain;
}
#endif

void op_product(const OpProduct *p) {
    kernels()->product(p);
}

void op_row_sums(int n, long step, int terms, const double *m, const double *x, double *y) {
    kernels()->row_sums(n, step, terms, m, x, y);
}

void op_row_sums_blocks(int n, const OpBlocks *b, double *y) {
    kernels()->row_sums_blocks(n, b, y);
}

void op_product_ragged(const OpProduct *p, double *strip) {
    enum { STRIP = 8 }; // columns, computed for the few that are left
    OpProduct part = *p;
    int whole = p->cols / STRIP * STRIP;
    bool begun = p->adds > 0 || p->goes_on;
    part.cols = whole;
    if (whole > 0) op_product(&part);
    if (whole == p->cols) return;
    for (int r = 0; r < p->rows && begun; r++)
        for (int c = whole; c < p->cols; c++) strip[r * STRIP + c - whole] = p->y[r * p->y_row + c];
    part.cols = STRIP;
    part.b = p->b + whole;
    part.y = strip;
    part.y_row = STRIP;
    op_product(&part);
    for (int r = 0; r < p->rows; r++)
        for (int c = whole; c < p->cols; c++) p->y[r * p->y_row + c] = strip[r * STRIP + c - whole];
}
