// Data from an NPZ archive: `inputs` and `targets` name arrays in it ("inputs" and "targets"
// without a word).
//
//   inputs    N×T×rows: N sequences of T timesteps; T×rows: one; T: one, a number a timestep
//   targets   for N sequences N×T×rows, N×T, or one for each sequence: N×rows, N
//             for one T×rows, T; with cross-entropy whole numbers, without the last side
//
// Which shape is meant follows from what `inputs` is; a targets array of N×T is one number for each
// timestep if its second side is T, else one row for each sequence.
#include <math.h>

#include "files/npz.h"
#include "lesson/data_file.h"

// clang-format off
const Field data_archive_fields[] = {
    {"file", FIELD_TEXT, .required = true}, {"inputs", .type = FIELD_TEXT},
    {"targets", .type = FIELD_TEXT}, {.name = NULL},
};

const Field data_npz_fields[] = {
    {"npz", FIELD_MAP, .fields = data_archive_fields},
    {"from", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"seed", FIELD_WHOLE, .hi = SEED_MAX}, {"start", .type = FIELD_ANY}, TEST_FIELD,
    {.name = NULL},
};
// clang-format on

/// The array that a key names; NULL with a mistake that says what there is.
static const Tensor *find(Reading *r, const Item *map, const char *key, const Source *source,
                          const Tensors *all) {
    const char *name = schema_text(map, key, key);
    const Tensor *t = tensors_find(all, name);
    if (t) return t;
    Buf names = buf_new(r->arena);
    enum { SHOWN = 10 };
    for (int i = 0; i < all->n && i < SHOWN; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", all->list[i].name);
    if (all->n > SHOWN) buf_puts(&names, ", …");
    diag_error(r->diags, source, NO_SPAN, "there is no array '%s'; it has %s", name,
               all->n ? buf_str(&names) : "none");
    return NULL;
}

/// Settles steps, input and count.
static bool read_inputs(Reading *r, const Source *source, const Tensor *t, FileData *f) {
    size_t count = t->rank == 3 ? t->shape[0] : 1;
    size_t steps = t->rank ? t->shape[t->rank == 3] : 0;
    size_t input = t->rank > 1 ? t->shape[t->rank - 1] : 1;
    bool fits = t->rank >= 1 && t->rank <= 3 && t->count > 0 && count <= TASK_MAX_LENGTH &&
                steps <= TASK_MAX_LENGTH && input <= LESSON_MAX_ROWS;
    if (!fits)
        return diag_error(r->diags, source, NO_SPAN,
                          "%s is %s; inputs are N×T×rows, T×rows or T numbers", t->name,
                          tensor_words(r->arena, t->shape, t->rank));
    f->count = (int)count;
    f->steps = (int)steps;
    f->input = (int)input;
    f->inputs = t->at;
    return tensor_finite(t, source, r->diags);
}

/// Whether a target array has a row for each timestep of each sequence, and what is left of its
/// shape: its rank without those sides. -1 if it fits neither way.
static int sides_left(const Tensor *inputs, const Tensor *t, bool *each) {
    int lead = inputs->rank == 3 ? 2 : 1; // sides that count timesteps
    bool whole = t->rank >= lead && t->rank <= lead + 1;
    for (int k = 0; whole && k < lead; k++) whole = t->shape[k] == inputs->shape[k];
    *each = !whole;
    if (whole) return t->rank - lead;
    bool one = lead == 2 && t->rank >= 1 && t->rank <= 2 && t->shape[0] == inputs->shape[0];
    return one ? t->rank - 1 : -1;
}

static bool read_classes(Reading *r, const Source *source, const Tensor *t, FileData *f) {
    int *classes = ARENA_ARRAY(r->arena, int, t->count);
    for (size_t i = 0; i < t->count; i++) {
        double class = t->at[i];
        if (!(class >= 0) || class >= LESSON_MAX_ROWS || class != floor(class))
            return diag_error(r->diags, source, NO_SPAN,
                              "%s: number %zu of %zu is %g; a class is a whole number from 0 to %d",
                              t->name, i + 1, t->count, class, LESSON_MAX_ROWS - 1);
        classes[i] = (int)class;
        if (classes[i] >= r->data.n_classes) r->data.n_classes = classes[i] + 1;
    }
    f->classes = classes;
    r->data.targets = TARGETS_CLASSES;
    return true;
}

static bool read_targets(Reading *r, const Source *source, const Tensor *inputs, const Tensor *t,
                         FileData *f) {
    int left = sides_left(inputs, t, &f->each);
    bool classes = r->loss == LOSS_CROSS_ENTROPY;
    bool empty_row = left == 1 && t->shape[t->rank - 1] == 0;
    if (left < 0 || empty_row || (classes && left > 0))
        return diag_error(r->diags, source, NO_SPAN, "%s is %s, and does not fit %s, which is %s%s",
                          t->name, tensor_words(r->arena, t->shape, t->rank), inputs->name,
                          tensor_words(r->arena, inputs->shape, inputs->rank),
                          classes && left > 0 ? ": cross-entropy takes a class, not a row" : "");
    if (classes) return read_classes(r, source, t, f);
    size_t rows = left ? t->shape[t->rank - 1] : 1;
    if (rows > LESSON_MAX_ROWS)
        return diag_error(r->diags, source, NO_SPAN, "%s has rows of %zu numbers; at most %d",
                          t->name, rows, LESSON_MAX_ROWS);
    f->targets = t->at;
    f->target = (int)rows;
    r->data.targets = TARGETS_ROWS;
    return tensor_finite(t, source, r->diags);
}

bool data_npz_read(Reading *r, const Item *map, FileData *f) {
    const Item *archive = item_get(map, "npz"), *file = item_get(archive, "file");
    if (!file || file->kind != ITEM_TEXT) return false; // told already
    const Source *source = data_file_open(r, file, WEIGHTS_MAX_BYTES);
    Tensors all;
    if (!source || !npz_read(r->arena, source, &all, r->diags)) return false;
    const Tensor *inputs = find(r, archive, "inputs", source, &all);
    if (!inputs || !read_inputs(r, source, inputs, f)) return false;
    if (!data_file_choose(r, map, "sequences", f)) return false;
    if (r->loss == LOSS_NONE) return true;
    const Tensor *targets = find(r, archive, "targets", source, &all);
    return targets && read_targets(r, source, inputs, targets, f);
}
