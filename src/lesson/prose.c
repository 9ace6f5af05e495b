// md4c calls back at every border of a block or span; a list of blocks comes out. Texts of md4c
// point into the file, which is where spans come from; what it makes up itself (line ends in code,
// soft breaks) stands nowhere and takes the place of what came before it.
//
// A paragraph that is nothing but display mathematics becomes a BLOCK_MATH.
#include "lesson/prose.h"

#include <md4c.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    Arena *arena;
    const Source *source;
    Block *blocks;
    int n_blocks, cap_blocks;
    ProseRun *runs; // of the block at hand
    int n_runs, cap_runs;
    ProseRun run; // being put together: its text grows in `text`
    Buf text;
    bool has_run;
    bool open;
    Block block;
    // what surrounds the text at hand
    int strong, emphasis, quote, depth;
    int *numbers; // (depth) number of the next item, 0 in bullet lists
    int cap_numbers;
    bool item_begins, in_head;
    int item_number;
    RunKind kind; // of text inside a code or math span
    bool display;
    const char *link;
    size_t last; // byte after the last text of the file
} Prose;

#define NOWHERE ((size_t)-1)

static size_t offset_of(const Prose *p, const char *text) {
    // md4c's own strings lie elsewhere; compare as integers, which is defined for any two
    uintptr_t at = (uintptr_t)text, from = (uintptr_t)p->source->text;
    return at >= from && at < from + p->source->len ? (size_t)(at - from) : NOWHERE;
}

static void run_close(Prose *p) {
    if (!p->has_run) return;
    p->has_run = false;
    if (p->run.span.at == NOWHERE) p->run.span = (Span){p->last, 0};
    p->run.text = arena_copy(p->arena, p->text.data ? p->text.data : "", p->text.len);
    ARENA_PUSH(p->arena, p->runs, p->n_runs, p->cap_runs, p->run);
}

/// Adds to the run at hand if it is of this kind, else begins one. Lists of lines and words come
/// piece by piece, so the text must grow without being copied each time.
static void run_add(Prose *p, RunKind kind, const char *text, size_t size, size_t at) {
    if (p->has_run && p->run.kind != kind) run_close(p);
    bool from_file = at != NOWHERE;
    if (!p->has_run) {
        p->has_run = true;
        p->text.len = 0;
        p->run = (ProseRun){.kind = kind,
                            .strong = p->strong > 0,
                            .emphasis = p->emphasis > 0,
                            .link = p->link,
                            .span = {NOWHERE, 0}};
    }
    buf_put(&p->text, text, size);
    if (!from_file) return;
    if (p->run.span.at == NOWHERE) p->run.span.at = at; // a line end of md4c's may come first
    p->last = at + size;
    p->run.span.len = p->last - p->run.span.at;
}

static void run_mark(Prose *p, RunKind kind) {
    run_close(p);
    run_add(p, kind, "", 0, NOWHERE);
    run_close(p);
}

static void block_close(Prose *p) {
    if (!p->open) return;
    run_close(p);
    p->open = false;
    Block *b = &p->block;
    b->n_runs = p->n_runs;
    ProseRun *runs = ARENA_ARRAY(p->arena, ProseRun, p->n_runs + 1);
    if (p->n_runs) memcpy(runs, p->runs, (size_t)p->n_runs * sizeof *runs);
    b->runs = runs;
    if (p->n_runs) {
        b->span.at = runs[0].span.at;
        b->span.len = p->last > b->span.at ? p->last - b->span.at : 0;
    }
    bool only_math =
        b->kind == BLOCK_PARAGRAPH && p->n_runs == 1 && p->display && runs[0].kind == RUN_MATH;
    if (only_math) b->kind = BLOCK_MATH;
    p->display = false;
    ARENA_PUSH(p->arena, p->blocks, p->n_blocks, p->cap_blocks, *b);
}

static void block_open(Prose *p, BlockKind kind) {
    block_close(p);
    p->open = true;
    p->n_runs = 0;
    p->display = false;
    p->block = (Block){.kind = kind, .level = p->depth, .span = {p->last, 0}};
}

static void list_open(Prose *p, int number) {
    block_close(p);
    int n = p->depth;
    ARENA_PUSH(p->arena, p->numbers, n, p->cap_numbers, number);
    p->depth++;
}

/// A list that begins with 0 would look like bullets: it begins with 1.
static int ordered_start(const MD_BLOCK_OL_DETAIL *list) {
    return list->start ? (int)list->start : 1;
}

static const char *attribute(Prose *p, const MD_ATTRIBUTE *a) {
    return a->size ? arena_copy(p->arena, a->text, a->size) : NULL;
}

/// What a paragraph is depends on what it stands in.
static void paragraph_open(Prose *p) {
    block_open(p, p->quote ? BLOCK_QUOTE : p->depth ? BLOCK_ITEM : BLOCK_PARAGRAPH);
    // a second paragraph of an item has no bullet of its own: number -1
    if (p->block.kind == BLOCK_ITEM) p->block.number = p->item_begins ? p->item_number : -1;
    p->item_begins = false;
}

/// An empty block stands behind its opening fence.
static void code_open(Prose *p, const MD_BLOCK_CODE_DETAIL *code) {
    size_t at = code->lang.size ? offset_of(p, code->lang.text) : NOWHERE;
    block_close(p);
    if (at != NOWHERE) p->last = at + code->lang.size;
    block_open(p, BLOCK_CODE);
    p->block.info = attribute(p, &code->lang);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
    Prose *p = context;
    switch (type) {
    case MD_BLOCK_QUOTE: block_close(p), p->quote++; break;
    case MD_BLOCK_UL: list_open(p, 0); break;
    case MD_BLOCK_OL: list_open(p, ordered_start(detail)); break;
    case MD_BLOCK_LI:
        block_close(p);
        p->item_number = p->numbers[p->depth - 1];
        if (p->item_number) p->numbers[p->depth - 1]++;
        p->item_begins = true;
        break;
    case MD_BLOCK_HR: block_open(p, BLOCK_RULE), block_close(p); break;
    case MD_BLOCK_H:
        block_open(p, BLOCK_HEADING);
        p->block.level = (int)((MD_BLOCK_H_DETAIL *)detail)->level;
        break;
    case MD_BLOCK_CODE: code_open(p, detail); break;
    case MD_BLOCK_P: paragraph_open(p); break;
    case MD_BLOCK_THEAD: p->in_head = true; break;
    case MD_BLOCK_TR:
        block_open(p, BLOCK_TABLE_ROW);
        p->block.header = p->in_head;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        // every cell but the first begins with a RUN_CELL
        if (p->block.number++ > 0) run_mark(p, RUN_CELL);
        break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_HTML:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_TBODY: break;
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
    (void)detail;
    Prose *p = context;
    if (type == MD_BLOCK_THEAD) p->in_head = false;
    if (type == MD_BLOCK_TR) p->block.number = 0;
    if (type == MD_BLOCK_H || type == MD_BLOCK_P || type == MD_BLOCK_CODE || type == MD_BLOCK_TR ||
        type == MD_BLOCK_LI || type == MD_BLOCK_QUOTE)
        block_close(p);
    if (type == MD_BLOCK_QUOTE) p->quote--;
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) p->depth--;
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context) {
    Prose *p = context;
    if (!p->open) paragraph_open(p); // a tight list's item may begin with a span
    run_close(p);
    if (type == MD_SPAN_EM) p->emphasis++;
    if (type == MD_SPAN_STRONG) p->strong++;
    if (type == MD_SPAN_A) p->link = attribute(p, &((MD_SPAN_A_DETAIL *)detail)->href);
    if (type == MD_SPAN_IMG) p->link = attribute(p, &((MD_SPAN_IMG_DETAIL *)detail)->src);
    if (type == MD_SPAN_CODE) p->kind = RUN_CODE;
    if (type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY) p->kind = RUN_MATH;
    if (type == MD_SPAN_LATEXMATH_DISPLAY) p->display = true;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context) {
    (void)detail;
    Prose *p = context;
    run_close(p);
    if (type == MD_SPAN_EM) p->emphasis--;
    if (type == MD_SPAN_STRONG) p->strong--;
    if (type == MD_SPAN_A || type == MD_SPAN_IMG) p->link = NULL;
    if (type == MD_SPAN_CODE || type == MD_SPAN_LATEXMATH || type == MD_SPAN_LATEXMATH_DISPLAY)
        p->kind = RUN_TEXT;
    return 0;
}

typedef struct {
    const char *name, *text;
} Entity;

static const Entity entities[] = {{"&amp;", "&"},   {"&lt;", "<"},        {"&gt;", ">"},
                                  {"&quot;", "\""}, {"&nbsp;", "\u00a0"}, {"&mdash;", "—"},
                                  {"&ndash;", "–"}, {"&hellip;", "…"},    {"&times;", "×"}};

static void add_entity(Prose *p, const char *text, size_t size) {
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (strlen(entities[i].name) == size && memcmp(entities[i].name, text, size) == 0) {
            run_add(p, RUN_TEXT, entities[i].text, strlen(entities[i].text), NOWHERE);
            return;
        }
    run_add(p, RUN_TEXT, text, size, offset_of(p, text));
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
    Prose *p = context;
    if (type == MD_TEXT_HTML) return 0; // raw HTML and comments are not shown
    if (!p->open) paragraph_open(p);    // the text of a tight list's item has no paragraph
    size_t at = offset_of(p, text);
    if (type == MD_TEXT_SOFTBR)
        run_add(p, p->kind, " ", 1, NOWHERE);
    else if (type == MD_TEXT_BR)
        run_mark(p, RUN_BREAK);
    else if (type == MD_TEXT_NULLCHAR)
        run_add(p, p->kind, "\uFFFD", 3, NOWHERE);
    else if (type == MD_TEXT_ENTITY)
        add_entity(p, text, size);
    else if (type == MD_TEXT_CODE)
        run_add(p, RUN_CODE, text, size, at);
    else
        run_add(p, p->kind, text, size, at);
    return 0;
}

Block *prose_parse(Arena *a, const Source *source, size_t from, int *count, Diags *d) {
    Prose p = {.arena = a, .source = source, .last = from, .text = buf_new(a)};
    MD_PARSER parser = {.flags = MD_FLAG_LATEXMATHSPANS | MD_FLAG_TABLES |
                                 MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_NOHTMLSPANS,
                        .enter_block = enter_block,
                        .leave_block = leave_block,
                        .enter_span = enter_span,
                        .leave_span = leave_span,
                        .text = on_text};
    if (md_parse(source->text + from, (MD_SIZE)(source->len - from), &parser, &p) != 0)
        diag_error(d, source, NO_SPAN, "the text could not be read as Markdown");
    block_close(&p);
    *count = p.n_blocks;
    return p.blocks;
}
