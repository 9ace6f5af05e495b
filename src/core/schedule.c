// Learning-rate schedules. Each kind is a pure function of the steps done, so that any step of a
// training can be computed without those before it.
#include "core/schedule.h"

#include <assert.h>

#include "core/vmath.h"

static double constant_factor(const Schedule *s, int64_t done) {
    (void)s;
    (void)done;
    return 1.0;
}

static double step_factor(const Schedule *s, int64_t done) {
    assert(s->every >= 1);
    double factor = 1.0;
    for (int64_t i = done / s->every; i > 0 && factor > 0; i--) factor *= s->factor;
    return factor;
}

static double cosine_factor(const Schedule *s, int64_t done) {
    const double pi = 3.14159265358979323846;
    assert(s->over >= 1);
    if (done > s->over) done = s->over;
    double turn = vm_cos(pi * (double)done / s->over);
    return s->floor + (1.0 - s->floor) * (1.0 + turn) / 2.0;
}

const ScheduleDef schedule_defs[SCHEDULE_COUNT] = {
    [SCHEDULE_CONSTANT] = {"constant", constant_factor},
    [SCHEDULE_STEP] = {"step", step_factor},
    [SCHEDULE_COSINE] = {"cosine", cosine_factor},
    [SCHEDULE_WARMUP] = {"warm-up", constant_factor},
};

double schedule_factor(const Schedule *s, int64_t t) {
    assert(t >= 1);
    if (t <= s->warmup) return (double)t / s->warmup;
    return schedule_defs[s->kind].factor(s, t - 1 - s->warmup);
}
