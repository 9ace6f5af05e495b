// The front matter: where it is, and the table of its keys. The readers of each part (model.c,
// data.c, weights.c) take over from here.
#include <math.h>
#include <string.h>

#include "core/address.h"
#include "core/unicode.h"
#include "lesson/reading.h"

static const char *const direction_words[] = {"forward", "backward", "bidirectional", NULL};
static const char *const loss_words[] = {
    "cross-entropy", "binary-cross-entropy", "mse", "probe", "none", NULL};
static const char *const feed_words[] = {"largest", "sample", "value", NULL};
static const char *const reduction_words[] = {"mean", "sum", NULL};
static const char *const grain_words[] = {"unit",  "operation",      "equation", "timestep",
                                          "phase", "optimizer-step", NULL};
const char *const panel_words[] = {"prose",  "timeline", "cell",      "equations",
                                   "value",  "weights",  "gradients", "blame",
                                   "memory", "training", "compare",   NULL};
static const char *const lock_words[] = {
    "weights", "inputs", "targets",   "symbols", "start", "data", "model", "cell",    "hidden",
    "train",   "view",   "equations", "seed",    "loss",  "head", "steps", "compare", NULL};

// clang-format off
static const Field decoder_fields[] = {
    {"cell", .type = FIELD_TEXTS},
    {"hidden", .type = FIELD_ANY},
    {"layers", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_LAYERS},
    {"sizes", .type = FIELD_ANY},
    {.name = NULL},
};

static const Field model_fields[] = {
    {"cell", FIELD_TEXTS, .required = true},
    {"hidden", .type = FIELD_ANY},
    {"layers", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_LAYERS},
    {"direction", FIELD_WORD, .words = direction_words},
    {"sizes", .type = FIELD_ANY},
    {"embedding", FIELD_WHOLE, .lo = 0, .hi = LESSON_MAX_ROWS},
    {"decoder", FIELD_MAP, .fields = decoder_fields},
    {"feed", FIELD_WORD, .words = feed_words},
    {"temperature", FIELD_NUMBER, .lo = 0.001, .hi = 1000},
    {"dropout", FIELD_NUMBER, .lo = 0, .hi = 1},
    {"head", .type = FIELD_TEXT},
    {"classes", FIELD_WHOLE, .lo = 1, .hi = LESSON_MAX_ROWS},
    {"loss", FIELD_WORD, .words = loss_words},
    {"loss_at", .type = FIELD_ANY},
    {"reduction", FIELD_WORD, .words = reduction_words},
    {.name = NULL},
};

static const Field weights_fields[] = {
    {"seed", FIELD_WHOLE, .lo = 0, .hi = SEED_MAX},
    {"values", .type = FIELD_MAP},
    {"file", .type = FIELD_TEXT},
    {.name = NULL},
};

static const Field view_fields[] = {
    {"panels", FIELD_WORDS, .words = panel_words},
    {"by", FIELD_WORD, .words = grain_words},
    {"lock", FIELD_WORDS, .words = lock_words},
    {"digits", FIELD_WHOLE, .lo = 0, .hi = 12},
    {.name = NULL},
};

// The keys of `data` depend on where the data comes from: data.c checks them. Those of `train` are
// partly rows of optim_options: train.c does.
const Field front_fields[] = {
    {"title", FIELD_TEXT, .required = true},
    {"about", .type = FIELD_TEXT},
    {"model", FIELD_MAP, .required = true, .fields = model_fields},
    {"data", FIELD_MAP, .required = true},
    {"weights", FIELD_MAP, .fields = weights_fields},
    {"train", .type = FIELD_MAP},
    {"compare", .type = FIELD_TEXTS},
    {"view", FIELD_MAP, .fields = view_fields},
    {.name = NULL},
};
// clang-format on

enum { BAD_BYTES_SHOWN = 5 };

bool text_check(const Source *source, size_t *first, Diags *d) {
    int found = 0;
    *first = source->len;
    for (size_t i = 0; i < source->len && found < BAD_BYTES_SHOWN;) {
        int32_t c;
        size_t n = utf8_decode(source->text + i, source->len - i, &c);
        bool bad = c == UTF8_BAD;
        bool control = !bad && unicode_is_control(c) && c != '\t' && c != '\n' && c != '\r';
        if ((bad || control) && found++ == 0) *first = i;
        if (bad) diag_error(d, source, (Span){i, n}, "this is not UTF-8");
        if (control)
            diag_error(d, source, (Span){i, n}, "a control letter (U+%04X) cannot stand here",
                       (unsigned)c);
        i += n;
    }
    return found == 0;
}

/// The line at `at` without its end; *next is where the next one begins.
static Span line_at(const Source *s, size_t at, size_t *next) {
    const char *end = memchr(s->text + at, '\n', s->len - at);
    size_t stop = end ? (size_t)(end - s->text) : s->len;
    *next = end ? stop + 1 : s->len;
    if (stop > at && s->text[stop - 1] == '\r') stop--;
    return (Span){at, stop - at};
}

static bool is_fence(const Source *s, Span line) {
    if (line.len < 3 || memcmp(s->text + line.at, "---", 3) != 0) return false;
    for (size_t i = 3; i < line.len; i++)
        if (s->text[line.at + i] != ' ' && s->text[line.at + i] != '\t') return false;
    return true;
}

bool front_split(const Source *s, Span *yaml, size_t *body, Diags *d) {
    size_t at = s->len >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (at == s->len) return diag_error(d, s, (Span){0, 1}, "the file is empty");
    Span first = line_at(s, at, &at);
    if (!is_fence(s, first))
        return diag_error(d, s, (Span){first.at, first.len ? first.len : 1},
                          "a lesson begins with its front matter: a line ---, then title, model "
                          "and data, then a line ---");
    yaml->at = at;
    while (at < s->len) {
        Span line = line_at(s, at, body);
        if (is_fence(s, line)) {
            yaml->len = line.at - yaml->at;
            return true;
        }
        at = *body;
    }
    return diag_error(d, s, first, "the front matter is never closed: a line --- is missing");
}

bool front_read(Reading *r) {
    size_t first_bad;
    text_check(r->source, &first_bad, r->diags);
    Span yaml;
    if (!front_split(r->source, &yaml, &r->body, r->diags)) return false;
    if (first_bad < yaml.at + yaml.len) return false;
    r->root = yaml_parse(r->arena, r->source, yaml, r->diags);
    if (!r->root) return false;
    if (r->root->n == 0 && r->root->kind == ITEM_MAP)
        return diag_error(r->diags, r->source, (Span){yaml.at, 1},
                          "the front matter is empty; a lesson needs title, model and data");
    schema_check(r->arena, r->source, r->root, "", front_fields, r->diags);
    return r->root->kind == ITEM_MAP;
}
