// Glyphs go out with places that follow from their widths where they can: only where a glyph stands
// elsewhere is it moved. What a glyph says is in the font's table; where it says something else
// for once, or several glyphs say one thing, the text is written beside them (ActualText).
#include "export/pdf_text.h"

#include <math.h>
#include <string.h>

enum { NEAR = 2 }; // hundredths of a pixel that a glyph may stand off

/// Glyphs on one line, being written.
typedef struct {
    Buf *out;
    double size, pen; // pen: where the next glyph would stand by itself
    bool open;        // inside < >
} Row;

static Row row_begin(Buf *out, int face, double size, double x, double y) {
    buf_printf(out, "BT /F%d ", face);
    buf_fixed(out, size);
    buf_puts(out, " Tf 1 0 0 -1 ");
    buf_fixed(out, x);
    buf_puts(out, " ");
    buf_fixed(out, y);
    buf_puts(out, " Tm [");
    return (Row){out, size, floor(x * 100 + 0.5) / 100, false};
}

static void row_put(Row *r, PdfGlyph glyph, double x) {
    double off = x - r->pen;
    if (fabs(off) * 100 > NEAR) {
        if (r->open) buf_puts(r->out, ">");
        r->open = false;
        buf_fixed(r->out, -off / r->size * 1000);
        r->pen = x;
    }
    if (!r->open) buf_puts(r->out, "<");
    r->open = true;
    pdf_put_hex(r->out, (unsigned)glyph.code);
    r->pen += glyph.width * r->size;
}

static void row_end(Row *r) {
    buf_puts(r->out, r->open ? ">] TJ ET\n" : "] TJ ET\n");
}

static void begin_actual(Buf *out, const char *text, size_t n) {
    buf_puts(out, "/Span <</ActualText <FEFF");
    pdf_put_utf16(out, text, n);
    buf_puts(out, ">>> BDC\n");
}

// --- outlines

// The path traced on cr, as operators.
static void put_outline(cairo_t *cr, Buf *out) {
    static const char *const operators[] = {"m ", "l ", "c ", "h "};
    cairo_path_t *path = cairo_copy_path(cr);
    for (int k = 0; k < path->num_data; k += path->data[k].header.length) {
        const cairo_path_data_t *d = &path->data[k];
        for (int i = 1; i < d->header.length; i++) {
            buf_fixed(out, d[i].point.x);
            buf_puts(out, " ");
            buf_fixed(out, d[i].point.y);
            buf_puts(out, " ");
        }
        buf_puts(out, operators[d->header.type]);
    }
    buf_puts(out, path->num_data ? "f\n" : "n\n");
    cairo_path_destroy(path);
}

static void line_outline(const PdfText *t, const char *text, TextStyle style) {
    cairo_t *cr = text_tracer();
    text_path(t->pen->text, cr, text, style, t->x, t->baseline);
    begin_actual(t->out, text, strlen(text));
    put_outline(cr, t->out);
    buf_puts(t->out, "EMC\n");
    cairo_destroy(cr);
}

static void glyph_outline(const PdfText *t, const MathItem *i) {
    cairo_t *cr = text_tracer();
    text_math_path(t->pen->text, cr, i->glyph, i->size, t->x + i->x, t->baseline + i->y);
    put_outline(cr, t->out);
    cairo_destroy(cr);
}

// --- lines

// Does each glyph say just what the fonts say of it? Marks all of them as shown.
static bool is_plain(const PdfText *t, const TextRun *run) {
    bool plain = run->n_clusters == run->n;
    const char *said = run->said;
    for (int k = 0; k < run->n; k++) {
        bool one = plain && run->clusters[k].num_glyphs == 1 && run->clusters[k].num_bytes > 0;
        size_t n = one ? (size_t)run->clusters[k].num_bytes : 0;
        PdfGlyph g =
            pdf_fonts_show(t->pen->fonts, run->face, (uint32_t)run->glyphs[k].index, said, n);
        plain = one && g.says;
        said += n;
    }
    return plain;
}

static void put_run(const PdfText *t, const TextRun *run, double size) {
    double y = run->glyphs[0].y;
    bool plain = is_plain(t, run);
    if (!plain) begin_actual(t->out, run->said, (size_t)run->n_said);
    for (int k = 0; k < run->n;) {
        y = run->glyphs[k].y;
        Row row = row_begin(t->out, run->face, size, t->x + run->glyphs[k].x, t->baseline + y);
        for (; k < run->n && run->glyphs[k].y == y; k++) {
            uint32_t glyph = (uint32_t)run->glyphs[k].index;
            row_put(&row, pdf_fonts_show(t->pen->fonts, run->face, glyph, NULL, 0),
                    t->x + run->glyphs[k].x);
        }
        row_end(&row);
    }
    if (!plain) buf_puts(t->out, "EMC\n");
}

void pdf_text_line(const PdfText *t, const char *text, TextStyle style) {
    int n;
    if (t->pen->outlines) {
        line_outline(t, text, style);
        return;
    }
    const TextRun *runs = text_runs(t->pen->text, text, style, &n);
    for (int k = 0; k < n; k++)
        if (runs[k].face >= 0) put_run(t, &runs[k], style.size);
}

// --- formulas

static int math_face(void) {
    int chain[TEXT_CHAIN];
    text_chain((TextStyle){.family = FONT_MATH}, chain);
    return chain[0];
}

// Does the font say of the glyph what the formula says?
static bool says(const PdfText *t, const MathItem *i, PdfGlyph *g) {
    char said[4];
    size_t n = (size_t)math_encode(i->code, said);
    *g = pdf_fonts_show(t->pen->fonts, math_face(), i->glyph, said, n);
    return g->says;
}

static bool is_letter(const MathItem *i) {
    return i->kind == ITEM_GLYPH && !i->is_piece && i->code;
}

// Letters of one size on one baseline; returns how many.
static int put_letters(const PdfText *t, const MathItem *items, int n) {
    PdfGlyph g;
    char said[4];
    bool alone = !says(t, items, &g);
    if (alone) begin_actual(t->out, said, (size_t)math_encode(items->code, said));
    Row row = row_begin(t->out, math_face(), items->size, t->x + items->x, t->baseline + items->y);
    int k = 0;
    do row_put(&row, g, t->x + items[k++].x);
    while (!alone && k < n && is_letter(&items[k]) && items[k].size == items->size &&
           items[k].y == items->y && says(t, &items[k], &g));
    row_end(&row);
    if (alone) buf_puts(t->out, "EMC\n");
    return k;
}

static void put_rule(const PdfText *t, const MathItem *i) {
    const double numbers[] = {t->x + i->x, t->baseline + i->y, i->w, i->h};
    for (int k = 0; k < 4; k++) buf_fixed(t->out, numbers[k]), buf_puts(t->out, " ");
    buf_puts(t->out, "re f\n");
}

void pdf_text_formula(const PdfText *t, const MathBox *m, int from, int n) {
    for (int k = from; k < from + n;) {
        const MathItem *i = &m->items[k];
        if (is_letter(i) && !t->pen->outlines) {
            k += put_letters(t, i, from + n - k);
            continue;
        }
        PdfText words = {t->pen, t->out, t->x + i->x, t->baseline + i->y};
        if (i->kind == ITEM_RULE)
            put_rule(t, i);
        else if (i->kind == ITEM_TEXT)
            pdf_text_line(&words, i->text, (TextStyle){FONT_UI, WEIGHT_REGULAR, false, i->size});
        else
            glyph_outline(t, i);
        k++;
    }
}
