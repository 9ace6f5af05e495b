// One frame as a scene. The caption is cut off the bottom before the stage is laid out, so the
// stage is the stage of the window at the smaller size.
#include "export/picture.h"

#include <math.h>
#include <string.h>

#include "core/address.h"
#include "view/legend.h"

enum {
    CAPTION_SIZE = 15,
    CAPTION_LEADING = 22,
    FIGURE_SIZE = 13, // as most text is
    CAPTION_LINES = 3,
    CAPTION_SIDE = 20, // left and right of it
    CAPTION_PAD = 12,  // above and below
    LEGEND_PAD = 10
};

static const Lesson *lesson_of(const Look *look, const Frame *frame) {
    return frame->lesson ? frame->lesson : look->lesson;
}

Look picture_look(const Look *look, const Frame *frame) {
    Look own = *look;
    own.lesson = lesson_of(look, frame);
    return own;
}

View picture_view(const Look *look, const Frame *frame) {
    return (View){.lesson = lesson_of(look, frame),
                  .scene = frame->scene,
                  .at = frame->at,
                  .grain = frame->grain,
                  .lang = look->lang,
                  .theme = look->theme};
}

const char *picture_sentence(Arena *a, const Look *look, const Frame *frame) {
    return say_step(a, lesson_of(look, frame), frame->at, frame->grain, look->lang);
}

const char *picture_address(Arena *a, const Look *look, const Frame *frame) {
    return address_format(a, lesson_of(look, frame)->walk, frame->at, frame->grain);
}

const char *picture_title(const Look *look, const Frame *frame) {
    const Lesson *l = look->lesson;
    const char *title =
        frame->scene < l->n_scenes ? l->scenes[look->lang][frame->scene].title : NULL;
    return title ? title : "";
}

const char *picture_meaning(Arena *a, const View *v, const Shape *s) {
    const Lesson *l = v->lesson;
    Ref r = s->ref;
    if (s->label) return s->label;
    if (r.kind == REF_EQUATION && r.node >= 0 && r.node < l->graph->n_equations)
        return l->graph->equations[r.node].full;
    if (r.kind != REF_VALUE && r.kind != REF_GRAD) return NULL;
    const char *name = say_name(a, l, r.node, r.place, r.unit, v->lang);
    bool zh = v->lang == LANG_ZH;
    if (r.kind == REF_GRAD) name = arena_printf(a, zh ? "%s的梯度" : "gradient of %s", name);
    if (!r.unit) return name;
    if (!view_known(v, r))
        return arena_printf(a, zh ? "%s：尚未计算" : "%s: not computed yet", name);
    const char *number = say_number(a, view_number(v, r), l->digits, true, v->lang);
    return arena_printf(a, zh ? "%s：%s" : "%s: %s", name, number);
}

// The longest piece of text from `from` on that fits; returns its end, at least one break on.
static int line_end(Scene *s, const char *words, const int *breaks, int n, int from,
                    TextStyle style, double width) {
    int end = 0;
    for (int k = 0; k < n; k++) {
        if (breaks[k] <= from) continue;
        const char *piece = arena_copy(s->arena, words + from, (size_t)(breaks[k] - from));
        if (end && scene_text_width(s, piece, style) > width) break;
        end = breaks[k];
    }
    return end;
}

static const char *with_ellipsis(Scene *s, const char *line, TextStyle style, double width) {
    size_t n = strlen(line);
    const char *cut = arena_printf(s->arena, "%s…", line);
    while (n > 0 && scene_text_width(s, cut, style) > width) {
        do n--;
        while (n > 0 && ((unsigned char)line[n] & 0xC0) == 0x80);
        cut = arena_printf(s->arena, "%.*s…", (int)n, line);
    }
    return cut;
}

double picture_lines(Scene *s, const char *words, Box area, TextStyle style, double leading,
                     Ink paint, int max, bool draw) {
    int n, lines = 0, from = 0, end = (int)strlen(words);
    const int *breaks = text_breaks(s->arena, words, &n);
    while (from < end && lines < max) {
        int to = line_end(s, words, breaks, n, from, style, area.w);
        if (to <= from) break;
        const char *line = arena_copy(s->arena, words + from, (size_t)(to - from));
        if (lines == max - 1 && to < end) line = with_ellipsis(s, line, style, area.w);
        if (draw)
            scene_text(s, area.x, area.y + lines * leading + style.size, line, style, ALIGN_LEFT,
                       paint, NO_REF);
        lines++;
        from = to;
    }
    return lines * leading;
}

// What stands behind the rows below a picture.
static Ink behind(const Look *look) {
    if (look->transparent) return NO_INK;
    return ink(look->panel < PANEL_COUNT ? ROLE_PANEL : ROLE_GROUND);
}

typedef struct {
    const char *said, *where;
    TextStyle style, mono;
    Box text;    // the sentence's column; its y and h are not set
    bool beside; // the address has its own column, where there is room
    double leading, height;
} Caption;

// A figure grows with its caption, so its sentence is never cut.
static int caption_lines(const Look *look) {
    enum { ALL = 64 };
    return look->millimetres > 0 ? ALL : CAPTION_LINES;
}

static Caption caption_of(Scene *s, const Look *look, const Frame *frame, Box area) {
    double usual = look->millimetres > 0 ? FIGURE_SIZE : CAPTION_SIZE;
    double size = look->caption_size > 0 ? look->caption_size : usual;
    Caption c = {.said = picture_sentence(s->arena, look, frame),
                 .where = picture_address(s->arena, look, frame),
                 .style = {FONT_UI, WEIGHT_REGULAR, false, size},
                 .mono = {FONT_MONO, WEIGHT_REGULAR, false, size - 1},
                 .leading = floor(size * CAPTION_LEADING / CAPTION_SIZE + 0.5),
                 .text = {area.x + CAPTION_SIDE, 0, area.w - 2 * CAPTION_SIDE, 0}};
    double step = scene_text_width(s, c.where, c.mono) + 16;
    c.beside = step < area.w / 3;
    if (c.beside) box_cut_left(&c.text, step);
    double lines = picture_lines(s, c.said, c.text, c.style, c.leading, ink(ROLE_TEXT),
                                 caption_lines(look), false);
    if (!c.beside) lines += c.leading;
    c.height = fmin(fmax(look->caption_height, lines + 2 * CAPTION_PAD), area.h / 2);
    return c;
}

static void draw_caption(Scene *s, const Look *look, const Frame *frame, Box *area) {
    Box room = *area;
    if (look->millimetres > 0) room.h = INFINITY; // it has been made
    Caption c = caption_of(s, look, frame, room);
    Box row = box_cut_bottom(area, c.height);
    s->panel = PANEL_COUNT;
    scene_box(s, row, 0, behind(look), NO_INK, 0, NO_REF);
    double y = row.y + CAPTION_PAD - 2;
    scene_text(s, row.x + CAPTION_SIDE, y + c.style.size, c.where, c.mono, ALIGN_LEFT,
               ink(ROLE_MUTED), NO_REF);
    c.text.y = c.beside ? y : y + c.leading;
    scene_clip(s, row);
    picture_lines(s, c.said, c.text, c.style, c.leading, ink(ROLE_TEXT), caption_lines(look), true);
    scene_unclip(s);
}

static double legend_height(Scene *s, const View *v, double width) {
    return legend_draw(s, v, (Box){0, 0, width - 2 * CAPTION_SIDE, 0}, false) + LEGEND_PAD;
}

static void draw_legend(Scene *s, const View *v, const Look *look, Box *area) {
    double most = look->millimetres > 0 ? area->h : area->h / 2;
    Box row = box_cut_bottom(area, fmin(legend_height(s, v, area->w), most));
    s->panel = PANEL_COUNT;
    scene_box(s, row, 0, behind(look), NO_INK, 0, NO_REF);
    scene_clip(s, row);
    legend_draw(s, v, box_inset(row, CAPTION_SIDE, LEGEND_PAD - 2), true);
    scene_unclip(s);
}

void picture_settle(TextEngine *text, Look *look, const Frame *frames, int n) {
    Arena *a = arena_new();
    double legend = 0, width = look->width;
    Box area = {0, 0, width, look->millimetres > 0 ? INFINITY : look->height};
    for (int k = 0; k < n && (look->caption || look->legend); k++) {
        arena_reset(a);
        Scene s = scene_new(a, text, width, look->height);
        View v = picture_view(look, &frames[k]);
        if (look->caption)
            look->caption_height =
                fmax(look->caption_height, caption_of(&s, look, &frames[k], area).height);
        if (look->legend) legend = fmax(legend, legend_height(&s, &v, width));
    }
    arena_free(a);
    if (look->millimetres > 0) look->height += legend + (look->caption ? look->caption_height : 0);
}

static void take_ground_off(Scene *s) {
    for (int k = 0; k < s->count; k++)
        if (s->shapes[k].kind == SHAPE_BOX && s->shapes[k].fill.role == ROLE_GROUND)
            s->shapes[k].fill = NO_INK;
}

// A panel alone stands on the page: without the edge of its card where it is a figure, without the
// card where there is to be no ground.
static void draw_alone(Scene *s, const View *v, const Look *look, Box area) {
    int card = s->count;
    stage_draw_panel(s, v, look->panel, area);
    if (card == s->count || s->shapes[card].fill.role != ROLE_PANEL) return;
    if (look->transparent) s->shapes[card].fill = NO_INK;
    if (look->transparent || look->millimetres > 0) s->shapes[card].stroke = NO_INK;
    if (look->millimetres > 0) s->shapes[card].radius = 0;
}

Scene picture_scene(Arena *a, TextEngine *text, const Look *look, const Frame *frame) {
    Scene s = scene_new(a, text, look->width, look->height);
    View v = picture_view(look, frame);
    Box area = {0, 0, look->width, look->height};
    if (look->caption) draw_caption(&s, look, frame, &area);
    if (look->legend) draw_legend(&s, &v, look, &area);
    if (look->panel < PANEL_COUNT)
        draw_alone(&s, &v, look, area);
    else
        stage_draw(&s, &v, area);
    if (look->transparent) take_ground_off(&s);
    return s;
}

// The lesson with its scenes' own choice of panels replaced.
static const Lesson *with_panels(Arena *a, const Lesson *lesson, const char *const *names) {
    Lesson *copy = ARENA_NEW(a, Lesson);
    *copy = *lesson;
    copy->panels = names;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        if (!lesson->scenes[lang]) continue;
        LessonScene *scenes = ARENA_ARRAY(a, LessonScene, lesson->n_scenes + 1);
        bool prose = false;
        for (const char *const *name = names; *name; name++)
            prose |= strcmp(*name, panel_defs[PANEL_PROSE].name) == 0;
        for (int k = 0; k < lesson->n_scenes; k++) {
            scenes[k] = lesson->scenes[lang][k];
            scenes[k].step.panels = NULL;
            if (!prose) scenes[k].n_blocks = 0;
        }
        copy->scenes[lang] = scenes;
    }
    return copy;
}

void picture_panels(Arena *a, Look *look, unsigned panels) {
    const char **names = ARENA_ARRAY(a, const char *, PANEL_COUNT + 1);
    int n = 0;
    look->panel = PANEL_COUNT;
    for (int k = 0; k < PANEL_COUNT; k++)
        if (panels & 1u << k) {
            names[n++] = panel_defs[k].name;
            look->panel = (PanelKind)k;
        }
    if (n == 1) return;
    look->panel = PANEL_COUNT;
    if (n > 1) look->lesson = with_panels(a, look->lesson, names);
}

double picture_points(const Look *look) {
    if (look->millimetres > 0) return look->millimetres / 25.4 * 72 / look->width;
    return 0.75;
}
