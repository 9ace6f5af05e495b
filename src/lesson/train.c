// `train`: what happens to the weights before the lesson opens. The keys are those of every
// training, the options of all optimizers (core/optim.h), and `schedule`; an option that the chosen
// optimizer does not have is a mistake of its own.
#include <math.h>
#include <string.h>

#include "lesson/reading.h"

static const char *const switch_words[] = {"true", "false", "yes", "no", NULL};
static const char *const schedule_words[] = {"constant", "step", "cosine", "warm-up", NULL};

// clang-format off
static const Field schedule_fields[] = {
    {"kind", FIELD_WORD, .required = true, .words = schedule_words},
    {"warmup", FIELD_WHOLE, .lo = 0, .hi = LESSON_MAX_OPTIMIZER_STEPS},
    {"every", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_OPTIMIZER_STEPS},
    {"factor", FIELD_NUMBER, .lo = 0, .hi = 1},
    {"over", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_OPTIMIZER_STEPS},
    {"floor", FIELD_NUMBER, .lo = 0, .hi = 1},
    {.name = NULL},
};

static const Field truncate_fields[] = {
    {"k1", FIELD_WHOLE, .lo = 1, .hi = INT32_MAX, .required = true},
    {"k2", FIELD_WHOLE, .lo = 1, .hi = INT32_MAX, .required = true},
    {.name = NULL},
};

static const Field train_fields[] = {
    {"optimizer", .type = FIELD_TEXT},
    {"steps", FIELD_WHOLE, .lo = 0, .hi = LESSON_MAX_OPTIMIZER_STEPS},
    {"batch", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_BATCH},
    {"clip", FIELD_NUMBER, .lo = 0, .hi = INFINITY},
    {"clip_value", FIELD_NUMBER, .lo = 0, .hi = INFINITY},
    {"truncate", .type = FIELD_ANY},
    {"schedule", .type = FIELD_ANY},
    {"forcing", FIELD_WORD, .words = forcing_words},
};
// clang-format on

enum { TRAIN_KEYS = sizeof train_fields / sizeof *train_fields };

static const Field *all_fields(Arena *a) {
    Field *fields = ARENA_ARRAY(a, Field, TRAIN_KEYS + OPTION_COUNT + 1);
    memcpy(fields, train_fields, sizeof train_fields);
    for (int i = 0; i < OPTION_COUNT; i++) {
        const OptimOptionDef *o = &optim_options[i];
        fields[TRAIN_KEYS + i] = (Field){.name = o->name,
                                         .type = o->is_switch ? FIELD_WORD : FIELD_NUMBER,
                                         .lo = o->lo,
                                         .hi = o->hi,
                                         .words = switch_words};
    }
    return fields;
}

static bool read_optimizer(Reading *r, const Item *train, OptimKind *out) {
    const Item *item = item_get(train, "optimizer");
    *out = OPTIM_ADAM;
    if (!item || item->kind != ITEM_TEXT || item_is_null(item)) return true;
    const char *names[OPTIM_COUNT + 1] = {NULL};
    for (int i = 0; i < OPTIM_COUNT; i++) names[i] = optim_defs[i].name;
    int kind = schema_find(names, item->text);
    if (kind >= 0) return *out = (OptimKind)kind, true;
    return schema_unknown_word(r->arena, r->source, item->span, "train.optimizer", item->text,
                               names, r->diags);
}

static bool wrong_option(Reading *r, const Item *key, OptimKind kind) {
    Buf all = buf_new(r->arena);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (optim_takes(kind, (OptimOption)i))
            buf_printf(&all, "%s%s", all.len ? ", " : "", optim_options[i].name);
    return READING_ERROR(r, key, "the optimizer %s has no %s; its options are: %s",
                         optim_defs[kind].name, key->text, buf_str(&all));
}

static bool read_options(Reading *r, const Item *train, TrainSpec *out) {
    bool fine = true;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const OptimOptionDef *o = &optim_options[i];
        const Item *key = item_key(train, o->name);
        if (!key) continue;
        const char *word = schema_text(train, o->name, "no");
        if (!optim_takes(out->optimizer, (OptimOption)i))
            fine = wrong_option(r, key, out->optimizer);
        else if (o->is_switch)
            out->with[i] = strcmp(word, "true") == 0 || strcmp(word, "yes") == 0;
        else
            out->with[i] = schema_number(train, o->name, o->lo, o->hi, out->with[i]);
    }
    if (out->with[OPTION_NESTEROV] > 0 &&
        (out->with[OPTION_MOMENTUM] == 0 || out->with[OPTION_DAMPENING] > 0)) {
        const Item *at = item_key(train, "nesterov");
        if (!at) at = item_key(train, "optimizer");
        fine = READING_ERROR(r, at, "nesterov needs a momentum above 0, and a dampening of 0");
    }
    return fine;
}

/// Is the key there without a use for this kind of schedule?
static bool idle_key(Reading *r, const Item *map, const char *name, ScheduleKind kind,
                     ScheduleKind its_kind) {
    const Item *key = item_key(map, name);
    if (!key || kind == its_kind) return false;
    READING_ERROR(r, key, "%s belongs to a schedule of kind %s, and this is %s", name,
                  schedule_defs[its_kind].name, schedule_defs[kind].name);
    return true;
}

static bool read_schedule(Reading *r, const Item *map, TrainSpec *out) {
    if (!map) return true;
    if (!schema_check(r->arena, r->source, map, "train.schedule", schedule_fields, r->diags))
        return false;
    Schedule *s = &out->schedule;
    s->kind = (ScheduleKind)schema_find(schedule_words, schema_text(map, "kind", "constant"));
    int otherwise = s->kind == SCHEDULE_WARMUP ? (out->steps + 9) / 10 : 0;
    s->warmup = schema_whole(map, "warmup", 0, LESSON_MAX_OPTIMIZER_STEPS, otherwise);
    int rest = out->steps > s->warmup ? out->steps - s->warmup : 1;
    s->every = schema_whole(map, "every", 1, LESSON_MAX_OPTIMIZER_STEPS, rest >= 3 ? rest / 3 : 1);
    s->factor = schema_number(map, "factor", 0, 1, 0.1);
    s->over = schema_whole(map, "over", 1, LESSON_MAX_OPTIMIZER_STEPS, rest);
    s->floor = schema_number(map, "floor", 0, 1, 0);
    bool idle = idle_key(r, map, "every", s->kind, SCHEDULE_STEP);
    idle |= idle_key(r, map, "factor", s->kind, SCHEDULE_STEP);
    idle |= idle_key(r, map, "over", s->kind, SCHEDULE_COSINE);
    idle |= idle_key(r, map, "floor", s->kind, SCHEDULE_COSINE);
    return !idle;
}

/// `truncate: k`, or `truncate: {k1: ..., k2: ...}`.
static bool read_truncation(Reading *r, const Item *train, TrainSpec *out) {
    const Item *item = item_get(train, "truncate");
    int64_t whole = 0;
    if (!item) return true;
    if (item->kind != ITEM_MAP) {
        bool fine = item_whole(item, &whole) == NUMBER_FINE && whole >= 0 && whole <= INT32_MAX;
        out->truncate = out->reach = fine ? (int)whole : 0;
        return fine ||
               READING_ERROR(r, item,
                             "train.truncate must be a whole number of timesteps, 0 for none, "
                             "or {k1: 5, k2: 20}");
    }
    if (!schema_check(r->arena, r->source, item, "train.truncate", truncate_fields, r->diags))
        return false;
    out->truncate = schema_whole(item, "k1", 1, INT32_MAX, 1);
    out->reach = schema_whole(item, "k2", 1, INT32_MAX, 1);
    return out->reach >= out->truncate ||
           READING_ERROR(r, item_key(item, "k2"),
                         "k2 is %d and k1 %d: the losses of k1 timesteps go back at least "
                         "through these, so k2 is k1 or more",
                         out->reach, out->truncate);
}

bool train_fits(Reading *r, const Graph *g, const TrainSpec *spec) {
    if (spec->steps == 0 || spec->reach <= spec->truncate || trace_can_reach(g)) return true;
    return READING_ERROR(r, item_key(item_get(r->root, "train"), "truncate"),
                         "with k2 above k1 all layers must read forward: losses go back while the "
                         "network still reads, and a layer that reads backward begins at the end, "
                         "which is not there yet; with k2 = k1 it is cut into pieces of its own");
}

static bool needs_loss(Reading *r, const TrainSpec *spec) {
    const Item *model = item_get(r->root, "model");
    if (spec->steps == 0 || strcmp(schema_text(model, "loss", "none"), "none") != 0) return true;
    const Item *at = item_get(item_get(r->root, "train"), "steps");
    if (!at) at = item_key(r->root, "model");
    return at && READING_ERROR(r, at, "training needs a loss: model.loss is none");
}

bool train_read(Reading *r, TrainSpec *out) {
    const Item *train = item_get(r->root, "train");
    *out = train_spec(OPTIM_ADAM);
    out->dropout = schema_number(item_get(r->root, "model"), "dropout", 0, 1, 0);
    out->seed = schema_seed(item_get(r->root, "weights"));
    if (r->train_steps >= 0) out->steps = r->train_steps;
    if (!train || train->kind != ITEM_MAP) return needs_loss(r, out);
    bool fine = schema_check(r->arena, r->source, train, "train", all_fields(r->arena), r->diags);
    OptimKind kind;
    bool known = read_optimizer(r, train, &kind);
    *out = train_spec(kind);
    out->dropout = schema_number(item_get(r->root, "model"), "dropout", 0, 1, 0);
    out->seed = schema_seed(item_get(r->root, "weights"));
    if (known) fine &= read_options(r, train, out);
    out->steps = schema_whole(train, "steps", 0, LESSON_MAX_OPTIMIZER_STEPS, 0);
    if (r->train_steps >= 0) out->steps = r->train_steps;
    out->batch = schema_whole(train, "batch", 1, LESSON_MAX_BATCH, 1);
    out->clip = schema_number(train, "clip", 0, INFINITY, 0);
    out->clip_value = schema_number(train, "clip_value", 0, INFINITY, 0);
    fine &= read_schedule(r, item_get(train, "schedule"), out) && known;
    fine &= read_truncation(r, train, out);
    return needs_loss(r, out) && fine;
}
