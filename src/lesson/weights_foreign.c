// Weights of other frameworks. All of them stack the gates of a layer in one matrix for the input
// and one for h[t-1]; here each gate has its own, over [h; x]. They differ in three ways: the order
// of the gates, which side of the product the matrix stands on, and how many biases there are:
//   PyTorch  weight_ih (4H, in), weight_hh (4H, H), bias_ih + bias_hh   i f g o | r z n
//   Keras    kernel (in, 4U), recurrent_kernel (U, 4U), bias            i f c o | z r h
//   ONNX     W (dirs, 4H, in), R (dirs, 4H, H), B (dirs, 8H)            i o f c | z r h
// A name is read as GROUP.LEAF; the leaf says what it is, the groups are the layers in natural
// order.
#include <stdlib.h>
#include <string.h>

#include "lesson/weights_file.h"

typedef enum { TORCH, KERAS, ONNX, CONVENTIONS } Convention;

static const char *const convention_names[CONVENTIONS] = {"PyTorch", "Keras", "ONNX"};

/// The gates of a cell in the order of each framework, in this program's letters; "-" is a cell
/// without gates, whose parameters are W and b.
typedef struct {
    const char *cell;
    const char *order[CONVENTIONS]; // NULL: the framework has another cell by this name
    bool reset_after;               // the candidate has a matrix and a bias of its own for h[t-1]
} Gates;

static const Gates gate_table[] = {
    {"lstm", {"ifgo", "ifgo", "iofg"}, false},
    {"gru", {NULL, "zrn", "zrn"}, false},
    {"gru-after", {"rzn", "zrn", "zrn"}, true},
    {"rnn", {"-", "-", "-"}, false},
};

typedef enum { OF_X, OF_H, BIAS_X, BIAS_H, ROLES } Role; // Keras's and ONNX's one bias is BIAS_X

/// What a file has for one layer in one direction.
typedef struct {
    const char *group;
    int nth; // PyTorch's _l0
    bool reverse;
    const Tensor *at[ROLES];
} Raw;

typedef struct {
    WeightsFile *w;
    Convention convention;
    Raw *list; // forward layers in order, then reverse ones
    int n, cap, n_forward;
    const Tensor *head, *head_bias, *embedding;
} Foreign;

/// A layer with its gates stacked as rows, whatever the file's form: what fill() takes.
typedef struct {
    const char *order;
    size_t hidden, input;
    const double *x, *h;     // (gates * hidden, input), (gates * hidden, hidden)
    const double *b_x, *b_h; // (gates * hidden) or NULL
} Stacked;

// ---- names ----

/// The place behind the last of `marks` in the name, or its beginning.
static const char *leaf_of(const char *name, const char *marks) {
    const char *leaf = name;
    for (const char *s = name; *s; s++)
        if (strchr(marks, *s)) leaf = s + 1;
    return leaf;
}

typedef struct {
    const char *leaf;
    Role role;
} Leaf;

// clang-format off
static const Leaf torch_leaves[] = {{"weight_ih", OF_X}, {"weight_hh", OF_H},
                                     {"bias_ih", BIAS_X}, {"bias_hh", BIAS_H}, {NULL, ROLES}};
static const Leaf keras_leaves[] = {{"kernel", OF_X}, {"recurrent_kernel", OF_H},
                                     {"bias", BIAS_X}, {NULL, ROLES}};
static const Leaf onnx_leaves[] = {{"W", OF_X}, {"R", OF_H}, {"B", BIAS_X}, {NULL, ROLES}};
// clang-format on

static Role find_leaf(const Leaf *leaves, const char *leaf, size_t n) {
    for (; leaves->leaf; leaves++)
        if (strlen(leaves->leaf) == n && memcmp(leaves->leaf, leaf, n) == 0) break;
    return leaves->role;
}

/// "weight_ih_l1_reverse": its number and direction; the leaf's own length in *n.
static bool torch_ending(const char *leaf, size_t *n, Raw *raw) {
    const char *end = leaf + strlen(leaf), *mark = strstr(leaf, "_l");
    if (end - leaf > 8 && strcmp(end - 8, "_reverse") == 0) raw->reverse = true, end -= 8;
    *n = (size_t)((mark ? mark : end) - leaf);
    if (!mark) return true;
    const char *s = mark + 2;
    for (; s < end && *s >= '0' && *s <= '9' && raw->nth < LESSON_MAX_LAYERS; s++)
        raw->nth = 10 * raw->nth + *s - '0';
    return s == end && s > mark + 2;
}

/// What a name means in a convention; ROLES for nothing of a recurrent layer.
static Role role_of(Arena *a, Convention c, const char *name, Raw *raw) {
    static const char *const marks[CONVENTIONS] = {".", "/.", "/._"};
    static const Leaf *const leaves[CONVENTIONS] = {torch_leaves, keras_leaves, onnx_leaves};
    const char *leaf = leaf_of(name, marks[c]);
    size_t n = strlen(leaf);
    *raw = (Raw){.group = arena_copy(a, name, (size_t)(leaf - name))};
    if (c == KERAS && n > 2 && strcmp(leaf + n - 2, ":0") == 0) n -= 2;
    if (c == KERAS) raw->reverse = strstr(raw->group, "backward") != NULL;
    if (c == TORCH && !torch_ending(leaf, &n, raw)) return ROLES;
    return find_leaf(leaves[c], leaf, n);
}

/// The convention of which the file has a matrix for h[t-1]; CONVENTIONS if none.
static Convention recognise(const WeightsFile *w) {
    for (int c = 0; c < CONVENTIONS; c++)
        for (int i = 0; i < w->tensors->n; i++) {
            Raw raw;
            const Tensor *t = &w->tensors->list[i];
            if (role_of(w->reading->arena, (Convention)c, t->name, &raw) == OF_H &&
                (c != ONNX || t->rank == 3))
                return (Convention)c;
        }
    return CONVENTIONS;
}

bool weights_are_foreign(const WeightsFile *w) {
    return recognise(w) != CONVENTIONS;
}

// ---- layers ----

/// lstm < lstm_2 < lstm_10.
static int natural_order(const char *a, const char *b) {
    while (*a && *b) {
        if (*a >= '0' && *a <= '9' && *b >= '0' && *b <= '9') {
            char *a_end, *b_end;
            unsigned long x = strtoul(a, &a_end, 10), y = strtoul(b, &b_end, 10);
            if (x != y) return x < y ? -1 : 1;
            a = a_end, b = b_end;
        } else if (*a != *b) {
            // the end of a name, that is a mark, comes before what continues it
            int p = strchr("/.", *a) ? 0 : *a, q = strchr("/.", *b) ? 0 : *b;
            return p - q;
        } else {
            a++, b++;
        }
    }
    return *a ? 1 : *b ? -1 : 0;
}

static int by_layer(const void *a, const void *b) {
    const Raw *p = a, *q = b;
    if (p->reverse != q->reverse) return p->reverse - q->reverse;
    int order = natural_order(p->group, q->group);
    return order ? order : p->nth - q->nth;
}

static bool has_h(const Foreign *f, const char *group) {
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->list[i].group, group) == 0 && f->list[i].at[OF_H]) return true;
    return false;
}

static Raw *find_raw(Foreign *f, const Raw *like) {
    for (int i = 0; i < f->n; i++) {
        Raw *raw = &f->list[i];
        if (raw->nth == like->nth && raw->reverse == like->reverse &&
            strcmp(raw->group, like->group) == 0)
            return raw;
    }
    if (f->n > 2 * LESSON_MAX_LAYERS) return NULL;
    ARENA_PUSH(f->w->reading->arena, f->list, f->n, f->cap, *like);
    return &f->list[f->n - 1];
}

/// Sorts the arrays of the file: layers by what their h[t-1] matrix stands beside, then the rest.
static bool collect(Foreign *f) {
    Arena *a = f->w->reading->arena;
    const Tensors *tensors = f->w->tensors;
    // twice: Keras's kernel and bias are a layer's or the head's, which the matrix for h[t-1] tells
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < tensors->n; i++) {
            Raw like;
            const Tensor *t = &tensors->list[i];
            Role role = role_of(a, f->convention, t->name, &like);
            if (role == ROLES || (role == OF_H) != (pass == 0)) continue;
            if (pass == 1 && !has_h(f, like.group)) continue;
            Raw *raw = find_raw(f, &like);
            if (!raw)
                return WEIGHTS_ERROR(f->w,
                                     "more recurrent layers than the %d that a lesson can have",
                                     LESSON_MAX_LAYERS);
            raw->at[role] = t;
        }
    qsort(f->list, (size_t)f->n, sizeof *f->list, by_layer);
    for (int i = 0; i < f->n; i++) f->n_forward += !f->list[i].reverse;
    return true;
}

static bool is_used(const Foreign *f, const Tensor *t) {
    for (int i = 0; i < f->n; i++)
        for (int k = 0; k < ROLES; k++)
            if (f->list[i].at[k] == t) return true;
    return t == f->head || t == f->head_bias || t == f->embedding;
}

/// PyTorch's projection and ONNX's peepholes: leaving them out would change the numbers.
static bool is_more_than_gates(const Foreign *f, const char *name) {
    if (f->convention == ONNX) return strcmp(leaf_of(name, "/._"), "P") == 0;
    return f->convention == TORCH && strncmp(leaf_of(name, "."), "weight_hr", 9) == 0;
}

/// The dense layer and the embedding: what is left and has their names.
static bool find_rest(Foreign *f) {
    for (int i = 0; i < f->w->tensors->n; i++) {
        const Tensor *t = &f->w->tensors->list[i];
        if (is_used(f, t)) continue;
        if (is_more_than_gates(f, t->name))
            return WEIGHTS_ERROR(f->w,
                                 "%s: projections and peepholes of other frameworks cannot be "
                                 "read",
                                 t->name);
        const char *leaf = leaf_of(t->name, "/.");
        bool weight = strcmp(leaf, "weight") == 0 || strncmp(leaf, "kernel", 6) == 0;
        if (t->rank == 2 && strstr(t->name, "emb"))
            f->embedding = t;
        else if (t->rank == 2 && weight)
            f->head = t;
        else if (t->rank == 1 && strncmp(leaf, "bias", 4) == 0)
            f->head_bias = t;
    }
    return true;
}

// ---- shapes ----

static bool has_shape(const Tensor *t, int rank, const size_t *want) {
    return t->rank == rank && memcmp(t->shape, want, (size_t)rank * sizeof *want) == 0;
}

static bool expect(const Foreign *f, const Tensor *t, int rank, const size_t *want,
                   const char *what) {
    if (has_shape(t, rank, want)) return true;
    Arena *a = f->w->reading->arena;
    return WEIGHTS_ERROR(f->w, "%s is %s, and %s needs %s", t->name,
                         tensor_words(a, t->shape, t->rank), what, tensor_words(a, want, rank));
}

static const double *transposed(Arena *a, const double *from, size_t rows, size_t cols) {
    double *to = ARENA_ARRAY(a, double, rows *cols);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++) to[c * rows + r] = from[r * cols + c];
    return to;
}

static bool stack_torch(const Foreign *f, const Raw *raw, size_t rows, const char *what,
                        Stacked *s) {
    const Tensor *const *at = raw->at;
    bool fine = expect(f, at[OF_X], 2, (size_t[]){rows, s->input}, what);
    fine &= expect(f, at[OF_H], 2, (size_t[]){rows, s->hidden}, what);
    if (at[BIAS_X]) fine &= expect(f, at[BIAS_X], 1, &rows, what);
    if (at[BIAS_H]) fine &= expect(f, at[BIAS_H], 1, &rows, what);
    s->x = at[OF_X]->at;
    s->h = at[OF_H]->at;
    s->b_x = at[BIAS_X] ? at[BIAS_X]->at : NULL;
    s->b_h = at[BIAS_H] ? at[BIAS_H]->at : NULL;
    return fine;
}

static bool stack_keras(const Foreign *f, const Raw *raw, size_t rows, const char *what,
                        const Gates *gates, Stacked *s) {
    Arena *a = f->w->reading->arena;
    const Tensor *bias = raw->at[BIAS_X];
    bool fine = expect(f, raw->at[OF_X], 2, (size_t[]){s->input, rows}, what);
    fine &= expect(f, raw->at[OF_H], 2, (size_t[]){s->hidden, rows}, what);
    // a bias for each side is how Keras writes reset_after
    bool two = bias && has_shape(bias, 2, (size_t[]){2, rows});
    bool is_gru = strncmp(gates->cell, "gru", 3) == 0;
    if (bias && is_gru && two != gates->reset_after && (two || has_shape(bias, 1, &rows)))
        return WEIGHTS_ERROR(f->w,
                             "%s is %s, so the reset gate comes %s the product: the cell %s, "
                             "not %s",
                             bias->name, tensor_words(a, bias->shape, bias->rank),
                             two ? "after" : "before", two ? "gru-after" : "gru", gates->cell);
    if (bias && !(is_gru && two)) fine &= expect(f, bias, 1, &rows, what);
    if (!fine) return false;
    s->x = transposed(a, raw->at[OF_X]->at, s->input, rows);
    s->h = transposed(a, raw->at[OF_H]->at, s->hidden, rows);
    s->b_x = bias ? bias->at : NULL;
    s->b_h = bias && two ? bias->at + rows : NULL;
    return true;
}

static bool stack_onnx(const Foreign *f, const Raw *raw, size_t rows, const char *what,
                       size_t halves, size_t half, Stacked *s) {
    const Tensor *const *at = raw->at;
    bool fine = expect(f, at[OF_X], 3, (size_t[]){halves, rows, s->input}, what);
    fine &= expect(f, at[OF_H], 3, (size_t[]){halves, rows, s->hidden}, what);
    if (at[BIAS_X]) fine &= expect(f, at[BIAS_X], 2, (size_t[]){halves, 2 * rows}, what);
    s->x = at[OF_X]->at + half * rows * s->input;
    s->h = at[OF_H]->at + half * rows * s->hidden;
    s->b_x = at[BIAS_X] ? at[BIAS_X]->at + half * 2 * rows : NULL;
    s->b_h = s->b_x ? s->b_x + rows : NULL;
    return fine;
}

// ---- filling ----

static const Param *param_of(const Foreign *f, const Part *part, const char *kind, char gate) {
    Arena *a = f->w->reading->arena;
    const char *name = gate == '-' ? arena_printf(a, "%s%s", part->prefix, kind)
                                   : arena_printf(a, "%s%s_%c", part->prefix, kind, gate);
    int index = graph_find_param(f->w->graph, name);
    if (index >= 0) return &f->w->graph->params[index];
    WEIGHTS_ERROR(f->w, "the cell %s has no parameter %s, which the gates of %s need",
                  part->cell->name, name, convention_names[f->convention]);
    return NULL;
}

/// Copies gate number `g`: h[t-1] on the left, x on the right of each row, as in W @ [h; x].
static bool fill_joined(const Foreign *f, const Part *part, const Stacked *s, size_t g) {
    const Param *w = param_of(f, part, "W", s->order[g]), *b = param_of(f, part, "b", s->order[g]);
    if (!w || !b) return false;
    size_t h = s->hidden, cols = h + s->input;
    if (w->dim.rows != (int)h || w->dim.cols != (int)cols || dim_count(b->dim) != (int)h)
        return WEIGHTS_ERROR(f->w,
                             "%s is %d×%d in this lesson's cell, and the file's gates fit one "
                             "of %zu×%zu",
                             w->full, w->dim.rows, w->dim.cols, h, cols);
    for (size_t r = 0; r < h; r++) {
        double *row = f->w->params + w->offset + r * cols;
        size_t from = g * h + r;
        memcpy(row, s->h + from * h, h * sizeof *row);
        memcpy(row + h, s->x + from * s->input, s->input * sizeof *row);
        f->w->params[(size_t)b->offset + r] =
            (s->b_x ? s->b_x[from] : 0) + (s->b_h ? s->b_h[from] : 0);
    }
    return true;
}

static void copy_block(const Foreign *f, const Param *p, const double *from) {
    size_t n = (size_t)dim_count(p->dim);
    double *to = f->w->params + p->offset;
    for (size_t i = 0; i < n; i++) to[i] = from ? from[i] : 0;
}

/// The candidate of a GRU with its reset gate after the product: x and h[t-1] stay apart.
static bool fill_apart(const Foreign *f, const Part *part, const Stacked *s, size_t g) {
    const Param *w = param_of(f, part, "W", 'n'), *r = param_of(f, part, "R", 'n');
    const Param *b = param_of(f, part, "b", 'n'), *d = param_of(f, part, "d", 'n');
    if (!w || !r || !b || !d) return false;
    int h = (int)s->hidden;
    if (w->dim.rows != h || w->dim.cols != (int)s->input || r->dim.rows != h || r->dim.cols != h ||
        dim_count(b->dim) != h || dim_count(d->dim) != h)
        return WEIGHTS_ERROR(f->w, "%s is %d×%d in this lesson's cell, and the file's is %d×%zu",
                             w->full, w->dim.rows, w->dim.cols, h, s->input);
    size_t row = g * s->hidden;
    copy_block(f, w, s->x + row * s->input);
    copy_block(f, r, s->h + row * s->hidden);
    copy_block(f, b, s->b_x ? s->b_x + row : NULL);
    copy_block(f, d, s->b_h ? s->b_h + row : NULL);
    return true;
}

static const Gates *find_gates(const Foreign *f, const Part *part) {
    const char *name = part->cell->name;
    for (size_t i = 0; i < sizeof gate_table / sizeof *gate_table; i++) {
        const Gates *g = &gate_table[i];
        if (strcmp(g->cell, name) != 0) continue;
        if (g->order[f->convention]) return g;
        WEIGHTS_ERROR(f->w,
                      "PyTorch's GRU has its reset gate after the product: the cell gru-after, "
                      "not %s",
                      name);
        return NULL;
    }
    WEIGHTS_ERROR(f->w,
                  "weights with %s's names fit the cells lstm, gru, gru-after and rnn; the cell "
                  "%s takes Gatewalk's own",
                  convention_names[f->convention], name);
    return NULL;
}

/// Rows of the part's x.
static size_t input_of(const Foreign *f, const Part *part) {
    return (size_t)dim_count(f->w->graph->nodes[part->input].dim);
}

static bool fill_layer(const Foreign *f, const Part *part, const Raw *raw, bool both,
                       bool reverse) {
    const Gates *gates = find_gates(f, part);
    if (!gates) return false;
    Stacked s = {.order = gates->order[f->convention],
                 .hidden = (size_t)part->hidden,
                 .input = input_of(f, part)};
    size_t n = strlen(s.order), rows = n * s.hidden;
    const char *what = arena_printf(f->w->reading->arena, "%s (%s, hidden %zu, input %zu)",
                                    part->name, part->cell->name, s.hidden, s.input);
    if (!raw->at[OF_X])
        return WEIGHTS_ERROR(f->w, "%s has no matrix for the input beside it", raw->at[OF_H]->name);
    bool fine = f->convention == TORCH ? stack_torch(f, raw, rows, what, &s)
                : f->convention == KERAS
                    ? stack_keras(f, raw, rows, what, gates, &s)
                    : stack_onnx(f, raw, rows, what, both ? 2 : 1, reverse, &s);
    for (size_t g = 0; fine && g < n; g++)
        fine = gates->reset_after && s.order[g] == 'n' ? fill_apart(f, part, &s, g)
                                                       : fill_joined(f, part, &s, g);
    return fine;
}

static bool is_reverse(const Part *part) {
    return strstr(part->prefix, "reverse.") != NULL;
}

static bool fill_layers(const Foreign *f) {
    const Graph *g = f->w->graph;
    int forward = 0, reverse = 0, in_file = f->n - f->n_forward;
    for (int i = 0; i < g->n_parts; i++) {
        forward += g->parts[i].kind == PART_LAYER && !is_reverse(&g->parts[i]);
        reverse += g->parts[i].kind == PART_LAYER && is_reverse(&g->parts[i]);
    }
    if (f->n_forward != forward)
        return WEIGHTS_ERROR(f->w, "the file has %d recurrent layer%s, and the lesson %d",
                             f->n_forward, f->n_forward == 1 ? "" : "s", forward);
    if (f->convention != ONNX && in_file != reverse)
        return WEIGHTS_ERROR(f->w, "the file has %d reverse direction%s, and the lesson %d",
                             in_file, in_file == 1 ? "" : "s", reverse);
    bool fine = true;
    for (int i = 0, n_forward = 0, n_reverse = 0; i < g->n_parts; i++) {
        const Part *part = &g->parts[i];
        if (part->kind != PART_LAYER) continue;
        bool second = is_reverse(part);
        int nth = second ? n_reverse++ : n_forward++;
        const Raw *raw = &f->list[second && f->convention != ONNX ? f->n_forward + nth : nth];
        fine &= fill_layer(f, part, raw, reverse > 0, second);
    }
    return fine;
}

/// A dense layer is y = W h + b in PyTorch and y = h K + b in Keras.
static bool fill_head(Foreign *f) {
    int w = graph_find_param(f->w->graph, "head.W_y"),
        b = graph_find_param(f->w->graph, "head.b_y");
    if (w < 0 || b < 0 || !f->head) {
        if (w >= 0) weights_note(f->w, "no dense layer; the head is left as it starts");
        f->head = f->head_bias = NULL;
        return true;
    }
    const Param *p = &f->w->graph->params[w];
    size_t rows = (size_t)p->dim.rows, cols = (size_t)p->dim.cols;
    bool keras = f->convention == KERAS;
    size_t want[] = {keras ? cols : rows, keras ? rows : cols};
    if (!expect(f, f->head, 2, want, "the head of this lesson")) return false;
    if (f->head_bias && !expect(f, f->head_bias, 1, &rows, "the head of this lesson")) return false;
    const double *at = f->head->at;
    copy_block(f, p, keras ? transposed(f->w->reading->arena, at, cols, rows) : at);
    copy_block(f, &f->w->graph->params[b], f->head_bias ? f->head_bias->at : NULL);
    return true;
}

static bool fill_embedding(Foreign *f) {
    int e = graph_find_param(f->w->graph, "embedding.E");
    if (e < 0) return f->embedding = NULL, true;
    const Param *p = &f->w->graph->params[e];
    if (!f->embedding) return weights_note(f->w, "no embedding; it is left as it starts"), true;
    size_t want[] = {(size_t)p->dim.rows, (size_t)p->dim.cols};
    if (!expect(f, f->embedding, 2, want, "the embedding of this lesson")) return false;
    copy_block(f, p, f->embedding->at);
    return true;
}

static void tell(const Foreign *f) {
    const Graph *g = f->w->graph;
    Arena *a = f->w->reading->arena;
    const Part *part = &g->parts[0];
    for (int i = 0; i < g->n_parts && part->kind != PART_LAYER; i++) part = &g->parts[i];
    const Gates *gates = find_gates(f, part);
    Buf order = buf_new(a);
    if (gates && gates->order[f->convention][0] != '-')
        for (const char *s = gates->order[f->convention]; *s; s++)
            buf_printf(&order, "%s%c", order.len ? ", " : "; gates in the order ", *s);
    weights_note(f->w, "%s's names%s%s", convention_names[f->convention], buf_str(&order),
                 f->list[0].at[BIAS_H] || f->convention == ONNX ? "; the two biases are added"
                                                                : "");
    for (int i = 0; i < f->w->tensors->n; i++)
        if (!is_used(f, &f->w->tensors->list[i]))
            weights_note(f->w, "%s is not used", f->w->tensors->list[i].name);
}

bool weights_foreign_read(WeightsFile *w) {
    Foreign f = {.w = w, .convention = recognise(w)};
    if (w->graph->decoder_part >= 0)
        return WEIGHTS_ERROR(w,
                             "an encoder and a decoder are read by the names of this program only: "
                             "in a file with %s's names it is not certain which layer is whose",
                             convention_names[f.convention]);
    if (!collect(&f) || !find_rest(&f)) return false;
    if (!fill_layers(&f) || !fill_embedding(&f) || !fill_head(&f)) return false;
    tell(&f);
    return true;
}
