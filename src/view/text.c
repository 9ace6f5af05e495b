// Lines of text, shaped once and drawn often. Pango shapes on a font map that knows only our own
// files, so a picture is the same on every machine; hinting is off and positions are not rounded,
// so widths are the same at every scale. What comes out, glyphs by font, is kept in a hash table:
// measuring and drawing read the same entry and cannot disagree. The table is emptied when it is
// full, which a frame notices only as one slower frame.
#include "view/text.h"

#include <cairo-ft.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <math.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"

enum {
    FACES = 8,
    FAMILIES = 3,
    TABLE_SIZE = 1 << 14,         // slots; a power of two
    ENTRIES_MAX = TABLE_SIZE / 2, // lines kept
    GLYPHS_AT_ONCE = 256,         // drawn in one call
    LINE_BYTES = 1 << 14          // bytes of a line that are shaped; more is never on a screen
};

// clang-format off
static const char *const face_files[FACES] = {
    "Inter-Regular.otf", "Inter-Medium.otf", "Inter-Bold.otf", "Inter-Italic.otf",
    "NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf", "Math.otf", "Mono-Regular.ttf"};
static const int face_weights[FACES] = {400, 500, 700, 400, 400, 700, 400, 400};
enum { FACE_UI = 0, FACE_ITALIC = 3, FACE_CHINESE = 4, FACE_MATH = 6, FACE_MONO = 7 };
// The first face of each family, by FontFamily; it gives the line its height.
static const int family_face[FAMILIES] = {[FONT_UI] = FACE_UI, [FONT_MONO] = FACE_MONO,
                                          [FONT_MATH] = FACE_MATH};
// clang-format on

typedef struct {
    uint64_t hash;
    const char *text;
    TextStyle style;
    double width;
    TextRun *runs; // a reference of each one's font
    int n_runs;
} Line;

struct TextEngine {
    Arena *own;   // the engine itself
    Arena *lines; // the cache
    bool fixed;
    Line **table; // [TABLE_SIZE]
    int n_lines;
    FcConfig *config;
    PangoFontMap *map;
    PangoContext *context;
    FT_Library freetype;
    FT_Face math;
    cairo_font_face_t *math_cairo; // made once, so that a PDF holds the font once
    TextFace faces[FACES];
    const char *families[FAMILIES];             // lists for Pango, with what to fall back to
    double ascent[FAMILIES], descent[FAMILIES]; // of an em
    void *kept[KEPT_COUNT];
    void (*forget[KEPT_COUNT])(void *);
};

static TextEngine *engine_new(bool fixed) {
    Arena *own = arena_new();
    TextEngine *e = ARENA_NEW(own, TextEngine);
    e->own = own;
    e->fixed = fixed;
    return e;
}

TextEngine *text_engine_fixed(void) {
    return engine_new(true);
}

// Adds a font file; its family name in the engine's arena, or NULL if it is no font. Looking into
// a Chinese font takes milliseconds, so the name is taken from what Fontconfig found anyway.
static const char *add_face(TextEngine *e, const char *path) {
    if (!FcConfigAppFontAddFile(e->config, (const FcChar8 *)path)) return NULL;
    const FcFontSet *fonts = FcConfigGetFonts(e->config, FcSetApplication);
    FcChar8 *name = NULL;
    if (!fonts || fonts->nfont == 0) return NULL;
    if (FcPatternGetString(fonts->fonts[fonts->nfont - 1], FC_FAMILY, 0, &name) != FcResultMatch)
        return NULL;
    return arena_copy(e->own, (const char *)name, strlen((const char *)name));
}

static bool add_faces(TextEngine *e, Arena *a, const char *assets, const char *names[FACES],
                      const char **why) {
    for (int k = 0; k < FACES; k++) {
        const char *path = arena_printf(e->own, "%s/fonts/%s", assets, face_files[k]);
        bool there = access(path, R_OK) == 0;
        names[k] = there ? add_face(e, path) : NULL;
        e->faces[k] = (TextFace){path, names[k], face_weights[k], k == FACE_ITALIC};
        if (names[k]) continue;
        *why = arena_printf(a, "the font %s %s in %s/fonts; run `make` to collect the fonts",
                            face_files[k], there ? "cannot be read" : "is missing", assets);
        return false;
    }
    return true;
}

static void start_pango(TextEngine *e) {
    FcConfigSetCurrent(e->config); // else Pango has Fontconfig read all the system's fonts first
    e->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(e->map), e->config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(e->map), 96);
    e->context = pango_font_map_create_context(e->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(e->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(e->context, FALSE);
    pango_context_set_language(e->context, pango_language_from_string("zh-cn"));
}

// Heights of the families' lines, and the face that view/math.c works with.
static bool read_metrics(TextEngine *e, const char *assets) {
    if (FT_Init_FreeType(&e->freetype)) return false;
    for (int k = 0; k < FAMILIES; k++) {
        const char *path = arena_printf(e->own, "%s/fonts/%s", assets, face_files[family_face[k]]);
        FT_Face face;
        if (FT_New_Face(e->freetype, path, 0, &face)) return false;
        double em = face->units_per_EM ? face->units_per_EM : 1000;
        e->ascent[k] = face->ascender / em;
        e->descent[k] = -face->descender / em;
        if (k == FONT_MATH) {
            e->math = face;
            e->math_cairo = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
        } else {
            FT_Done_Face(face);
        }
    }
    // A mathematics font's line is as high as its tallest integral: lines of text are not.
    e->ascent[FONT_MATH] = e->ascent[FONT_UI];
    e->descent[FONT_MATH] = e->descent[FONT_UI];
    return true;
}

TextEngine *text_engine_new(Arena *a, const char *assets, const char **why) {
    TextEngine *e = engine_new(false);
    const char *names[FACES];
    e->config = FcConfigCreate();
    if (!add_faces(e, a, assets, names, why)) {
        text_engine_free(e);
        return NULL;
    }
    const char *chinese = names[FACE_CHINESE], *math = names[FACE_MATH];
    e->families[FONT_UI] = arena_printf(e->own, "%s,%s,%s", names[FACE_UI], chinese, math);
    e->families[FONT_MONO] = arena_printf(e->own, "%s,%s,%s", names[FACE_MONO], chinese, math);
    e->families[FONT_MATH] = arena_printf(e->own, "%s,%s,%s", math, chinese, names[FACE_UI]);
    if (!read_metrics(e, assets)) {
        *why = "the font library cannot read the fonts";
        text_engine_free(e);
        return NULL;
    }
    start_pango(e);
    e->lines = arena_new();
    e->table = ARENA_ARRAY(e->own, Line *, TABLE_SIZE);
    return e;
}

static void forget_lines(TextEngine *e) {
    for (int k = 0; k < TABLE_SIZE && e->table; k++) {
        Line *line = e->table[k];
        for (int r = 0; line && r < line->n_runs; r++)
            cairo_scaled_font_destroy(line->runs[r].font);
        e->table[k] = NULL;
    }
    e->n_lines = 0;
    if (e->lines) arena_reset(e->lines);
}

void text_engine_free(TextEngine *e) {
    if (!e) return;
    for (int k = 0; k < KEPT_COUNT; k++)
        if (e->kept[k]) e->forget[k](e->kept[k]);
    forget_lines(e);
    arena_free(e->lines);
    if (e->context) g_object_unref(e->context);
    if (e->map) g_object_unref(e->map);
    if (e->map) FcConfigSetCurrent(NULL); // it was ours
    if (e->config) FcConfigDestroy(e->config);
    if (e->math_cairo) cairo_font_face_destroy(e->math_cairo);
    if (e->math) FT_Done_Face(e->math);
    if (e->freetype) FT_Done_FreeType(e->freetype);
    arena_free(e->own);
}

void *text_math_ft_face(TextEngine *e) {
    return e->math;
}

cairo_font_face_t *text_math_cairo_face(TextEngine *e) {
    return e->math_cairo;
}

const TextFace *text_face(const TextEngine *e, int k) {
    return e->fixed || k < 0 || k >= FACES ? NULL : &e->faces[k];
}

void text_chain(TextStyle style, int chain[TEXT_CHAIN]) {
    bool upright = style.family != FONT_UI || !style.italic;
    int ui = upright ? FACE_UI + (int)style.weight : FACE_ITALIC;
    int chinese = FACE_CHINESE + (style.weight == WEIGHT_BOLD);
    const int chains[FAMILIES][TEXT_CHAIN] = {[FONT_UI] = {ui, chinese, FACE_MATH},
                                              [FONT_MONO] = {FACE_MONO, chinese, FACE_MATH},
                                              [FONT_MATH] = {FACE_MATH, chinese, ui}};
    memcpy(chain, chains[style.family], sizeof chains[0]);
}

void **text_kept(TextEngine *e, Kept what, void (*forget)(void *thing)) {
    e->forget[what] = forget;
    return &e->kept[what];
}

// ---- shaping

static uint64_t line_hash(const char *text, TextStyle s) {
    uint64_t h = 1469598103934665603u; // FNV-1a
    for (const char *p = text; *p; p++) h = (h ^ (unsigned char)*p) * 1099511628211u;
    uint64_t size = (uint64_t)(fmax(0, s.size) * 64 + 0.5);
    h = (h ^ size) * 1099511628211u;
    h = (h ^ ((uint64_t)s.family | (uint64_t)s.weight << 4 | (uint64_t)s.italic << 8)) *
        1099511628211u;
    return h ^ h >> 29;
}

static bool same_style(TextStyle a, TextStyle b) {
    return a.family == b.family && a.weight == b.weight && a.italic == b.italic &&
           (long)(a.size * 64 + 0.5) == (long)(b.size * 64 + 0.5);
}

// Latin letters as the mathematics font's own italics (U+1D434 and on; h is U+210E).
static const char *math_italics(Arena *a, const char *text) {
    Buf out = buf_new(a);
    for (const char *p = text; *p; p++) {
        bool upper = *p >= 'A' && *p <= 'Z', lower = *p >= 'a' && *p <= 'z';
        if (!upper && !lower) {
            buf_put(&out, p, 1);
            continue;
        }
        unsigned code = upper ? 0x1D434u + (unsigned)(*p - 'A') : 0x1D44Eu + (unsigned)(*p - 'a');
        char utf8[4] = {(char)0xF0, (char)(0x80 | (code >> 12 & 0x3F)),
                        (char)(0x80 | (code >> 6 & 0x3F)), (char)(0x80 | (code & 0x3F))};
        if (*p == 'h')
            buf_puts(&out, "\xE2\x84\x8E");
        else
            buf_put(&out, utf8, 4);
    }
    return buf_str(&out);
}

const char *text_as_set(Arena *a, const char *text, TextStyle style) {
    return style.family == FONT_MATH && style.italic ? math_italics(a, text) : text;
}

static PangoLayout *layout_new(TextEngine *e, const char *text, TextStyle style) {
    PangoFontDescription *desc = pango_font_description_from_string(e->families[style.family]);
    static const PangoWeight weights[] = {PANGO_WEIGHT_NORMAL, PANGO_WEIGHT_MEDIUM,
                                          PANGO_WEIGHT_BOLD};
    pango_font_description_set_weight(desc, weights[style.weight]);
    if (style.italic && style.family == FONT_UI)
        pango_font_description_set_style(desc, PANGO_STYLE_ITALIC);
    pango_font_description_set_absolute_size(desc, fmax(0.1, style.size) * PANGO_SCALE);
    PangoLayout *layout = pango_layout_new(e->context);
    pango_layout_set_font_description(layout, desc);
    pango_font_description_free(desc);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    size_t len = strlen(text);
    pango_layout_set_text(layout, text, len > LINE_BYTES ? LINE_BYTES : (int)len);
    PangoAttrList *attrs = pango_attr_list_new();
    pango_attr_list_insert(attrs, pango_attr_font_features_new("calt=0, tnum=1"));
    pango_layout_set_attributes(layout, attrs);
    pango_attr_list_unref(attrs);
    return layout;
}

// Which bytes of the run's text are which of its glyphs: Pango says where in the text each glyph
// belongs. Glyphs that are not drawn leave their bytes without one.
static void take_clusters(TextEngine *e, TextRun *run, const PangoGlyphItem *item,
                          const bool *drawn) {
    const PangoGlyphString *string = item->glyphs;
    run->clusters = ARENA_ARRAY(e->lines, cairo_text_cluster_t, string->num_glyphs + 1);
    for (int k = 0; k < string->num_glyphs;) {
        int from = string->log_clusters[k];
        cairo_text_cluster_t *c = &run->clusters[run->n_clusters++];
        for (; k < string->num_glyphs && string->log_clusters[k] == from; k++)
            c->num_glyphs += drawn[k];
        c->num_bytes = (k < string->num_glyphs ? string->log_clusters[k] : run->n_said) - from;
        if (c->num_bytes < 0) run->n_clusters = 0; // written from right to left: not told apart
        if (c->num_bytes < 0) return;
    }
}

static int face_of(const TextEngine *e, PangoFont *font) {
    FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
    FcChar8 *path = NULL;
    if (!pattern || FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch) return -1;
    int k = FACES - 1;
    while (k >= 0 && strcmp((const char *)path, e->faces[k].path) != 0) k--;
    return k;
}

// Appends the glyphs of one run, which begins at x; returns where the next one does.
static double take_run(TextEngine *e, Line *line, const char *text, PangoGlyphItem *item,
                       double x) {
    PangoGlyphString *string = item->glyphs;
    PangoFont *font = item->item->analysis.font;
    TextRun *run = &line->runs[line->n_runs];
    run->glyphs = ARENA_ARRAY(e->lines, cairo_glyph_t, string->num_glyphs);
    run->said = text + item->item->offset;
    run->n_said = item->item->length;
    bool *drawn = ARENA_ARRAY(e->lines, bool, string->num_glyphs);
    for (int k = 0; k < string->num_glyphs; k++) {
        PangoGlyphInfo *info = &string->glyphs[k];
        drawn[k] = !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG) && info->glyph != PANGO_GLYPH_EMPTY;
        if (drawn[k])
            run->glyphs[run->n++] =
                (cairo_glyph_t){info->glyph, x + (double)info->geometry.x_offset / PANGO_SCALE,
                                (double)info->geometry.y_offset / PANGO_SCALE};
        x += (double)info->geometry.width / PANGO_SCALE;
    }
    take_clusters(e, run, item, drawn);
    cairo_scaled_font_t *scaled =
        font ? pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)) : NULL;
    if (scaled && run->n) {
        run->font = cairo_scaled_font_reference(scaled);
        run->face = face_of(e, font);
        line->n_runs++;
    } else {
        *run = (TextRun){0};
    }
    return x;
}

static Line *shape(TextEngine *e, const char *text, TextStyle style, uint64_t hash) {
    Line *line = ARENA_NEW(e->lines, Line);
    *line = (Line){.hash = hash, .style = style, .text = arena_copy(e->lines, text, strlen(text))};
    text = text_as_set(e->lines, line->text, style);
    PangoLayout *layout = layout_new(e, text, style);
    PangoLayoutLine *pango = pango_layout_get_line_readonly(layout, 0);
    int n = pango ? (int)g_slist_length(pango->runs) : 0;
    line->runs = ARENA_ARRAY(e->lines, TextRun, n ? n : 1);
    for (GSList *k = pango ? pango->runs : NULL; k; k = k->next)
        line->width = take_run(e, line, text, k->data, line->width);
    g_object_unref(layout);
    return line;
}

static const Line *find_line(TextEngine *e, const char *text, TextStyle style) {
    uint64_t hash = line_hash(text, style);
    size_t at = hash & (TABLE_SIZE - 1);
    for (; e->table[at]; at = (at + 1) & (TABLE_SIZE - 1)) {
        Line *line = e->table[at];
        if (line->hash == hash && same_style(line->style, style) && !strcmp(line->text, text))
            return line;
    }
    if (e->n_lines >= ENTRIES_MAX) {
        forget_lines(e);
        at = hash & (TABLE_SIZE - 1);
    }
    e->n_lines++;
    return e->table[at] = shape(e, text, style, hash);
}

// ---- the engine without fonts

// Chinese, Japanese and full-width characters: U+1100 and on, roughly.
static double fixed_width(const char *text) {
    double width = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if ((*p & 0xC0) == 0x80) continue;
        bool wide = (*p >= 0xE3 && *p <= 0xED) || (p[0] == 0xEF && p[1] >= 0xBC);
        width += wide ? 1.0 : 0.6;
    }
    return width;
}

TextSize text_measure(TextEngine *e, const char *text, TextStyle style) {
    if (e->fixed)
        return (TextSize){fixed_width(text) * style.size, 0.8 * style.size, 0.2 * style.size};
    double width = *text ? find_line(e, text, style)->width : 0;
    return (TextSize){width, e->ascent[style.family] * style.size,
                      e->descent[style.family] * style.size};
}

// A whole run with the text it stands for, for surfaces that keep text.
static void show_text(cairo_t *cr, const TextRun *run, double x, double baseline) {
    cairo_glyph_t moved[GLYPHS_AT_ONCE];
    for (int k = 0; k < run->n; k++) {
        cairo_glyph_t g = run->glyphs[k];
        moved[k] = (cairo_glyph_t){g.index, g.x + x, g.y + baseline};
    }
    cairo_show_text_glyphs(cr, run->said, run->n_said, moved, run->n, run->clusters,
                           run->n_clusters, 0);
}

static void show_glyphs(cairo_t *cr, const TextRun *run, double x, double baseline, bool as_path) {
    cairo_glyph_t moved[GLYPHS_AT_ONCE];
    for (int from = 0; from < run->n; from += GLYPHS_AT_ONCE) {
        int n = run->n - from < GLYPHS_AT_ONCE ? run->n - from : GLYPHS_AT_ONCE;
        for (int k = 0; k < n; k++) {
            cairo_glyph_t g = run->glyphs[from + k];
            moved[k] = (cairo_glyph_t){g.index, g.x + x, g.y + baseline};
        }
        if (as_path)
            cairo_glyph_path(cr, moved, n);
        else
            cairo_show_glyphs(cr, moved, n);
    }
}

void text_draw(TextEngine *e, cairo_t *cr, const char *text, TextStyle style, double x,
               double baseline) {
    if (e->fixed || !*text) return;
    const Line *line = find_line(e, text, style);
    bool keeps_text = cairo_surface_has_show_text_glyphs(cairo_get_target(cr));
    for (int r = 0; r < line->n_runs; r++) {
        const TextRun *run = &line->runs[r];
        cairo_set_scaled_font(cr, run->font);
        if (keeps_text && run->n_clusters && run->n <= GLYPHS_AT_ONCE)
            show_text(cr, run, x, baseline);
        else
            show_glyphs(cr, run, x, baseline, false);
    }
}

void text_path(TextEngine *e, cairo_t *cr, const char *text, TextStyle style, double x,
               double baseline) {
    if (e->fixed || !*text) return;
    const Line *line = find_line(e, text, style);
    for (int r = 0; r < line->n_runs; r++) {
        cairo_set_scaled_font(cr, line->runs[r].font);
        show_glyphs(cr, &line->runs[r], x, baseline, true);
    }
}

cairo_t *text_tracer(void) {
    cairo_surface_t *none = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    cairo_t *cr = cairo_create(none);
    cairo_surface_destroy(none);
    cairo_set_tolerance(cr, 0.02);
    return cr;
}

void text_math_path(TextEngine *e, cairo_t *cr, uint32_t glyph, double size, double x,
                    double baseline) {
    if (!e->math_cairo) return;
    cairo_set_font_face(cr, e->math_cairo);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
    cairo_set_font_size(cr, size);
    cairo_glyph_t at = {glyph, x, baseline};
    cairo_glyph_path(cr, &at, 1);
}

const TextRun *text_runs(TextEngine *e, const char *text, TextStyle style, int *count) {
    *count = 0;
    if (e->fixed || !*text) return NULL;
    const Line *line = find_line(e, text, style);
    *count = line->n_runs;
    return line->runs;
}

const int *text_breaks(Arena *a, const char *text, int *count) {
    int bytes = (int)strlen(text), chars = (int)g_utf8_strlen(text, bytes);
    PangoLogAttr *attrs = ARENA_ARRAY(a, PangoLogAttr, chars + 1);
    pango_get_log_attrs(text, bytes, -1, pango_language_from_string("zh-cn"), attrs, chars + 1);
    int *breaks = ARENA_ARRAY(a, int, chars + 1);
    const char *p = text;
    *count = 0;
    for (int k = 0; k <= chars; k++) {
        bool end = k == chars;
        if (k > 0 && (end || attrs[k].is_line_break)) breaks[(*count)++] = (int)(p - text);
        if (!end) p = g_utf8_next_char(p);
    }
    if (!chars) breaks[(*count)++] = 0;
    return breaks;
}
