// The equations of the part at work on the left, the one at work on a soft ground; on the right
// the step with its numbers, and the function's curve where the step is a function. Where there is
// too little room the curve goes first, then the list.
#include <math.h>
#include <string.h>

#include "view/equation_step.h"
#include "view/equation_write.h"
#include "view/panels.h"

// ---- the list

enum { MARGIN = 9 }; // on either side of an equation
enum { LEAST = 10 }; // letters that can be read

typedef struct {
    int equation; // -1: the total of the loss
    const char *tex;
    EqPiece size;       // in em
    const char *brief;  // where that would be too small to read
    EqPiece brief_size; // in em
} Row;

typedef struct {
    Row *rows;
    int n, cap, at; // at: the one at work, -1 for none
    double width;   // of the widest, in em
} List;

static bool belongs(const Graph *g, int part, const EqWork *work) {
    int own = work->node >= 0 ? g->nodes[work->node].part : g->loss_part;
    if (own < 0) own = 0;
    bool end = g->parts[own].kind == PART_HEAD || g->parts[own].kind == PART_LOSS;
    PartKind kind = g->parts[part].kind;
    return end ? kind == PART_HEAD || kind == PART_LOSS : part == own;
}

static void add_row(Scene *s, List *list, int equation, const char *tex, const char *name) {
    const char *brief = arena_printf(s->arena, "%s = \\cdots", name);
    Row row = {equation, tex, eq_measure(s, tex), brief, eq_measure(s, brief)};
    list->width = fmax(list->width, row.size.width);
    ARENA_PUSH(s->arena, list->rows, list->n, list->cap, row);
}

/// That of the step; of a parameter the one equation that reads it.
static int equation_at_work(const Graph *g, const EqWork *work) {
    if (work->node < 0) return -1;
    if (g->nodes[work->node].op != OP_PARAM) return g->nodes[work->node].equation;
    int at = -1;
    for (int k = 0; k < g->n_uses[work->node]; k++) {
        int q = g->nodes[g->uses[work->node][k].node].equation;
        if (at >= 0 && q != at) return -1;
        at = q;
    }
    return at;
}

static List list_of(Scene *s, const View *v, const EqWork *work) {
    const Graph *g = v->lesson->graph;
    List list = {.at = -1};
    int at = equation_at_work(g, work);
    bool loss = false;
    for (int q = 0; q < g->n_equations; q++) {
        if (!belongs(g, g->equations[q].part, work)) continue;
        if (q == at) list.at = list.n;
        loss |= g->equations[q].part == g->loss_part;
        add_row(s, &list, q, view_equation_tex(s->arena, v, q, 0),
                view_node_tex(s->arena, v, g->equations[q].node, 0, 0));
    }
    if (!loss) return list;
    double scale = trace_loss_scale(v->lesson->trace);
    int over = scale > 0 ? (int)floor(1 / scale + 0.5) : 1;
    int n = 0, last = 1;
    for (int p = 1; p <= trace_steps(v->lesson->trace); p++)
        if (trace_runs(v->lesson->trace, g->loss_part, p)) n++, last = p;
    if (work->node < 0) list.at = list.n;
    add_row(s, &list, -1,
            over > 1 ? arena_printf(s->arena, "L = \\frac{1}{%d}\\sum_t L_t", over)
            : n > 1  ? "L = \\sum_t L_t"
                     : arena_printf(s->arena, "L = L_{%d}", last),
            "L");
    return list;
}

/// A row as it is set in letters of `size`: a long equation smaller than the others, one that
/// could not be read then by its left side alone, since the step beside says it in full.
static Row face_of(const Row *row, double size, double width, double *letters) {
    Row face = *row;
    double room = width - 2 * MARGIN;
    *letters = fmin(size, room / fmax(1, row->size.width));
    if (*letters >= fmin(LEAST, size)) return face;
    face.tex = row->brief;
    face.size = row->brief_size;
    *letters = fmin(size, room / fmax(1, row->brief_size.width));
    return face;
}

static double row_height(const Row *row, double size, double width) {
    double own;
    Row face = face_of(row, size, width, &own);
    return fmax(1.55 * size, (face.size.ascent + face.size.descent + 0.5) * own);
}

static double list_height(const List *list, double size, double width) {
    double height = 0;
    for (int k = 0; k < list->n; k++) height += row_height(&list->rows[k], size, width);
    return height;
}

/// The first row to draw so that the one at work is seen.
static int first_row(const List *list, double size, double width, double room) {
    int first = 0;
    for (int k = 0; k <= list->at; k++) {
        double h = 0;
        for (int i = first; i <= list->at + (list->at + 1 < list->n); i++)
            h += row_height(&list->rows[i], size, width);
        if (h <= room) break;
        if (first < list->at) first++;
    }
    return first;
}

static void draw_more(Scene *s, double x, double y, bool up) {
    scene_arrow(s, x, y, 0, up ? -1 : 1, 6, ink(ROLE_MUTED));
}

static void draw_list(Scene *s, const View *v, const List *list, const EqWork *work, Box box,
                      double size) {
    const Graph *g = v->lesson->graph;
    double tall = list_height(list, size, box.w), y = box.y;
    bool all = tall <= box.h;
    int first = all ? 0 : first_row(list, size, box.w, box.h);
    double spare = all ? (box.h - tall) / (list->n + 1) : 0;
    spare = fmin(spare, 0.35 * size);
    int k = first;
    for (; k < list->n; k++) {
        double own, h = row_height(&list->rows[k], size, box.w);
        Row face = face_of(&list->rows[k], size, box.w, &own), *row = &face;
        if (y + h > box.y + box.h + 0.5) break;
        bool here = k == list->at && work->begun;
        Ref ref = row->equation >= 0 ? (Ref){REF_EQUATION, row->equation, 0, 0} : NO_REF;
        Role role = row->equation >= 0 ? view_role(v->lesson, g->equations[row->equation].node)
                                       : ROLE_ACCENT;
        if (role == ROLE_TEXT) role = ROLE_ACCENT;
        if (work->phase == PHASE_BACKWARD) role = ROLE_BACKWARD;
        if (work->phase == PHASE_UPDATE) role = ROLE_GOOD;
        scene_box(s, (Box){box.x, y, box.w, h}, 5, here ? ink_soft(role, 0.12) : NO_INK, NO_INK, 0,
                  ref);
        s->strength = here || !work->begun || list->at < 0 ? 1 : 0.72f;
        double middle = y + h / 2 + (row->size.ascent - row->size.descent) * own / 2;
        scene_formula(s, box.x + MARGIN, middle, row->tex, own, ALIGN_LEFT, ink(ROLE_TEXT),
                      view_resolve, (void *)v);
        s->strength = 1;
        y += h + spare;
    }
    if (first > 0) draw_more(s, box.x + box.w - 8, box.y + 4, true);
    if (k < list->n) draw_more(s, box.x + box.w - 8, box.y + box.h - 4, false);
}

// ---- before the first step

static void draw_beginning(Scene *s, const View *v, const EqWork *work, Box box, double size) {
    bool zh = v->lang == LANG_ZH;
    const Graph *g = v->lesson->graph;
    panel_heading(s, &box, zh ? "第一步之前" : "BEFORE THE FIRST STEP", NULL);
    const char *first = work->equation >= 0 ? g->equations[work->equation].name : "";
    const char *lines[] = {
        zh ? "还没有计算任何数。" : "Nothing has been computed yet.",
        zh ? arena_printf(s->arena, "按 → 开始，先算 t = %d 的 %s：", work->place, first)
           : arena_printf(s->arena, "Press → to begin, with %s at t = %d:", first, work->place)};
    TextStyle text = {FONT_UI, WEIGHT_REGULAR, false, size * 0.85};
    double y = box.y + size;
    for (int k = 0; k < 2; k++, y += 1.6 * size) {
        double w = scene_text_width(s, lines[k], text);
        TextStyle fit = text;
        if (w > box.w) fit.size *= box.w / w;
        scene_text(s, box.x, y, lines[k], fit, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    }
    if (work->equation < 0) return;
    EqLines one = {0};
    eq_lines_add(s, &one, view_equation_tex(s->arena, v, work->equation, work->place),
                 ink(ROLE_TEXT), 1.06, 0);
    box_cut_top(&box, y - box.y - 0.8 * size);
    eq_lines_draw(s, v, &one, box, size);
}

// ---- the step

static void draw_story(Scene *s, const View *v, const EqStory *story, Box box, double size,
                       double least) {
    TextStyle bold = {FONT_UI, WEIGHT_BOLD, false, 11};
    const char *words = story->heading;
    if (scene_text_width(s, words, bold) > box.w && story->brief) words = story->brief;
    double heading = scene_text_width(s, words, bold);
    panel_heading(s, &box, heading <= box.w ? words : "", NULL);
    bool curve = story->curve.node >= 0 && story->n_paths < 3; // many paths want the width
    double w = fmin(fmax(130, 0.3 * box.w), 1.55 * box.h);
    least = fmin(least, eq_lines_width(&story->lines) * size);
    if (curve && box.w - w - 20 >= least && box.h >= 70) {
        Box right = box_cut_right(&box, w);
        double rise = heading + 8 <= right.x - box.x ? 14 : 0; // beside the heading
        right.y -= rise;
        right.h += rise;
        right.h = fmin(right.h, 1.05 * right.w + 30);
        eq_curve_draw(s, v, &story->curve, right, size);
        box_cut_right(&box, 20);
    }
    double bars = eq_paths_height(s, v, story, box, size);
    Box lines = box;
    lines.h -= bars > 0 ? bars + 0.4 * size : 0;
    double used = eq_lines_draw(s, v, &story->lines, lines, size);
    if (bars <= 0) return;
    box_cut_top(&box, fmin(used + 0.7 * size, box.h - bars));
    eq_paths_draw(s, v, story, box, size);
}

/// The letters of the list: as large as the widest equation and all rows allow, never smaller than
/// can be read; what is longer still is set smaller by itself.
static double list_size(const List *list, double w, double h, double size) {
    enum { PLAIN = 13 };
    double least = fmin(size, PLAIN), fit = (w - 2 * MARGIN) / fmax(1, list->width);
    double letters = fmax(least, fmin(size, fit));
    while (letters > least && list_height(list, letters, w) > h) letters *= 0.95;
    return fmax(least, letters);
}

void panel_equations_draw(Scene *s, const View *v, Box area) {
    enum { RIGHT = 250 }; // the least of the right column
    EqWork work = eq_work(v);
    double size = fmin(46, fmax(12, 0.1 * area.h)), gap = 2 * size;
    size = fmin(size, fmax(12, area.w / 42));
    List list = list_of(s, v, &work);
    // the list takes more where an equation would not be seen, as long as the step keeps its own
    double seen = list.width * (LEAST + 0.1) + 2 * MARGIN;
    double most = fmax(0.38 * area.w, fmin(seen, fmin(0.5 * area.w, area.w - gap - RIGHT)));
    double w = fmin(most, list.width * size + 2 * MARGIN);
    double letters = list_size(&list, w, area.h, size);
    w = fmin(w, list.width * letters + 2 * MARGIN);
    if (area.w - w - gap >= RIGHT && w > 5 * letters && list.n) {
        draw_list(s, v, &list, &work, box_cut_left(&area, w), letters);
        double x = area.x + gap / 2;
        scene_line(s, x, area.y, x, area.y + area.h, ink(ROLE_LINE), 1, NO_REF);
        box_cut_left(&area, gap);
    }
    if (!work.begun) {
        draw_beginning(s, v, &work, area, size);
        return;
    }
    EqStory story = {.curve = {.node = -1}};
    if (work.phase == PHASE_BACKWARD)
        eq_tell_backward(s, v, &work, &story);
    else if (work.phase == PHASE_UPDATE)
        eq_tell_update(s, v, &work, &story);
    else
        eq_tell_forward(s, v, &work, &story);
    draw_story(s, v, &story, area, size, RIGHT + 10);
}
