// The product of a training step: many columns at a time. Each number is one sum that begins with
// its first product and takes the others in order; nothing is split, so the bits are those of the
// plain loops, whatever the width of the vectors.
//
// A tile of rows and columns of the result stays in registers while the terms go by: each term is
// so many numbers of a, spread, times one or two vectors of b.
#include <stdbool.h>

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
                                                           const double *b, double *y) {           \
        const long a_row = p->a_row, a_term = p->a_term, b_term = p->b_term;                       \
        Eight sum[ROWS][EIGHTS];                                                                   \
        int k = 0;                                                                                 \
        if (p->goes_on) {                                                                          \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] = EIGHT(y + r * p->y_row + e * LANES);\
        } else {                                                                                   \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] = EIGHT(b + e * LANES) * a[r * a_row];\
            a += a_term;                                                                           \
            b += b_term;                                                                           \
            k = 1;                                                                                 \
        }                                                                                          \
        for (; k < p->terms; k++) {                                                                \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] +=                               \
                    EIGHT(b + e * LANES) * a[r * a_row];                                           \
            a += a_term;                                                                           \
            b += b_term;                                                                           \
        }                                                                                          \
        UNROLL for (int r = 0; r < ROWS; r++)                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) PUT_EIGHT(y + r * p->y_row + e * LANES, sum[r][e]);\
    }                                                                                              \
    static inline __attribute__((always_inline)) void NAME##_added(                                \
        const OpProduct *p, const double *a, const double *b, double *y) {                         \
        const long a_row = p->a_row, a_term = p->a_term, b_term = p->b_term;                       \
        Eight all[ROWS][EIGHTS];                                                                   \
        UNROLL for (int r = 0; r < ROWS; r++)                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) all[r][e] = EIGHT(y + r * p->y_row + e * LANES);\
        for (int g = 0; g < p->adds; g++) {                                                        \
            const double *ga = a + g * p->a_next, *gb = b + g * p->b_next;                         \
            Eight sum[ROWS][EIGHTS];                                                               \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] =                                \
                    EIGHT(gb + e * LANES) * ga[r * a_row];                                         \
            for (int k = 1; k < p->terms; k++) {                                                   \
                ga += a_term;                                                                      \
                gb += b_term;                                                                      \
                UNROLL for (int r = 0; r < ROWS; r++)                                              \
                    UNROLL for (int e = 0; e < EIGHTS; e++) sum[r][e] +=                           \
                        EIGHT(gb + e * LANES) * ga[r * a_row];                                     \
            }                                                                                      \
            UNROLL for (int r = 0; r < ROWS; r++)                                                  \
                UNROLL for (int e = 0; e < EIGHTS; e++) all[r][e] += sum[r][e];                    \
        }                                                                                          \
        UNROLL for (int r = 0; r < ROWS; r++)                                                      \
            UNROLL for (int e = 0; e < EIGHTS; e++) PUT_EIGHT(y + r * p->y_row + e * LANES, all[r][e]);\
    }
// clang-format on

TILE(tile_4x16, 4, 2)
TILE(tile_2x16, 2, 2)
TILE(tile_1x16, 1, 2)
TILE(tile_8x8, 8, 1)
TILE(tile_4x8, 4, 1)
TILE(tile_1x8, 1, 1)

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

// Tile by tile, with the widest that fit; the loops are the same for sums that are put down and for
// those that are added.
#define FILL(KIND)                                                                                 \
    do {                                                                                           \
        int c = 0;                                                                                 \
        for (; c + 2 * LANES <= p->cols; c += 2 * LANES) {                                         \
            int r = 0;                                                                             \
            for (; r + 4 <= p->rows; r += 4) tile_4x16##KIND(AT(r, c));                            \
            for (; r + 2 <= p->rows; r += 2) tile_2x16##KIND(AT(r, c));                            \
            for (; r < p->rows; r++) tile_1x16##KIND(AT(r, c));                                    \
        }                                                                                          \
        for (; c + LANES <= p->cols; c += LANES) {                                                 \
            int r = 0;                                                                             \
            for (; r + 8 <= p->rows; r += 8) tile_8x8##KIND(AT(r, c));                             \
            for (; r + 4 <= p->rows; r += 4) tile_4x8##KIND(AT(r, c));                             \
            for (; r < p->rows; r++) tile_1x8##KIND(AT(r, c));                                     \
        }                                                                                          \
        for (; c < p->cols; c++)                                                                   \
            for (int r = 0; r < p->rows; r++) single##KIND(AT(r, c));                              \
    } while (0)
#define AT(r, c) p, p->a + (r) * p->a_row, p->b + (c), p->y + (r) * p->y_row + (c)

VECTOR_CLONES void op_product(const OpProduct *p) {
    if (p->adds > 0)
        FILL(_added);
    else
        FILL();
}

void op_product_ragged(const OpProduct *p, double *strip) {
    OpProduct part = *p;
    int whole = p->cols / LANES * LANES;
    bool begun = p->adds > 0 || p->goes_on;
    part.cols = whole;
    if (whole > 0) op_product(&part);
    if (whole == p->cols) return;
    for (int r = 0; r < p->rows && begun; r++)
        for (int c = whole; c < p->cols; c++) strip[r * LANES + c - whole] = p->y[r * p->y_row + c];
    part.cols = LANES;
    part.b = p->b + whole;
    part.y = strip;
    part.y_row = LANES;
    op_product(&part);
    for (int r = 0; r < p->rows; r++)
        for (int c = whole; c < p->cols; c++) p->y[r * p->y_row + c] = strip[r * LANES + c - whole];
}
