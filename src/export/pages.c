// Pages. What stands on one is always a scene, placed and scaled, so that a thumbnail is the stage
// itself made small.
#include "export/pages.h"

#include <math.h>
#include <string.h>

const char *const layout_names[LAYOUT_COUNT] = {"frames",    "sheet", "handout",
                                                "worksheet", "key",   "slides"};

enum { // points
    A4_SHORT = 595,
    A4_LONG = 842,
    MARGIN = 40,
    SHEET_ROWS = 3,
    SHEET_GAP = 12,
    SHEET_LABEL = 16,
    THUMBNAIL = 200, // width on a sheet that grows
    HANDOUT_ROWS = 3,
    HANDOUT_GAP = 24,
    FOOT = 24
};
static const double POINT = 0.75; // points per logical pixel of text

const char *pages_title(const Look *look) {
    const char *title = look->lesson->title[look->lang];
    return title ? title : look->lesson->title[LANG_EN];
}

Look pages_look(const Look *look, PageLayout layout, int n) {
    Look own = *look;
    own.scale = 1;
    if (layout == LAYOUT_SLIDES || (layout == LAYOUT_FRAMES && n > 1)) own.caption = true;
    if (layout == LAYOUT_SHEET || layout == LAYOUT_HANDOUT) own.caption = false;
    return own;
}

static PagePart *put(Page *page, Scene s, double x, double y, double scale, const Frame *f) {
    ARENA_PUSH(s.arena, page->parts, page->n, page->cap, ((PagePart){s, x, y, scale, f}));
    return &page->parts[page->n - 1];
}

static void take(PageRun *run, Page *page) {
    run->done++;
    page->n_frames++;
}

// --- one frame a page

static void lay_frame(PageRun *run, Arena *a, Page *page) {
    const Frame *f = page->first;
    Scene s = picture_scene(a, run->text, run->look, f);
    double scale = picture_points(run->look);
    page->width = s.width * scale;
    page->height = s.height * scale;
    page->ground = ROLE_GROUND;
    put(page, s, 0, 0, scale, f);
    take(run, page);
}

// --- small pictures

// Title, page number: in a scene of its own, so that it is set like everything else.
static void put_foot(const PageRun *run, Arena *a, Page *page) {
    Scene s = scene_new(a, run->text, (page->width - 2 * MARGIN) / POINT, FOOT / POINT);
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 11};
    s.panel = PANEL_COUNT;
    scene_text(&s, 0, 16, pages_title(run->look), style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    scene_text(&s, s.width, 16, arena_printf(a, "%d", run->page), style, ALIGN_RIGHT,
               ink(ROLE_MUTED), NO_REF);
    put(page, s, MARGIN, page->height - MARGIN / 2.0 - FOOT, POINT, NULL);
}

static void add_border(Scene *s) {
    s->panel = PANEL_COUNT;
    scene_box(s, (Box){0, 0, s->width, s->height}, 0, NO_INK, ink(ROLE_LINE), 2, NO_REF);
}

// A thumbnail with its address under it, in its part of the grid.
static void put_thumbnail(const PageRun *run, Arena *a, Page *page, const Frame *f, Box room) {
    Scene s = picture_scene(a, run->text, run->look, f);
    add_border(&s);
    double scale = fmin(room.w / s.width, (room.h - SHEET_LABEL - 6) / s.height);
    double left = room.x + (room.w - s.width * scale) / 2;
    put(page, s, left, room.y, scale, f);
    Scene label = scene_new(a, run->text, s.width * scale / POINT, SHEET_LABEL / POINT);
    TextStyle style = {FONT_MONO, WEIGHT_REGULAR, false, 10.5};
    label.panel = PANEL_COUNT;
    const char *words =
        arena_printf(a, "%d  %s", (int)(f - run->frames) + 1, picture_address(a, run->look, f));
    style.size = fmin(style.size,
                      style.size * label.width / fmax(1, scene_text_width(&label, words, style)));
    scene_text(&label, 0, 14, words, style, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    put(page, label, left, room.y + s.height * scale, POINT, NULL);
}

static void size_sheet(const PageRun *run, Page *page, double *w, double *h) {
    *w = (A4_LONG - 2 * MARGIN - (run->columns - 1) * SHEET_GAP) / (double)run->columns;
    *h = (A4_SHORT - 1.5 * MARGIN - FOOT) / run->rows;
    page->width = A4_LONG;
    page->height = A4_SHORT;
    if (!run->grows) return;
    *w = THUMBNAIL;
    *h = THUMBNAIL * run->look->height / run->look->width + SHEET_LABEL + 6;
    page->width = 2 * MARGIN + run->columns * (*w + SHEET_GAP) - SHEET_GAP;
    page->height = 1.5 * MARGIN + FOOT + run->rows * *h;
}

static void lay_sheet(PageRun *run, Arena *a, Page *page) {
    double w, h;
    size_sheet(run, page, &w, &h);
    put_foot(run, a, page);
    for (int k = 0; k < run->columns * run->rows && run->done < run->n; k++) {
        Box room = {MARGIN + k % run->columns * (w + SHEET_GAP),
                    MARGIN / 2.0 + k / run->columns * h, w, h};
        put_thumbnail(run, a, page, &run->frames[run->done], room);
        take(run, page);
    }
}

// --- with notes

// The sentence, the presenter's note, and lines to write on.
static Scene notes_scene(const PageRun *run, Arena *a, const Frame *f, double w, double h) {
    Scene s = scene_new(a, run->text, w, h);
    const Look *look = run->look;
    TextStyle style = {FONT_UI, WEIGHT_REGULAR, false, 12};
    TextStyle mono = {FONT_MONO, WEIGHT_REGULAR, false, 11};
    Box area = {0, 0, w, h};
    s.panel = PANEL_COUNT;
    scene_text(&s, 0, 12, picture_address(a, look, f), mono, ALIGN_LEFT, ink(ROLE_MUTED), NO_REF);
    box_cut_top(&area, 20);
    const char *said = picture_sentence(a, look, f);
    box_cut_top(&area, picture_lines(&s, said, area, style, 18, ink(ROLE_TEXT), 8, true) + 8);
    const Lesson *l = look->lesson;
    const char *note = f->scene < l->n_scenes ? l->scenes[look->lang][f->scene].note : NULL;
    int fits = (int)(area.h / 18);
    if (note && fits > 0) {
        style.italic = true;
        box_cut_top(&area, picture_lines(&s, note, area, style, 18, ink(ROLE_MUTED),
                                         fits < 8 ? fits : 8, true) +
                               8);
    }
    for (double y = area.y + 22; y < h; y += 26)
        scene_line(&s, 0, y, w, y, ink(ROLE_LINE), 1, NO_REF);
    return s;
}

static void lay_handout(PageRun *run, Arena *a, Page *page) {
    double w = page->width = A4_SHORT, h = page->height = A4_LONG;
    put_foot(run, a, page);
    double row = (h - 2 * MARGIN - FOOT) / run->rows, high = row - HANDOUT_GAP;
    bool below = run->rows == 1; // one alone has the width of the page, and its notes below
    double room = (w - 2 * MARGIN) * (below ? 1 : 0.62);
    for (int k = 0; k < run->rows && run->done < run->n; k++) {
        const Frame *f = &run->frames[run->done];
        double y = MARGIN + k * row;
        Scene s = picture_scene(a, run->text, run->look, f);
        add_border(&s);
        double scale = fmin(room / s.width, high / s.height);
        put(page, s, MARGIN, y, scale, f);
        double left = MARGIN + (below ? 0 : s.width * scale + HANDOUT_GAP);
        double down = below ? s.height * scale + HANDOUT_GAP : 0;
        Scene notes = notes_scene(run, a, f, (w - MARGIN - left) / POINT, (high - down) / POINT);
        put(page, notes, left, y + down, POINT, NULL);
        take(run, page);
    }
}

// --- exercises

static void lay_exercises(PageRun *run, Arena *a, Page *page) {
    double bottom = A4_LONG - MARGIN - FOOT, y = MARGIN;
    Look narrow = *run->look;
    page->width = A4_SHORT;
    page->height = A4_LONG;
    narrow.width = (A4_SHORT - 2 * MARGIN) / POINT;
    put_foot(run, a, page);
    while (run->done < run->n) {
        double height;
        Scene s = worksheet_scene(a, run->text, &narrow, run->frames, run->done,
                                  run->layout == LAYOUT_KEY, &height);
        if (page->n_frames && y + height * POINT > bottom) break;
        s.panel = PANEL_COUNT;
        put(page, s, MARGIN, y, POINT, NULL);
        y += height * POINT;
        take(run, page);
    }
}

// --- the run

PageRun pages_begin(TextEngine *text, const Look *look, PageLayout layout, const Frame *frames,
                    int n, int per_page) {
    PageRun run = {
        .text = text, .look = look, .layout = layout, .frames = frames, .n = n, .columns = 1};
    run.rows = per_page ? per_page : HANDOUT_ROWS;
    if (layout != LAYOUT_SHEET) return run;
    if (!per_page) per_page = SHEET_ROWS * SHEET_ROWS;
    run.columns = (int)ceil(sqrt(per_page) - 1e-9);
    run.rows = (per_page + run.columns - 1) / run.columns;
    return run;
}

PageRun pages_sheets(TextEngine *text, const Look *look, const Frame *frames, int n, int per_page) {
    if (!per_page) per_page = n < SHEET_MOST ? n : SHEET_MOST;
    PageRun run = pages_begin(text, look, LAYOUT_SHEET, frames, n, per_page);
    run.grows = true;
    return run;
}

bool pages_next(PageRun *run, Arena *a, Page *page) {
    typedef void Lay(PageRun * run, Arena * a, Page * page);
    static Lay *const lays[LAYOUT_COUNT] = {
        [LAYOUT_FRAMES] = lay_frame,    [LAYOUT_SHEET] = lay_sheet,
        [LAYOUT_HANDOUT] = lay_handout, [LAYOUT_WORKSHEET] = lay_exercises,
        [LAYOUT_KEY] = lay_exercises,   [LAYOUT_SLIDES] = lay_frame};
    if (run->done == run->n) return false;
    run->page++;
    *page = (Page){.ground = ROLE_PANEL, .first = &run->frames[run->done]};
    lays[run->layout](run, a, page);
    return true;
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

const char *pages_note(Arena *a, const Look *look, const Frame *frame) {
    const Lesson *l = look->lesson;
    const char *note = frame->scene < l->n_scenes ? l->scenes[look->lang][frame->scene].note : NULL;
    const char *said = picture_sentence(a, look, frame);
    return note ? arena_printf(a, "%s\n\n%s", said, note) : said;
}

void pages_notes(Arena *a, const Look *look, const Frame *frames, int n, Buf *out) {
    buf_puts(out, "{\"pdfpcFormat\": 2, \"disableMarkdown\": true, \"pages\": [");
    for (int k = 0; k < n; k++) {
        buf_printf(out,
                   "%s\n{\"idx\": %d, \"label\": \"%d\", \"overlay\": 0, \"note\": ", k ? "," : "",
                   k, k + 1);
        put_json(out, pages_note(a, look, &frames[k]));
        buf_puts(out, "}");
    }
    buf_puts(out, "]}\n");
}
