// Draws the values of a cell's picture: squares with their numbers, the name over them, and where a
// gradient is summed, what comes along each way. Nothing is written where something stands already:
// a number that has no room is left to the panel that shows one value.
#include <math.h>
#include <string.h>

#include "view/cell_layout.h"
#include "view/tex.h"

int cell_place(const CellDiagram *d, int node, int lag) {
    if (d->g->nodes[node].steady) return 0;
    int part = d->first_part;
    int place = d->place - (d->g->parts[part].backward ? -lag : lag);
    return place < 1 || place > trace_steps(d->trace) ? 0 : place;
}

Ref cell_ref(const CellDiagram *d, int node, int lag, int unit, bool grad) {
    if (node < 0) return NO_REF;
    int place = cell_place(d, node, lag);
    if (lag > 0 && place > 0) node = trace_home(d->trace, node, place);
    return grad ? ref_grad(node, place, unit) : ref_value(node, place, unit);
}

CellVector *cell_add_vector(CellDiagram *d, CellVector v) {
    ARENA_PUSH(d->s->arena, d->vectors, d->n_vectors, d->cap_vectors, v);
    return &d->vectors[d->n_vectors - 1];
}

void cell_add_value(CellDiagram *d, int item, Spot at, CellNumbers numbers, bool transient) {
    if (item < 0) return;
    const CellItem *i = &d->items[item];
    cell_add_vector(d, (CellVector){.node = i->node,
                                    .lag = i->lag,
                                    .at = at,
                                    .numbers = numbers,
                                    .transient = transient,
                                    .item = item});
}

// ---- room

static bool is_taken(const CellDiagram *d, Box b) {
    for (int k = 0; k < d->n_taken; k++) {
        Box t = d->taken[k];
        if (b.x < t.x + t.w - 0.5 && t.x < b.x + b.w - 0.5 && b.y < t.y + t.h - 0.5 &&
            t.y < b.y + b.h - 0.5)
            return true;
    }
    return false;
}

enum { BESIDE_WIRE = 3 }; // logical pixels that stay free

static bool is_on_wire(const CellDiagram *d, Box b) {
    for (int k = 0; k < d->n_wires; k++)
        for (int i = 0; i + 1 < d->wires[k].n; i++) {
            Box w = cell_wire_box(&d->wires[k], i, BESIDE_WIRE);
            if (b.x < w.x + w.w && w.x < b.x + b.w && b.y < w.y + w.h && w.y < b.y + b.h)
                return true;
        }
    return false;
}

static void take(CellDiagram *d, Box b) {
    ARENA_PUSH(d->s->arena, d->taken, d->n_taken, d->cap_taken, b);
}

bool cell_claim(CellDiagram *d, Box b) {
    if (is_taken(d, b)) return false;
    take(d, b);
    return true;
}

static bool is_inside(const CellDiagram *d, Box b) {
    Box a = box_inset(d->area, -9, -6); // a long number may reach into the padding
    return b.x >= a.x && b.y >= a.y && b.x + b.w <= a.x + a.w && b.y + b.h <= a.y + a.h;
}

// Keeps what has been appended since `before` if there is room for `b`.
static bool keep(CellDiagram *d, int before, Box b) {
    if (is_inside(d, b) && cell_claim(d, b)) return true;
    d->s->count = before;
    return false;
}

static bool write_text(CellDiagram *d, Spot at, const char *text, TextStyle style, TextAlign align,
                       Ink color, Ref ref) {
    int before = d->s->count;
    Box b = scene_text(d->s, at.x, at.y, text, style, align, color, ref)->box;
    return keep(d, before, (Box){b.x, at.y - 0.76 * style.size, b.w, 0.94 * style.size});
}

static bool write_formula(CellDiagram *d, Spot at, const char *tex, double size, TextAlign align,
                          Ink color) {
    int before = d->s->count;
    Box b =
        scene_formula(d->s, at.x, at.y, tex, size, align, color, view_resolve, (void *)d->v)->box;
    return keep(d, before, b);
}

double cell_number_width(const CellDiagram *d, int digits) {
    char text[40] = "+0.";
    if (digits > 20) digits = 20;
    memset(text + 3, '0', (size_t)digits);
    text[3 + digits] = 0;
    TextStyle bold = {FONT_UI, WEIGHT_BOLD, false, d->number};
    return ceil(scene_text_width(d->s, text, bold)) + 1;
}

// ---- sizes

// Squares of a vector: rows and columns shown, and how far from one to the next.
typedef struct {
    int rows, cols, all_rows, all_cols;
    double pitch_x, pitch_y, gap;
} Grid;

static Grid grid_of(const CellDiagram *d, int node, bool row) {
    Dim dim = d->g->nodes[node].dim;
    if (row && dim.cols == 1) dim = (Dim){1, dim.rows};
    double pitch = d->square + d->gap, height = d->rows * pitch;
    Grid g = {.rows = dim.rows, .cols = dim.cols, .all_rows = dim.rows, .all_cols = dim.cols};
    g.pitch_x = g.pitch_y = pitch;
    g.gap = d->gap;
    bool plain = row ? dim.cols <= CELL_ROWS : dim.rows <= d->rows && dim.cols == 1;
    if (plain) return g;
    if (row) {
        double room = CELL_ROWS * pitch;
        g.cols = (int)fmin(dim.cols, floor(room / 2));
        g.pitch_x = room / g.cols;
    } else {
        g.rows = (int)fmin(dim.rows, fmax(1, floor(height / 2)));
        g.pitch_y = fmin(pitch, height / g.rows);
        g.cols = dim.cols < CELL_ROWS ? dim.cols : CELL_ROWS;
        if (g.cols > 1) g.pitch_x = fmax(3, fmin(pitch, 2.5 * pitch / g.cols));
    }
    if (fmin(g.pitch_x, g.pitch_y) < 6) g.gap = 0;
    return g;
}

double cell_vector_height(const CellDiagram *d, int node) {
    Grid g = grid_of(d, node, false);
    return g.rows * g.pitch_y - g.gap;
}

double cell_vector_width(const CellDiagram *d, int node) {
    Grid g = grid_of(d, node, false);
    return g.cols * g.pitch_x - g.gap + (d->width > 0 ? d->width + 4 : 0);
}

bool cell_in_value(const CellDiagram *d, Box box, const CellVector *but) {
    double head = d->letter;
    for (int k = 0; k < d->n_vectors; k++) {
        const CellVector *v = &d->vectors[k];
        Grid g = grid_of(d, v->node, v->row);
        Box b = {v->at.x - 3, v->at.y - head, g.cols * g.pitch_x + 6, g.rows * g.pitch_y + head};
        if (v != but && !v->transient && b.x < box.x + box.w && box.x < b.x + b.w &&
            b.y < box.y + box.h && box.y < b.y + b.h)
            return true;
    }
    return false;
}

// ---- squares

typedef struct {
    const CellVector *v;
    int node, lag;
    bool grad;   // gradients are shown
    bool active; // belongs to what is at work
    bool marked; // the last step made it
    Grid grid;
} Shown;

static double signed_root(double x, double top) {
    if (isnan(x)) return x;
    double part = top > 0 ? fmin(1, fabs(x) / top) : 0;
    return x < 0 ? -sqrt(part) : sqrt(part);
}

static double number_of(const CellDiagram *d, Ref ref) {
    double x = view_number(d->v, ref);
    bool before = ref.place < 1 && ref.node >= 0 && !d->g->nodes[ref.node].steady;
    return isnan(x) && before && d->g->nodes[ref.node].equation < 0 ? 0 : x; // x before the first
}

static int unit_at(const Shown *s, int row, int col) {
    const Grid *g = &s->grid;
    int r = (int)((double)row * g->all_rows / g->rows),
        c = (int)((double)col * g->all_cols / g->cols);
    return r * g->all_cols + c + 1;
}

static Box box_at(const Shown *s, int row, int col) {
    const Grid *g = &s->grid;
    return (Box){floor(s->v->at.x) + col * g->pitch_x, floor(s->v->at.y) + row * g->pitch_y,
                 g->pitch_x - g->gap, g->pitch_y - g->gap};
}

static Box whole_box(const Shown *s) {
    const Grid *g = &s->grid;
    return (Box){floor(s->v->at.x), floor(s->v->at.y), g->cols * g->pitch_x - g->gap,
                 g->rows * g->pitch_y - g->gap};
}

static bool has_outlines(const Shown *s) {
    return fmin(s->grid.pitch_x, s->grid.pitch_y) - s->grid.gap >= 8;
}

static void draw_square(CellDiagram *d, const Shown *s, Box box, Ref ref) {
    double radius = s->grid.gap > 0 ? fmin(3, box.h / 4) : 0;
    if (!view_known(d->v, ref)) {
        if (s->grid.gap > 0)
            scene_box(d->s, box, radius, NO_INK, ink(ROLE_FAINT), 1, ref)->dash = DASH_DOTTED;
        return;
    }
    if (view_hidden(d->v, ref)) {
        view_draw_hidden(d->s, box, radius, ref);
        return;
    }
    double x = number_of(d, ref);
    if (!s->grad) {
        Ink fill = view_value_ink(d->v, s->node, x);
        if (!s->active) fill.strength = 0.5f;
        bool pale = fill.role == ROLE_VALUE && s->grid.gap > 0;
        scene_box(d->s, box, radius, fill, pale ? ink(ROLE_LINE) : NO_INK, pale ? 1 : 0, ref);
        view_mark_dropped(d->s, d->v, box, ref);
        return;
    }
    Ink fill = ink_level(ROLE_GRAD, signed_root(x, d->grad_top));
    bool outline = has_outlines(s);
    scene_box(d->s, box, radius, fill, outline ? ink(ROLE_BACKWARD) : NO_INK, 1, ref)->dash =
        DASH_DASHED;
    if (outline && box.h >= 9)
        scene_arrow(d->s, box.x + 1.5, box.y + box.h / 2, -1, 0, box.h * 0.32, ink(ROLE_BACKWARD));
}

// Too low for boxes of their own: one around all.
static void draw_outline(CellDiagram *d, const Shown *s) {
    bool known = view_known(d->v, cell_ref(d, s->node, s->lag, 1, s->grad));
    if (has_outlines(s) || (known && !s->grad) || (!known && s->grid.gap > 0)) return;
    scene_box(d->s, box_inset(whole_box(s), -1, -1), 2, NO_INK,
              ink(known ? ROLE_BACKWARD : ROLE_FAINT), 1, NO_REF)
        ->dash = known ? DASH_DASHED : DASH_DOTTED;
}

// ---- numbers

// With as many digits as it needs not to read 0.
static const char *number_text(const CellDiagram *d, double x) {
    const char *text = say_number(d->s->arena, x, d->digits, false, d->v->lang);
    bool sign = x > 0 && isfinite(x) && text[0] >= '0' && text[0] <= '9';
    return sign ? arena_printf(d->s->arena, "+%s", text) : text;
}

// Cut to the digits that have room; what would read 0 then is nearly that.
static const char *short_text(const CellDiagram *d, double x, double room, TextStyle style) {
    Arena *a = d->s->arena;
    const char *sign = x < 0 ? "−" : "+";
    for (int k = d->digits; k >= 0; k--) {
        const char *text = arena_printf(a, "%s%.*f", sign, k, fabs(x));
        if (scene_text_width(d->s, text, style) <= room && strpbrk(text, "123456789")) return text;
    }
    return "≈0";
}

// May a number be as wide as this at the left or the right of `at`? What is wider than its own room
// keeps a distance, so that it is not read as one with its neighbour.
static bool has_room(const CellDiagram *d, double width, Spot at, bool left) {
    double apart = 0.5 * d->number, h = 0.94 * d->number;
    if (width <= d->width) return true;
    if (width > 1.9 * d->width) return false;
    double x = left ? at.x - width - apart : at.x;
    Box b = {x, at.y - 0.76 * d->number, width + apart, h};
    return !is_taken(d, b) && !is_on_wire(d, b);
}

static void draw_number(CellDiagram *d, const Shown *s, Box box, Ref ref) {
    bool focus = ref.unit == d->focus.unit && s->active;
    bool low = box.h + s->grid.gap < 0.95 * d->number;
    if (low && !focus) return;
    TextStyle style = {FONT_UI, focus && s->marked ? WEIGHT_BOLD : WEIGHT_REGULAR, false,
                       d->number};
    double x = number_of(d, ref);
    bool hidden = view_hidden(d->v, ref);
    const char *text = hidden ? "?" : number_text(d, x);
    bool left = s->v->numbers == NUMBERS_LEFT;
    Box all = whole_box(s);
    Spot at = {left ? all.x - 4 : all.x + all.w + 4, box.y + box.h / 2 + 0.36 * d->number};
    Ref now = d->focus; // the number that the other panels tell of
    bool told = now.node == ref.node && now.place == ref.place && now.unit == ref.unit;
    Ink color = s->grad && s->marked ? ink(ROLE_BACKWARD)
                : s->marked || told  ? ink(ROLE_TEXT)
                : s->active          ? ink(ROLE_MUTED)
                                     : ink_soft(ROLE_MUTED, 0.75);
    TextAlign align = left ? ALIGN_RIGHT : ALIGN_LEFT;
    bool fits = has_room(d, scene_text_width(d->s, text, style), at, left);
    if (fits && write_text(d, at, text, style, align, color, ref)) return;
    if (hidden || !isfinite(x)) return;
    write_text(d, at, short_text(d, x, d->width + 1, style), style, align, color, ref);
}

static void draw_squares(CellDiagram *d, const Shown *s) {
    const Grid *g = &s->grid;
    take(d, box_inset(whole_box(s), -1, -1));
    draw_outline(d, s);
    for (int r = 0; r < g->rows; r++)
        for (int c = 0; c < g->cols; c++)
            draw_square(d, s, box_at(s, r, c),
                        cell_ref(d, s->node, s->lag, unit_at(s, r, c), s->grad));
    if (s->v->numbers == NUMBERS_NONE || d->width <= 0 || g->cols > 1) return;
    for (int pass = 0; pass < 2; pass++) // the unit in focus first: it must have room
        for (int r = 0; r < g->rows; r++) {
            Ref ref = cell_ref(d, s->node, s->lag, unit_at(s, r, 0), s->grad);
            bool focus = ref.unit == d->focus.unit;
            if (focus == (pass == 0) && view_known(d->v, ref))
                draw_number(d, s, box_at(s, r, 0), ref);
        }
}

// ---- names

// "c_{t-1}" with its colour and the id of what it stands for.
static const char *name_tex(const CellDiagram *d, int node, int lag) {
    Arena *a = d->s->arena;
    const Graph *g = d->g;
    if (!lag) return view_node_tex(a, d->v, node, 0, 0);
    int equation = g->nodes[node].equation;
    int part = d->first_part;
    bool own = equation >= 0 && g->equations[equation].part == part;
    const char *name = own ? g->equations[equation].name : tex_input_name(g, part, node);
    Expr leaf = {.kind = EXPR_NAME, .name = name, .lag = lag};
    Buf out = buf_new(a);
    tex_leaf(&out, d->v->lesson, part, &leaf, 0, 0); // with its layer and direction
    return buf_str(&out);
}

// What a step inside a layer is called: "W_f z", "+ b_f".
static const char *step_tex(const CellDiagram *d, int node) {
    const Node *n = &d->g->nodes[node];
    const char *sign = n->op == OP_ADD ? "\\cdots+" : n->op == OP_SUB ? "\\cdots-" : "";
    for (int k = 0; k < n->n_args; k++) {
        const Node *arg = &d->g->nodes[n->args[k].node];
        if (arg->op != OP_PARAM) continue;
        Buf out = buf_new(d->s->arena);
        buf_puts(&out, sign);
        tex_name(&out, d->g->params[arg->param].name, NULL, NULL, NULL);
        if (n->op == OP_MATMUL) buf_puts(&out, "[\\cdots]");
        return buf_str(&out);
    }
    return op_defs[n->op].is_function
               ? arena_printf(d->s->arena, "\\mathrm{%s}", op_defs[n->op].name)
               : NULL;
}

// The longest name that has room: whole, or what a step does; a gradient never without its sign.
static const char *fit_name(CellDiagram *d, const Shown *s, double room, double size) {
    const char *sign = s->grad && s->marked ? "\\partial L/\\partial " : "";
    const char *tries[] = {name_tex(d, s->node, s->lag), step_tex(d, s->node)};
    const char *tex = NULL;
    for (int k = 0; k < 2; k++) {
        if (!tries[k]) continue;
        bool step = k == 1 && *sign;
        tex = arena_printf(d->s->arena, step ? "%s(%s)" : "%s%s", sign, tries[k]);
        if (scene_formula_width(d->s, tex, size) * (*sign ? 0.75 : 1) <= room) return tex;
    }
    if (*sign && tries[0]) return "\\partial L/\\partial\\,\\cdot";
    CellKind kind = d->items[s->v->item].kind;
    bool port = kind == CELL_IN || kind == CELL_OUT; // never without a name: it is set smaller
    return port && !s->marked ? tries[0] : tries[1];
}

static void draw_name(CellDiagram *d, const Shown *s) {
    double size = d->letter;
    Box all = whole_box(s);
    double room = fmax(all.w + (s->v->numbers ? d->width + 8 : 24), 30 * d->unit);
    const char *tex = fit_name(d, s, room, size);
    if (!tex) return;
    while (size > 9 && scene_formula_width(d->s, tex, size) > room) size *= 0.92;
    bool known = view_known(d->v, cell_ref(d, s->node, s->lag, 1, false));
    Ink color = known ? ink(ROLE_TEXT) : ink_soft(ROLE_TEXT, 0.6);
    if (s->v->row) {
        Spot left = {all.x - 5, all.y + all.h / 2 + size * 0.22};
        if (write_formula(d, left, tex, size, ALIGN_RIGHT, color)) return;
        Box over = {all.x, all.y - 6 - size, 4 * size, size + 4};
        if (!cell_in_value(d, over, s->v) &&
            write_formula(d, (Spot){all.x, all.y - 6}, tex, size * 0.85, ALIGN_LEFT, color))
            return;
        write_formula(d, left, name_tex(d, s->node, s->lag), size, ALIGN_RIGHT, color);
        return;
    }
    // over the subscript, and over a first number that is higher than its square
    double lift = s->v->numbers && d->width > 0 ? fmax(0, (d->number - s->grid.pitch_y) / 2) : 0;
    all.y -= lift;
    double y = all.y - (s->marked ? 4 : 2) - 0.27 * size;
    Spot middle = {all.x + all.w / 2, y};
    bool left = s->v->numbers == NUMBERS_LEFT, right = s->v->numbers == NUMBERS_RIGHT;
    TextAlign align = left ? ALIGN_RIGHT : right ? ALIGN_LEFT : ALIGN_CENTER;
    double w = scene_formula_width(d->s, tex, size);
    double x = align == ALIGN_LEFT    ? all.x
               : align == ALIGN_RIGHT ? all.x + all.w - w
                                      : middle.x - w / 2;
    if (w <= all.w + 10) x = middle.x - w / 2;
    x = fmax(d->area.x - 2, fmin(x, d->area.x + d->area.w + 2 - w));
    int before = d->s->count; // it must have room, however deep it reaches
    Box b = scene_formula(d->s, x, y, tex, size, ALIGN_LEFT, color, NULL, NULL)->box;
    d->s->count = before;
    y = fmin(y, y - (b.y + b.h - (all.y - (s->marked ? 3 : 1))));
    write_formula(d, (Spot){x, y}, tex, size, ALIGN_LEFT, color);
}

// ---- which

static bool feeds(const CellDiagram *d, int item) {
    for (int k = 0; k < d->n_wires; k++) {
        const CellWire *w = &d->wires[k];
        if (!d->backward && w->from == item && cell_wire_works(d, w)) return true;
        if (d->backward && w->to == item && cell_wire_works(d, w)) return true;
    }
    return false;
}

static Shown shown_of(const CellDiagram *d, const CellVector *v) {
    Shown s = {.v = v, .node = v->node, .lag = v->lag};
    bool inner = d->work_node >= 0 && !v->lag && d->item_of[v->node] >= 0 &&
                 d->item_of[d->work_node] == d->item_of[v->node] &&
                 d->items[v->item].kind != CELL_OUT;
    bool same =
        inner && dim_count(d->g->nodes[d->work_node].dim) == dim_count(d->g->nodes[v->node].dim);
    if (same && !d->all) s.node = d->work_node;
    s.marked = !v->lag && s.node == d->work_node;
    const Equation *dropout = graph_dropout(d->g, s.node);
    bool mask = dropout && dropout->mask == s.node; // given: what it lets through is shown
    s.grad = d->backward && !mask && view_known(d->v, cell_ref(d, s.node, s.lag, 1, true));
    s.active = d->all || s.marked || feeds(d, v->item) || (s.grad && s.marked);
    s.grid = grid_of(d, s.node, v->row);
    return s;
}

// The last step made this: a quiet ground behind it.
static void mark(CellDiagram *d, const Shown *s) {
    Box b = box_inset(whole_box(s), -4, -4);
    Role role = d->backward ? ROLE_BACKWARD : cell_role(d, s->node);
    scene_box(d->s, b, 5, ink_soft(role, 0.16), NO_INK, 0, NO_REF);
}

static bool is_hidden(const CellDiagram *d, const CellVector *v) {
    if (!v->transient) return false;
    bool leaves = d->work_node >= 0 && cell_item_find(d, CELL_OUT, d->work_node, 0) >= 0;
    if (leaves && d->items[v->item].node == d->work_node) return true; // shown there
    return d->work_node < 0 || d->item_of[d->work_node] != v->item || d->all;
}

void cell_draw_values(CellDiagram *d) {
    for (int k = 0; k < d->n_items; k++)
        if (d->items[k].box.w > 0) take(d, d->items[k].box);
    for (int pass = 0; pass < 2; pass++) // what is at work first: it must have room
        for (int k = 0; k < d->n_vectors; k++) {
            const CellVector *v = &d->vectors[k];
            if (is_hidden(d, v)) continue;
            Shown s = shown_of(d, v);
            if (s.marked != (pass == 0)) continue;
            if (s.marked) mark(d, &s);
            float end = (float)d->depth[v->item] / (float)d->deepest;
            d->s->beat = (Beat){BEAT_VALUE, 0, d->depth[v->item] ? end : 1, 0};
            draw_squares(d, &s);
            d->s->beat.kind = BEAT_NONE;
            draw_name(d, &s);
        }
}

// A parameter's gradient, or what is made of parameters alone, has no wire: its name stands at the
// layer that it belongs to.
void cell_draw_given(CellDiagram *d) {
    int node = d->work_node, item = -1;
    if (node < 0 || d->item_of[node] >= 0 || cell_item_find(d, CELL_IN, node, 0) >= 0) return;
    for (int k = 0; k < d->n_items && item < 0; k++)
        if (d->work[k]) item = k;
    if (item < 0) return;
    Arena *a = d->s->arena;
    const char *tex =
        d->backward ? tex_gradient(a, d->v, node, 0, 0, true) : view_node_tex(a, d->v, node, 0, 0);
    Box b = d->items[item].box;
    double size = d->letter * 0.9, w = scene_formula_width(d->s, tex, size), in = 9 * d->unit;
    Spot spots[] = {{b.x - w - in, b.y + b.h / 2 + 0.3 * size},
                    {b.x + b.w + in, b.y + b.h / 2 + 0.3 * size},
                    {b.x + b.w / 2 - w / 2, b.y + b.h + in + size},
                    {b.x + b.w / 2 + in, b.y + b.h + in + size},
                    {b.x + b.w / 2 + in, b.y - in},
                    // where all is full: at the foot, then at the head of the picture
                    {d->area.x, d->area.y + d->area.h - 3},
                    {d->area.x + d->area.w - w, d->area.y + d->area.h - 3},
                    {d->area.x, d->area.y + size},
                    {d->area.x + d->area.w / 2, d->area.y + size}};
    Ink color = ink(d->backward ? ROLE_BACKWARD : ROLE_TEXT);
    for (size_t k = 0; k < sizeof spots / sizeof *spots; k++)
        if (write_formula(d, spots[k], tex, size, ALIGN_LEFT, color)) return;
}

// ---- what a gradient is summed from

// Through which wire a use of the node at work reaches it; -1 if it has none here.
static int wire_of_use(const CellDiagram *d, Use use) {
    int from = d->item_of[d->work_node], to = -1;
    int part = d->g->nodes[use.node].part;
    bool inside = use.lag == 0 && part >= d->first_part && part <= d->last_part;
    if (inside) to = d->item_of[use.node];
    if (!inside || to < 0) to = cell_item_find(d, CELL_OUT, d->work_node, 0);
    for (int k = 0; k < d->n_wires; k++)
        if (d->wires[k].from == from && d->wires[k].to == to) return k;
    return -1;
}

typedef struct {
    int wire;
    Use use;      // the first one
    int n;        // how many uses
    double share; // of the unit in focus
} Way;

static int ways_of(const CellDiagram *d, Way *out, int cap) {
    int n = 0, node = d->work_node, unit = d->focus.unit;
    double *share = ARENA_ARRAY(d->s->arena, double, dim_count(d->g->nodes[node].dim));
    for (int k = 0; k < d->g->n_uses[node]; k++) {
        Use use = d->g->uses[node][k];
        int place = trace_use_place(d->trace, use, d->place), wire = wire_of_use(d, use), at = 0;
        if (place < 1 || wire < 0 || !trace_runs(d->trace, d->g->nodes[use.node].part, place))
            continue;
        if (graph_cuts(d->g, use.node) || trace_cuts(d->trace, use, d->place)) continue;
        while (at < n && out[at].wire != wire) at++;
        if (at == n && n == cap) continue;
        if (at == n) out[n++] = (Way){.wire = wire, .use = use};
        trace_share(d->trace, use.node, use.arg, place, share);
        out[at].n++;
        out[at].share +=
            unit >= 1 && unit <= dim_count(d->g->nodes[node].dim) ? share[unit - 1] : 0;
    }
    return n;
}

// Whose gradient comes along a way: the equation that reads the value, now or a timestep later.
static const char *way_name(const CellDiagram *d, const Way *way) {
    const Graph *g = d->g;
    int equation = g->nodes[way->use.node].equation;
    if (equation < 0) return NULL;
    const Equation *e = &g->equations[equation];
    bool other = e->part < d->first_part || e->part > d->last_part;
    int later = other && way->use.lag > 0 ? d->place + way->use.lag : 0; // a decoder's
    if (way->use.lag == 0 || other) return view_node_tex(d->s->arena, d->v, e->node, later, 0);
    const Part *p = &g->parts[e->part];
    int lag = way->use.lag;
    const char *time = arena_printf(d->s->arena, p->backward ? "t-%d" : "t+%d", lag);
    if (way->n > 1) return time;
    Buf out = buf_new(d->s->arena);
    tex_name(&out, e->name, time, NULL, NULL);
    const char *role = view_role_word(view_role(d->v->lesson, e->node));
    return role ? arena_printf(d->s->arena, "\\color{%s}{%s}", role, buf_str(&out)) : buf_str(&out);
}

// "from c_{t+1}" with its left end at a spot; false where there is no room.
static bool write_way(CellDiagram *d, Spot at, const char *word, const char *tex,
                      const char *number) {
    TextStyle style = {FONT_UI, WEIGHT_MEDIUM, false, d->number};
    double w = scene_text_width(d->s, word, style),
           f = scene_formula_width(d->s, tex, d->number + 2);
    double m = number ? scene_text_width(d->s, number, style) + 6 : 0;
    Box b = {at.x - 1, at.y - d->number, w + f + m + 2, 1.45 * d->number};
    if (!is_inside(d, b) || !cell_claim(d, b)) return false;
    scene_text(d->s, at.x, at.y, word, style, ALIGN_LEFT, ink(ROLE_BACKWARD), NO_REF);
    scene_formula(d->s, at.x + w, at.y, tex, d->number + 2, ALIGN_LEFT, ink(ROLE_BACKWARD), NULL,
                  NULL);
    if (number)
        scene_text(d->s, at.x + w + f + 6, at.y, number, style, ALIGN_LEFT, ink(ROLE_BACKWARD),
                   NO_REF);
    return true;
}

// Tries along the wire, its far end first: over or under it, or beside it.
static bool label_wire(CellDiagram *d, const CellWire *w, const char *word, const char *tex,
                       const char *number) {
    TextStyle style = {FONT_UI, WEIGHT_MEDIUM, false, d->number};
    double width =
        scene_text_width(d->s, word, style) + scene_formula_width(d->s, tex, d->number + 2);
    if (number) width += scene_text_width(d->s, number, style) + 6;
    static const double along[] = {0.5, 0.7, 0.3, 0.85, 0.15};
    for (int k = w->n - 2; k >= 0; k--) {
        Spot a = w->at[k], b = w->at[k + 1];
        for (size_t i = 0; i < sizeof along / sizeof *along; i++) {
            Spot m = {a.x + (b.x - a.x) * along[i], a.y + (b.y - a.y) * along[i]};
            bool upright = fabs(b.x - a.x) < fabs(b.y - a.y);
            Spot over = {m.x - width / 2, m.y - 9}, under = {m.x - width / 2, m.y + 6 + d->number};
            Spot right = {m.x + 9, m.y + 0.36 * d->number}, left = {m.x - 9 - width, right.y};
            if (write_way(d, upright ? left : under, word, tex, number)) return true;
            if (write_way(d, upright ? right : over, word, tex, number)) return true;
        }
    }
    return number ? label_wire(d, w, word, tex, NULL) : false;
}

// Labels may not stand on wires.
static void take_wires(CellDiagram *d) {
    for (int k = 0; k < d->n_wires; k++)
        for (int i = 0; i + 1 < d->wires[k].n; i++)
            take(d, cell_wire_box(&d->wires[k], i, BESIDE_WIRE));
}

void cell_draw_shares(CellDiagram *d) {
    enum { WAYS = 4 };
    Way way[WAYS];
    bool zh = d->v->lang == LANG_ZH;
    if (d->work_node < 0 || d->item_of[d->work_node] < 0) return;
    int item = d->item_of[d->work_node];
    if (d->items[item].node != d->work_node) return; // within a layer there is one way
    int n = ways_of(d, way, WAYS);
    if (n < 2) return;
    take_wires(d);
    int digits = d->digits > 0 ? d->digits : 2;
    for (int k = 0; k < n; k++) {
        const char *tex = way_name(d, &way[k]);
        const char *number = say_number(d->s->arena, way[k].share, digits, false, d->v->lang);
        if (way[k].share > 0) number = arena_printf(d->s->arena, "+%s", number);
        if (tex) label_wire(d, &d->wires[way[k].wire], zh ? "来自 " : "from ", tex, number);
    }
    Box b = d->items[item].box;
    TextStyle bold = {FONT_UI, WEIGHT_BOLD, false, d->number};
    const char *add = zh ? "相加" : "they add";
    Spot spots[] = {{b.x + b.w + 6, b.y - 2}, {b.x + b.w + 6, b.y + b.h + d->number}};
    for (int k = 0; k < 2; k++)
        if (write_text(d, spots[k], add, bold, ALIGN_LEFT, ink(ROLE_BACKWARD), NO_REF)) break;
}
