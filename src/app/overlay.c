// SDL2_ttf knows no fallback fonts, so a text is split into runs by which font has each letter
// (Inter, then Noto Sans SC, then the mathematics font), set on one baseline, and blitted. A font
// is opened when a text first needs it: the first frame needs none.
#include "app/overlay.h"

#include <SDL_ttf.h>
#include <cairo.h>
#include <math.h>
#include <string.h>

#include "app/canvas.h"
#include "view/text.h"

enum {
    FONTS = 3,
    TEXT_SIZE = 13,
    LINES = 8,
    PAD_X = 10,
    PAD_Y = 7,
    LINE_STEP = 19,
    TIP_WIDTH = 380,
    TOAST_WIDTH = 640
};

static const char *const font_files[FONTS] = {"Inter-Medium.otf", "NotoSansSC-Regular.otf",
                                              "Math.otf"};

struct Overlay {
    const char *paths[FONTS];
    TTF_Font *fonts[FONTS]; // NULL until a text needs them
    void *files[FONTS];     // their bytes: read at once, they open twenty times faster
    bool failed[FONTS];
    int size; // pixels the fonts are set to
};

Overlay *overlay_new(Arena *a, const char *assets, const char **why) {
    *why = "the font library does not start";
    if (TTF_Init() != 0) return NULL;
    Overlay *o = ARENA_NEW(a, Overlay);
    for (int i = 0; i < FONTS; i++)
        o->paths[i] = arena_printf(a, "%s/fonts/%s", assets, font_files[i]);
    o->size = TEXT_SIZE;
    return o;
}

void overlay_free(Overlay *o) {
    for (int i = 0; i < FONTS; i++) {
        if (o->fonts[i]) TTF_CloseFont(o->fonts[i]);
        SDL_free(o->files[i]);
    }
    TTF_Quit();
}

// A font, opened when it is first asked for; NULL if it cannot be.
static TTF_Font *font_at(Overlay *o, int i) {
    if (o->fonts[i] || o->failed[i]) return o->fonts[i];
    size_t bytes;
    o->files[i] = SDL_LoadFile(o->paths[i], &bytes);
    SDL_RWops *file = o->files[i] ? SDL_RWFromConstMem(o->files[i], (int)bytes) : NULL;
    o->fonts[i] = file ? TTF_OpenFontRW(file, 1, o->size) : NULL;
    o->failed[i] = !o->fonts[i];
    return o->fonts[i];
}

// Decodes one character of valid UTF-8; returns its bytes.
static int next_char(const char *text, Uint32 *code) {
    const unsigned char *s = (const unsigned char *)text;
    int n = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
    *code = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    for (int i = 1; i < n && s[i]; i++) *code = *code << 6 | (s[i] & 0x3F);
    return n;
}

static int font_for(Overlay *o, Uint32 code) {
    for (int i = 0; i < FONTS; i++)
        if (font_at(o, i) && TTF_GlyphIsProvided32(o->fonts[i], code)) return i;
    return 0;
}

// Bytes of the run that begins here, all of one font.
static size_t run_length(Overlay *o, const char *text, int *font) {
    Uint32 code;
    size_t n = (size_t)next_char(text, &code);
    *font = font_for(o, code);
    while (text[n]) {
        int bytes = next_char(text + n, &code);
        // a space stays with its neighbours
        if (code != ' ' && font_for(o, code) != *font) break;
        n += (size_t)bytes;
    }
    return n;
}

// Sets one line with its left end at x on a baseline, or only measures it (no surface).
static int set_line(Overlay *o, SDL_Surface *on, const char *text, int x, int baseline,
                    SDL_Color color, Arena *scratch) {
    int left = x;
    while (*text) {
        int font, width = 0, height = 0;
        size_t n = run_length(o, text, &font);
        const char *run = arena_copy(scratch, text, n);
        if (!o->fonts[font]) break;
        TTF_SizeUTF8(o->fonts[font], run, &width, &height);
        SDL_Surface *ink = on ? TTF_RenderUTF8_Blended(o->fonts[font], run, color) : NULL;
        if (ink) {
            SDL_Rect to = {x, baseline - TTF_FontAscent(o->fonts[font]), 0, 0};
            SDL_BlitSurface(ink, NULL, on, &to);
            SDL_FreeSurface(ink);
        }
        x += width;
        text += n;
    }
    return x - left;
}

static int wrap(Overlay *o, const char *text, int width, const char **lines, Arena *scratch) {
    int count, n = 0;
    const int *breaks = text_breaks(scratch, text, &count);
    size_t begin = 0, end = 0;
    for (int i = 0; i < count && n + 1 < LINES; i++) {
        const char *line = arena_copy(scratch, text + begin, (size_t)breaks[i] - begin);
        if (set_line(o, NULL, line, 0, 0, (SDL_Color){0}, scratch) > width && end > begin) {
            lines[n++] = arena_copy(scratch, text + begin, end - begin);
            begin = end;
        }
        end = (size_t)breaks[i];
    }
    if (text[begin]) lines[n++] = arena_copy(scratch, text + begin, strlen(text + begin));
    return n;
}

static SDL_Color sdl_color(Color c) {
    return (SDL_Color){(Uint8)lround(c.r * 255), (Uint8)lround(c.g * 255), (Uint8)lround(c.b * 255),
                       255};
}

static void round_box(SDL_Surface *on, SDL_Rect r, double radius, Color fill, Color edge,
                      double line) {
    cairo_surface_t *surface = cairo_image_surface_create_for_data(on->pixels, CAIRO_FORMAT_RGB24,
                                                                   on->w, on->h, on->pitch);
    cairo_t *cr = cairo_create(surface);
    double x = r.x + line / 2, y = r.y + line / 2, w = r.w - line, h = r.h - line;
    const double quarter = acos(0);
    cairo_arc(cr, x + w - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, quarter);
    cairo_arc(cr, x + radius, y + h - radius, radius, quarter, 2 * quarter);
    cairo_arc(cr, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cr);
    cairo_set_source_rgba(cr, fill.r, fill.g, fill.b, fill.a);
    cairo_fill_preserve(cr);
    cairo_set_source_rgba(cr, edge.r, edge.g, edge.b, edge.a);
    cairo_set_line_width(cr, line);
    cairo_stroke(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

typedef struct {
    Overlay *o;
    SDL_Surface *on;
    ThemeKind theme;
    double scale;
    Arena *scratch;
} Pen;

typedef struct {
    const char *lines[LINES];
    int n, width, height; // pixels, with padding
} Label;

static Label label_measure(const Pen *p, const char *text, int width) {
    Label l = {.n = 0};
    l.n = wrap(p->o, text, (int)(width * p->scale), l.lines, p->scratch);
    for (int i = 0; i < l.n; i++) {
        int w = set_line(p->o, NULL, l.lines[i], 0, 0, (SDL_Color){0}, p->scratch);
        if (w > l.width) l.width = w;
    }
    l.width += (int)(2 * PAD_X * p->scale);
    l.height = (int)((l.n * LINE_STEP + 2 * PAD_Y - 3) * p->scale);
    return l;
}

static SDL_Rect label_draw(const Pen *p, const Label *l, int x, int y, Role ground, Role text) {
    SDL_Rect r = {x, y, l->width, l->height}, screen = {0, 0, p->on->w, p->on->h};
    Color edge = theme_color(p->theme, ink(ROLE_LINE));
    round_box(p->on, r, 6 * p->scale, theme_color(p->theme, ink(ground)), edge, fmax(1, p->scale));
    SDL_Color color = sdl_color(theme_color(p->theme, ink(text)));
    for (int i = 0; i < l->n; i++) {
        int baseline = y + (int)((PAD_Y + 12 + i * LINE_STEP) * p->scale);
        set_line(p->o, p->on, l->lines[i], x + (int)(PAD_X * p->scale), baseline, color,
                 p->scratch);
    }
    SDL_IntersectRect(&r, &screen, &r);
    return r;
}

// Below its anchor, or above it if asked or at the bottom of the window; always inside.
static SDL_Rect draw_tip(const Pen *p, const char *text, Box anchor, bool above) {
    Label l = label_measure(p, text, TIP_WIDTH);
    int x = (int)((anchor.x + anchor.w / 2) * p->scale) - l.width / 2, gap = (int)(8 * p->scale);
    int y = (int)((anchor.y + anchor.h) * p->scale) + gap;
    bool fits = anchor.y * p->scale - gap - l.height > 0;
    if ((above && fits) || y + l.height > p->on->h) y = (int)(anchor.y * p->scale) - gap - l.height;
    if (x + l.width > p->on->w - gap) x = p->on->w - gap - l.width;
    return label_draw(p, &l, x < gap ? gap : x, y < gap ? gap : y, ROLE_TEXT, ROLE_PANEL);
}

static SDL_Rect draw_toast(const Pen *p, const char *text, double bottom) {
    Label l = label_measure(p, text, TOAST_WIDTH);
    int y = (int)(bottom * p->scale) - l.height;
    return label_draw(p, &l, (p->on->w - l.width) / 2, y, ROLE_TEXT, ROLE_PANEL);
}

static SDL_Rect draw_ring(const Pen *p, Box around) {
    SDL_Rect r = canvas_rect(box_inset(around, -4, -4), p->scale, p->on->w, p->on->h);
    double line = 2.5 * p->scale, most = fmin(r.w, r.h) / 2.0 - line;
    if (most < 1) return (SDL_Rect){0, 0, 0, 0};
    Color edge = theme_color(p->theme, ink(ROLE_H));
    round_box(p->on, r, fmin(8 * p->scale, most), (Color){0, 0, 0, 0}, edge, line);
    return r;
}

int overlay_draw(Overlay *o, SDL_Surface *on, const OverlayContent *content, ThemeKind theme,
                 double scale, Arena *scratch, SDL_Rect *parts) {
    Pen p = {o, on, theme, scale, scratch};
    int size = (int)lround(TEXT_SIZE * scale), n = 0;
    for (int i = 0; i < FONTS && size != o->size; i++)
        if (o->fonts[i]) TTF_SetFontSize(o->fonts[i], size);
    o->size = size;
    if (content->ring.w > 0) parts[n++] = draw_ring(&p, content->ring);
    if (content->tip) parts[n++] = draw_tip(&p, content->tip, content->anchor, content->tip_above);
    if (content->toast) parts[n++] = draw_toast(&p, content->toast, content->toast_bottom);
    if (content->corner) {
        Label l = label_measure(&p, content->corner, TOAST_WIDTH);
        int y = (int)(content->toast_bottom * scale) - l.height;
        parts[n++] = label_draw(&p, &l, on->w - l.width, y, ROLE_SUNKEN, ROLE_TEXT);
    }
    return n;
}
