// The stage: prose on the left, a column of pictures in the middle, the number in focus on the
// right. Panels that a lesson does not want are left out and the others take their room.
#include "view/stage.h"

#include <math.h>
#include <string.h>

#include "view/panels.h"

// clang-format off
const PanelDef panel_defs[PANEL_COUNT] = {
    [PANEL_PROSE]     = {"prose",     {"Lesson",    "课文"},     panel_prose_draw,     STAND_LEFT,   0,    false, NULL},
    [PANEL_TIMELINE]  = {"timeline",  {"Unrolled",  "按时间展开"}, panel_timeline_draw,  STAND_MIDDLE, 0.30, false, NULL},
    [PANEL_CELL]      = {"cell",      {"The cell",  "单元"},     panel_cell_draw,      STAND_MIDDLE, 0.44, false, NULL},
    [PANEL_EQUATIONS] = {"equations", {"Equations", "方程"},     panel_equations_draw, STAND_MIDDLE, 0.26, false, NULL},
    [PANEL_VALUE]     = {"value",     {"Value",     "数值"},     panel_value_draw,     STAND_SIDE,   0,    true,  NULL},
    [PANEL_WEIGHTS]   = {"weights",   {"Weights",   "权重"},     panel_weights_draw,   STAND_SIDE,   0,    true,  panel_weights_has},
    [PANEL_GRADIENTS] = {"gradients", {"Gradients", "梯度"},     panel_gradients_draw, STAND_SIDE,   0,    true,  panel_gradients_has},
    [PANEL_BLAME]     = {"blame",     {"Blame",     "归因"},     panel_blame_draw,     STAND_SIDE,   0,    true,  panel_blame_has},
    [PANEL_MEMORY]    = {"memory",    {"Memory",    "记忆"},     panel_memory_draw,    STAND_SIDE,   0,    false, panel_memory_has},
    [PANEL_COMPARE]   = {"compare",   {"Compare",   "比较"},     panel_compare_draw,   STAND_SIDE,   0,    false, panel_compare_has},
    [PANEL_TRAINING]  = {"training",  {"Training",  "训练"},     panel_training_draw,  STAND_SIDE,   0,    false, panel_training_has},
};
// clang-format on

enum {
    RADIUS = 10,
    NARROW = 1200, // below this width everything stands closer
    PROSE_MIN = 220,
    PROSE_MAX = 440,
    SIDE_MIN = 210,
    SIDE_MAX = 400,
    TABS_HEIGHT = 36,
    TABS_ROW = 28,  // where they need more than one
    TAB_CLOSE = 11, // least room between two
    TAB_END = 6     // at the end of a row
};

PanelKind panel_find(const char *name) {
    for (int k = 0; k < PANEL_COUNT; k++)
        if (!strcmp(panel_defs[k].name, name)) return (PanelKind)k;
    return PANEL_COUNT;
}

static const LessonScene *scene_of(const View *v) {
    const Lesson *l = v->lesson;
    if (v->scene < 0 || v->scene >= l->n_scenes || !l->scenes[v->lang]) return NULL;
    return &l->scenes[v->lang][v->scene];
}

static bool is_listed(const char *const *names, PanelKind kind) {
    for (; *names; names++)
        if (!strcmp(*names, panel_defs[kind].name)) return true;
    return false;
}

// The panels that the scene asks for, else the lesson; NULL for all.
static const char *const *wanted(const View *v) {
    const LessonScene *scene = scene_of(v);
    const char *const *own = scene ? scene->step.panels : NULL;
    const char *const *names = own && own[0] ? own : v->lesson->panels;
    return names && names[0] ? names : NULL;
}

// Prose is shown wherever there is some.
static bool is_wanted(const View *v, PanelKind kind) {
    const LessonScene *scene = scene_of(v);
    if (kind == PANEL_PROSE) return scene && scene->n_blocks > 0;
    const char *const *names = wanted(v);
    return !names || is_listed(names, kind);
}

// ---- the side

static bool has_content(const View *v, PanelKind kind) {
    return !panel_defs[kind].has || panel_defs[kind].has(v);
}

// The panel that stands at the side; PANEL_COUNT for none.
static PanelKind side_panel(const View *v) {
    const char *const *names = wanted(v);
    PanelKind first = names ? PANEL_COUNT : PANEL_VALUE;
    for (; names && *names && first == PANEL_COUNT; names++) {
        PanelKind kind = panel_find(*names);
        if (kind < PANEL_COUNT && panel_defs[kind].stand == STAND_SIDE) first = kind;
    }
    bool chosen = v->tabs && v->side > 0 && has_content(v, (PanelKind)v->side);
    return first < PANEL_COUNT && chosen ? (PanelKind)v->side : first;
}

// About the width of a tab's word: a layout measures nothing. draw_tabs takes a word that is wider
// out of the gaps.
static double tab_room(const char *word) {
    const double latin = 6.4, han = 12.5;
    double w = 0;
    for (; *word; word++)
        if (((unsigned char)*word & 0xc0) != 0x80) w += (unsigned char)*word < 0x80 ? latin : han;
    return w;
}

static double tab_pad(double width) {
    return width < 260 ? 12 : 18;
}

// Rows of tabs with so much between them: what one row has no room for goes on in the next one.
static int lay_tabs(StageLayout *out, Lang lang, double width, double gap) {
    double pad = tab_pad(width), x = pad;
    int row = 0;
    for (int k = 0; k < out->n_tabs; k++) {
        double w = tab_room(panel_defs[out->tab[k]].title[lang]);
        if (x > pad && x + w + TAB_END > width) row++, x = pad;
        out->tab_row[k] = row;
        x += w + gap;
    }
    out->tab_gap = gap;
    return row + 1;
}

static void lay_side(StageLayout *out, const View *v, PanelKind kind, Box box) {
    out->box[kind] = box;
    for (int k = 0; v->tabs && k < PANEL_COUNT; k++)
        if (panel_defs[k].stand == STAND_SIDE && has_content(v, (PanelKind)k))
            out->tab[out->n_tabs++] = (PanelKind)k;
    if (out->n_tabs < 2) return;
    int rows = lay_tabs(out, v->lang, box.w, tab_pad(box.w) * 1.2);
    if (rows > 1) rows = lay_tabs(out, v->lang, box.w, TAB_CLOSE);
    out->tabs = box_cut_top(&box, rows > 1 ? TABS_ROW * rows : TABS_HEIGHT);
}

static double within(double x, double low, double high) {
    return fmin(high, fmax(low, x));
}

static bool in_middle(const View *v, int kind) {
    return panel_defs[kind].stand == STAND_MIDDLE && is_wanted(v, (PanelKind)kind);
}

static void lay_middle(StageLayout *out, const View *v, Box area, double gap) {
    double total = 0;
    int n = 0;
    for (int k = 0; k < PANEL_COUNT; k++) {
        if (!in_middle(v, k)) continue;
        total += panel_defs[k].share;
        n++;
    }
    double room = area.h - gap * (n - 1);
    for (int k = 0; k < PANEL_COUNT; k++) {
        if (!in_middle(v, k)) continue;
        bool last = --n == 0;
        double h = last ? area.h : floor(room * panel_defs[k].share / total + 0.5);
        out->box[k] = box_cut_top(&area, h);
        box_cut_top(&area, gap);
    }
}

// Quarter steps keep hairlines and text crisp from one size to the next.
double stage_scale(double width, double height) {
    enum { DESIGN_WIDTH = 1600, DESIGN_HEIGHT = 1000 };
    double fill = fmin(width / DESIGN_WIDTH, height / DESIGN_HEIGHT);
    return fmax(1, floor(fill * 4) / 4);
}

StageLayout stage_layout(const View *v, Box area) {
    StageLayout out = {0};
    bool narrow = area.w < NARROW;
    double gap = narrow ? 8 : 14, margin = narrow ? 8 : 16;
    bool any_middle = false;
    for (int k = 0; k < PANEL_COUNT; k++) any_middle |= in_middle(v, k);
    PanelKind side = side_panel(v);
    if (is_wanted(v, PANEL_PROSE)) {
        double w = within(floor(area.w * 0.21), PROSE_MIN, PROSE_MAX);
        if (!any_middle) w = side < PANEL_COUNT ? floor(area.w * 0.6) : area.w;
        out.box[PANEL_PROSE] = box_cut_left(&area, w);
    }
    area = box_inset(area, margin, margin);
    if (side < PANEL_COUNT) {
        double w = within(floor(area.w * 0.245), SIDE_MIN, SIDE_MAX);
        lay_side(&out, v, side, box_cut_right(&area, any_middle ? w : area.w));
        box_cut_right(&area, gap);
    }
    if (any_middle) lay_middle(&out, v, area, gap);
    return out;
}

// Hovered, else pinned: it and what it depends on. Else only the number the step is about.
static void light(Scene *s, const View *v) {
    int cap = (int)(sizeof s->lit / sizeof *s->lit);
    bool asked = v->hover.kind != REF_NONE || v->focus.kind != REF_NONE;
    Ref ref = v->hover.kind != REF_NONE ? v->hover : view_focus(v);
    if (asked)
        s->n_lit = view_related(v, ref, s->lit, cap);
    else if (ref.kind != REF_NONE && view_known(v, ref))
        s->lit[s->n_lit++] = ref;
    if (v->marked.kind != REF_NONE && s->n_lit < cap) s->lit[s->n_lit++] = v->marked;
}

static TextStyle tab_style(bool here) {
    return (TextStyle){FONT_UI, here ? WEIGHT_BOLD : WEIGHT_REGULAR, false, 12};
}

// Room between the tabs of a row: less than the layout has, if the words are wider.
static double tab_gap(Scene *s, const View *v, const StageLayout *layout, int row,
                      PanelKind shown) {
    double words = 0;
    int n = 0;
    for (int k = 0; k < layout->n_tabs; k++) {
        if (layout->tab_row[k] != row) continue;
        PanelKind kind = layout->tab[k];
        words += scene_text_width(s, panel_defs[kind].title[v->lang], tab_style(kind == shown));
        n++;
    }
    double room = layout->tabs.w - tab_pad(layout->tabs.w) - TAB_END - words;
    return n > 1 ? fmin(layout->tab_gap, room / (n - 1)) : layout->tab_gap;
}

// A word for each panel of the side, the one that is shown underlined.
static void draw_tabs(Scene *s, const View *v, const StageLayout *layout, PanelKind shown) {
    Box all = layout->tabs, row = all;
    int rows = layout->tab_row[layout->n_tabs - 1] + 1;
    double pad = tab_pad(all.w), x = 0, gap = 0, end = all.y + all.h - 0.5;
    s->panel = (int)shown;
    scene_line(s, all.x, end, all.x + all.w, end, ink(ROLE_LINE), 1, NO_REF);
    row.h = all.h / rows;
    for (int k = 0; k < layout->n_tabs; k++) {
        PanelKind kind = layout->tab[k];
        int at = layout->tab_row[k];
        if (k == 0 || at != layout->tab_row[k - 1]) {
            row.y = all.y + at * row.h;
            gap = tab_gap(s, v, layout, at, shown);
            x = all.x + pad;
        }
        double y = row.y + row.h - 0.5;
        bool here = kind == shown;
        TextStyle style = tab_style(here);
        const char *word = panel_defs[kind].title[v->lang];
        double w = scene_text_width(s, word, style);
        scene_text(s, x, row.y + row.h / 2 + style.size * 0.36, word, style, ALIGN_LEFT,
                   ink(here ? ROLE_TEXT : ROLE_MUTED), NO_REF);
        if (here) scene_box(s, (Box){x, y - 2, w, 2.5}, 0, ink(ROLE_TEXT), NO_INK, 0, NO_REF);
        Box hit = {x - gap / 2, row.y, w + gap, row.h};
        scene_box(s, hit, 0, NO_INK, NO_INK, 0, (Ref){REF_TAB, (int)kind, 0, 0})->label = word;
        x += w + gap;
    }
}

// Tabs come before what they are for, so that the keyboard comes to them first.
static void draw_panel(Scene *s, const View *v, PanelKind kind, Box box, const StageLayout *layout,
                       bool narrow) {
    s->panel = (int)kind;
    if (kind == PANEL_PROSE) {
        scene_box(s, box, 0, ink(ROLE_PANEL), NO_INK, 0, NO_REF);
        scene_line(s, box.x + box.w - 0.5, box.y, box.x + box.w - 0.5, box.y + box.h,
                   ink(ROLE_LINE), 1, NO_REF);
    } else {
        scene_box(s, box, RADIUS, ink(ROLE_PANEL), ink(ROLE_LINE), 1, NO_REF);
    }
    if (layout && layout->n_tabs > 1) {
        draw_tabs(s, v, layout, kind);
        box_cut_top(&box, layout->tabs.h);
    }
    int from = s->count;
    Box inside = narrow ? box_inset(box, 12, 9) : box_inset(box, 18, 14);
    if (inside.w > 0 && inside.h > 0) panel_defs[kind].draw(s, v, inside);
    if (kind != PANEL_PROSE) view_dim(s, v, from);
    scene_unclip(s);
    s->strength = 1;
}

void stage_draw(Scene *s, const View *v, Box area) {
    StageLayout layout = stage_layout(v, area);
    light(s, v);
    s->panel = PANEL_COUNT;
    scene_box(s, area, 0, ink(ROLE_GROUND), NO_INK, 0, NO_REF);
    for (int k = 0; k < PANEL_COUNT; k++)
        if (layout.box[k].w > 0) {
            bool side = panel_defs[k].stand == STAND_SIDE;
            draw_panel(s, v, (PanelKind)k, layout.box[k], side ? &layout : NULL, area.w < NARROW);
        }
}

void stage_draw_panel(Scene *s, const View *v, PanelKind panel, Box area) {
    light(s, v);
    draw_panel(s, v, panel, area, NULL, area.w < NARROW / 2);
}

void panel_heading(Scene *s, Box *area, const char *text, const char *note) {
    enum { SIZE = 11, HEIGHT = 20 };
    TextStyle style = {FONT_UI, WEIGHT_BOLD, false, SIZE};
    Box row = box_cut_top(area, HEIGHT);
    double baseline = row.y + SIZE, width = scene_text_width(s, text, style);
    scene_text(s, row.x, baseline, text, style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    if (!note) return;
    style.weight = WEIGHT_REGULAR;
    if (width + 24 + scene_text_width(s, note, style) > row.w) return;
    scene_text(s, row.x + row.w, baseline, note, style, ALIGN_RIGHT, ink(ROLE_MUTED), NO_REF);
}
