// `weights` and `train`: how parameters start and what happens to them before the lesson opens.
#include <math.h>
#include <string.h>

#include "core/init.h"
#include "lesson/reading.h"

static const char *const *param_names(Arena *a, const Graph *g) {
    const char **names = ARENA_ARRAY(a, const char *, g->n_params + 1);
    for (int i = 0; i < g->n_params; i++) names[i] = g->params[i].full;
    return names;
}

static bool read_value(Reading *r, const Item *item, const Param *p, double *params) {
    Numbers numbers;
    if (!numbers_read(r, item, p->full, &numbers)) return false;
    if (numbers.nested && (numbers.rows != p->dim.rows || numbers.cols != p->dim.cols))
        return READING_ERROR(r, item, "%s is %d×%d, and %d×%d numbers are given", p->full,
                             p->dim.rows, p->dim.cols, numbers.rows, numbers.cols);
    if (numbers.n != dim_count(p->dim))
        return READING_ERROR(r, item, "%s is %d×%d, so it needs %d numbers, and %d are given",
                             p->full, p->dim.rows, p->dim.cols, dim_count(p->dim), numbers.n);
    memcpy(params + p->offset, numbers.at, (size_t)numbers.n * sizeof *params);
    return true;
}

bool weights_read(Reading *r, const Graph *g, double *params) {
    const Item *weights = item_get(r->root, "weights");
    const Item *values = item_get(weights, "values");
    params_init(g, schema_seed(weights), params);
    if (!values || values->kind != ITEM_MAP) return true;
    bool fine = true;
    for (int i = 0; i < values->n; i++) {
        const Item *key = values->keys[i];
        int index = graph_find_param(g, key->text);
        if (index < 0)
            fine = schema_unknown_word(r->arena, r->source, key->span, "weights.values", key->text,
                                       param_names(r->arena, g), r->diags);
        else
            fine &= read_value(r, values->items[i], &g->params[index], params);
    }
    return fine;
}

/// What is known by name and not there yet, so that nobody takes it for a typing error.
static const char *const later_optimizers[] = {"momentum", "nesterov", "rmsprop", "adagrad",
                                               "adamw",    "adadelta", "lbfgs",   NULL};

static bool read_optimizer(Reading *r, const Item *train, TrainSpec *out) {
    const Item *item = item_get(train, "optimizer");
    out->optimizer = OPTIM_ADAM;
    if (!item || item->kind != ITEM_TEXT || item_is_null(item)) return true;
    const char *names[OPTIM_COUNT + 1] = {NULL};
    for (int i = 0; i < OPTIM_COUNT; i++) names[i] = optim_defs[i].name;
    int kind = schema_find(names, item->text);
    if (kind >= 0) {
        out->optimizer = (OptimKind)kind;
        return true;
    }
    if (schema_find(later_optimizers, item->text) >= 0)
        return READING_ERROR(r, item, "the optimizer %s is not built yet; there are sgd and adam",
                             item->text);
    return schema_unknown_word(r->arena, r->source, item->span, "train.optimizer", item->text,
                               names, r->diags);
}

bool train_read(Reading *r, TrainSpec *out) {
    const Item *train = item_get(r->root, "train");
    *out = (TrainSpec){.rate = 0.01, .batch = 1};
    if (!train || train->kind != ITEM_MAP) return true;
    bool fine = read_optimizer(r, train, out);
    out->rate = schema_number(train, "rate", 0, INFINITY, out->rate);
    out->steps = schema_whole(train, "steps", 0, LESSON_MAX_OPTIMIZER_STEPS, 0);
    out->batch = schema_whole(train, "batch", 1, LESSON_MAX_BATCH, 1);
    out->clip = schema_number(train, "clip", 0, INFINITY, 0);
    out->seed = schema_seed(item_get(r->root, "weights"));
    if (schema_whole(train, "truncate", 1, INT32_MAX, 0) > 0)
        fine = READING_ERROR(r, item_get(train, "truncate"),
                             "truncated training is not built yet; leave truncate at 0");
    const char *loss = schema_text(item_get(r->root, "model"), "loss", "none");
    if (out->steps > 0 && strcmp(loss, "none") == 0)
        fine =
            READING_ERROR(r, item_get(train, "steps"), "training needs a loss: model.loss is none");
    return fine;
}
