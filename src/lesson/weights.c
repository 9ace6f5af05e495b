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

static const Item *values_of(const Reading *r) {
    const Item *values = item_get(item_get(r->root, "weights"), "values");
    return values && values->kind == ITEM_MAP ? values : NULL;
}

bool weights_read(Reading *r, const Graph *g, double *params) {
    const Item *values = values_of(r);
    params_init(g, schema_seed(item_get(r->root, "weights")), params);
    bool fine = !r->weights_path || weights_file_read(r, g, params);
    for (int i = 0; values && i < values->n; i++) {
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

/// Head and embedding are the same whatever the cell is.
static bool is_shared(const char *name) {
    return strncmp(name, "head.", 5) == 0 || strncmp(name, "embedding.", 10) == 0;
}

void weights_shared(Reading *r, const Graph *g, double *params) {
    const Item *values = values_of(r);
    params_init(g, schema_seed(item_get(r->root, "weights")), params);
    for (int i = 0; values && i < values->n; i++) {
        int index = graph_find_param(g, values->keys[i]->text);
        if (index >= 0 && is_shared(values->keys[i]->text))
            read_value(r, values->items[i], &g->params[index], params);
    }
}

bool weights_given(const Reading *r) {
    const Item *values = values_of(r);
    for (int i = 0; values && i < values->n; i++)
        if (!is_shared(values->keys[i]->text)) return true;
    return r->weights_path != NULL;
}
