// A picture that fills its page says what each shape stands for; a small one is a figure that says
// its step's sentence.
#include "export/pages_pdf.h"

#include <string.h>

/// A document on its way.
typedef struct {
    PageRun *run;
    Arena *frame; // reset for each page
    Pdf *pdf;
    int scene, bookmark; // of the last bookmark of a scene
} Document;

static void bookmark(Document *d, const Frame *f) {
    const Look *look = d->run->look;
    if (f->scene != d->scene || !d->bookmark) {
        const char *title = picture_title(look, f);
        d->bookmark = pdf_bookmark(d->pdf, 0, *title ? title : pages_title(look));
        d->scene = f->scene;
    }
    pdf_bookmark(d->pdf, d->bookmark, picture_address(d->frame, look, f));
}

static void put_part(Document *d, const PagePart *part, bool alone) {
    const Look *look = d->run->look;
    PdfPlace place = {part->x, part->y, part->scale, look->theme, look->outlines, {NULL, NULL}};
    View view;
    if (part->frame && alone) {
        view = picture_view(look, part->frame);
        place.meaning.view = &view;
    } else if (part->frame) {
        place.meaning.alt = picture_sentence(d->frame, look, part->frame);
    }
    pdf_scene(d->pdf, &part->scene, &place);
}

static void put_page(Document *d, const Page *page) {
    const Look *look = d->run->look;
    Color ground = theme_color(look->theme, ink(page->ground));
    const char *title = picture_address(d->frame, look, page->first);
    bool alone = page->n == 1 && page->n_frames == 1;
    pdf_page(d->pdf, page->width, page->height, look->transparent ? NULL : &ground, title);
    for (int k = 0; k < page->n_frames; k++) bookmark(d, &page->first[k]);
    for (int k = 0; k < page->n; k++) put_part(d, &page->parts[k], alone);
    if (d->run->layout == LAYOUT_SLIDES) pdf_note(d->pdf, pages_note(d->frame, look, page->first));
}

bool pages_pdf(Arena *a, PageRun *run, PdfFonts *fonts, PagesProgress *progress, void *context,
               ByteSink *sink, void *to) {
    const Look *look = run->look;
    PdfInfo info = {pages_title(look), look->lesson->about[look->lang], look->lang};
    Document d = {
        .run = run, .frame = arena_new(), .pdf = pdf_new(a, info, run->text, fonts, sink, to)};
    bool going = true;
    Page page;
    while (going && pages_next(run, d.frame, &page)) {
        put_page(&d, &page);
        arena_reset(d.frame);
        going = progress(context, run->done, run->n);
    }
    arena_free(d.frame);
    return pdf_finish(d.pdf) && going;
}
