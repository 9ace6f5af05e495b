// The gradient of a parameter is a sum over timesteps, and while BPTT walks back only the shares of
// those it has passed are in it. Which they are the walk says; their sum is core/shares.h.
#include <math.h>
#include <string.h>

#include "core/shares.h"
#include "view/matrices.h"

/// How many shares of this element the playhead has passed. They come one after the other.
static int passed(const View *v, int param, int unit) {
    const Lesson *l = v->lesson;
    int node = l->graph->params[param].node, low = 0, high = shares_count(l->shares, param);
    while (low < high) {
        int middle = (low + high + 1) / 2;
        Ref share = ref_grad(node, shares_place(l->shares, param, middle), unit);
        if (view_known(v, share))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

int view_param_shares(const View *v, int param, int unit, int *all) {
    const Lesson *l = v->lesson;
    if (l->shares) {
        *all = shares_count(l->shares, param);
        return passed(v, param, unit);
    }
    const Param *p = &l->graph->params[param];
    int n = *all = 0;
    for (int place = 1; place <= trace_steps(l->trace); place++) {
        *all += trace_runs(l->trace, p->part, place);
        n += view_known(v, ref_grad(p->node, place, unit));
    }
    return n;
}

static int count_of(const View *v, int param) {
    return dim_count(v->lesson->graph->params[param].dim);
}

/// The whole gradient once all of the way back is done.
static const double *whole(const View *v, int param) {
    const Param *p = &v->lesson->graph->params[param];
    bool known = view_known(v, ref_grad(p->node, 0, 0));
    return known ? trace_param_grads(v->lesson->trace) + p->offset : NULL;
}

double view_param_gradient(const View *v, int param, int unit) {
    Shares *shares = v->lesson->shares;
    const double *x = whole(v, param);
    if (!x && shares) x = shares_sum(shares, param, passed(v, param, unit));
    return x ? x[unit - 1] : NAN;
}

const double *grown_gradient(const Value *p, int param, int *known) {
    Shares *shares = p->lesson->shares;
    int n = count_of(p->v, param);
    const double *all = whole(p->v, param);
    *known = n;
    if (all || !shares) return all;
    int of_last = passed(p->v, param, n), of_first = passed(p->v, param, 1);
    if (of_first == 0) return NULL;
    if (of_first == of_last) return shares_sum(shares, param, of_last);
    // in the middle of a share, by units
    int done = p->v->at.unit < n ? p->v->at.unit : n;
    double *mixed = ARENA_ARRAY(p->s->arena, double, n);
    memcpy(mixed, shares_sum(shares, param, of_last), (size_t)n * sizeof *mixed);
    memcpy(mixed, shares_sum(shares, param, of_first), (size_t)done * sizeof *mixed);
    if (of_last == 0) *known = done;
    return mixed;
}

int grown_place(const Value *p, int param) {
    Shares *shares = p->lesson->shares;
    int k = shares ? passed(p->v, param, 1) : 0;
    return k > 0 ? shares_place(shares, param, k) : view_place(p->v);
}

double grown_norm(const Value *p, int param) {
    Shares *shares = p->lesson->shares;
    if (!shares) return NAN;
    int k = passed(p->v, param, count_of(p->v, param));
    return k > 0 ? shares_sum_norm(shares, param, k) : NAN;
}
