// `model` to a NetSpec: the head, the loss, and what the layers (layers.c) and the data say.
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
    bool fine = layers_read(r, model);
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
    if (data->fed && !data->n_classes) return data->input;
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
    const Item *hidden = item_get(model, "hidden"), *decoder = item_key(model, "decoder");
    NetSpec spec = {.source = r->source,
                    .span = (hidden ? hidden : item_key(r->root, "model"))->span,
                    .input = r->data.input,
                    .embedding = r->embedding,
                    .layers = r->layers,
                    .n_layers = r->n_layers,
                    .head = r->head,
                    .head_rows = r->head ? head_rows(r) : 0,
                    .loss = r->loss,
                    .feed = r->feed,
                    .temperature = r->temperature,
                    .feed_span = r->feed_span,
                    .decoder_span = (decoder ? decoder : item_key(r->root, "model"))->span,
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
