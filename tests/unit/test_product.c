// The kernels of products against plain loops, bit by bit, at every size around the tiles.
#include <string.h>

#include "core/op_rows.h"
#include "core/rng.h"

#include "check.h"

enum { MOST = 70, ROOM = MOST * (MOST + 8) };

typedef struct {
    double a[ROOM], b[ROOM], y[ROOM], plain[ROOM], strip[8 * MOST];
} Numbers;

static void fill(Numbers *n) {
    Rng r = rng_new(3);
    for (int i = 0; i < ROOM; i++) {
        n->a[i] = 2 * rng_uniform(&r) - 1;
        n->b[i] = 2 * rng_uniform(&r) - 1;
        n->y[i] = n->plain[i] = rng_uniform(&r);
    }
}

static double plain_sum(const OpProduct *p, const double *a, const double *b, double sum) {
    for (int k = !p->goes_on; k < p->terms; k++) sum += a[k * p->a_term] * b[k * p->b_term];
    return sum;
}

static void plain_product(const OpProduct *p, double *y) {
    for (int r = 0; r < p->rows; r++)
        for (int c = 0; c < p->cols; c++) {
            const double *a = p->a + r * p->a_row, *b = p->b + c;
            double *at = &y[r * p->y_row + c];
            if (p->adds == 0) *at = plain_sum(p, a, b, p->goes_on ? *at : a[0] * b[0]);
            for (int g = 0; g < p->adds; g++, a += p->a_next, b += p->b_next)
                *at += plain_sum(p, a, b, a[0] * b[0]);
        }
}

static void check_product(Numbers *n, int rows, int cols, int terms, bool turned, bool ragged) {
    OpProduct p = {.rows = rows,
                   .cols = cols,
                   .terms = terms,
                   .a = n->a,
                   .a_row = turned ? 1 : terms,
                   .a_term = turned ? rows : 1,
                   .b = n->b,
                   .b_term = cols + ragged,
                   .y = n->y,
                   .y_row = cols,
                   .goes_on = rows % 3 == 1,
                   .adds = rows % 3 == 0 ? 1 + cols % 3 : 0,
                   .a_next = rows * terms,
                   .b_next = 9};
    plain_product(&p, n->plain);
    if (ragged)
        op_product_ragged(&p, n->strip);
    else
        op_product(&p);
    if (memcmp(n->y, n->plain, sizeof n->y) != 0)
        fail_msg("%d x %d with %d terms, turned %d, ragged %d", rows, cols, terms, turned, ragged);
}

static void test_tiles_have_the_bits_of_plain_loops(void **state) {
    (void)state;
    static Numbers n;
    fill(&n);
    for (int rows = 1; rows <= 13; rows++)
        for (int cols = 1; cols <= 41; cols++)
            for (int terms = 1; terms <= 4; terms++)
                for (int way = 0; way < 4; way++)
                    check_product(&n, rows, cols, terms, way & 1, way > 1);
}

static void test_sums_of_rows_have_the_bits_of_plain_loops(void **state) {
    (void)state;
    static Numbers n;
    fill(&n);
    for (int count = 1; count <= MOST; count++)
        for (int terms = 1; terms <= 6; terms++) {
            OpProduct p = {.rows = 1,
                           .cols = count,
                           .terms = terms,
                           .a = n.a,
                           .a_term = 1,
                           .b = n.b,
                           .b_term = count};
            plain_product(&p, n.plain);
            op_row_sums(count, count, terms, n.b, n.a, n.y);
            if (memcmp(n.y, n.plain, sizeof n.y) != 0) fail_msg("%d sums of %d", count, terms);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN(test_tiles_have_the_bits_of_plain_loops),
        RUN(test_sums_of_rows_have_the_bits_of_plain_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
