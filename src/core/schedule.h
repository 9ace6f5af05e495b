/// Schedules: what the learning rate is multiplied by at each optimizer step. One row each.
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include <stdint.h>

typedef enum {
    SCHEDULE_CONSTANT,
    SCHEDULE_STEP,   // times `factor` after every `every` steps
    SCHEDULE_COSINE, // half a cosine from 1 down to `floor` over `over` steps, then it stays there
    SCHEDULE_WARMUP, // constant once warm
    SCHEDULE_COUNT
} ScheduleKind;

/// All zeros is a constant rate.
typedef struct {
    ScheduleKind kind;
    int warmup;    // step t of these has t / warmup of the rate; the kind counts from the next one
    int every;     // SCHEDULE_STEP
    double factor; // SCHEDULE_STEP
    int over;      // SCHEDULE_COSINE
    double floor;  // SCHEDULE_COSINE: share of the rate at the end
} Schedule;

typedef struct {
    const char *name;
    double (*factor)(const Schedule *s, int64_t done); // done steps lie behind, those of the
                                                       // warm-up not counted
} ScheduleDef;

extern const ScheduleDef schedule_defs[SCHEDULE_COUNT];

/// What the rate is multiplied by at optimizer step t, from 1.
///   source  PyTorch's StepLR, CosineAnnealingLR, LinearLR; Loshchilov & Hutter 2017, equation 5
double schedule_factor(const Schedule *s, int64_t t);

#endif
