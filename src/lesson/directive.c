// The body: scenes from headings, and the fenced blocks that direct the stage. A block is YAML at
// its own place in the file. What it says about the run is checked later, by scenes_check in
// check.c, when there is a walk.
#include <math.h>
#include <string.h>

#include "lesson/reading.h"

static const char *const directive_words[] = {"step", "ask", "try", "note", NULL};
static const char *const ask_kinds[] = {"number", "sign",  "larger", "choice",
                                        "click",  "order", NULL};

// clang-format off
static const Field step_fields[] = {
    {"at", .type = FIELD_TEXT},
    {"unit", FIELD_WHOLE, .lo = 1, .hi = INT32_MAX},
    {"focus", .type = FIELD_TEXTS},
    {"panels", FIELD_WORDS, .words = panel_words},
    {.name = NULL},
};

static const Field ask_fields[] = {
    {"kind", FIELD_WORD, .words = ask_kinds},
    {"of", FIELD_TEXTS, .required = true},
    {"tolerance", FIELD_NUMBER, .lo = 0, .hi = INFINITY},
    {"hint", .type = FIELD_TEXT},
    {"wrong", .type = FIELD_ANY},
    {"after", .type = FIELD_TEXT},
    {"options", .type = FIELD_TEXTS},
    {.name = NULL},
};

static const Field try_fields[] = {
    {"set", FIELD_TEXT, .required = true},
    {"watch", .type = FIELD_TEXTS},
    {.name = NULL},
};

// In a twin an ask says only what is prose.
static const Field twin_ask_fields[] = {
    {"hint", .type = FIELD_TEXT},
    {"wrong", .type = FIELD_ANY},
    {"after", .type = FIELD_TEXT},
    {"options", .type = FIELD_TEXTS},
    {.name = NULL},
};
// clang-format on

static const Field *const directive_fields[] = {step_fields, ask_fields, try_fields};

/// A scene being put together.
typedef struct {
    LessonScene scene;
    AskBlock *asks;
    TryBlock *tries;
    Buf note;
    int cap_asks, cap_tries;
} Draft;

/// The YAML of a block, with the indentation of its first line; false if something else stands
/// before it on that line.
static bool block_yaml(const Source *s, const Block *block, Span *out) {
    size_t at = block->span.at;
    while (at > 0 && s->text[at - 1] == ' ') at--;
    *out = (Span){at, block->span.at + block->span.len - at};
    return at == 0 || s->text[at - 1] == '\n' || s->text[at - 1] == '\r' || block->n_runs == 0;
}

static const char *joined(Arena *a, const char *const *texts) {
    Buf b = buf_new(a);
    for (int i = 0; texts && texts[i]; i++) buf_printf(&b, "%s%s", i ? "; " : "", texts[i]);
    return buf_str(&b);
}

static void add_step(Reading *r, Draft *draft, const Item *map) {
    StepBlock *step = &draft->scene.step;
    if (step->given) {
        READING_ERROR(r, map, "a scene has one step block, and this is its second");
        return;
    }
    *step = (StepBlock){.given = true,
                        .at = schema_text(map, "at", NULL),
                        .unit = schema_whole(map, "unit", 1, INT32_MAX, 0),
                        .focus = schema_texts(r->arena, map, "focus"),
                        .panels = schema_texts(r->arena, map, "panels")};
    static const char *const nothing[] = {NULL};
    if (!step->focus) step->focus = nothing;
}

static void add_ask(Reading *r, Draft *draft, const Item *map) {
    int kind = schema_find(ask_kinds, schema_text(map, "kind", "number"));
    AskBlock ask = {.kind = kind < 0 ? ASK_NUMBER : (AskKind)kind,
                    .of = joined(r->arena, schema_texts(r->arena, map, "of")),
                    .tolerance = schema_number(map, "tolerance", 0, INFINITY, 0),
                    .hint = schema_text(map, "hint", NULL),
                    .after = schema_text(map, "after", NULL),
                    .options = schema_texts(r->arena, map, "options")};
    replies_read(r, item_get(map, "wrong"), &ask);
    const Item *kind_item = item_get(map, "kind");
    if (ask.kind == ASK_CHOICE && kind_item && !ask.options && !r->is_twin)
        READING_ERROR(r, kind_item, "a choice needs options: [...]");
    ARENA_PUSH(r->arena, draft->asks, draft->scene.n_asks, draft->cap_asks, ask);
}

static void add_try(Reading *r, Draft *draft, const Item *map) {
    TryBlock try = {.set = schema_text(map, "set", ""),
                    .watch = joined(r->arena, schema_texts(r->arena, map, "watch"))};
    ARENA_PUSH(r->arena, draft->tries, draft->scene.n_tries, draft->cap_tries, try);
}

static void read_directive(Reading *r, Draft *draft, const Block *block, DirectiveKind kind) {
    const char *text = block->n_runs ? block->runs[0].text : "";
    Span where;
    if (kind == DIRECTIVE_NOTE) {
        if (draft->scene.note) buf_puts(&draft->note, "\n");
        buf_puts(&draft->note, text);
        draft->scene.note = buf_str(&draft->note);
        return;
    }
    bool plain = block_yaml(r->source, block, &where);
    Span place = {block->span.at, block->span.len ? strcspn(text, "\n") : 1};
    const char *word = directive_words[kind];
    if (r->is_twin && kind != DIRECTIVE_ASK) {
        diag_error(r->diags, r->source, place,
                   "a twin is prose only: the %s block comes from the English file", word);
        return;
    }
    if (!plain) {
        diag_error(r->diags, r->source, place, "a %s block cannot stand inside a quotation", word);
        return;
    }
    const Item *map = yaml_parse(r->arena, r->source, where, r->diags);
    if (!map) return;
    const Field *fields = r->is_twin ? twin_ask_fields : directive_fields[kind];
    schema_check(r->arena, r->source, map, word, fields, r->diags);
    if (map->kind != ITEM_MAP) return;
    if (kind == DIRECTIVE_STEP) add_step(r, draft, map);
    if (kind == DIRECTIVE_ASK) add_ask(r, draft, map);
    if (kind == DIRECTIVE_TRY) add_try(r, draft, map);
    Directive directive = {kind, map};
    ARENA_PUSH(r->arena, r->directives, r->n_directives, r->cap_directives, directive);
}

static const char *plain_text(Arena *a, const Block *block) {
    Buf b = buf_new(a);
    for (int i = 0; i < block->n_runs; i++) buf_puts(&b, block->runs[i].text);
    return buf_str(&b);
}

static bool begins_scene(const Block *b) {
    return b->kind == BLOCK_HEADING && b->level <= 2;
}

static LessonScene read_scene(Reading *r, const char *title, const Block *blocks, int n) {
    Draft draft = {.scene = {.title = title, .blocks = blocks, .n_blocks = n},
                   .note = buf_new(r->arena)};
    for (int i = 0; i < n; i++) {
        const Block *b = &blocks[i];
        int kind = b->kind == BLOCK_CODE && b->info ? schema_find(directive_words, b->info) : -1;
        if (kind >= 0) read_directive(r, &draft, b, (DirectiveKind)kind);
    }
    draft.scene.asks = draft.asks;
    draft.scene.tries = draft.tries;
    return draft.scene;
}

const LessonScene *scenes_read(Reading *r, const char *title, int *count) {
    int n = 0, cap = 0;
    const Block *blocks = prose_parse(r->arena, r->source, r->body, &n, r->diags);
    LessonScene *scenes = NULL;
    *count = 0;
    for (int from = 0; from < n || *count == 0;) {
        int to = from + 1;
        while (to < n && !begins_scene(&blocks[to])) to++;
        if (to > n) to = n;
        bool heading = from < n && begins_scene(&blocks[from]);
        const char *name = heading ? plain_text(r->arena, &blocks[from]) : title;
        LessonScene scene = read_scene(r, name, blocks ? blocks + from : NULL, to - from);
        ARENA_PUSH(r->arena, scenes, *count, cap, scene);
        from = to;
    }
    return scenes;
}
