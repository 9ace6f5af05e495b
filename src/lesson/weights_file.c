// `weights.file`. Gatewalk's own names are those of the trace: W_f, layer2.b_f, head.W_y. A file
// may have some of the parameters; the others keep their start, and that is said.
#include "lesson/weights_file.h"

#include <stdarg.h>
#include <string.h>

#include "files/npz.h"
#include "files/safetensors.h"

typedef struct {
    const char *ending;
    bool (*read)(Arena *a, const Source *source, Tensors *out, Diags *d);
    const char *why_not; // instead of read
} Format;

static const Format formats[] = {
    {".safetensors", safetensors_read, NULL},
    {".npz", npz_read, NULL},
    {".pt", NULL, "it is a pickle, which runs code when it is read"},
    {".pth", NULL, "it is a pickle, which runs code when it is read"},
    {".h5", NULL, "save its arrays as .npz or .safetensors"},
    {".keras", NULL, "save its arrays as .npz or .safetensors"},
    {".onnx", NULL, "save its arrays as .npz or .safetensors"},
    {".npy", NULL, "it has one array without a name; an .npz has several"},
};

static const Format *find_format(const char *path) {
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t k = strlen(formats[i].ending);
        if (n > k && strcmp(path + n - k, formats[i].ending) == 0) return &formats[i];
    }
    return NULL;
}

void weights_note(WeightsFile *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *said = arena_vprintf(w->reading->arena, format, args);
    va_end(args);
    Reading *r = w->reading;
    ARENA_PUSH(r->arena, r->notes, r->n_notes, r->cap_notes,
               arena_printf(r->arena, "%s: note: %s", w->source->path, said));
}

/// A column may be flat or of one column; anything else has the parameter's shape.
static bool fits(const Tensor *t, Dim dim) {
    size_t rows = (size_t)dim.rows, cols = (size_t)dim.cols;
    if (t->rank == 2) return t->shape[0] == rows && t->shape[1] == cols;
    if (t->rank == 1) return t->shape[0] == rows && cols == 1;
    return t->rank == 0 && rows == 1 && cols == 1;
}

static bool read_own(WeightsFile *w) {
    Reading *r = w->reading;
    const Graph *g = w->graph;
    const char **names = ARENA_ARRAY(r->arena, const char *, g->n_params + 1);
    bool *found = ARENA_ARRAY(r->arena, bool, g->n_params + 1), fine = true;
    for (int i = 0; i < g->n_params; i++) names[i] = g->params[i].full;
    for (int i = 0; i < w->tensors->n; i++) {
        const Tensor *t = &w->tensors->list[i];
        int index = graph_find_param(g, t->name);
        if (index < 0) {
            const char *near = nearest_word(t->name, names);
            fine =
                WEIGHTS_ERROR(w, "the network has no parameter '%s'%s%s%s", t->name,
                              near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
            continue;
        }
        const Param *p = &g->params[index];
        found[index] = true;
        if (fits(t, p->dim))
            memcpy(w->params + p->offset, t->at, t->count * sizeof *t->at);
        else
            fine =
                WEIGHTS_ERROR(w, "%s is %s in the file, and %d×%d in this network", t->name,
                              tensor_words(r->arena, t->shape, t->rank), p->dim.rows, p->dim.cols);
    }
    Buf missing = buf_new(r->arena);
    for (int i = 0; i < g->n_params; i++)
        if (!found[i]) buf_printf(&missing, "%s%s", missing.len ? ", " : "", names[i]);
    if (fine && missing.len)
        weights_note(w, "not in the file, and left as they start: %s", missing.data);
    return fine;
}

/// Is there any name that the network knows?
static bool has_own_name(const WeightsFile *w) {
    for (int i = 0; i < w->tensors->n; i++)
        if (graph_find_param(w->graph, w->tensors->list[i].name) >= 0) return true;
    return false;
}

void weights_file_find(Reading *r) {
    const Item *item = item_get(item_get(r->root, "weights"), "file");
    if (!item || item->kind != ITEM_TEXT || item_is_null(item)) return; // told already
    const Format *format = find_format(item->text);
    if (!format)
        READING_ERROR(r, item, "weights.file must end in .safetensors or .npz");
    else if (!format->read)
        READING_ERROR(r, item, "a %s file cannot be read: %s; .safetensors and .npz can",
                      format->ending, format->why_not);
    else
        r->weights_path = path_inside(r, item);
    if (r->weights_path) ARENA_PUSH(r->arena, r->watch, r->n_watch, r->cap_watch, r->weights_path);
}

bool weights_file_read(Reading *r, const Graph *g, double *params) {
    const Format *format = find_format(r->weights_path);
    const Source *source = source_read(r->arena, r->weights_path, WEIGHTS_MAX_BYTES, r->diags);
    Tensors tensors;
    if (!source || !format->read(r->arena, source, &tensors, r->diags)) return false;
    for (int i = 0; i < tensors.n; i++)
        if (!tensor_finite(&tensors.list[i], source, r->diags)) return false;
    WeightsFile w = {r, g, source, &tensors, params};
    if (weights_are_foreign(&w)) return weights_foreign_read(&w);
    if (has_own_name(&w)) return read_own(&w);
    return WEIGHTS_ERROR(&w,
                         "%s%s%s its names are Gatewalk's own (W_f, head.W_y), or PyTorch's "
                         "(weight_ih_l0), Keras's (lstm/kernel) or ONNX's (W, R, B)",
                         tensors.n ? "the name '" : "the file has no arrays;",
                         tensors.n ? tensors.list[0].name : "", tensors.n ? "' is not known;" : "");
}
