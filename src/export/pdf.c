// A document: pages, bookmarks, links, and what it says of itself. There is no date in it, for the
// same input must give the same bytes. All pages share one dictionary of resources, which is
// written last, when it is known what they use.
#include "export/pdf.h"

#include <string.h>

/// A bookmark that waits for the end: what is above and beside it is not known before.
typedef struct {
    const char *title;
    int page, parent; // parent: from 1; 0 at the top
    int first, last, next, before, children;
} Bookmark;

struct Pdf {
    Arena *keep, *page; // page: reset for each
    PdfInfo info;
    TextEngine *text;
    PdfFonts *fonts;
    PdfFile *file;
    PdfTags *tags;
    int tree, resources; // numbers
    int number;          // of the page begun last; 0: none
    double width, height;
    Buf content, notes, kids;
    int pages;
    Bookmark *bookmarks; // [0] stands for all
    int n_bookmarks, cap_bookmarks;
    bool strength[PDF_STRENGTHS];
};

Pdf *pdf_new(Arena *a, PdfInfo info, TextEngine *text, PdfFonts *fonts, ByteSink *sink,
             void *context) {
    Pdf *pdf = ARENA_NEW(a, Pdf);
    *pdf = (Pdf){.keep = a, .page = arena_new(), .info = info, .text = text, .fonts = fonts};
    pdf->file = pdf_file_new(a, sink, context);
    pdf->tags = pdf_tags_new(a, pdf->file);
    pdf->tree = pdf_file_take(pdf->file, 2);
    pdf->resources = pdf->tree + 1;
    pdf->kids = buf_new(a);
    ARENA_PUSH(a, pdf->bookmarks, pdf->n_bookmarks, pdf->cap_bookmarks, ((Bookmark){0}));
    pdf_fonts_begin(fonts);
    return pdf;
}

static void end_page(Pdf *pdf) {
    if (!pdf->number) return;
    int content = pdf_file_take(pdf->file, 1);
    pdf_file_stream(pdf->file, content, "", pdf->content.data, pdf->content.len);
    Buf out = buf_new(pdf->page);
    buf_printf(&out,
               "<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.6g %.6g] /Resources %d 0 R "
               "/Contents %d 0 R /Tabs /S /StructParents %d",
               pdf->tree, pdf->width, pdf->height, pdf->resources, content,
               pdf_tags_end_page(pdf->tags, pdf->number));
    if (pdf->notes.len) buf_printf(&out, " /Annots [%s]", buf_str(&pdf->notes));
    buf_puts(&out, ">>");
    pdf_file_object(pdf->file, pdf->number, &out);
    buf_printf(&pdf->kids, "%d 0 R ", pdf->number);
    pdf->number = 0;
}

void pdf_page(Pdf *pdf, double width, double height, const Color *ground, const char *title) {
    end_page(pdf);
    arena_reset(pdf->page);
    pdf->content = buf_new(pdf->page);
    pdf->notes = buf_new(pdf->page);
    pdf->number = pdf_file_take(pdf->file, 1);
    pdf->width = width;
    pdf->height = height;
    pdf->pages++;
    pdf_tags_page(pdf->tags, title);
    if (ground)
        buf_printf(&pdf->content, "/Artifact BMC %.4g %.4g %.4g rg 0 0 %.6g %.6g re f EMC\n",
                   ground->r, ground->g, ground->b, width, height);
}

int pdf_bookmark(Pdf *pdf, int parent, const char *title) {
    int k = pdf->n_bookmarks, before = pdf->bookmarks[parent].last;
    Bookmark b = {.title = arena_printf(pdf->keep, "%s", title),
                  .page = pdf->number,
                  .parent = parent,
                  .before = before};
    ARENA_PUSH(pdf->keep, pdf->bookmarks, pdf->n_bookmarks, pdf->cap_bookmarks, b);
    Bookmark *above = &pdf->bookmarks[parent];
    if (before)
        pdf->bookmarks[before].next = k;
    else
        above->first = k;
    above->last = k;
    above->children++;
    return k;
}

// --- links and notes

// Only addresses of the web, in plain characters.
static bool is_plain_link(const char *to) {
    for (const char *p = to; *p; p++)
        if (*p <= ' ' || *p > '~' || strchr("()\\<>\"", *p)) return false;
    return strncmp(to, "https://", 8) == 0 || strncmp(to, "http://", 7) == 0;
}

static void add_link(Pdf *pdf, const char *to, const char *said, Box b) {
    int number = pdf_file_take(pdf->file, 1);
    int element = pdf_tags_element(pdf->tags, "Link", said);
    Buf out = buf_new(pdf->page);
    buf_printf(&out,
               "<</Type /Annot /Subtype /Link /Border [0 0 0] /F 4 /Rect [%.2f %.2f %.2f %.2f] "
               "/A <</S /URI /URI (%s)>> /StructParent %d /Contents ",
               b.x, pdf->height - b.y - b.h, b.x + b.w, pdf->height - b.y, to,
               pdf_tags_annotation(pdf->tags, element, number));
    pdf_put_text(&out, said);
    buf_puts(&out, ">>");
    pdf_file_object(pdf->file, number, &out);
    buf_printf(&pdf->notes, "%d 0 R ", number);
}

void pdf_note(Pdf *pdf, const char *note) {
    enum { HIDDEN = 2 };
    int number = pdf_file_take(pdf->file, 1);
    Buf out = buf_new(pdf->page);
    buf_printf(&out, "<</Type /Annot /Subtype /Text /Rect [0 0 16 16] /F %d /Contents ", HIDDEN);
    pdf_put_text(&out, note);
    buf_puts(&out, ">>");
    pdf_file_object(pdf->file, number, &out);
    pdf_put_ref(&pdf->notes, number);
}

static void add_links(Pdf *pdf, const Scene *s, const PdfPlace *place) {
    for (int k = 0; k < s->count; k++) {
        const Shape *shape = &s->shapes[k];
        Ref ref = shape->ref;
        if (ref.kind != REF_LINK || ref.node < 0 || ref.node >= s->n_links) continue;
        const char *to = s->links[ref.node];
        if (!to || !is_plain_link(to)) continue;
        Box b = shape->box;
        double scale = place->scale;
        add_link(pdf, to, shape->text ? shape->text : to,
                 (Box){place->x + b.x * scale, place->y + b.y * scale, b.w * scale, b.h * scale});
    }
}

void pdf_scene(Pdf *pdf, const Scene *s, const PdfPlace *place) {
    PdfPen pen = {.arena = pdf->page,
                  .out = &pdf->content,
                  .text = pdf->text,
                  .fonts = pdf->fonts,
                  .tags = pdf->tags,
                  .theme = place->theme,
                  .outlines = place->outlines,
                  .strength = pdf->strength};
    buf_printf(pen.out, "q %.8g 0 0 %.8g %.8g %.8g cm 0 0 %.6g %.6g re W n\n", place->scale,
               -place->scale, place->x, pdf->height - place->y, s->width, s->height);
    pdf_draw(&pen, s, place->meaning);
    buf_puts(pen.out, "Q\n");
    add_links(pdf, s, place);
}

// --- the end

static void write_resources(Pdf *pdf) {
    Buf out = buf_new(pdf->page);
    buf_puts(&out, "<<");
    pdf_fonts_write(pdf->fonts, pdf->file, &out);
    buf_puts(&out, " /ExtGState <<");
    for (int k = 0; k < PDF_STRENGTHS; k++)
        if (pdf->strength[k])
            buf_printf(&out, "/G%d <</ca %.4g /CA %.4g>> ", k, k / (PDF_STRENGTHS - 1.0),
                       k / (PDF_STRENGTHS - 1.0));
    buf_puts(&out, ">>>>");
    pdf_file_object(pdf->file, pdf->resources, &out);
}

// Scenes are open, so that their steps are seen at once.
static int write_bookmarks(Pdf *pdf) {
    int first = pdf_file_take(pdf->file, pdf->n_bookmarks);
    for (int k = 0; k < pdf->n_bookmarks; k++) {
        const Bookmark *b = &pdf->bookmarks[k];
        Buf out = buf_new(pdf->page);
        buf_puts(&out, k ? "<</Title " : "<</Type /Outlines");
        if (k) {
            pdf_put_text(&out, b->title);
            buf_printf(&out, " /Parent %d 0 R /Dest [%d 0 R /Fit]", first + b->parent, b->page);
        }
        if (b->before) buf_printf(&out, " /Prev %d 0 R", first + b->before);
        if (b->next) buf_printf(&out, " /Next %d 0 R", first + b->next);
        int count = k ? b->children : pdf->n_bookmarks - 1;
        if (b->first)
            buf_printf(&out, " /First %d 0 R /Last %d 0 R /Count %d", first + b->first,
                       first + b->last, count);
        buf_puts(&out, ">>");
        pdf_file_object(pdf->file, first + k, &out);
        arena_reset(pdf->page);
    }
    return first;
}

static int write_info(Pdf *pdf) {
    int number = pdf_file_take(pdf->file, 1);
    Buf out = buf_new(pdf->page);
    buf_puts(&out, "<</Author (Gatewalk) /Creator (Gatewalk " VERSION ") /Title ");
    pdf_put_text(&out, pdf->info.title);
    if (pdf->info.subject) buf_puts(&out, " /Subject "), pdf_put_text(&out, pdf->info.subject);
    buf_puts(&out, ">>");
    pdf_file_object(pdf->file, number, &out);
    return number;
}

static int write_catalog(Pdf *pdf, int bookmarks) {
    int number = pdf_file_take(pdf->file, 1);
    Buf out = buf_new(pdf->page);
    buf_printf(&out,
               "<</Type /Catalog /Pages %d 0 R /StructTreeRoot %d 0 R /MarkInfo <</Marked true>> "
               "/Lang (%s) /ViewerPreferences <</DisplayDocTitle true>>",
               pdf->tree, pdf_tags_write(pdf->tags), pdf->info.lang == LANG_ZH ? "zh-CN" : "en");
    if (bookmarks) buf_printf(&out, " /Outlines %d 0 R", bookmarks);
    buf_puts(&out, ">>");
    pdf_file_object(pdf->file, number, &out);
    return number;
}

bool pdf_finish(Pdf *pdf) {
    end_page(pdf);
    arena_reset(pdf->page);
    write_resources(pdf);
    int bookmarks = pdf->n_bookmarks > 1 ? write_bookmarks(pdf) : 0;
    Buf out = buf_new(pdf->page);
    buf_printf(&out, "<</Type /Pages /Count %d /Kids [%s]>>", pdf->pages, buf_str(&pdf->kids));
    pdf_file_object(pdf->file, pdf->tree, &out);
    int info = write_info(pdf), catalog = write_catalog(pdf, bookmarks);
    bool written = pdf_file_end(pdf->file, catalog, info);
    arena_free(pdf->page);
    return written;
}
