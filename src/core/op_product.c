// The product of a training step: many columns at a time. Each number is one sum that begins with
// its first product and takes the others in order; nothing is split, so the bits are those of the
// plain loops, whatever the width of the vectors.
//
// A tile of rows and columns of the result stays in registers while the terms go by: each term is
// so many numbers of a, spread, times one or two vectors of b.
#include "core/op_rows.h"
#include "core/vector.h"

typedef double Eight __attribute__((vector_size(64), aligned(8), may_alias));

#define EIGHT(at) (*(const Eight *)(at))
#define PUT_EIGHT(at, v) (*(Eight *)(at) = (v))

enum { LANES = 8 };

// clang-format off
// A macro with its loops unrolled, so that every sum has a variable of its own, and a register.
#define UNROLL _Pragma("GCC unroll 8")
#define TILE(NAME, ROWS, EIGHTS)                                                                   \
    static inline __attribute__((always_inline)) void NAME(const OpProduct *p, const double *a,    \
                                                           const double *b, double *y) {   \
        const long a_row = p->a_row, a_term = p->a_term, b_term = p->b_term;                       \
        Eight sum[ROWS][EIGHTS];                                                                   \
        UNROLL for (int r = 0; r < ROWS; r++)                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] = EIGHT(b + e * LANES) * a[r * a_row];\
        for (int k = 1; k < p->terms; k++) {                                                       \
            a += a_term;                                                                           \
            b += b_term;                                                                           \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] +=                               \
                    EIGHT(b + e * LANES) * a[r * a_row];                                           \
        }                                                                                          \
        UNROLL for (int r = 0; r < ROWS; r++)                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) {                                              \
                double *to = y + r * p->y_row + e * LANES;                                         \
                if (p->adds) sum[r][e] += EIGHT(to);                                               \
                PUT_EIGHT(to, sum[r][e]);                                                          \
            }                                                                                      \
    }
// clang-format on

TILE(tile_4x16, 4, 2)
TILE(tile_1x16, 1, 2)
TILE(tile_8x8, 8, 1)
TILE(tile_4x8, 4, 1)
TILE(tile_1x8, 1, 1)

static inline void single(const OpProduct *p, const double *a, const double *b, double *y) {
    double sum = a[0] * b[0];
    for (int k = 1; k < p->terms; k++) sum += a[k * p->a_term] * b[k * p->b_term];
    *y = p->adds ? *y + sum : sum;
}

VECTOR_CLONES void op_product(const OpProduct *p) {
    int c = 0;
    for (; c + 2 * LANES <= p->cols; c += 2 * LANES) {
        int r = 0;
        for (; r + 4 <= p->rows; r += 4)
            tile_4x16(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
        for (; r < p->rows; r++)
            tile_1x16(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
    }
    for (; c + LANES <= p->cols; c += LANES) {
        int r = 0;
        for (; r + 8 <= p->rows; r += 8)
            tile_8x8(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
        for (; r + 4 <= p->rows; r += 4)
            tile_4x8(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
        for (; r < p->rows; r++)
            tile_1x8(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
    }
    for (; c < p->cols; c++)
        for (int r = 0; r < p->rows; r++)
            single(p, p->a + r * p->a_row, p->b + c, p->y + r * p->y_row + c);
}

void op_product_ragged(const OpProduct *p, double *strip) {
    OpProduct part = *p;
    int whole = p->cols / LANES * LANES;
    part.cols = whole;
    if (whole > 0) op_product(&part);
    if (whole == p->cols) return;
    part.cols = LANES;
    part.b = p->b + whole;
    part.y = strip;
    part.y_row = LANES;
    part.adds = false;
    op_product(&part);
    for (int r = 0; r < p->rows; r++)
        for (int c = whole; c < p->cols; c++) {
            double sum = strip[r * LANES + c - whole], *to = p->y + r * p->y_row + c;
            *to = p->adds ? *to + sum : sum;
        }
}
