// Pages. What stands on one is always a scene, placed and scaled, so that a thumbnail is the stage
// itself made small. Bookmarks: a scene of the lesson, and under it its steps.
#include "export/pages.h"

#include <math.h>
#include <string.h>

const char *const layout_names[LAYOUT_COUNT] = {"frames",    "sheet", "handout",
                                                "worksheet", "key",   "slides"};

enum { // points
    A4_SHORT = 595,
    A4_LONG = 842,
    MARGIN = 40,
    SHEET_COLUMNS = 3,
    SHEET_ROWS = 3,
    SHEET_GAP = 12,
    SHEET_LABEL = 16,
    HANDOUT_ROWS = 3,
    HANDOUT_GAP = 24,
    FOOT = 24
};
static const double POINT = 0.75; // points per logical pixel of text

typedef struct {
    Arena *frame; // reset for each frame
    Arena *keep;
    TextEngine *text;
    const Look *look;
    PageLayout layout;
    Pdf *pdf;
    int scene, bookmark; // of the last bookmark of a scene
    double y;            // worksheets: where the next exercise goes, points
    int all;
} Pages;

static const char *document_title(const Look *look) {
    const char *title = look->lesson->title[look->lang];
    return title ? title : look->lesson->title[LANG_EN];
}

static void bookmark(Pages *p, const Frame *f) {
    if (f->scene != p->scene || !p->bookmark) {
        const char *title = picture_title(p->look, f);
        p->bookmark = pdf_bookmark(p->pdf, 0, *title ? title : document_title(p->look));
        p->scene = f->scene;
    }
    pdf_bookmark(p->pdf, p->bookmark, picture_address(p->keep, p->look, f));
}

static Color paper(const Pages *p, Role role) {
    return theme_color(p->look->theme, ink(role));
}

static void new_page(Pages *p, double w, double h, Role ground) {
    Color c = paper(p, ground);
    pdf_page(p->pdf, w, h, p->look->transparent ? NULL : &c);
}

// --- one frame a page

static void put_frame(Pages *p, const Frame *f, int k) {
    (void)k;
    Scene s = picture_scene(p->frame, p->text, p->look, f);
    double scale = picture_points(p->look);
    new_page(p, s.width * scale, s.height * scale, ROLE_GROUND);
    bookmark(p, f);
    pdf_scene(p->pdf, &s, p->look->theme, 0, 0, scale);
}

// --- small pictures

// Title, page number: in a scene of its own, so that it is set like everything else.
static void put_foot(Pages *p, double w, double h) {
    Scene s = scene_new(p->frame, p->text, (w - 2 * MARGIN) / POINT, FOOT / POINT);
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 11};
    scene_text(&s, 0, 16, document_title(p->look), style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    scene_text(&s, s.width, 16, arena_printf(p->frame, "%d", pdf_pages(p->pdf)), style, ALIGN_RIGHT,
               ink(ROLE_MUTED), NO_REF);
    pdf_scene(p->pdf, &s, p->look->theme, MARGIN, h - MARGIN / 2.0 - FOOT, POINT);
}

static void put_border(Pages *p, Scene *s) {
    (void)p;
    s->panel = PANEL_COUNT;
    scene_box(s, (Box){0, 0, s->width, s->height}, 0, NO_INK, ink(ROLE_LINE), 2, NO_REF);
}

// A thumbnail with its address under it, in a grid.
static void put_thumbnail(Pages *p, const Frame *f, int k) {
    int on_page = SHEET_COLUMNS * SHEET_ROWS, at = k % on_page;
    double w = A4_LONG, h = A4_SHORT;
    if (at == 0) {
        new_page(p, w, h, ROLE_PANEL);
        put_foot(p, w, h);
    }
    bookmark(p, f);
    double room_w = (w - 2 * MARGIN - (SHEET_COLUMNS - 1) * SHEET_GAP) / SHEET_COLUMNS;
    double room_h = (h - 1.5 * MARGIN - FOOT) / SHEET_ROWS;
    Scene s = picture_scene(p->frame, p->text, p->look, f);
    put_border(p, &s);
    double scale = fmin(room_w / s.width, (room_h - SHEET_LABEL - 6) / s.height);
    double x = MARGIN + at % SHEET_COLUMNS * (room_w + SHEET_GAP);
    double y = MARGIN / 2.0 + at / SHEET_COLUMNS * room_h;
    double left = x + (room_w - s.width * scale) / 2;
    pdf_scene(p->pdf, &s, p->look->theme, left, y, scale);
    Scene label = scene_new(p->frame, p->text, room_w / POINT, SHEET_LABEL / POINT);
    TextStyle style = {FONT_MONO, WEIGHT_REGULAR, false, 10.5};
    scene_text(&label, 0, 14,
               arena_printf(p->frame, "%d  %s", k + 1, picture_address(p->frame, p->look, f)),
               style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    pdf_scene(p->pdf, &label, p->look->theme, left, y + s.height * scale, POINT);
}

// --- with notes

// The sentence, the presenter's note, and lines to write on.
static Scene notes_scene(Pages *p, const Frame *f, double w, double h) {
    Scene s = scene_new(p->frame, p->text, w, h);
    const Look *look = p->look;
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 12};
    TextStyle mono = {FONT_MONO, WEIGHT_REGULAR, false, 11};
    Box area = {0, 0, w, h};
    scene_text(&s, 0, 12, picture_address(p->frame, look, f), mono, ALIGN_LEFT, ink(ROLE_MUTED),
               NO_REF);
    box_cut_top(&area, 20);
    const char *said = picture_sentence(p->frame, look, f);
    box_cut_top(&area, picture_lines(&s, said, area, style, 18, ink(ROLE_TEXT), 8, true) + 8);
    const Lesson *l = look->lesson;
    const char *note = f->scene < l->n_scenes ? l->scenes[look->lang][f->scene].note : NULL;
    if (note) {
        style.italic = true;
        box_cut_top(&area, picture_lines(&s, note, area, style, 18, ink(ROLE_MUTED), 8, true) + 8);
    }
    for (double y = area.y + 22; y < h; y += 26)
        scene_line(&s, 0, y, w, y, ink(ROLE_LINE), 1, NO_REF);
    return s;
}

static void put_handout(Pages *p, const Frame *f, int k) {
    int at = k % HANDOUT_ROWS;
    double w = A4_SHORT, h = A4_LONG;
    if (at == 0) {
        new_page(p, w, h, ROLE_PANEL);
        put_foot(p, w, h);
    }
    bookmark(p, f);
    double row = (h - 2 * MARGIN - FOOT) / HANDOUT_ROWS, y = MARGIN + at * row;
    double room = (w - 2 * MARGIN) * 0.62, high = row - HANDOUT_GAP;
    Scene s = picture_scene(p->frame, p->text, p->look, f);
    put_border(p, &s);
    double scale = fmin(room / s.width, high / s.height);
    pdf_scene(p->pdf, &s, p->look->theme, MARGIN, y, scale);
    double left = MARGIN + room + HANDOUT_GAP;
    Scene notes = notes_scene(p, f, (w - MARGIN - left) / POINT, high / POINT);
    pdf_scene(p->pdf, &notes, p->look->theme, left, y, POINT);
}

// --- exercises

static void put_exercise(Pages *p, const Frame *f, int k) {
    double w = A4_SHORT, h = A4_LONG, bottom = h - MARGIN - FOOT, height;
    Look narrow = *p->look;
    narrow.width = (w - 2 * MARGIN) / POINT;
    Scene s =
        worksheet_scene(p->frame, p->text, &narrow, f - k, k, p->layout == LAYOUT_KEY, &height);
    height *= POINT;
    if (k == 0 || p->y + height > bottom) {
        new_page(p, w, h, ROLE_PANEL);
        put_foot(p, w, h);
        p->y = MARGIN;
    }
    bookmark(p, f);
    pdf_scene(p->pdf, &s, p->look->theme, MARGIN, p->y, POINT);
    p->y += height;
}

// Slides and runs of frames say what happens; a size that was not asked for is set by the caller.
static Look captioned(const Look *look, PageLayout layout, int n) {
    Look own = *look;
    own.scale = 1;
    if (layout == LAYOUT_SLIDES || (layout == LAYOUT_FRAMES && n > 1)) own.caption = true;
    if (layout == LAYOUT_SHEET || layout == LAYOUT_HANDOUT) own.caption = false;
    return own;
}

bool pages_write(Arena *a, TextEngine *text, const Look *look, PageLayout layout,
                 const Frame *frames, int n, PagesProgress *progress, void *context, Buf *out,
                 const char **why) {
    typedef void Put(Pages * p, const Frame *f, int k);
    static Put *const puts[LAYOUT_COUNT] = {
        [LAYOUT_FRAMES] = put_frame,    [LAYOUT_SHEET] = put_thumbnail,
        [LAYOUT_HANDOUT] = put_handout, [LAYOUT_WORKSHEET] = put_exercise,
        [LAYOUT_KEY] = put_exercise,    [LAYOUT_SLIDES] = put_frame};
    Look own = captioned(look, layout, n);
    PdfInfo info = {document_title(look), look->lesson->about, look->lang};
    Pages p = {.frame = arena_new(),
               .keep = a,
               .text = text,
               .look = &own,
               .layout = layout,
               .pdf = pdf_new(a, info),
               .all = n};
    bool going = true;
    for (int k = 0; k < n && going; k++) {
        going = progress(context, k, n);
        arena_reset(p.frame);
        if (going) puts[layout](&p, &frames[k], k);
    }
    arena_free(p.frame);
    bool finished = pdf_finish(p.pdf, out, why);
    if (!going) *why = NULL;
    return finished && going;
}

// --- notes for the speaker

static void put_json(Buf *out, const char *text) {
    buf_puts(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_printf(out, "\\%c", *c);
        else if ((unsigned char)*c < 32)
            buf_printf(out, "\\u%04x", *c);
        else
            buf_put(out, c, 1);
    }
    buf_puts(out, "\"");
}

void pages_notes(Arena *a, const Look *look, const Frame *frames, int n, Buf *out) {
    const Lesson *l = look->lesson;
    buf_puts(out, "{\"pdfpcFormat\": 2, \"disableMarkdown\": true, \"pages\": [");
    for (int k = 0; k < n; k++) {
        const char *note =
            frames[k].scene < l->n_scenes ? l->scenes[look->lang][frames[k].scene].note : NULL;
        const char *said = picture_sentence(a, look, &frames[k]);
        buf_printf(out,
                   "%s\n{\"idx\": %d, \"label\": \"%d\", \"overlay\": 0, \"note\": ", k ? "," : "",
                   k, k + 1);
        put_json(out, note ? arena_printf(a, "%s\n\n%s", said, note) : said);
        buf_puts(out, "}");
    }
    buf_puts(out, "]}\n");
}
