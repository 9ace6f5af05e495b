// The network unrolled: a column for every timestep, in it a column of squares for every equation,
// the belt above, what goes in below and what comes out at the right. Every square stands for one
// number of the trace. What is not computed yet is a dotted empty box.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "view/tex.h"
#include "view/timeline.h"

typedef struct {
    Scene *s;
    const View *v;
    Timeline t;
    double grad_top; // greatest gradient shown at full colour, the same at every timestep
} Drawing;

static TextStyle style(FontFamily family, FontWeight weight, bool italic, double size) {
    return (TextStyle){family, weight, italic, size};
}

// ---- heading

typedef struct {
    const char *text;
    bool formula;
} Piece;

static double piece_width(Scene *s, Piece p, double size) {
    return p.formula ? scene_formula_width(s, p.text, size + 1)
                     : scene_text_width(s, p.text, style(FONT_UI, WEIGHT_REGULAR, false, size));
}

// Says what the belt's width means: as many pieces as there is room for, from the right end.
static void draw_note(Drawing *d, Box row, double room) {
    enum { SIZE = 11, PIECES = 4 };
    const Timeline *t = &d->t;
    const Lane *lane = timeline_lane(t, t->here);
    if (!lane) lane = &t->lanes[0];
    if (lane->belt < 0) return;
    bool zh = d->v->lang == LANG_ZH, grad = t->backward;
    const char *name = t->g->equations[lane->belt].name;
    Buf of = buf_new(d->s->arena);
    tex_name(&of, name, "t", NULL, NULL);
    const char *symbol = arena_printf(
        d->s->arena, grad ? "\\lVert\\partial L/\\partial %s\\rVert" : "\\lVert %s\\rVert",
        buf_str(&of));
    Piece pieces[PIECES] = {
        {zh ? "传送带宽度 = " : "belt width = ", false},
        {symbol, true},
        {grad ? zh ? "，对数尺度，各时刻相同" : ", log scale, the same at every t" : "", false},
        {grad ? zh ? " · 方格：带号平方根" : " · squares: signed square root" : "", false}};
    double width = 0;
    int n = 0;
    for (; n < PIECES && width + piece_width(d->s, pieces[n], SIZE) <= room; n++)
        width += piece_width(d->s, pieces[n], SIZE);
    if (n < 2) return;
    double x = row.x + row.w - width, baseline = row.y + SIZE;
    for (int k = 0; k < n; k++) {
        if (pieces[k].formula)
            scene_formula(d->s, x, baseline, pieces[k].text, SIZE + 1, ALIGN_LEFT, ink(ROLE_MUTED),
                          NULL, NULL);
        else
            scene_text(d->s, x, baseline, pieces[k].text,
                       style(FONT_UI, WEIGHT_REGULAR, false, SIZE), ALIGN_LEFT, ink(ROLE_MUTED),
                       NO_REF);
        x += piece_width(d->s, pieces[k], SIZE);
    }
}

static const char *heading(Scene *s, const View *v, int part) {
    const Graph *g = v->lesson->graph;
    const Part *p = &g->parts[part];
    bool zh = v->lang == LANG_ZH;
    Buf out = buf_new(s->arena);
    buf_puts(&out, zh ? "按时间展开" : "UNROLLED");
    const char *back = !p->backward ? "" : zh ? "，反向" : ", REVERSE";
    if (view_layers(g, p) > 1)
        buf_printf(&out, zh ? " · 第 %d 层%s" : " · LAYER %d%s", p->layer, back);
    int steps = trace_steps(v->lesson->trace), prompt = trace_sequence(v->lesson->trace)->prompt;
    if (g->decoder_part >= 0)
        buf_printf(&out,
                   zh ? " · 编码器 t = 1–%d，解码器 t = %d–%d"
                      : " · ENCODER t = 1–%d, DECODER t = %d–%d",
                   prompt, prompt + 1, steps);
    return buf_str(&out);
}

// ---- squares

// The greatest gradient of the part, over at most a few hundred timesteps of the whole sequence.
static double greatest_gradient(const Timeline *t) {
    enum { SAMPLES = 128 };
    double top = 0;
    for (int p = 1; p <= t->steps; p += t->steps / SAMPLES + 1) {
        const Lane *lane = timeline_lane(t, p);
        for (int k = 0; lane && k < lane->n_columns; k++) {
            int node = t->g->equations[lane->columns[k]].node, n = dim_count(t->g->nodes[node].dim);
            const double *x = trace_grad(t->trace, node, p);
            for (int u = 0; u < n; u++)
                if (isfinite(x[u])) top = fmax(top, fabs(x[u]));
        }
    }
    return top;
}

static double signed_root(double x, double top) {
    if (isnan(x)) return x;
    double part = top > 0 ? fmin(1, fabs(x) / top) : 0;
    return x < 0 ? -sqrt(part) : sqrt(part);
}

// Low boxes are outlined together, a column at a time: dashes of their own would hide them.
static bool has_outlines(const Timeline *t) {
    return t->square < 9;
}

static void draw_gradient_square(Drawing *d, Box box, Ref ref) {
    double x = view_number(d->v, ref), u = d->t.unit;
    bool stripe = has_outlines(&d->t);
    double radius = d->t.gap <= 0 ? 0 : fmin(3 * u, box.h / 4);
    Ink fill = ink_level(ROLE_GRAD, signed_root(x, d->grad_top));
    Shape *shape = scene_box(d->s, box, radius, fill, stripe ? NO_INK : ink(ROLE_BACKWARD), 1, ref);
    shape->dash = DASH_DASHED;
    if (!stripe && box.h >= 10)
        scene_arrow(d->s, box.x + 1.5, box.y + box.h / 2, -d->t.flow, 0, box.h * 0.3,
                    ink(ROLE_BACKWARD));
}

// What goes around a whole column of stripes: dotted while nothing in it is known, dashed for
// gradients.
static void draw_outline(Drawing *d, Box box, Ref ref) {
    bool known = view_known(d->v, ref);
    if (known && !d->t.backward) return;
    Shape *shape = scene_box(d->s, known ? box_inset(box, -1, -1) : box, d->t.gap > 0 ? 2 : 0,
                             NO_INK, ink(known ? ROLE_BACKWARD : ROLE_FAINT), 1, ref);
    shape->dash = known ? DASH_DASHED : DASH_DOTTED;
}

static void draw_square(Drawing *d, Box box, int node, Ref ref) {
    const Timeline *t = &d->t;
    double radius = t->gap > 0 ? fmin(3 * t->unit, fmin(box.w, box.h) / 4) : 0;
    if (!view_known(d->v, ref)) {
        if (has_outlines(t)) return;
        scene_box(d->s, box, radius, NO_INK, ink(ROLE_FAINT), 1, ref)->dash = DASH_DOTTED;
    } else if (view_hidden(d->v, ref)) {
        view_draw_hidden(d->s, box, radius, ref);
    } else if (t->backward) {
        draw_gradient_square(d, box, ref);
    } else {
        scene_box(d->s, box, radius, view_value_ink(d->v, node, view_number(d->v, ref)), NO_INK, 0,
                  ref);
        view_mark_dropped(d->s, d->v, box, ref);
    }
}

// How many columns of a matrix have room side by side; 1 for a column of numbers.
static int columns_of(const Timeline *t, Dim dim, double *w) {
    enum { LEAST = 3 }; // pixels, with the gap
    if (dim.cols < 2) return 1;
    *w = fmax(*w, t->step - 2);
    return (int)fmax(1, fmin(dim.cols, floor(*w / LEAST)));
}

// The squares of one equation at one place; a matrix as a grid, a sample of it where it is large.
static void draw_squares(Drawing *d, const Lane *lane, int place, int k) {
    const Timeline *t = &d->t;
    int node = t->g->equations[lane->columns[k]].node;
    Dim dim = t->g->nodes[node].dim;
    double w = fmin(18 * t->unit, fmax(2, t->step - 3)), x = timeline_column_x(t, place, k);
    if (t->gap > 0) w = fmin(w, 2 * t->square);
    int rows = dim.rows < t->rows ? dim.rows : t->rows, cols = columns_of(t, dim, &w);
    double row_pitch = t->square + t->gap, high = rows * row_pitch - t->gap;
    double row_gap = t->gap;
    if (dim.rows > rows && t->gap > 0) { // taller than the states: lower squares, as many as fit
        rows = (int)fmax(rows, fmin(dim.rows, floor(high / 3)));
        row_gap = 1;
        row_pitch = (high + row_gap) / rows;
    }
    Ref first = t->backward ? ref_grad(node, place, 1) : ref_value(node, place, 1);
    double left = floor(x - w / 2), pitch = w / cols, gap = cols > 1 ? fmin(1, t->gap) : 0;
    Box column = {left, t->squares, w, high};
    if (has_outlines(t)) draw_outline(d, column, first);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++) {
            int r = (int)((double)row * dim.rows / rows), c = (int)((double)col * dim.cols / cols);
            int unit = r * dim.cols + c + 1;
            Ref ref = t->backward ? ref_grad(node, place, unit) : ref_value(node, place, unit);
            Box box = {left + col * pitch, t->squares + row * row_pitch, pitch - gap,
                       row_pitch - row_gap};
            draw_square(d, box, node, ref);
        }
}

// The name as a formula in letters that fit its column: whole, else without all of its subscript
// but the first letter, else without any.
static const char *fit_name(Drawing *d, const char *name, double room, double *size) {
    enum { LEAST = 9 };
    Arena *a = d->s->arena;
    Buf whole = buf_new(a), base = buf_new(a);
    size_t n = strcspn(name, "_");
    n = n ? n : strlen(name);
    tex_name(&whole, name, NULL, NULL, NULL);
    tex_name(&base, arena_copy(a, name, n), NULL, NULL, NULL);
    const char *tex = buf_str(&whole);
    double width = scene_formula_width(d->s, tex, *size);
    if (width * LEAST > room * *size) {
        bool accent = tex[0] == '\\' && strchr(tex, '{') && name[n];
        const char *first =
            name[n] ? arena_printf(a, "%s_{%.1s}", buf_str(&base), name + n + 1) : buf_str(&base);
        double part = scene_formula_width(d->s, first, *size);
        if (!accent || strstr(tex, "_{"))
            tex = part * LEAST > room * *size ? buf_str(&base) : first;
        width = scene_formula_width(d->s, tex, *size);
    }
    if (width > room) *size = fmax(LEAST - 2, *size * room / width);
    return tex;
}

static void draw_letter(Drawing *d, const Lane *lane, int place, int k, int at_work) {
    const Timeline *t = &d->t;
    const Equation *e = &t->g->equations[lane->columns[k]];
    bool work = lane->columns[k] == at_work && place == t->here;
    Ref ref = t->backward ? ref_grad(e->node, place, 0) : ref_value(e->node, place, 0);
    Role role = view_role(d->v->lesson, e->node);
    Ink fill = view_known(d->v, ref) || work ? ink(role) : ink_soft(ROLE_MUTED, 0.7);
    double size = fmin(14 * t->unit, fmax(9, 1.1 * t->step)), x = timeline_column_x(t, place, k);
    const char *tex = fit_name(d, e->name, t->step - 1, &size);
    double lift = strchr(tex, '_') ? 2 * t->unit : 0; // its subscript stays above the squares
    scene_formula(d->s, x, t->letters - lift, tex, size, ALIGN_CENTER, fill, NULL, NULL)->ref = ref;
    if (work)
        scene_box(d->s, (Box){x - 6 * t->unit, t->letters + 2, 12 * t->unit, 2}, 1,
                  ink(role == ROLE_TEXT ? ROLE_ACCENT : role), NO_INK, 0, NO_REF);
}

// ---- inputs

static void draw_chip(Drawing *d, Box box, const char *text, bool chosen, Ref ref) {
    Ink ground = chosen ? ink(ROLE_TEXT) : ink(ROLE_SUNKEN);
    Ink letters = chosen ? ink(ROLE_PANEL) : ink(ROLE_TEXT);
    TextStyle bold = style(FONT_UI, WEIGHT_BOLD, false, 12 * d->t.unit);
    double width = scene_text_width(d->s, text, bold);
    if (width > box.w - 4) bold.size *= (box.w - 4) / width;
    scene_box(d->s, box, 5 * d->t.unit, ground, NO_INK, 0, ref);
    scene_text(d->s, box.x + box.w / 2, box.y + box.h / 2 + bold.size * 0.36, text, bold,
               ALIGN_CENTER, letters, ref);
}

static void draw_numbers_in(Drawing *d, int place, double middle, double room) {
    const Timeline *t = &d->t;
    int n = dim_count(t->g->nodes[t->g->data].dim);
    const double *x = trace_value(t->trace, t->g->data, place);
    double pitch = fmin(t->chip * 0.8, room / n);
    double gap = pitch >= 6 ? 2 : 0;
    for (int k = 0; k < n; k++) {
        Box box = {middle - pitch * n / 2 + k * pitch, t->chips + 2, pitch - gap,
                   fmin(pitch - gap, t->chip - 4)};
        if (gap <= 0) box.h = t->chip - 8;
        scene_box(d->s, box, gap > 0 ? 2 : 0, ink_level(ROLE_VALUE, x[k]), ink(ROLE_LINE),
                  gap > 0 ? 1 : 0, ref_value(t->g->data, place, k + 1));
    }
}

// The symbol at a place, as an index: given, or fed back; -1 where there is none.
static int symbol_in(const Drawing *d, int place) {
    const Lesson *l = d->v->lesson;
    const Node *data = &l->graph->nodes[l->graph->data];
    if (!l->symbols || !l->input_symbols) return -1;
    if (!view_is_fed(d->v, place)) return l->input_symbols[place - 1];
    const double *x = trace_value(d->t.trace, l->graph->data, place);
    for (int k = 0; op_defs[data->op].is_internal && k < data->dim.rows; k++)
        if (x[k] == 1) return k;
    return -1;
}

// The way from what was said at the place before to the input here.
static void draw_feed(Drawing *d, int place, double left) {
    const Timeline *t = &d->t;
    double u = t->unit, y = floor(t->chips + t->chip / 2),
           from = floor(timeline_x(t, place)) - 5 * u;
    double top = t->squares + t->rows * (t->square + t->gap) + 2 * u, head = 5 * u;
    Ref ref = ref_value(t->g->data, place, 0);
    Ink color = view_known(d->v, ref) ? ink(ROLE_Y) : ink(ROLE_FAINT);
    if (place == t->first || left - head <= from) return;
    double bend = fmin(4 * u, fmin(y - top, left - head - from) / 2);
    PathStep p[] = {{PATH_MOVE, from, top, 0, 0, 0, 0},
                    {PATH_LINE, from, y - bend, 0, 0, 0, 0},
                    {PATH_CURVE, from + bend, y, from, y, from, y},
                    {PATH_LINE, left - head, y, 0, 0, 0, 0}};
    Shape *way = scene_path(d->s, p, 4, NO_INK, color, 1.5 * u, ref);
    if (!view_known(d->v, ref)) way->dash = DASH_DOTTED;
    scene_arrow(d->s, left - head, y, 1, 0, head, color);
}

static void draw_input(Drawing *d, int place) {
    const Timeline *t = &d->t;
    const Lesson *l = d->v->lesson;
    double middle = floor(timeline_x(t, place) + t->pitch / 2);
    int symbol = symbol_in(d, place), n = dim_count(t->g->nodes[t->g->data].dim);
    bool fed = view_is_fed(d->v, place), single = n == 1;
    Ref ref = ref_value(t->g->data, place, 0);
    const char *text = NULL;
    if (symbol >= 0)
        text = l->symbols[symbol];
    else if (single)
        text = say_number(d->s->arena, *trace_value(t->trace, t->g->data, place),
                          l->digits < 2 ? l->digits : 2, false, d->v->lang);
    double w = text ? fmin(t->pitch - 4, fmax(24, 6 + 8 * (double)strlen(text)) * t->unit)
                    : fmin(t->chip * 0.8 * n, t->pitch - 8 * t->unit);
    bool known = view_known(d->v, ref);
    if (!known && text) w = fmin(w, 24 * t->unit); // its length is not known yet either
    if (fed) w = fmax(w / 2, fmin(w, t->pitch - 30 * t->unit)); // room for the way
    if (fed) draw_feed(d, place, middle - w / 2 - 2);
    Box box = {middle - w / 2, t->chips, w, t->chip};
    if (!known)
        scene_box(d->s, box, 5 * t->unit, NO_INK, ink(ROLE_FAINT), 1, ref)->dash = DASH_DOTTED;
    else if (text)
        draw_chip(d, box, text, place == t->here, ref);
    else
        draw_numbers_in(d, place, middle, w);
}

static void draw_label(Drawing *d, int place) {
    const Timeline *t = &d->t;
    bool here = place == t->here;
    TextStyle small = style(FONT_UI, here ? WEIGHT_MEDIUM : WEIGHT_REGULAR, false, 11 * t->unit);
    const char *text = arena_printf(d->s->arena, "t = %d", place);
    if (scene_text_width(d->s, text, small) > t->pitch - 6) text += 4; // the number alone
    scene_text(d->s, timeline_x(t, place) + t->pitch / 2, t->labels, text, small, ALIGN_CENTER,
               here ? ink(ROLE_TEXT) : ink(ROLE_MUTED), NO_REF);
}

// ---- the frame, the ends, the outputs

static void draw_frame(Drawing *d, int at_work) {
    const Timeline *t = &d->t;
    if (t->here < t->first || t->here > t->last) return;
    Role role = at_work >= 0 ? view_role(d->v->lesson, t->g->equations[at_work].node) : ROLE_ACCENT;
    if (role == ROLE_TEXT || role == ROLE_X || role == ROLE_Y) role = ROLE_ACCENT;
    if (t->backward) role = ROLE_BACKWARD;
    double top = t->belt_box.y - 2, bottom = t->labels + 6 * t->unit;
    Box box = {timeline_x(t, t->here) + 1, top, t->pitch - 2, bottom - top};
    scene_box(d->s, box, 8 * t->unit, ink_soft(role, 0.07), ink_soft(role, 0.9), 1.25, NO_REF)
        ->beat = (Beat){BEAT_GLIDE, 0, 0, 1};
}

// Between the encoder's last timestep and the decoder's first.
static void draw_border(Drawing *d) {
    const Timeline *t = &d->t;
    int first = trace_sequence(t->trace)->prompt + 1;
    if (t->g->decoder_part < 0 || first <= t->first || first > t->last) return;
    double x = floor(timeline_x(t, first)), h = t->belt_half + 8 * t->unit;
    double belt = t->belt_box.y + t->belt_box.h / 2;
    double ends[2][2] = {{t->belt_box.y - 2, belt - h}, {belt + h, t->labels + 6 * t->unit}};
    for (int k = 0; k < 2; k++) {
        if (ends[k][1] <= ends[k][0]) continue;
        scene_line(d->s, x, ends[k][0], x, ends[k][1], ink(ROLE_MUTED), 1, NO_REF)->dash =
            DASH_DASHED;
    }
}

// Names the state that enters at the left and says how much of the sequence is out of sight.
static void draw_ends(Drawing *d) {
    const Timeline *t = &d->t;
    double u = t->unit, y = t->belt_box.y + t->belt_box.h / 2;
    double right = timeline_x(t, t->last) + t->pitch;
    const Lane *edge = timeline_lane(t, t->flow > 0 ? t->first : t->last);
    if (edge && edge->belt >= 0) {
        const char *name = t->g->equations[edge->belt].name;
        int place = t->flow > 0 ? t->first - 1 : t->last + 1;
        bool start = place < 1 || place > t->steps; // before the part's first timestep
        Buf tex = buf_new(d->s->arena);
        tex_name(&tex, name, arena_printf(d->s->arena, "%d", start ? 0 : place), NULL, NULL);
        double x = t->flow > 0 ? t->left - 8 * u : right + 8 * u;
        double size = 15 * u, width = scene_formula_width(d->s, buf_str(&tex), size);
        if (width > 28 * u) size *= 28 * u / width;
        if (size > 7)
            scene_formula(
                d->s, x, y + 5 * u, buf_str(&tex), size, t->flow > 0 ? ALIGN_RIGHT : ALIGN_LEFT,
                ink(view_role(d->v->lesson, t->g->equations[edge->belt].node)), NULL, NULL);
    }
    TextStyle small = style(FONT_UI, WEIGHT_REGULAR, false, 11 * u);
    if (edge && edge->left_out > 0)
        scene_text(d->s, t->left - 6 * u, t->letters,
                   arena_printf(d->s->arena, "+%d", edge->left_out), small, ALIGN_RIGHT,
                   ink(ROLE_MUTED), NO_REF);
    if (t->first > 1)
        scene_text(d->s, t->left - 6 * u, t->labels, "1 …", small, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
    if (t->last < t->steps)
        scene_text(d->s, right + 6 * u, t->labels, arena_printf(d->s->arena, "… %d", t->steps),
                   small, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
}

// The timestep whose output is shown: here, or the next one at which the head runs.
static int output_place(const Timeline *t) {
    for (int p = t->here; p <= t->steps; p++)
        if (trace_runs(t->trace, t->g->head_part, p)) return p;
    for (int p = t->here; p >= 1; p--)
        if (trace_runs(t->trace, t->g->head_part, p)) return p;
    return 0;
}

static void draw_output(Drawing *d, Box row, int place, int k, bool target) {
    const Timeline *t = &d->t;
    Ref ref = ref_value(t->g->output, place, k + 1);
    bool known = view_known(d->v, ref);
    double x = view_number(d->v, ref), u = t->unit;
    bool share = view_is_gate(t->g, t->g->output);
    Box chip = {row.x, row.y, 22 * u, row.h};
    Ink fill = !known ? ink(ROLE_SUNKEN) : share ? ink_level(ROLE_Y, x) : ink_level(ROLE_VALUE, x);
    bool dark = known && fabs(x) > 0.5 && (share || fabs(x) > 0.75);
    scene_box(d->s, chip, 5 * u, fill, target ? ink(ROLE_GOOD) : NO_INK, target ? 2 : 0, ref);
    TextStyle bold = style(FONT_UI, WEIGHT_BOLD, false, 11 * u);
    scene_text(d->s, chip.x + chip.w / 2, chip.y + chip.h / 2 + 4 * u,
               view_class_name(d->s->arena, d->v, k), bold, ALIGN_CENTER,
               ink(dark    ? ROLE_PANEL
                   : known ? ROLE_TEXT
                           : ROLE_MUTED),
               ref);
    if (!known) return;
    bold.weight = WEIGHT_REGULAR;
    const char *number = say_number(d->s->arena, x, 2, false, d->v->lang);
    if (scene_text_width(d->s, number, bold) <= row.w - chip.w - 6 * u)
        scene_text(d->s, chip.x + chip.w + 6 * u, chip.y + chip.h / 2 + 4 * u, number, bold,
                   ALIGN_LEFT, ink(ROLE_MUTED), ref);
}

static void draw_outputs(Drawing *d) {
    const Timeline *t = &d->t;
    int place = t->outputs.w > 0 ? output_place(t) : 0;
    if (!place) return;
    double u = t->unit, x = timeline_x(t, t->last) + t->pitch + 14 * u;
    double width = t->outputs.x + t->outputs.w - x;
    // At the belt's end, unless the belt comes from there.
    double label = t->flow > 0 ? t->belt_box.y + t->belt_box.h / 2 + 5 * u : t->letters;
    scene_formula(d->s, x, label, arena_printf(d->s->arena, "\\hat{y}_{%d}", place), 15 * u,
                  ALIGN_LEFT, ink(ROLE_Y), NULL, NULL);
    int n = dim_count(t->g->nodes[t->g->output].dim);
    double top = t->flow > 0 ? fmax(t->belt_box.y + t->belt_box.h / 2 + 13 * u, t->letters - 12 * u)
                             : t->squares;
    double pitch = fmin(24 * u, fmax(16 * u, (t->chips + t->chip - top) / n));
    int fit = (int)((t->chips + t->chip - top) / pitch);
    const Lesson *l = d->v->lesson;
    int target = l->target_classes ? l->target_classes[place - 1] : -1;
    int first = n > fit && target >= fit ? target - fit + 1 : 0;
    for (int k = 0; k < fit && first + k < n; k++)
        draw_output(d, (Box){x, top + k * pitch, width, pitch - 4 * u}, place, first + k,
                    first + k == target);
}

// The columns of a whole timestep come one after another.
static Beat beat_of(const Drawing *d, const Lane *lane, int k) {
    int n = lane->n_columns, at = d->t.backward ? n - 1 - k : k;
    bool whole = d->v->grain >= GRAIN_TIMESTEP;
    return (Beat){BEAT_VALUE, 0, whole ? (float)(at + 1) / (float)n : 1, 0};
}

void panel_timeline_draw(Scene *s, const View *v, Box area) {
    Box row = area;
    int part = view_part(v);
    const char *title = heading(s, v, part);
    panel_heading(s, &area, title, NULL);
    if (area.w < 140 || area.h < 56) return; // too small for one timestep
    Drawing d = {.s = s, .v = v, .t = timeline_plan(s, v, area)};
    TextStyle bold = style(FONT_UI, WEIGHT_BOLD, false, 11);
    draw_note(&d, row, row.w - scene_text_width(s, title, bold) - 24);
    if (d.t.backward) d.grad_top = greatest_gradient(&d.t);
    Ref focus = view_focus(v);
    int at_work = v->at.at > 0 && focus.node >= 0 ? d.t.g->nodes[focus.node].equation : -1;
    if (v->focus.kind != REF_NONE) {
        View follow = *v;
        follow.focus = NO_REF;
        at_work = v->at.at > 0 ? d.t.g->nodes[view_focus(&follow).node].equation : -1;
    }
    draw_frame(&d, at_work);
    timeline_draw_belt(s, &d.t);
    for (int p = d.t.first; p <= d.t.last; p++) {
        const Lane *lane = timeline_lane(&d.t, p);
        for (int k = 0; lane && k < lane->n_columns; k++) {
            s->beat = beat_of(&d, lane, k);
            draw_letter(&d, lane, p, k, at_work);
            draw_squares(&d, lane, p, k);
            s->beat.kind = BEAT_NONE;
        }
        draw_input(&d, p);
        draw_label(&d, p);
    }
    draw_border(&d);
    draw_ends(&d);
    draw_outputs(&d);
}
