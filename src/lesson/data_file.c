// Data from files. All are long things of which a sequence is a piece; the stage shows the
// piece `from` (counted from 1), training draws pieces by `seed`.
//
//   csv: data/x.csv        a row is a timestep
//     columns: [value]     inputs, by name; without it every column whose first row is a number
//     targets: [value]     columns of the same row as targets; without it the targets are the
//     inputs
//                          of the next row
//     window: 12           timesteps of a sequence; without it as many as there are
//     normalize: none      none (default), z-score ((x - mean) / standard deviation) or min-max (to
//                          0 .. 1), each column by itself, targets as well; measured on the rows
//                          that are no test
//   text: data/x.txt       a character is a timestep, the next one its target
//     window: 40
//     symbols: [a, b]      the alphabet; without it the characters in order of first appearance.
//                          Blank, tab and end of line are called ␣ ⇥ ↵
//   idx: {images: data/i, labels: data/l}
//                          a row of the picture is a timestep, its label the target at each; bytes
//                          are divided by 255. `from` is the number of the picture
//   npz: {file: data/x.npz, inputs: x, targets: y}
//                          arrays of sequences, see data_npz.c. `from` is the number of the
//                          sequence
// Any of these files may be packed by gzip. `test` is in data_test.c.
#include "lesson/data_file.h"

#include <math.h>
#include <string.h>

#include "core/unicode.h"
#include "files/csv.h"
#include "files/gzip.h"

enum { TEXT_MAX_BYTES = 16 * 1024 * 1024 };

int data_file_count(const FileData *file) {
    return file->count;
}
int data_file_shown(const FileData *file) {
    return file->shown;
}

int data_file_drawn(const FileData *file, int64_t i) {
    Rng rng = rng_new(file->seed ^ ((uint64_t)(i + 1) * UINT64_C(0xD1342543DE82EF95)));
    return rng_below(&rng, file->trained);
}

TaskSequence data_file_sequence_new(Arena *a, const FileData *f) {
    TaskSequence q = {.steps = f->steps};
    size_t steps = (size_t)f->steps;
    if (f->symbols)
        q.symbols = ARENA_ARRAY(a, int, steps);
    else
        q.inputs = ARENA_ARRAY(a, double, steps *(size_t)f->input);
    if (f->classes) q.classes = ARENA_ARRAY(a, int, steps);
    if (f->targets) q.targets = ARENA_ARRAY(a, double, steps *(size_t)f->target);
    return q;
}

/// The same row at every timestep, for targets that a sequence has one of.
static void repeat(const double *row, size_t width, size_t steps, double *out) {
    for (size_t t = 0; t < steps; t++) memcpy(out + t * width, row, width * sizeof *out);
}

void data_file_sequence(const FileData *f, int i, TaskSequence *out) {
    size_t steps = (size_t)f->steps, input = (size_t)f->input, target = (size_t)f->target;
    size_t at = (size_t)i * (size_t)f->stride, one = f->each ? (size_t)i : at;
    out->steps = f->steps;
    if (f->images.rank) {
        idx_item(&f->images, (size_t)i, out->inputs);
        for (size_t k = 0; k < steps * input; k++) out->inputs[k] /= f->scale;
    }
    if (f->symbols) memcpy(out->symbols, f->symbols + at, steps * sizeof *out->symbols);
    if (f->inputs) memcpy(out->inputs, f->inputs + at * input, steps * input * sizeof(double));
    if (f->classes && !f->each) memcpy(out->classes, f->classes + at, steps * sizeof *out->classes);
    for (size_t t = 0; f->classes && f->each && t < steps; t++) out->classes[t] = f->classes[one];
    if (f->targets && !f->each)
        memcpy(out->targets, f->targets + at * target, steps * target * sizeof(double));
    else if (f->targets)
        repeat(f->targets + one * target, target, steps, out->targets);
}

// ---- windows ----

/// Settles steps, count and shown where `rows` timesteps can begin or go on a sequence.
static bool cut(Reading *r, const Item *map, int rows, const char *unit, FileData *f) {
    const Item *window = item_get(map, "window"), *from = item_get(map, "from");
    f->steps = schema_whole(map, "window", 1, TASK_MAX_LENGTH, rows);
    if (window) r->data.place = window->span;
    if (f->steps > rows)
        return READING_ERROR(r, window, "data.window is %d, and the file has %s for at most %d",
                             f->steps, unit, rows);
    f->count = rows - f->steps + 1;
    f->shown = schema_whole(map, "from", 1, TASK_MAX_LENGTH, 1) - 1;
    if (f->shown >= f->count)
        return READING_ERROR(r, from, "data.from must be from 1 to %d: a sequence is %d %s long",
                             f->count, f->steps, unit);
    f->seed = schema_seed(map);
    f->stride = 1;
    return true;
}

bool data_file_choose(Reading *r, const Item *map, const char *unit, FileData *f) {
    f->shown = schema_whole(map, "from", 1, TASK_MAX_LENGTH, 1) - 1;
    f->seed = schema_seed(map);
    f->stride = f->steps;
    f->each = true;
    if (f->shown < f->count) return true;
    return READING_ERROR(r, item_get(map, "from"),
                         "data.from must be from 1 to %d, the number of %s", f->count, unit);
}

const Source *data_file_open(Reading *r, const Item *item, size_t limit) {
    const char *path = path_inside(r, item);
    if (!path) return NULL;
    ARENA_PUSH(r->arena, r->watch, r->n_watch, r->cap_watch, path);
    const Source *source = source_read(r->arena, path, limit, r->diags);
    return source ? gzip_open(r->arena, source, limit, r->diags) : NULL;
}

// ---- tables ----

static const char *const normalize_words[] = {"none", "z-score", "min-max", NULL};

// clang-format off
static const Field csv_fields[] = {
    {"csv", .type = FIELD_TEXT}, {"columns", .type = FIELD_TEXTS}, {"targets", .type = FIELD_TEXTS},
    {"window", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"from", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"normalize", FIELD_WORD, .words = normalize_words},
    {"seed", FIELD_WHOLE, .hi = SEED_MAX}, {"start", .type = FIELD_ANY}, TEST_FIELD,
    FEEDBACK_FIELDS,
    {.name = NULL},
};

static const Field text_fields[] = {
    {"text", .type = FIELD_TEXT}, {"symbols", .type = FIELD_ANY},
    {"window", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"from", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"seed", FIELD_WHOLE, .hi = SEED_MAX}, {"start", .type = FIELD_ANY}, TEST_FIELD,
    FEEDBACK_FIELDS,
    {.name = NULL},
};

const Field data_idx_fields[] = {
    {"images", FIELD_TEXT, .required = true}, {"labels", .type = FIELD_TEXT}, {.name = NULL},
};

static const Field idx_fields[] = {
    {"idx", FIELD_MAP, .fields = data_idx_fields},
    {"from", FIELD_WHOLE, .lo = 1, .hi = TASK_MAX_LENGTH},
    {"seed", FIELD_WHOLE, .hi = SEED_MAX}, {"start", .type = FIELD_ANY}, TEST_FIELD,
    {.name = NULL},
};
// clang-format on

typedef struct {
    const Table *table;
    int *at; // columns of the table
    int n;
    int seen; // rows from the first on that are no test: normalization looks at these alone
} Columns;

/// The columns that a key names; those of numbers without it.
static bool find_columns(Reading *r, const Item *map, const char *key, const Table *t,
                         Columns *out) {
    const Item *item = item_get(map, key);
    int n = !item ? t->cols : item->kind == ITEM_LIST ? item->n : 1;
    const Item *test = item_get(map, "test");
    int64_t held = 0;
    bool counts = test && item_whole(test, &held) == NUMBER_FINE && held > 0 && held < t->rows;
    *out = (Columns){t, ARENA_ARRAY(r->arena, int, n + 1), 0, t->rows - (counts ? (int)held : 0)};
    for (int i = 0; !item && i < t->cols; i++)
        if (csv_is_number(t, 0, i)) out->at[out->n++] = i;
    bool fine = true;
    for (int i = 0; item && i < n; i++) {
        const Item *name = item->kind == ITEM_LIST ? item->items[i] : item;
        int col = name->kind == ITEM_TEXT ? csv_column(t, name->text) : -1;
        if (col < 0 && name->kind == ITEM_TEXT)
            fine = schema_unknown_word(r->arena, r->source, name->span,
                                       arena_printf(r->arena, "data.%s", key), name->text, t->names,
                                       r->diags);
        out->at[out->n++] = col;
    }
    if (fine && out->n == 0)
        return diag_error(r->diags, t->source, NO_SPAN, "row 1 has no number in any column");
    return fine;
}

/// Brings the first `seen` numbers of a column to mean 0 and deviation 1, or to 0 .. 1, and the
/// others likewise; a column that does not change becomes 0.
static void normalize(double *x, int n, int seen, const char *how) {
    double low = INFINITY, high = -INFINITY, sum = 0, squares = 0;
    for (int i = 0; i < seen; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
        sum += x[i];
    }
    double mean = sum / seen;
    for (int i = 0; i < seen; i++) squares += (x[i] - mean) * (x[i] - mean);
    bool z = strcmp(how, "z-score") == 0;
    double from = z ? mean : low, size = z ? sqrt(squares / seen) : high - low;
    for (int i = 0; i < n && strcmp(how, "none") != 0; i++)
        x[i] = size > 0 ? (x[i] - from) / size : 0;
}

/// (rows, columns) of numbers; NULL with mistakes.
static double *read_numbers(Reading *r, const Columns *c, const char *how) {
    int rows = c->table->rows;
    double *all = ARENA_ARRAY(r->arena, double, (size_t)rows *(size_t)c->n);
    double *column = ARENA_ARRAY(r->arena, double, rows);
    bool fine = true;
    for (int k = 0; k < c->n; k++) {
        fine &= csv_numbers(r->arena, c->table, c->at[k], column, r->diags);
        if (!fine) continue;
        normalize(column, rows, c->seen, how);
        for (int i = 0; i < rows; i++) all[(size_t)i * (size_t)c->n + (size_t)k] = column[i];
    }
    return fine ? all : NULL;
}

/// The one column of class numbers for cross-entropy.
static bool read_classes(Reading *r, const Columns *c, FileData *f) {
    double *numbers = read_numbers(r, c, "none");
    if (!numbers) return false;
    int *classes = ARENA_ARRAY(r->arena, int, c->table->rows);
    for (int i = 0; i < c->table->rows; i++) {
        if (numbers[i] != floor(numbers[i]) || numbers[i] < 0 || numbers[i] >= LESSON_MAX_ROWS)
            return diag_error(
                r->diags, c->table->source, NO_SPAN,
                "row %d (line %d), column '%s': a class is a whole number from 0 to %d", i + 1,
                (int)c->table->lines[i], c->table->names[c->at[0]], LESSON_MAX_ROWS - 1);
        classes[i] = (int)numbers[i];
        if (classes[i] >= r->data.n_classes) r->data.n_classes = classes[i] + 1;
    }
    f->classes = classes;
    r->data.targets = TARGETS_CLASSES;
    return true;
}

static bool read_answers(Reading *r, const Item *map, const Table *t, const char *how,
                         FileData *f) {
    const Item *targets = item_get(map, "targets");
    const Item *loss = item_get(item_get(r->root, "model"), "loss");
    Columns columns;
    if (r->loss == LOSS_NONE) return true;
    r->data.targets = TARGETS_ROWS;
    if (!targets) {
        if (r->loss == LOSS_CROSS_ENTROPY)
            return READING_ERROR(r, loss,
                                 "cross-entropy needs classes: data.targets, a column of "
                                 "class numbers");
        f->targets = f->inputs + f->input; // of the next row
        f->target = f->input;
        return true;
    }
    if (!find_columns(r, map, "targets", t, &columns)) return false;
    if (r->loss == LOSS_CROSS_ENTROPY) {
        if (columns.n == 1) return read_classes(r, &columns, f);
        return READING_ERROR(r, targets, "cross-entropy needs one column of class numbers, not %d",
                             columns.n);
    }
    f->targets = read_numbers(r, &columns, how);
    f->target = columns.n;
    return f->targets != NULL;
}

static bool read_csv(Reading *r, const Item *map, FileData *f) {
    const Item *file = item_get(map, "csv");
    const Source *source = file->kind == ITEM_TEXT ? data_file_open(r, file, CSV_MAX_BYTES) : NULL;
    Table table;
    Columns columns;
    if (!source || !csv_read(r->arena, source, &table, r->diags)) return false;
    bool next = r->loss != LOSS_NONE && !item_get(map, "targets");
    if (table.rows < 1 + next)
        return diag_error(r->diags, source, NO_SPAN, "the table has %d row%s below its names; %s",
                          table.rows, table.rows == 1 ? "" : "s",
                          next ? "a next value needs two" : "at least one is needed");
    const char *how = schema_text(map, "normalize", "none");
    if (schema_find(normalize_words, how) < 0) how = "none"; // told already
    if (!find_columns(r, map, "columns", &table, &columns)) return false;
    f->inputs = read_numbers(r, &columns, how);
    f->input = columns.n;
    if (!f->inputs) return false;
    return read_answers(r, map, &table, how, f) && cut(r, map, table.rows - next, "rows", f);
}

// ---- text ----

/// What a character is called on the stage.
static const char *letter_name(Arena *a, const char *bytes, size_t n) {
    if (*bytes == ' ') return "␣";
    if (*bytes == '\n') return "↵";
    if (*bytes == '\t') return "⇥";
    return arena_copy(a, bytes, n);
}

/// The character at `at` as a symbol; -1 with a mistake.
static int letter_index(Reading *r, const Source *s, size_t at, size_t n, bool given) {
    const char *name = letter_name(r->arena, s->text + at, n);
    Alphabet *alphabet = &r->data.alphabet;
    int index = alphabet_find(r->arena, alphabet, name, !given && alphabet->n < LESSON_MAX_ROWS);
    if (index < 0)
        diag_error(r->diags, s, NO_SPAN, "byte %zu: the symbol '%s' is not in data.symbols", at,
                   name);
    return index;
}

static bool read_letters(Reading *r, const Source *s, bool given, int *out, int *count) {
    int told = 0;
    for (size_t at = s->len >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; at < s->len;) {
        int32_t c;
        size_t n = utf8_decode(s->text + at, s->len - at, &c);
        bool crlf = c == '\r' && at + 1 < s->len && s->text[at + 1] == '\n';
        if (c == UTF8_BAD || (unicode_is_control(c) && c != '\n' && c != '\t' && !crlf)) {
            diag_error(r->diags, s, NO_SPAN, "byte %zu: this is %s", at,
                       c == UTF8_BAD ? "not UTF-8" : "a control letter");
            told++;
        } else if (!crlf) {
            out[*count] = letter_index(r, s, at, n, given);
            told += out[(*count)++] < 0;
        }
        if (told == 5) return false;
        at += n;
    }
    return told == 0;
}

static bool read_text(Reading *r, const Item *map, FileData *f) {
    const Item *file = item_get(map, "text"), *symbols = item_get(map, "symbols");
    if (symbols && !data_symbols(r, symbols)) return false;
    const Source *source = file->kind == ITEM_TEXT ? data_file_open(r, file, TEXT_MAX_BYTES) : NULL;
    if (!source) return false;
    int *letters = ARENA_ARRAY(r->arena, int, source->len + 1), n = 0;
    if (!read_letters(r, source, symbols != NULL, letters, &n)) return false;
    if (n < 2)
        return diag_error(r->diags, source, NO_SPAN,
                          "the text has %d character%s; a next one needs two", n,
                          n == 1 ? "" : "s");
    f->symbols = letters;
    f->classes = letters + 1;
    f->input = r->data.alphabet.n;
    r->data.targets = r->loss == LOSS_NONE ? TARGETS_NONE : TARGETS_SYMBOLS;
    r->data.n_classes = r->data.alphabet.n;
    return cut(r, map, n - 1, "characters", f);
}

// ---- pictures ----

static bool read_labels(Reading *r, const Item *file, FileData *f) {
    const Source *source = data_file_open(r, file, IDX_MAX_BYTES);
    Idx labels;
    if (!source || !idx_read(r->arena, source, &labels, r->diags)) return false;
    if (labels.rank != 1 || labels.shape[0] != (size_t)f->count)
        return diag_error(r->diags, source, NO_SPAN,
                          "byte 4: it has %s labels, and there are %d pictures",
                          tensor_words(r->arena, labels.shape, labels.rank), f->count);
    int *classes = ARENA_ARRAY(r->arena, int, f->count);
    for (int i = 0; i < f->count; i++) {
        double label;
        idx_item(&labels, (size_t)i, &label);
        if (!(label >= 0) || label >= LESSON_MAX_ROWS || label != floor(label))
            return diag_error(r->diags, source, NO_SPAN, "label %d is no whole number from 0 to %d",
                              i + 1, LESSON_MAX_ROWS - 1);
        classes[i] = (int)label;
        if (classes[i] >= r->data.n_classes) r->data.n_classes = classes[i] + 1;
    }
    f->classes = classes;
    return true;
}

static bool read_idx(Reading *r, const Item *map, FileData *f) {
    const Item *pair = item_get(map, "idx");
    const Item *images = item_get(pair, "images"), *labels = item_get(pair, "labels");
    if (!images || images->kind != ITEM_TEXT) return false; // told already
    const Source *source = data_file_open(r, images, IDX_MAX_BYTES);
    if (!source || !idx_read(r->arena, source, &f->images, r->diags)) return false;
    const Idx *idx = &f->images;
    size_t rows = idx->rank > 1 ? idx->shape[1] : 0;
    size_t cols = rows ? idx->item / rows : 0;
    if (!cols || !idx->shape[0] || idx->shape[0] > INT32_MAX || idx->item > TASK_MAX_LENGTH)
        return diag_error(r->diags, source, NO_SPAN,
                          "byte 4: pictures are an array of N×rows×columns, and this is %s",
                          tensor_words(r->arena, idx->shape, idx->rank));
    f->scale = idx->format.bytes == 1 && idx->format.class == NUMBER_UNSIGNED ? 255 : 1;
    f->count = (int)idx->shape[0];
    f->steps = (int)rows;
    f->input = (int)cols;
    if (!data_file_choose(r, map, "pictures", f)) return false;
    if (r->loss == LOSS_NONE && !labels) return true;
    if (!labels) return READING_ERROR(r, pair, "the loss needs labels beside the images");
    r->data.targets = r->loss == LOSS_NONE ? TARGETS_NONE : TARGETS_CLASSES;
    return labels->kind == ITEM_TEXT && read_labels(r, labels, f);
}

typedef struct {
    const char *key;
    const Field *fields;
    FileReader *read;
} FileKind;

static const FileKind kinds[] = {
    {"csv", csv_fields, read_csv},
    {"text", text_fields, read_text},
    {"idx", idx_fields, read_idx},
    {"npz", data_npz_fields, data_npz_read},
};

bool data_file_read(Reading *r, const Item *map, const char *key) {
    const FileKind *kind = kinds;
    while (strcmp(kind->key, key) != 0) kind++;
    FileData *f = ARENA_NEW(r->arena, FileData);
    DataSpec *data = &r->data;
    data->place = data->targets_place = item_get(map, key)->span;
    bool fine = schema_check(r->arena, r->source, map, "data", kind->fields, r->diags);
    if (r->loss == LOSS_PROBE)
        fine = READING_ERROR(r, item_get(item_get(r->root, "model"), "loss"),
                             "a probe needs data.inputs and data.targets, not a file");
    fine &= kind->read(r, map, f);
    f->trained = f->count;
    fine = data_test_read(r, map, key, f, kind->read) && fine;
    data->file = f;
    data->steps = data->shortest = f->steps;
    data->input = f->input;
    data->target_rows = f->target;
    return fine;
}
