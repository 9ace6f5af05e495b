// Fonts inside pages. Which face shows a character follows the engine's order of faces; what is
// shown is a set of characters a face, and the face is cut to that set by HarfBuzz. All of
// printable ASCII counts as shown once one character of it is, so that neighbouring pages have the
// same cut face, which is then made only once.
#include "export/fonts.h"

#include <hb-ot.h>
#include <hb-subset.h>
#include <string.h>

#include "export/pack.h"

enum { FACES_MAX = 16, CUTS_KEPT = 8, LEVELS_KEPT = 1024 };

/// A face cut to a set of characters, ready to stand in a page.
typedef struct {
    hb_set_t *chars;
    Arena *arena;
    const char *base64;
} Cut;

typedef struct {
    const TextFace *face;
    hb_face_t *file;
    hb_set_t *has, *shown; // characters
    Cut cuts[CUTS_KEPT];
    int next_cut;
} Face;

struct Fonts {
    Arena *arena;
    TextEngine *text;
    Face faces[FACES_MAX];
    int n;
    hb_font_t *math;
    struct {
        uint32_t code, glyph;
        int level;
    } levels[LEVELS_KEPT]; // what was found by fonts_math_level
};

Fonts *fonts_new(TextEngine *text) {
    Arena *a = arena_new();
    Fonts *f = ARENA_NEW(a, Fonts);
    f->arena = a;
    f->text = text;
    for (; f->n < FACES_MAX && text_face(text, f->n); f->n++) {
        Face *face = &f->faces[f->n];
        face->face = text_face(text, f->n);
        hb_blob_t *blob = hb_blob_create_from_file(face->face->path);
        face->file = hb_face_create(blob, 0);
        hb_blob_destroy(blob);
        face->has = hb_set_create();
        face->shown = hb_set_create();
        hb_face_collect_unicodes(face->file, face->has);
    }
    int chain[TEXT_CHAIN];
    text_chain((TextStyle){.family = FONT_MATH}, chain);
    if (f->n) f->math = hb_font_create(f->faces[chain[0]].file);
    return f;
}

static void forget_cut(Cut *cut) {
    if (!cut->arena) return;
    hb_set_destroy(cut->chars);
    arena_free(cut->arena);
    *cut = (Cut){0};
}

void fonts_free(Fonts *f) {
    if (!f) return;
    for (int k = 0; k < f->n; k++) {
        Face *face = &f->faces[k];
        for (int c = 0; c < CUTS_KEPT; c++) forget_cut(&face->cuts[c]);
        hb_set_destroy(face->has);
        hb_set_destroy(face->shown);
        hb_face_destroy(face->file);
    }
    if (f->math) hb_font_destroy(f->math);
    arena_free(f->arena);
}

void fonts_begin(Fonts *f) {
    for (int k = 0; k < f->n; k++) hb_set_clear(f->faces[k].shown);
}

// The next character of UTF-8 that is known to be well formed.
static uint32_t next_char(const char **text) {
    const unsigned char *p = (const unsigned char *)*text;
    int n = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
    uint32_t code = n == 1 ? *p : *p & (0x7Fu >> n);
    int k = 1;
    for (; k < n && p[k]; k++) code = code << 6 | (p[k] & 0x3Fu);
    *text += k;
    return code;
}

void fonts_show(Fonts *f, const char *text, TextStyle style) {
    if (!f->n) return;
    Arena *a = arena_new();
    int chain[TEXT_CHAIN];
    text_chain(style, chain);
    for (const char *p = text_as_set(a, text, style); *p;) {
        uint32_t code = next_char(&p);
        for (int k = 0; k < TEXT_CHAIN; k++) {
            Face *face = &f->faces[chain[k]];
            if (!hb_set_has(face->has, code)) continue;
            hb_set_add(face->shown, code);
            if (code > ' ' && code < 127) hb_set_add_range(face->shown, ' ', 126);
            break;
        }
    }
    arena_free(a);
}

// Which of the glyph's forms for subscripts (feature ssty) is this one? -1 for none.
static int script_level(hb_face_t *face, hb_codepoint_t nominal, uint32_t glyph) {
    static const hb_tag_t features[] = {HB_TAG('s', 's', 't', 'y'), 0};
    hb_set_t *lookups = hb_set_create();
    hb_ot_layout_collect_lookups(face, HB_OT_TAG_GSUB, NULL, NULL, features, lookups);
    int level = -1;
    for (hb_codepoint_t k = HB_SET_VALUE_INVALID; hb_set_next(lookups, &k) && level < 0;) {
        hb_codepoint_t forms[2];
        unsigned n = 2;
        hb_ot_layout_lookup_get_glyph_alternates(face, k, nominal, 0, &n, forms);
        for (unsigned i = 0; i < n && level < 0; i++)
            if (forms[i] == glyph) level = (int)i + 1;
    }
    hb_set_destroy(lookups);
    return level;
}

int fonts_math_level(Fonts *f, uint32_t code, uint32_t glyph) {
    size_t at = (code * 31 + glyph) % LEVELS_KEPT;
    if (!f->math || !code) return -1;
    if (f->levels[at].code == code && f->levels[at].glyph == glyph) return f->levels[at].level;
    hb_codepoint_t nominal;
    int level = -1;
    if (hb_font_get_nominal_glyph(f->math, code, &nominal))
        level = nominal == glyph ? 0 : script_level(hb_font_get_face(f->math), nominal, glyph);
    f->levels[at].code = code;
    f->levels[at].glyph = glyph;
    return f->levels[at].level = level;
}

void fonts_families(Fonts *f, TextStyle style, Buf *out) {
    int chain[TEXT_CHAIN];
    text_chain(style, chain);
    for (int k = 0; k < TEXT_CHAIN && f->n; k++)
        buf_printf(out, "%s'%s'", k ? "," : "", f->faces[chain[k]].face->family);
    buf_puts(out, style.family == FONT_MONO   ? ",monospace"
                  : style.family == FONT_MATH ? ",serif"
                                              : ",sans-serif");
}

static hb_face_t *cut_face(const Face *face) {
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input) return NULL;
    hb_set_union(hb_subset_input_unicode_set(input), face->shown);
    // digits of one width, and the forms of letters for subscripts
    hb_set_t *features = hb_subset_input_set(input, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG);
    hb_set_add(features, HB_TAG('t', 'n', 'u', 'm'));
    hb_set_add(features, HB_TAG('s', 's', 't', 'y'));
    hb_set_t *dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    hb_set_add(dropped, HB_TAG('M', 'A', 'T', 'H'));
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    hb_face_t *cut = hb_subset_or_fail(face->file, input);
    hb_subset_input_destroy(input);
    return cut;
}

static const char *font_data(Face *face) {
    for (int k = 0; k < CUTS_KEPT; k++)
        if (face->cuts[k].arena && hb_set_is_equal(face->cuts[k].chars, face->shown))
            return face->cuts[k].base64;
    hb_face_t *made = cut_face(face);
    if (!made) return NULL;
    Cut *cut = &face->cuts[face->next_cut];
    face->next_cut = (face->next_cut + 1) % CUTS_KEPT;
    forget_cut(cut);
    cut->arena = arena_new();
    cut->chars = hb_set_create();
    hb_set_union(cut->chars, face->shown);
    hb_blob_t *blob = hb_face_reference_blob(made);
    unsigned n;
    const char *bytes = hb_blob_get_data(blob, &n);
    Buf text = buf_new(cut->arena);
    base64_put(&text, (const unsigned char *)bytes, n);
    cut->base64 = buf_str(&text);
    hb_blob_destroy(blob);
    hb_face_destroy(made);
    return cut->base64;
}

void fonts_css(Fonts *f, Buf *out) {
    for (int k = 0; k < f->n; k++) {
        Face *face = &f->faces[k];
        const char *data = hb_set_is_empty(face->shown) ? NULL : font_data(face);
        if (!data) continue;
        buf_printf(out,
                   "@font-face{font-family:'%s';font-weight:%d;font-style:%s;"
                   "src:url(data:font/otf;base64,%s)}\n",
                   face->face->family, face->face->weight, face->face->italic ? "italic" : "normal",
                   data);
    }
}
