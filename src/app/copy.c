// Makes what is copied in memory, with what exports are made with.
#include "app/copy.h"

#include <math.h>

#include "app/clipboard.h"
#include "app/export_preview.h"
#include "core/address.h"
#include "export/latex.h"
#include "export/png.h"
#include "export/svg.h"

/// What is copied from, and what is to be told.
typedef struct {
    Arena *a;
    const AppFrame *f;
    const AppState *s;
    const World *w;
    TextEngine *text;
    Scene scene; // of a picture
    Look look;
    Frame frame;
} Copy;

static const char *said(const Copy *c, const char *en, const char *zh) {
    return c->s->lang == LANG_ZH ? zh : en;
}

// The stage as it is seen, but nothing hovered; or what the export dialog previews.
static void take_scene(Copy *c) {
    const AppFrame *f = c->f;
    const AppState *s = c->s;
    View view = f->view;
    c->frame = (Frame){.at = s->at, .grain = s->grain, .scene = s->scene};
    if (f->preview && f->preview->has_picture) {
        c->look = f->preview->look;
        c->frame = f->preview->frame;
        c->scene = picture_scene(c->a, c->text, &c->look, &c->frame);
        return;
    }
    view.hover = view.touched = NO_REF;
    c->look = (Look){.lesson = c->w->lesson,
                     .panel = PANEL_COUNT,
                     .width = f->stage.w,
                     .height = f->stage.h,
                     .scale = f->scale,
                     .theme = s->theme,
                     .lang = s->lang};
    c->scene = scene_new(c->a, c->text, f->stage.w, f->stage.h);
    stage_draw(&c->scene, &view, (Box){0, 0, f->stage.w, f->stage.h});
}

static const char *copy_bytes(const Copy *c, const char *kind, const Buf *bytes, const char *done) {
    const char *why;
    bool ok = clipboard_bytes(c->a, kind, buf_str(bytes), bytes->len, c->s->lang, &why);
    return ok ? done : why;
}

static const char *copy_png(Copy *c) {
    const char *why;
    Buf png = buf_new(c->a);
    take_scene(c);
    PngLook look = {c->look.theme, c->look.scale, c->look.transparent};
    if (!png_scene(c->a, &c->scene, look, &png, &why)) return why;
    return copy_bytes(c, "image/png", &png,
                      arena_printf(c->a,
                                   said(c, "Picture copied: PNG, %.0f × %.0f pixels",
                                        "已复制画面：PNG，%.0f × %.0f 像素"),
                                   floor(c->scene.width * look.scale + 0.5),
                                   floor(c->scene.height * look.scale + 0.5)));
}

static const char *copy_svg(Copy *c) {
    Buf svg = buf_new(c->a);
    take_scene(c);
    Fonts *fonts = fonts_new(c->text);
    svg_document(c->a, fonts, &c->scene, &c->look, &c->frame, &svg);
    fonts_free(fonts);
    return copy_bytes(c, "image/svg+xml", &svg, said(c, "Picture copied: SVG", "已复制画面：SVG"));
}

static const char *copy_text(const Copy *c, const char *text, const char *format) {
    const char *why;
    return clipboard_text(c->a, text, &why) ? arena_printf(c->a, format, text) : why;
}

static const char *copy_address(Copy *c) {
    const Walk *walk = c->w->lesson->walk;
    return copy_text(c, address_format(c->a, walk, c->s->at, c->s->grain),
                     said(c, "Copied: %s", "已复制：%s"));
}

static const char *copy_equation(Copy *c, bool numbers) {
    Buf tex = buf_new(c->a);
    Look look = {.lesson = c->w->lesson, .theme = c->s->theme, .lang = c->s->lang};
    Frame frame = {.at = c->s->at, .grain = c->s->grain, .scene = c->s->scene};
    if (!latex_equation(c->a, &look, &frame, numbers, &tex))
        return said(c, "No equation belongs to this step", "这一步不属于任何方程");
    return copy_text(c, buf_str(&tex),
                     numbers ? said(c, "Equation copied as LaTeX, with its numbers",
                                    "已复制方程（LaTeX，带数字）")
                             : said(c, "Copied as LaTeX: %s", "已复制为 LaTeX：%s"));
}

static const char *copy_symbols(Copy *c) {
    return copy_equation(c, false);
}

static const char *copy_numbers(Copy *c) {
    return copy_equation(c, true);
}

static const char *copy_command(Copy *c) {
    ExportWords words = export_task_words(c->a, c->s, c->w);
    return copy_text(c, export_task_line(c->a, &words),
                     said(c, "Command line copied", "已复制命令行"));
}

static const char *copy_field(Copy *c) {
    AppState s = *c->s;
    size_t size;
    const char *text = state_field(&s, &size);
    int from = s.edit.caret < s.edit.mark ? s.edit.caret : s.edit.mark;
    int to = s.edit.caret + s.edit.mark - from;
    if (!text || from == to) return "";
    return copy_text(c, arena_copy(c->a, text + from, (size_t)(to - from)),
                     said(c, "Copied: %s", "已复制：%s"));
}

const char *copy_wanted(const AppFrame *f, const AppState *s, const World *w, TextEngine *text) {
    static const char *(*const makers[COPY_COUNT])(Copy *) = {
        [COPY_PNG] = copy_png,         [COPY_SVG] = copy_svg,         [COPY_ADDRESS] = copy_address,
        [COPY_SYMBOLS] = copy_symbols, [COPY_NUMBERS] = copy_numbers, [COPY_COMMAND] = copy_command,
        [COPY_FIELD] = copy_field};
    Copy c = {.a = f->arena, .f = f, .s = s, .w = w, .text = text};
    return makers[s->want_copy](&c);
}
