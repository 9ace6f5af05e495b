// The lesson's text beside the stage. Each kind of block is one function that sets it from a y
// down and says how much room it took; measuring is the same with drawing turned off, so the
// scroll bar cannot be wrong. Of directive blocks only questions are seen, as cards.
#include "view/panel_prose.h"

#include <math.h>
#include <string.h>

#include "view/ask_card.h"
#include "view/math.h"
#include "view/panels.h"
#include "view/prose_flow.h"
#include "view/tex_link.h"

enum {
    TEXT_MAX = 640, // a longer line is hard to read
    WIDE = 520,     // from here on text is a little larger
    NARROW = 200,   // up to here a little smaller
    CELL_GAP = 14,
    BAR = 3 // width of the scroll indicator
};

static const double MATH_SIZE = 1.18; // of display mathematics, by the text's
static const double SMALLEST = 0.82;  // how far a formula is made smaller before it is broken

/// Sizes that go together, in pixels.
typedef struct {
    double body, leading, heading, small, gap;
} Sizes;

/// Where the next block goes.
typedef struct {
    Scene *s;
    const View *v;
    Sizes sizes;
    double x, y, width;
    bool draw;
    int n_asks; // question cards so far
} Column;

static Sizes sizes_for(double width) {
    if (width >= WIDE) return (Sizes){15, 25, 21, 12.5, 14};
    if (width <= NARROW) return (Sizes){12.5, 20.5, 16, 11, 11};
    return (Sizes){13.5, 23, 18, 11.5, 13};
}

static FlowStyle body_style(const Column *c) {
    return (FlowStyle){.size = c->sizes.body,
                       .leading = c->sizes.leading,
                       .weight = WEIGHT_REGULAR,
                       .role = ROLE_TEXT,
                       .view = c->v,
                       .draw = c->draw};
}

static double flow(Column *c, const FlowStyle *style, const ProseRun *runs, int n, double indent) {
    double h = prose_flow(c->s, style, runs, n, c->x + indent, c->y, c->width - indent);
    c->y += h;
    return h;
}

// --- blocks

static void set_heading(Column *c, const Block *b) {
    FlowStyle style = body_style(c);
    style.size = b->level <= 2 ? c->sizes.heading : c->sizes.body + 1;
    style.leading = style.size * 1.4;
    style.weight = WEIGHT_BOLD;
    flow(c, &style, b->runs, b->n_runs, 0);
    c->y += b->level <= 2 ? 10 : 4;
}

static void set_paragraph(Column *c, const Block *b) {
    FlowStyle style = body_style(c);
    flow(c, &style, b->runs, b->n_runs, 0);
    c->y += c->sizes.gap;
}

static void set_item(Column *c, const Block *b) {
    FlowStyle style = body_style(c);
    double indent = 18.0 * b->level, top = c->y;
    if (c->draw) {
        bool bullet = b->number == 0;
        const char *mark = bullet ? "•" : arena_printf(c->s->arena, "%d.", b->number);
        TextStyle text = {FONT_UI, WEIGHT_REGULAR, false, c->sizes.body};
        double baseline = top + (c->sizes.leading + c->sizes.body * 0.72) / 2;
        scene_text(c->s, c->x + indent - 6, baseline, mark, text, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
    }
    flow(c, &style, b->runs, b->n_runs, indent);
    c->y += 4;
}

static void set_quote(Column *c, const Block *b) {
    FlowStyle style = body_style(c);
    style.role = ROLE_MUTED;
    double top = c->y;
    flow(c, &style, b->runs, b->n_runs, 14);
    if (c->draw)
        scene_box(c->s, (Box){c->x, top + 2, 3, c->y - top - 4}, 1.5, ink(ROLE_LINE), NO_INK, 0,
                  NO_REF);
    c->y += c->sizes.gap;
}

static void set_rule(Column *c, const Block *b) {
    (void)b;
    if (c->draw)
        scene_line(c->s, c->x, c->y + 4, c->x + c->width, c->y + 4, ink(ROLE_LINE), 1, NO_REF);
    c->y += 8 + c->sizes.gap;
}

/// One line of display mathematics, made smaller if it is too wide.
static void set_formula(Column *c, const char *tex, double indent, TextAlign align) {
    double size = c->sizes.body * MATH_SIZE, room = c->width - indent;
    double width = scene_formula_width(c->s, tex, size);
    if (width > room) size *= room / width * 0.995;
    size_t at;
    const char *why;
    const MathBox *m = math_layout(c->s->arena, c->s->text, tex, size, false, &at, &why);
    MathSize box = m ? math_size(m) : (MathSize){0, size, 0.3 * size};
    double x = align == ALIGN_CENTER ? c->x + c->width / 2 : c->x + indent;
    c->y += 4;
    if (c->draw)
        scene_formula(c->s, x, c->y + box.ascent, tex, size, align, ink(ROLE_TEXT), view_resolve,
                      (void *)c->v);
    c->y += box.ascent + box.descent + 4;
}

/// Parts of a formula on as few lines as they fit on, all but the first indented.
static void set_broken(Column *c, const char *const *parts, int n) {
    double size = c->sizes.body * MATH_SIZE;
    const char *line = arena_printf(c->s->arena, "\\displaystyle %s", parts[0]);
    double indent = 0;
    for (int i = 1; i < n; i++) {
        const char *longer = arena_printf(c->s->arena, "%s%s", line, parts[i]);
        if (scene_formula_width(c->s, longer, size) <= c->width - indent) {
            line = longer;
            continue;
        }
        set_formula(c, arena_printf(c->s->arena, "%s {}", line), indent, ALIGN_LEFT);
        line = arena_printf(c->s->arena, "\\displaystyle %s", parts[i]);
        indent = 1.6 * size;
    }
    set_formula(c, line, indent, ALIGN_LEFT);
}

/// Display mathematics: in the middle, in display style; a little smaller if it is too wide,
/// broken after a relation or an operator if that is not enough.
static void set_math(Column *c, const Block *b) {
    if (b->n_runs == 0) return;
    const char *linked = tex_linked(c->s->arena, c->v, b->runs[0].text);
    const char *tex = arena_printf(c->s->arena, "\\displaystyle %s", linked);
    double width = scene_formula_width(c->s, tex, c->sizes.body * MATH_SIZE);
    int n = 1;
    const char *const *parts = NULL;
    if (width * SMALLEST > c->width) parts = tex_parts(c->s->arena, linked, &n);
    if (n > 1)
        set_broken(c, parts, n);
    else
        set_formula(c, tex, 0, ALIGN_CENTER);
    c->y += c->sizes.gap;
}

/// A line of code that is shown: the text's own, or a part of one that is too long.
static size_t code_line(const char *s, int most) {
    size_t n = 0;
    for (int count = 0; s[n] && s[n] != '\n' && count < most; count++) {
        do n++;
        while ((s[n] & 0xC0) == 0x80);
    }
    return n;
}

static void set_code(Column *c, const Block *b) {
    const char *text = b->n_runs ? b->runs[0].text : "";
    TextStyle mono = {FONT_MONO, WEIGHT_REGULAR, false, c->sizes.small};
    double room = c->width - 2 * 10, letter = scene_text_width(c->s, "0", mono);
    int most = (int)fmax(8, room / letter);
    double leading = mono.size * 1.55, height = 14;
    for (const char *s = text; *s; s += *s == '\n', height += leading) s += code_line(s, most);
    if (c->draw) {
        scene_box(c->s, (Box){c->x, c->y, c->width, height}, 6, ink(ROLE_SUNKEN), NO_INK, 0,
                  NO_REF);
        double y = c->y + 7 + leading * 0.72;
        for (const char *s = text; *s; s += *s == '\n', y += leading) {
            size_t n = code_line(s, most);
            if (n)
                scene_text(c->s, c->x + 10, y, arena_copy(c->s->arena, s, n), mono, ALIGN_LEFT,
                           ink(ROLE_TEXT), NO_REF);
            s += n;
        }
    }
    c->y += height + c->sizes.gap;
}

// --- tables

/// Cell k of a row: its runs; NULL past the last.
static const ProseRun *row_cell(const Block *b, int k, int *n) {
    int from = 0;
    if (b->n_runs && b->runs[0].kind == RUN_CELL) from = 1;
    for (int i = from;; i++) {
        bool end = i == b->n_runs || b->runs[i].kind == RUN_CELL;
        if (!end) continue;
        if (k-- == 0) return *n = i - from, b->runs + from;
        if (i == b->n_runs) return *n = 0, NULL;
        from = i + 1;
    }
}

static int row_cells(const Block *b) {
    int n, count = 0;
    while (row_cell(b, count, &n)) count++;
    return count;
}

/// Widths that fit: columns that need less than a fair share keep what they need.
static void fit_columns(double *width, int n, double room) {
    double total = 0;
    for (int i = 0; i < n; i++) total += width[i];
    if (total <= room) return;
    double fair = room / n, over = 0, left = room;
    for (int i = 0; i < n; i++) {
        if (width[i] > fair)
            over += width[i];
        else
            left -= width[i];
    }
    for (int i = 0; i < n; i++)
        if (width[i] > fair) width[i] *= left / over;
}

static FlowStyle cell_style(const Column *c, const Block *row) {
    FlowStyle style = body_style(c);
    style.size = c->sizes.body - 0.5;
    style.leading = c->sizes.leading - 2;
    style.weight = row->header ? WEIGHT_BOLD : WEIGHT_REGULAR;
    return style;
}

static void set_row(Column *c, const Block *row, const double *width, int n_cols) {
    FlowStyle style = cell_style(c, row);
    double x = c->x, tallest = style.leading;
    for (int k = 0; k < n_cols; k++) {
        int n;
        const ProseRun *runs = row_cell(row, k, &n);
        if (!runs) break;
        tallest = fmax(tallest, prose_flow(c->s, &style, runs, n, x, c->y + 3, width[k]));
        x += width[k] + CELL_GAP;
    }
    c->y += tallest + 6;
    if (c->draw)
        scene_line(c->s, c->x, c->y, c->x + c->width, c->y,
                   row->header ? ink(ROLE_MUTED) : ink(ROLE_LINE), 1, NO_REF);
}

/// Rows from block i on; returns how many blocks that were.
static int set_table(Column *c, const Block *blocks, int n_blocks) {
    int rows = 0, cols = 1;
    while (rows < n_blocks && blocks[rows].kind == BLOCK_TABLE_ROW &&
           !(rows > 0 && blocks[rows].header)) {
        int n = row_cells(&blocks[rows++]);
        cols = n > cols ? n : cols;
    }
    double *width = ARENA_ARRAY(c->s->arena, double, cols);
    for (int r = 0; r < rows; r++) {
        FlowStyle style = cell_style(c, &blocks[r]);
        for (int k = 0, n; k < cols; k++) {
            const ProseRun *runs = row_cell(&blocks[r], k, &n);
            if (runs) width[k] = fmax(width[k], 1 + prose_flow_width(c->s, &style, runs, n));
        }
    }
    fit_columns(width, cols, c->width - CELL_GAP * (cols - 1.0));
    for (int r = 0; r < rows; r++) set_row(c, &blocks[r], width, cols);
    c->y += c->sizes.gap;
    return rows;
}

// --- questions

static void set_card(Column *c, int k) {
    AskLook look = {.x = c->x,
                    .y = c->y,
                    .width = c->width,
                    .body = c->sizes.body,
                    .leading = c->sizes.leading,
                    .small = c->sizes.small,
                    .draw = c->draw};
    c->y += ask_card(c->s, c->v, k, look) + c->sizes.gap;
}

// --- the whole

static const LessonScene *scene_of(const View *v) {
    const Lesson *l = v->lesson;
    if (v->scene < 0 || v->scene >= l->n_scenes || !l->scenes[v->lang]) return NULL;
    return &l->scenes[v->lang][v->scene];
}

static bool is_directive(const Block *b, const char *word) {
    return b->kind == BLOCK_CODE && b->info && strcmp(b->info, word) == 0;
}

static void set_next_question(Column *c, const LessonScene *scene) {
    if (c->n_asks < scene->n_asks) set_card(c, c->n_asks++);
}

/// A block of code is printed, a question is a card, other directives are not seen.
static void set_fenced(Column *c, const LessonScene *scene, const Block *b) {
    if (is_directive(b, "step") || is_directive(b, "try") || is_directive(b, "note")) return;
    if (is_directive(b, "ask"))
        set_next_question(c, scene);
    else
        set_code(c, b);
}

static void set_blocks(Column *c, const LessonScene *scene) {
    static void (*const setters[])(Column *, const Block *) = {
        [BLOCK_HEADING] = set_heading, [BLOCK_PARAGRAPH] = set_paragraph, [BLOCK_ITEM] = set_item,
        [BLOCK_QUOTE] = set_quote,     [BLOCK_MATH] = set_math,           [BLOCK_RULE] = set_rule};
    for (int i = 0; i < scene->n_blocks; i++) {
        const Block *b = &scene->blocks[i];
        bool was_item = i > 0 && scene->blocks[i - 1].kind == BLOCK_ITEM;
        if (was_item && b->kind != BLOCK_ITEM) c->y += c->sizes.gap - 4;
        if (b->kind == BLOCK_TABLE_ROW)
            i += set_table(c, b, scene->n_blocks - i) - 1;
        else if (b->kind == BLOCK_CODE)
            set_fenced(c, scene, b);
        else
            setters[b->kind](c, b);
    }
    // a twin need not repeat the questions' places: they come at the end
    while (c->n_asks < scene->n_asks) set_next_question(c, scene);
}

static Column column_of(Scene *s, const View *v, double x, double y, double width) {
    return (Column){
        .s = s, .v = v, .sizes = sizes_for(width), .x = x, .y = y, .width = fmin(width, TEXT_MAX)};
}

double panel_prose_height(Scene *s, const View *v, double width) {
    const LessonScene *scene = scene_of(v);
    Column c = column_of(s, v, 0, 0, width);
    if (scene) set_blocks(&c, scene);
    return c.y;
}

/// A slim bar beside the text that says which part of it is seen.
static void draw_scroll_bar(Scene *s, Box area, double scroll, double total) {
    double h = fmax(24, area.h * area.h / total);
    double y = area.y + (area.h - h) * scroll / (total - area.h);
    scene_box(s, (Box){area.x + area.w + 8, y, BAR, h}, BAR / 2.0, ink(ROLE_LINE), NO_INK, 0,
              NO_REF);
}

void panel_prose_draw(Scene *s, const View *v, Box area) {
    const LessonScene *scene = scene_of(v);
    if (!scene) return;
    double total = panel_prose_height(s, v, area.w);
    double scroll = fmax(0, fmin(v->scroll, total - area.h));
    if (total > area.h) draw_scroll_bar(s, area, scroll, total);
    // room for the ink that leans out at the sides
    scene_clip(s, (Box){area.x - 4, area.y - 4, area.w + 8, area.h + 8});
    Column c = column_of(s, v, area.x, area.y - scroll, area.w);
    c.draw = true;
    set_blocks(&c, scene);
    scene_unclip(s);
}
