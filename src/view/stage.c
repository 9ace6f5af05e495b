// The stage: prose on the left, a column of pictures in the middle, the number in focus on the
// right. Panels that a lesson does not want are left out and the others take their room.
#include "view/stage.h"

#include <math.h>
#include <string.h>

#include "view/panels.h"

// clang-format off
const PanelDef panel_defs[PANEL_COUNT] = {
    [PANEL_PROSE]     = {"prose",     {"Lesson",    "课文"},     panel_prose_draw},
    [PANEL_TIMELINE]  = {"timeline",  {"Unrolled",  "按时间展开"}, panel_timeline_draw},
    [PANEL_CELL]      = {"cell",      {"The cell",  "单元"},     panel_cell_draw},
    [PANEL_EQUATIONS] = {"equations", {"Equations", "方程"},     panel_equations_draw},
    [PANEL_VALUE]     = {"value",     {"Value",     "数值"},     panel_value_draw},
};
// clang-format on

enum {
    RADIUS = 10,
    NARROW = 1200, // below this width everything stands closer
    PROSE_MIN = 220,
    PROSE_MAX = 440,
    VALUE_MIN = 210,
    VALUE_MAX = 400
};

// Shares of the middle column's height.
static const double share[PANEL_COUNT] = {
    [PANEL_TIMELINE] = 0.30, [PANEL_CELL] = 0.44, [PANEL_EQUATIONS] = 0.26};
static const PanelKind middle[] = {PANEL_TIMELINE, PANEL_CELL, PANEL_EQUATIONS};
enum { MIDDLE = sizeof middle / sizeof *middle };

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

// Prose is shown wherever there is some; the others as the scene says, else the lesson, else all.
static bool is_wanted(const View *v, PanelKind kind) {
    const LessonScene *scene = scene_of(v);
    if (kind == PANEL_PROSE) return scene && scene->n_blocks > 0;
    const char *const *own = scene ? scene->step.panels : NULL;
    const char *const *names = own && own[0] ? own : v->lesson->panels;
    return !names || !names[0] || is_listed(names, kind);
}

static double within(double x, double low, double high) {
    return fmin(high, fmax(low, x));
}

static void lay_middle(StageLayout *out, const View *v, Box area, double gap) {
    double total = 0;
    int n = 0;
    for (int k = 0; k < MIDDLE; k++) {
        if (!is_wanted(v, middle[k])) continue;
        total += share[middle[k]];
        n++;
    }
    double room = area.h - gap * (n - 1);
    for (int k = 0; k < MIDDLE; k++) {
        if (!is_wanted(v, middle[k])) continue;
        bool last = --n == 0;
        double h = last ? area.h : floor(room * share[middle[k]] / total + 0.5);
        out->box[middle[k]] = box_cut_top(&area, h);
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
    for (int k = 0; k < MIDDLE; k++) any_middle |= is_wanted(v, middle[k]);
    bool value = is_wanted(v, PANEL_VALUE);
    if (is_wanted(v, PANEL_PROSE)) {
        double w = within(floor(area.w * 0.21), PROSE_MIN, PROSE_MAX);
        if (!any_middle) w = value ? floor(area.w * 0.6) : area.w;
        out.box[PANEL_PROSE] = box_cut_left(&area, w);
    }
    area = box_inset(area, margin, margin);
    if (value) {
        double w = within(floor(area.w * 0.245), VALUE_MIN, VALUE_MAX);
        out.box[PANEL_VALUE] = box_cut_right(&area, any_middle ? w : area.w);
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

static void draw_panel(Scene *s, const View *v, PanelKind kind, Box box, bool narrow) {
    s->panel = (int)kind;
    if (kind == PANEL_PROSE) {
        scene_box(s, box, 0, ink(ROLE_PANEL), NO_INK, 0, NO_REF);
        scene_line(s, box.x + box.w - 0.5, box.y, box.x + box.w - 0.5, box.y + box.h,
                   ink(ROLE_LINE), 1, NO_REF);
    } else {
        scene_box(s, box, RADIUS, ink(ROLE_PANEL), ink(ROLE_LINE), 1, NO_REF);
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
        if (layout.box[k].w > 0) draw_panel(s, v, (PanelKind)k, layout.box[k], area.w < NARROW);
}

void stage_draw_panel(Scene *s, const View *v, PanelKind panel, Box area) {
    light(s, v);
    draw_panel(s, v, panel, area, area.w < NARROW / 2);
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
