// `weights`: how parameters start.
#include <string.h>

#include "core/init.h"
#include "lesson/weights_file.h"

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
    bool fine = !r->weights_path || weights_file_read(r, g, params);
    if (!values || values->kind != ITEM_MAP) return fine;
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
