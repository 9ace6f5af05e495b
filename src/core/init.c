// The rules by which parameters start. All parameters share one stream of random numbers, in the
// order of the graph, so that a seed and a cell decide every weight.
//
// Sources: uniform +-1/sqrt(hidden), as PyTorch's recurrent layers; Glorot & Bengio 2010; Saxe et
// al. 2014 (orthogonal); Le et al. 2015 (identity); Tallec & Ollivier 2018 (chrono).
#include "core/init.h"

#include <math.h>

#include "core/rng.h"
#include "core/vmath.h"

typedef void InitFill(const Param *p, Rng *r, double *w);

static void fill_constant(const Param *p, Rng *r, double *w) {
    (void)r;
    for (int i = 0; i < dim_count(p->dim); i++) w[i] = p->init.a;
}

static void fill_within(const Param *p, Rng *r, double bound, double *w) {
    for (int i = 0; i < dim_count(p->dim); i++) w[i] = (2.0 * rng_uniform(r) - 1.0) * bound;
}

static void fill_uniform(const Param *p, Rng *r, double *w) {
    double a = p->init.a;
    fill_within(p, r, a != 0 ? a : 1.0 / sqrt((double)p->hidden), w);
}

static void fill_glorot(const Param *p, Rng *r, double *w) {
    fill_within(p, r, sqrt(6.0 / ((double)p->dim.rows + p->dim.cols)), w);
}

static void fill_identity(const Param *p, Rng *r, double *w) {
    (void)r;
    for (int i = 0; i < dim_count(p->dim); i++) w[i] = i / p->dim.cols == i % p->dim.cols;
}

static void fill_normal(const Param *p, Rng *r, double *w) {
    for (int i = 0; i < dim_count(p->dim); i++) w[i] = p->init.a * rng_normal(r);
}

static void fill_chrono(const Param *p, Rng *r, double *w) {
    double longest = p->init.a - 1.0;
    for (int i = 0; i < dim_count(p->dim); i++)
        w[i] = vm_log(1.0 + (longest - 1.0) * rng_uniform(r));
}

/// Line i of `count` lines of `length` numbers: rows of a wide matrix, columns of a tall one.
typedef struct {
    double *w;
    int length, step, line_step;
} Lines;

static double lines_dot(const Lines *l, int i, int j) {
    const double *a = l->w + (ptrdiff_t)i * l->line_step, *b = l->w + (ptrdiff_t)j * l->line_step;
    double sum = 0;
    for (int k = 0; k < l->length; k++)
        sum += a[(ptrdiff_t)k * l->step] * b[(ptrdiff_t)k * l->step];
    return sum;
}

static void lines_subtract(const Lines *l, int i, double factor, int j) {
    double *a = l->w + (ptrdiff_t)i * l->line_step;
    const double *b = l->w + (ptrdiff_t)j * l->line_step;
    for (int k = 0; k < l->length; k++)
        a[(ptrdiff_t)k * l->step] -= factor * b[(ptrdiff_t)k * l->step];
}

static void lines_divide(const Lines *l, int i, double by) {
    double *a = l->w + (ptrdiff_t)i * l->line_step;
    for (int k = 0; k < l->length; k++) a[(ptrdiff_t)k * l->step] /= by;
}

// Gram and Schmidt give the Q of QR whose R has a positive diagonal: the sign that makes Q uniform
// over orthogonal matrices needs no further step. Each line is cleaned twice, which keeps them
// orthogonal to the last digits. Of a matrix that is not square, the short side is orthonormal.
static void fill_orthogonal(const Param *p, Rng *r, double *w) {
    int rows = p->dim.rows, cols = p->dim.cols;
    bool wide = rows < cols;
    Lines l = {w, wide ? cols : rows, wide ? 1 : cols, wide ? cols : 1};
    for (int i = 0; i < dim_count(p->dim); i++) w[i] = rng_normal(r);
    for (int i = 0; i < (wide ? rows : cols); i++) {
        for (int pass = 0; pass < 2; pass++)
            for (int j = 0; j < i; j++) lines_subtract(&l, i, lines_dot(&l, i, j), j);
        lines_divide(&l, i, sqrt(lines_dot(&l, i, i)));
    }
}

static InitFill *const fills[] = {
    [INIT_CONSTANT] = fill_constant, [INIT_UNIFORM] = fill_uniform,
    [INIT_GLOROT] = fill_glorot,     [INIT_ORTHOGONAL] = fill_orthogonal,
    [INIT_IDENTITY] = fill_identity, [INIT_NORMAL] = fill_normal,
    [INIT_CHRONO] = fill_chrono,
};

void params_init(const Graph *g, uint64_t seed, double *params) {
    Rng r = rng_new(seed);
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        fills[p->init.kind](p, &r, params + p->offset);
    }
}
