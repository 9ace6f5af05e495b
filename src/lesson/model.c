// `model` to a NetSpec. cell, hidden, layers and sizes each say something about the stack, as one
// value for all layers or as a list with one each; `n_stack` is what they agree on. A bidirectional
// layer becomes two entries, the half that reads forward first.
#include <math.h>
#include <string.h>

#include "core/parse.h"
#include "lesson/reading.h"

/// A built-in head is a text like any other.
typedef struct {
    const char *name, *text;
} HeadText;

static const HeadText head_texts[] = {{"softmax", "y = softmax(W_y @ h + b_y)"},
                                      {"sigmoid", "y = sigmoid(W_y @ h + b_y)"},
                                      {"linear", "y = W_y @ h + b_y"},
                                      {"none", NULL}};
enum { N_HEADS = sizeof head_texts / sizeof *head_texts };

/// The text of a scalar as a source of its own that has every byte where the lesson has it, for
/// texts with escapes; NULL if it does not fit in its place.
static const Source *source_with(Reading *r, const Item *item, Span *span) {
    size_t n = strlen(item->text);
    if (n + 1 > item->span.len) return NULL;
    char *copy = arena_copy(r->arena, r->source->text, r->source->len);
    memset(copy + item->span.at, ' ', item->span.len);
    memcpy(copy + item->span.at + 1, item->text, n);
    Source *s = ARENA_NEW(r->arena, Source);
    *s = (Source){r->source->path, copy, r->source->len};
    *span = (Span){item->span.at + 1, n};
    return s;
}

static const CellAst *head_equation(Reading *r, const Item *item) {
    size_t n = strlen(item->text);
    const char *raw = r->source->text + item->span.at;
    int quote = item->quoted && item->span.len >= 2;
    Span span = {item->span.at + (size_t)quote, n};
    bool as_written =
        item->span.len == n + 2 * (size_t)quote && memcmp(raw + quote, item->text, n) == 0;
    const Source *source = as_written ? r->source : source_with(r, item, &span);
    if (!source || memchr(item->text, '\n', n))
        return READING_ERROR(r, item, "write the head on one line, in quotes and without escapes"),
               NULL;
    return head_parse(r->arena, source, span, r->diags);
}

static bool read_head(Reading *r, const Item *model) {
    const Item *item = item_get(model, "head");
    if (!item) return true;
    if (item->kind != ITEM_TEXT || item_is_null(item) || !*item->text) return false;
    if (strchr(item->text, '=')) {
        r->head = head_equation(r, item);
        return r->head != NULL;
    }
    const char *names[N_HEADS + 1] = {NULL};
    for (int i = 0; i < N_HEADS; i++) names[i] = head_texts[i].name;
    int kind = schema_find(names, item->text);
    if (kind < 0) {
        const char *near = nearest_word(item->text, names);
        if (near)
            return READING_ERROR(r, item, "model.head cannot be '%s'; did you mean '%s'?",
                                 item->text, near);
        return READING_ERROR(r, item,
                             "model.head cannot be '%s'; it is softmax, sigmoid, linear, none or "
                             "an equation: \"y = softmax(W_y @ h + b_y)\"",
                             item->text);
    }
    const char *text = head_texts[kind].text;
    if (!text) return true;
    Source *source = ARENA_NEW(r->arena, Source);
    *source = (Source){"the built-in head", text, strlen(text)};
    r->head = head_parse(r->arena, source, (Span){0, source->len}, r->diags);
    return r->head != NULL;
}

/// How many layers an item speaks of: its length if it is a list, else 1.
static int layers_of(const Item *item) {
    return item && item->kind == ITEM_LIST ? item->n : 1;
}

static const Item *layer_item(const Item *item, int layer) {
    return item && item->kind == ITEM_LIST ? item->items[layer] : item;
}

/// The number of layers that cell, hidden, sizes and layers agree on; 0 with mistakes.
static int agree(Reading *r, const Item *model) {
    static const char *const keys[] = {"cell", "hidden", "sizes"};
    int stack = schema_whole(model, "layers", 1, LESSON_MAX_LAYERS, 0);
    const char *who = "model.layers";
    bool fine = true;
    for (int i = 0; i < 3; i++) {
        const Item *item = item_get(model, keys[i]);
        if (!item || item->kind != ITEM_LIST) continue;
        if (item->n == 0 || item->n > LESSON_MAX_LAYERS)
            fine = READING_ERROR(r, item, "model.%s must list 1 to %d layers", keys[i],
                                 LESSON_MAX_LAYERS);
        else if (stack && item->n != stack)
            fine = READING_ERROR(r, item, "model.%s lists %d layers, but %s says %d", keys[i],
                                 item->n, who, stack);
        else if (!stack) {
            stack = item->n;
            who = arena_printf(r->arena, "model.%s", keys[i]);
        }
    }
    return !fine ? 0 : stack ? stack : 1;
}

enum { HIDDEN_OTHERWISE = 4 };

static bool read_hidden(Reading *r, const Item *item, int *out) {
    int64_t value = HIDDEN_OTHERWISE;
    *out = HIDDEN_OTHERWISE;
    if (!item) return true;
    NumberResult got = item_whole(item, &value);
    if (got == NUMBER_NONE || (got == NUMBER_FINE && value < 1))
        return READING_ERROR(r, item, "model.hidden must be a whole number of at least 1%s%s",
                             item->kind == ITEM_TEXT ? ", not " : "",
                             item->kind == ITEM_TEXT ? item->text : "");
    double rows = (double)value;
    if (got == NUMBER_TOO_LARGE) item_number(item, &rows);
    if (rows > LESSON_MAX_HIDDEN) {
        return READING_ERROR(r, item,
                             "too large for memory: one matrix of hidden x hidden alone needs %s; "
                             "at most %d GiB are used for a lesson, and hidden is at most %d",
                             memory_words(r->arena, rows * rows * sizeof(double)), TRACE_MAX_GIB,
                             LESSON_MAX_HIDDEN);
    }
    *out = (int)value;
    return true;
}

/// The named sizes of a cell: `size` lines of names that no equation assigns.
static const char *const *named_sizes(Arena *a, const CellAst *cell) {
    const char **names = ARENA_ARRAY(a, const char *, cell->n_sizes + 1);
    int n = 0;
    for (int i = 0; i < cell->n_sizes; i++) {
        bool assigned = false;
        for (int k = 0; k < cell->n_equations; k++)
            assigned |= strcmp(cell->equations[k].name, cell->sizes[i].name) == 0;
        if (!assigned) names[n++] = cell->sizes[i].name;
    }
    return names;
}

static bool unknown_size(Reading *r, const Item *key, const CellAst *cell,
                         const char *const *names) {
    if (!names[0])
        return READING_ERROR(r, key, "the cell %s has no named size that could be set", cell->name);
    return schema_unknown_word(r->arena, r->source, key->span, "a size of this cell", key->text,
                               names, r->diags);
}

static bool read_sizes(Reading *r, const Item *map, LayerSpec *layer) {
    if (!map || (map->kind == ITEM_TEXT && item_is_null(map))) return true;
    if (map->kind != ITEM_MAP)
        return READING_ERROR(r, map,
                             "model.sizes must be a map such as {proj: 3}, or a list of "
                             "such maps, one for each layer");
    if (!layer->cell) return false;
    const char *const *names = named_sizes(r->arena, layer->cell);
    const char **keys = ARENA_ARRAY(r->arena, const char *, map->n + 1);
    int *values = ARENA_ARRAY(r->arena, int, map->n + 1);
    bool fine = true;
    for (int i = 0; i < map->n; i++) {
        int64_t value = 0;
        if (schema_find(names, map->keys[i]->text) < 0)
            fine = unknown_size(r, map->keys[i], layer->cell, names);
        else if (item_whole(map->items[i], &value) != NUMBER_FINE || value < 1 ||
                 value > LESSON_MAX_HIDDEN)
            fine = READING_ERROR(r, map->items[i], "a size must be a whole number from 1 to %d",
                                 LESSON_MAX_HIDDEN);
        keys[layer->n_sizes] = map->keys[i]->text;
        values[layer->n_sizes++] = (int)value;
    }
    layer->size_names = keys;
    layer->size_values = values;
    return fine;
}

static bool read_layers(Reading *r, const Item *model) {
    int stack = agree(r, model);
    const Item *cell = item_get(model, "cell"), *hidden = item_get(model, "hidden");
    const Item *sizes = item_get(model, "sizes");
    const char *direction = schema_text(model, "direction", "forward");
    bool both = strcmp(direction, "bidirectional") == 0, fine = stack > 0;
    if (stack == 0) {
        // still look for mistakes in the cells themselves
        for (int i = 0; i < layers_of(cell) && i < LESSON_MAX_LAYERS; i++)
            if (cell) cell_load(r, layer_item(cell, i));
        return false;
    }
    r->layers = ARENA_ARRAY(r->arena, LayerSpec, 2 * stack);
    for (int i = 0; i < stack; i++) {
        LayerSpec layer = {.layer = i + 1, .backward = strcmp(direction, "backward") == 0};
        layer.cell = cell ? cell_load(r, layer_item(cell, i)) : NULL;
        // one value for all layers is told of once
        if (i == 0 || layers_of(hidden) > 1)
            fine &= read_hidden(r, layer_item(hidden, i), &layer.hidden);
        else
            layer.hidden = r->layers[0].hidden;
        fine &= read_sizes(r, layer_item(sizes, i), &layer) && layer.cell;
        r->layers[r->n_layers++] = layer;
        if (!both) continue;
        layer.backward = layer.reverse = true;
        r->layers[r->n_layers++] = layer;
    }
    return fine;
}

static LossKind loss_kind(const Item *model) {
    static const char *const names[] = {"none", "cross-entropy", "binary-cross-entropy",
                                        "mse",  "probe",         NULL};
    int kind = schema_find(names, schema_text(model, "loss", "none"));
    return kind < 0 ? LOSS_NONE : (LossKind)kind;
}

void model_read(Reading *r) {
    const Item *model = item_get(r->root, "model");
    if (!model || model->kind != ITEM_MAP) return;
    r->loss = loss_kind(model);
    r->sum = strcmp(schema_text(model, "reduction", "mean"), "sum") == 0;
    r->classes = schema_whole(model, "classes", 1, LESSON_MAX_ROWS, 0);
    r->embedding = schema_whole(model, "embedding", 0, LESSON_MAX_ROWS, 0);
    bool fine = read_layers(r, model);
    fine &= read_head(r, model);
    r->model_ready = fine;
}

/// Rows of W_y in weights.values, 0 if they are not given as rows.
static int given_head_rows(const Reading *r) {
    const Item *values = item_get(item_get(r->root, "weights"), "values");
    const Item *w = item_get(values, "head.W_y");
    if (!w || w->kind != ITEM_LIST || w->n == 0 || w->items[0]->kind != ITEM_LIST) return 0;
    return w->n;
}

static int head_rows(const Reading *r) {
    const DataSpec *data = &r->data;
    if (data->targets == TARGETS_ROWS) return data->target_rows;
    if (given_head_rows(r)) return given_head_rows(r);
    if (r->classes) return r->classes;
    return data->n_classes;
}

/// Those that are numbers; what is not is told.
static int read_starts(Reading *r, StartSpec **out) {
    const Item *start = item_get(item_get(r->root, "data"), "start");
    *out = NULL;
    if (!start || start->kind != ITEM_MAP) return 0;
    StartSpec *specs = ARENA_ARRAY(r->arena, StartSpec, start->n + 1);
    int count = 0;
    for (int i = 0; i < start->n; i++) {
        const Item *value = start->items[i];
        Numbers numbers;
        if (!numbers_read(r, value, "a start value", &numbers)) continue;
        specs[count++] =
            (StartSpec){start->keys[i]->text, numbers.at, numbers.n, start->keys[i]->span};
    }
    *out = specs;
    return count;
}

Graph *model_build(Reading *r, bool dropout) {
    StartSpec *starts;
    int n_starts = read_starts(r, &starts);
    if (!r->model_ready || !r->data.ready) return NULL;
    const Item *model = item_get(r->root, "model"), *loss = item_get(model, "loss");
    const Item *hidden = item_get(model, "hidden");
    NetSpec spec = {.source = r->source,
                    .span = (hidden ? hidden : item_key(r->root, "model"))->span,
                    .input = r->data.input,
                    .embedding = r->embedding,
                    .layers = r->layers,
                    .n_layers = r->n_layers,
                    .head = r->head,
                    .head_rows = r->head ? head_rows(r) : 0,
                    .loss = r->loss,
                    .loss_span = loss ? loss->span : item_key(r->root, "model")->span,
                    .starts = starts,
                    .n_starts = n_starts,
                    .dropout = dropout};
    Graph *g = graph_build(r->arena, &spec, r->diags);
    if (g || !n_starts) return g;
    // without wrong start values there may be a network that shows further mistakes
    Diags told = diags_new(r->arena);
    spec.n_starts = 0;
    return graph_build(r->arena, &spec, &told);
}
