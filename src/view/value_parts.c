// What the sections of the value panel are made of: texts and formulas that keep to their room,
// headings that come only with their rows, and rows of bars on one zero line.
#include <math.h>
#include <string.h>

#include "view/math.h"
#include "view/tex.h"
#include "view/value.h"

static const struct {
    FontWeight weight;
    double size;
} types[] = {[TYPE_HEADING] = {WEIGHT_BOLD, 10.5},
             [TYPE_PLAIN] = {WEIGHT_REGULAR, 11.5},
             [TYPE_NUMBER] = {WEIGHT_REGULAR, 11},
             [TYPE_STRONG] = {WEIGHT_BOLD, 12},
             [TYPE_SMALL] = {WEIGHT_REGULAR, 10}};

Value value_plain(Scene *s, const View *v, Box area) {
    const Lesson *l = v->lesson;
    return (Value){.s = s,
                   .v = v,
                   .lesson = l,
                   .g = l->graph,
                   .trace = l->trace,
                   .ref = NO_REF,
                   .zh = v->lang == LANG_ZH,
                   .digits = l->digits,
                   .line_digits = l->digits,
                   .left = area,
                   .unit = fmin(1.3, fmax(0.86, area.w / 250))};
}

TextStyle value_style(const Value *p, Type type) {
    return (TextStyle){FONT_UI, types[type].weight, false, types[type].size * p->unit};
}

double value_row(const Value *p) {
    return 19 * p->unit;
}

/// The longest beginning of a text that fits with an ellipsis.
static const char *cut(const Value *p, const char *text, TextStyle style, double room) {
    if (scene_text_width(p->s, text, style) <= room) return text;
    char *copy = arena_copy(p->s->arena, text, strlen(text));
    for (size_t n = strlen(copy); n > 0;) {
        do n--;
        while (n > 0 && ((unsigned char)copy[n] & 0xc0) == 0x80);
        copy[n] = '\0';
        const char *shorter = arena_printf(p->s->arena, "%s…", copy);
        if (scene_text_width(p->s, shorter, style) <= room) return shorter;
    }
    return "";
}

double value_text(const Value *p, double x, double baseline, const char *text, Type type,
                  TextAlign align, Ink fill, Ref ref, double room) {
    TextStyle style = value_style(p, type);
    const char *shown = cut(p, text, style, room);
    if (*shown) scene_text(p->s, x, baseline, shown, style, align, fill, ref);
    return scene_text_width(p->s, shown, style);
}

const char *value_number(const Value *p, double x) {
    return say_number(p->s->arena, x, p->digits, false, p->v->lang);
}

const char *value_exact(const Value *p, double x) {
    return say_number(p->s->arena, x, p->line_digits, false, p->v->lang);
}

const char *value_named(const Value *p, Number x) {
    if (view_hidden(p->v, ref_value(x.node, x.place, x.unit))) return "?";
    return value_number(p, x.value);
}

const char *value_tex(const Value *p, int node, int place, int unit, bool grad) {
    if (dim_count(p->g->nodes[node].dim) == 1) unit = 0;
    if (grad) return tex_gradient(p->s->arena, p->v, node, place, unit, true);
    return view_node_tex(p->s->arena, p->v, node, place, unit);
}

/// The name of a number. Before the first timestep it stands at 0, or behind the end for a layer
/// that reads backward.
const char *value_name(const Value *p, Number x) {
    const Node *n = &p->g->nodes[x.node];
    bool before = x.place < 1 && !n->steady;
    if (!before) return value_tex(p, x.node, x.place, x.unit, false);
    Arena *a = p->s->arena;
    int e = n->equation;
    bool back = n->part >= 0 && p->g->parts[n->part].backward;
    const char *name = e >= 0 ? p->g->equations[e].name : "x";
    const char *time = tex_time(a, back ? trace_steps(p->trace) + 1 : 0, 0, back);
    if (!back) time = "0";
    Buf out = buf_new(a);
    bool letter = strlen(name) == 1 && strchr("figochxy", *name);
    if (letter) buf_printf(&out, "\\color{%s}{", name);
    tex_name(&out, name, arena_printf(a, "%s,%d", time, x.unit), NULL, NULL);
    if (letter) buf_puts(&out, "}");
    return buf_str(&out);
}

const char *value_title(const Value *p, int node) {
    return op_defs[p->g->nodes[node].op].title[p->v->lang];
}

Name value_fit(const Value *p, const char *tex, double size, const char *instead, double width,
               double height) {
    static const double sizes[] = {1, 0.85, 0.7};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t at;
        const char *why;
        const MathBox *box =
            math_layout(p->s->arena, p->s->text, tex, size * sizes[i], false, &at, &why);
        if (!box) break; // the text says what the formula cannot
        MathSize m = math_size(box);
        if (m.width > width || m.ascent + m.descent > height) continue;
        return (Name){tex, instead, size * sizes[i], m.width, m.ascent, m.descent};
    }
    TextStyle style = value_style(p, TYPE_PLAIN);
    double w = fmin(width, scene_text_width(p->s, instead, style));
    return (Name){NULL, instead, style.size, w, style.size * 0.9, style.size * 0.3};
}

void value_put(const Value *p, Name name, double x, double baseline, Ink fill) {
    if (name.tex)
        scene_formula(p->s, x, baseline, name.tex, name.size, ALIGN_LEFT, fill, view_resolve,
                      (void *)p->v);
    else
        value_text(p, x, baseline, name.text, TYPE_PLAIN, ALIGN_LEFT, fill, NO_REF, name.width);
}

// ---- lines

bool value_heading(Value *p, const char *text, const char *note, double rows) {
    double height = 24 * p->unit;
    if (p->left.h < height + rows) return false;
    Box row = box_cut_top(&p->left, height);
    double baseline = row.y + 15 * p->unit;
    double w = value_text(p, row.x, baseline, text, TYPE_HEADING, ALIGN_LEFT, ink(ROLE_MUTED),
                          NO_REF, row.w);
    TextStyle small = value_style(p, TYPE_SMALL);
    if (note && w + 10 + scene_text_width(p->s, note, small) <= row.w)
        scene_text(p->s, row.x + row.w, baseline, note, small, ALIGN_RIGHT, ink(ROLE_MUTED),
                   NO_REF);
    return true;
}

void value_line(Value *p, const char *text, Type type, Ink fill) {
    double height = 17 * p->unit;
    if (p->left.h < height || !*text) return;
    Box row = box_cut_top(&p->left, height);
    value_text(p, row.x, row.y + 12.5 * p->unit, text, type, ALIGN_LEFT, fill, NO_REF, row.w);
}

void value_pair(Value *p, const char *label, const char *text, Ink fill, Ref ref) {
    double height = value_row(p) * 1.1;
    if (p->left.h < height) return;
    Box row = box_cut_top(&p->left, height);
    double baseline = row.y + 14.5 * p->unit;
    double w = scene_text_width(p->s, text, value_style(p, TYPE_STRONG));
    value_text(p, row.x, baseline, label, TYPE_PLAIN, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF,
               row.w - w - 8);
    scene_text(p->s, row.x + row.w, baseline, text, value_style(p, TYPE_STRONG), ALIGN_RIGHT, fill,
               ref);
}

void value_sum(Value *p, const char *label, double number, Ref ref) {
    Ink fill = isfinite(number) ? ink(ROLE_TEXT) : ink(ROLE_WARN);
    value_pair(p, label, value_exact(p, number), fill, ref);
}

// ---- bars

/// The columns of a list of rows.
typedef struct {
    double names;       // width
    double most;        // width a name may have
    double right;       // width of what stands at the right
    double x, w;        // of the bars
    double zero, scale; // where 0 is, pixels a unit
    double left_end;    // right end of the left numbers
} Columns;

static double number_width(const Value *p, const char *text) {
    return text ? scene_text_width(p->s, text, value_style(p, TYPE_NUMBER)) : 0;
}

static Name row_name(const Value *p, const BarRow *r, double most) {
    return value_fit(p, r->tex, 14 * p->unit, r->title, most, value_row(p) * 0.98);
}

static Columns columns_of(const Value *p, const BarRow *rows, const int *shown, int n) {
    Columns c = {0};
    double low = 0, high = 0, right = 0, left = 0;
    for (int i = 0; i < n; i++) {
        const BarRow *r = &rows[shown[i]];
        right = fmax(right, number_width(p, r->right));
        left = fmax(left, number_width(p, r->left));
        if (!isfinite(r->share)) continue;
        low = fmin(low, r->share);
        high = fmax(high, r->share);
    }
    double times = left > 0 ? number_width(p, " × ") : 0;
    c.right = right + times + left;
    c.most = fmin(0.42 * p->left.w, p->left.w - c.right - 8 * p->unit);
    for (int i = 0; i < n; i++) c.names = fmax(c.names, row_name(p, &rows[shown[i]], c.most).width);
    c.left_end = p->left.x + p->left.w - right - times;
    c.x = p->left.x + c.names + 9 * p->unit;
    c.w = p->left.w - c.names - c.right - 19 * p->unit;
    if (c.w < 8) c.w = 0;
    c.scale = high > low ? c.w / (high - low) : 0;
    c.zero = c.x - low * c.scale;
    return c;
}

static void draw_bar(const Value *p, const BarRow *r, const Columns *c, Box row) {
    if (c->w <= 0 || !isfinite(r->share)) return;
    double length = r->share * c->scale, h = row.h * 0.56;
    double x = length < 0 ? c->zero + length : c->zero;
    double w = fmax(fabs(length), r->share != 0 ? 1 : 0);
    if (w <= 0) return;
    Ink fill = ink_level(p->grad ? ROLE_GRAD : ROLE_VALUE, r->share < 0 ? -0.75 : 0.75);
    Shape *bar = scene_box(p->s, (Box){x, row.y + (row.h - h) / 2, w, h}, fmin(2, w / 2), fill,
                           p->grad ? ink(ROLE_BACKWARD) : NO_INK, 1, r->ref);
    if (p->grad) bar->dash = DASH_DASHED;
}

static void draw_row(const Value *p, const BarRow *r, const Columns *c, Box row) {
    double baseline = row.y + row.h * 0.5 + 4 * p->unit;
    double end = row.x + row.w;
    Name name = row_name(p, r, c->most);
    // high brackets are centred on the row, all others stand on its line
    double middle = row.y + (row.h + name.ascent - name.descent) / 2;
    bool high = name.ascent > baseline - row.y || name.descent > row.y + row.h - baseline;
    value_put(p, name, row.x, high ? middle : baseline, ink(ROLE_TEXT));
    draw_bar(p, r, c, row);
    TextStyle style = value_style(p, TYPE_NUMBER);
    Ink fill = isfinite(r->share) ? ink(ROLE_MUTED) : ink(ROLE_WARN);
    scene_text(p->s, end, baseline, r->right, style, ALIGN_RIGHT, fill, r->right_ref);
    if (!r->left) return;
    scene_text(p->s, c->left_end + number_width(p, " × ") / 2, baseline, "×", style, ALIGN_CENTER,
               fill, NO_REF);
    scene_text(p->s, c->left_end, baseline, r->left, style, ALIGN_RIGHT, fill, r->left_ref);
}

static double size_of(const BarRow *r) {
    return isnan(r->share) ? INFINITY : fabs(r->share);
}

/// The `most` largest rows, in their own order.
static int choose(const BarRow *rows, int n, int most, int *shown) {
    int count = 0;
    for (int i = 0; i < n; i++) {
        int larger = 0;
        for (int k = 0; k < n && larger < most; k++) {
            double a = size_of(&rows[k]), b = size_of(&rows[i]);
            larger += a > b || (a == b && k < i);
        }
        if (larger < most) shown[count++] = i;
    }
    return count;
}

void value_bars(Value *p, const BarRow *rows, int n, double room) {
    double height = value_row(p);
    int fit = (int)(fmin(room, p->left.h) / height);
    if (fit < 1 || n < 1) return;
    int most = n <= fit ? n : fit - 1;
    int *shown = ARENA_ARRAY(p->s->arena, int, n);
    int count = choose(rows, n, most, shown);
    Columns c = columns_of(p, rows, shown, count);
    double top = p->left.y;
    for (int i = 0; i < count; i++) draw_row(p, &rows[shown[i]], &c, box_cut_top(&p->left, height));
    if (c.w > 0 && count > 0)
        scene_line(p->s, c.zero, top + 1, c.zero, top + count * height - 1, ink(ROLE_WIRE), 1,
                   NO_REF);
    if (count == n) return;
    const char *form = p->zh ? "… 另有 %d 项" : "… %d more";
    value_line(p, arena_printf(p->s->arena, form, n - count), TYPE_SMALL, ink(ROLE_MUTED));
}
