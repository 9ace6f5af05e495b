// Cairo writes the pages into memory; the file is then written whole. What cairo 1.16 cannot say,
// the language of the document, is added as an update behind it: PDF (ISO 32000-1, 7.5.6) lets a
// file end with new versions of its objects.
//
// The date of creation is fixed, for the same input must give the same bytes. The ground of a page
// is painted before anything else: cairo loses what stands before a later opaque fill.
#include "export/pdf.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#include "view/paint.h"

struct Pdf {
    Arena *arena;
    Buf bytes;
    PdfInfo info;
    cairo_surface_t *surface;
    cairo_t *cr; // of the page begun last
    int pages;
};

static cairo_status_t take(void *context, const unsigned char *bytes, unsigned n) {
    Pdf *pdf = context;
    buf_put(&pdf->bytes, (const char *)bytes, n);
    return CAIRO_STATUS_SUCCESS;
}

Pdf *pdf_new(Arena *a, PdfInfo info) {
    Pdf *pdf = ARENA_NEW(a, Pdf);
    *pdf = (Pdf){.arena = a, .bytes = buf_new(a), .info = info};
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(take, pdf, 595, 842);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, info.title);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, "Gatewalk");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Gatewalk " VERSION);
    if (info.subject) cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, info.subject);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    pdf->surface = s;
    return pdf;
}

static void end_page(Pdf *pdf) {
    if (!pdf->cr) return;
    cairo_show_page(pdf->cr);
    cairo_destroy(pdf->cr);
    pdf->cr = NULL;
}

cairo_t *pdf_page(Pdf *pdf, double width, double height, const Color *ground) {
    end_page(pdf);
    cairo_pdf_surface_set_size(pdf->surface, width, height);
    pdf->cr = cairo_create(pdf->surface);
    pdf->pages++;
    if (ground) {
        cairo_set_source_rgb(pdf->cr, ground->r, ground->g, ground->b);
        cairo_paint(pdf->cr);
    }
    return pdf->cr;
}

int pdf_pages(const Pdf *pdf) {
    return pdf->pages;
}

int pdf_bookmark(Pdf *pdf, int parent, const char *title) {
    const char *where = arena_printf(pdf->arena, "page=%d pos=[0 0]", pdf->pages);
    return cairo_pdf_surface_add_outline(pdf->surface, parent, title, where,
                                         parent ? 0 : CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

// Only addresses of the web, and nothing that would end the attribute early.
static bool is_plain_link(const char *to) {
    return (strncmp(to, "https://", 8) == 0 || strncmp(to, "http://", 7) == 0) &&
           !strpbrk(to, "'\\ \"\n");
}

static void add_links(Pdf *pdf, const Scene *s, double x, double y, double scale) {
    for (int k = 0; k < s->count; k++) {
        Ref ref = s->shapes[k].ref;
        if (ref.kind != REF_LINK || ref.node < 0 || ref.node >= s->n_links) continue;
        const char *to = s->links[ref.node];
        if (!to || !is_plain_link(to)) continue;
        Box b = s->shapes[k].box;
        cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK,
                        arena_printf(pdf->arena, "uri='%s' rect=[%g %g %g %g]", to, x + b.x * scale,
                                     y + b.y * scale, b.w * scale, b.h * scale));
        cairo_tag_end(pdf->cr, CAIRO_TAG_LINK);
    }
}

void pdf_scene(Pdf *pdf, const Scene *s, ThemeKind theme, double x, double y, double scale) {
    cairo_save(pdf->cr);
    cairo_translate(pdf->cr, x, y);
    cairo_scale(pdf->cr, scale, scale);
    cairo_rectangle(pdf->cr, 0, 0, s->width, s->height);
    cairo_clip(pdf->cr);
    scene_paint(s, pdf->cr, theme, 1, -1);
    cairo_restore(pdf->cr);
    add_links(pdf, s, x, y, scale);
}

// --- the language

// The last place where `needle` stands before `end`.
static const char *find_last(const char *text, const char *end, const char *needle) {
    size_t n = strlen(needle);
    for (const char *p = end - n; p >= text; p--)
        if (memcmp(p, needle, n) == 0) return p;
    return NULL;
}

// Appends a new version of the catalog that also names the language. Leaves the file as it is if
// it is not built as cairo builds it.
static void add_language(Pdf *pdf, Buf *out, size_t from) {
    const char *text = out->data + from, *end = out->data + out->len;
    const char *trailer = find_last(text, end, "trailer");
    const char *root = trailer ? strstr(trailer, "/Root ") : NULL;
    const char *size = trailer ? strstr(trailer, "/Size ") : NULL;
    const char *info = trailer ? strstr(trailer, "/Info ") : NULL;
    const char *start = find_last(text, end, "startxref");
    if (!root || !size || !start) return;
    int number = atoi(root + 6);
    const char *head = arena_printf(pdf->arena, "\n%d 0 obj\n<<", number);
    const char *object = find_last(text, trailer, head);
    const char *close = object ? strstr(object, "endobj") : NULL;
    const char *last = close ? find_last(object, close, ">>") : NULL;
    if (!last) return;
    object += strlen(head);
    const char *entries = arena_copy(pdf->arena, object, (size_t)(last - object));
    int objects = atoi(size + 6), about = info ? atoi(info + 6) : 0;
    long before = atol(start + 10);
    size_t at = out->len - from + 1;
    buf_printf(out,
               "\n%d 0 obj\n<<%s   /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true "
               ">>\n>>\nendobj\n",
               number, entries, pdf->info.lang == LANG_ZH ? "zh-CN" : "en");
    size_t xref = out->len - from;
    buf_printf(out, "xref\n0 1\n0000000000 65535 f \n%d 1\n%010zu 00000 n \n", number, at);
    buf_printf(out, "trailer\n<< /Size %d\n   /Root %d 0 R\n", objects, number);
    if (about) buf_printf(out, "   /Info %d 0 R\n", about);
    buf_printf(out, "   /Prev %ld\n>>\nstartxref\n%zu\n%%%%EOF\n", before, xref);
}

bool pdf_finish(Pdf *pdf, Buf *out, const char **why) {
    end_page(pdf);
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        *why = arena_printf(pdf->arena, "the pages cannot be written as PDF: %s",
                            cairo_status_to_string(status));
        return false;
    }
    size_t from = out->len;
    buf_put(out, pdf->bytes.data, pdf->bytes.len);
    add_language(pdf, out, from);
    return true;
}
