// A face stands in a file as a composite font (ISO 32000-1, 9.7). The codes in pages are the
// numbers that glyphs have in the whole face, so that a page can be written before it is known what
// later pages show. HarfBuzz numbers the glyphs of the cut face anew; a table in the file (CMap)
// leads from the codes to those numbers. Chinese faces number their glyphs by themselves (CID-keyed
// CFF): there it leads to these.
#include "export/pdf_font.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_CID_H
#include <hb-ot.h>
#include <hb-subset.h>
#include <math.h>
#include <string.h>

enum { FACES_MAX = 16 };

typedef struct {
    const char *text;
    size_t n;
} Said;

typedef struct {
    const TextFace *face;
    bool opened;
    hb_face_t *file, *glyphs; // glyphs: without the other tables
    hb_font_t *font;
    FT_Face ids; // of a face that numbers its glyphs by itself, else NULL
    bool is_cff;
    unsigned count; // glyphs
    double em;
    hb_set_t *shown;
    Said *said; // [count] in this file; NULL while nothing is shown
} Face;

struct PdfFonts {
    Arena *arena, *document; // document: reset for each file
    Face faces[FACES_MAX];
    int n;
    FT_Library library;
};

PdfFonts *pdf_fonts_new(TextEngine *text) {
    Arena *a = arena_new();
    PdfFonts *f = ARENA_NEW(a, PdfFonts);
    *f = (PdfFonts){.arena = a, .document = arena_new()};
    if (FT_Init_FreeType(&f->library) != 0) f->library = NULL;
    for (; f->n < FACES_MAX && text_face(text, f->n); f->n++)
        f->faces[f->n].face = text_face(text, f->n);
    return f;
}

void pdf_fonts_free(PdfFonts *f) {
    if (!f) return;
    for (int k = 0; k < f->n; k++) {
        Face *face = &f->faces[k];
        if (!face->opened) continue;
        hb_set_destroy(face->shown);
        hb_font_destroy(face->font);
        hb_face_destroy(face->glyphs);
        hb_face_destroy(face->file);
        if (face->ids) FT_Done_Face(face->ids);
    }
    if (f->library) FT_Done_FreeType(f->library);
    arena_free(f->document);
    arena_free(f->arena);
}

void pdf_fonts_begin(PdfFonts *f) {
    arena_reset(f->document);
    for (int k = 0; k < f->n; k++) {
        f->faces[k].said = NULL;
        if (f->faces[k].opened) hb_set_clear(f->faces[k].shown);
    }
}

static void open_ids(const PdfFonts *f, Face *face) {
    FT_Bool keyed = 0;
    if (!f->library || FT_New_Face(f->library, face->face->path, 0, &face->ids) != 0) {
        face->ids = NULL;
        return;
    }
    if (FT_Get_CID_Is_Internally_CID_Keyed(face->ids, &keyed) == 0 && keyed) return;
    FT_Done_Face(face->ids);
    face->ids = NULL;
}

// The tables of a face that are needed to draw its glyphs. HarfBuzz goes through all characters of
// a face that has a table of them, which takes longer than all the rest.
static hb_blob_t *table_of_glyphs(hb_face_t *unused, hb_tag_t tag, void *whole) {
    static const hb_tag_t kept[] = {HB_TAG('C', 'F', 'F', ' '), HB_TAG('g', 'l', 'y', 'f'),
                                    HB_TAG('l', 'o', 'c', 'a'), HB_TAG('h', 'e', 'a', 'd'),
                                    HB_TAG('h', 'h', 'e', 'a'), HB_TAG('h', 'm', 't', 'x'),
                                    HB_TAG('m', 'a', 'x', 'p')};
    (void)unused;
    for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
        if (tag == kept[k]) return hb_face_reference_table(whole, tag);
    return NULL;
}

static void open_face(const PdfFonts *f, Face *face) {
    face->opened = true;
    hb_blob_t *blob = hb_blob_create_from_file(face->face->path);
    face->file = hb_face_create(blob, 0);
    hb_blob_destroy(blob);
    face->font = hb_font_create(face->file);
    face->glyphs = hb_face_create_for_tables(table_of_glyphs, face->file, NULL);
    face->count = hb_face_get_glyph_count(face->file);
    face->em = hb_face_get_upem(face->file);
    face->shown = hb_set_create();
    hb_blob_t *cff = hb_face_reference_table(face->file, HB_TAG('C', 'F', 'F', ' '));
    face->is_cff = hb_blob_get_length(cff) > 0;
    hb_blob_destroy(cff);
    if (face->is_cff) open_ids(f, face);
}

// Widths as the file says them, so that what is written after them falls into place.
static double width_of(const Face *face, uint32_t glyph) {
    double em = hb_font_get_glyph_h_advance(face->font, glyph) / face->em;
    return floor(em * 1e5 + 0.5) / 1e5;
}

PdfGlyph pdf_fonts_show(PdfFonts *f, int k, uint32_t glyph, const char *said, size_t n) {
    Face *face = &f->faces[k];
    if (!face->opened) open_face(f, face);
    if (glyph >= face->count) glyph = 0;
    if (!face->said) face->said = ARENA_ARRAY(f->document, Said, face->count);
    Said *known = &face->said[glyph];
    if (!known->text && n) *known = (Said){arena_copy(f->document, said, n), n};
    hb_set_add(face->shown, glyph);
    bool says = n == known->n && (n == 0 || memcmp(said, known->text, n) == 0);
    return (PdfGlyph){(int)glyph, width_of(face, glyph), says};
}

// --- cutting

/// A face cut to what is shown of it.
typedef struct {
    hb_subset_plan_t *plan; // NULL: no memory
    hb_blob_t *bytes;
} Cut;

// Memory is all that can be missing: then it is empty.
static Cut cut_face(const Face *face) {
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input) {
        hb_set_union(hb_subset_input_glyph_set(input), face->shown);
        hb_subset_input_set_flags(input,
                                  HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    }
    hb_subset_plan_t *plan = input ? hb_subset_plan_create_or_fail(face->glyphs, input) : NULL;
    hb_face_t *made = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
    Cut cut = {plan, hb_blob_get_empty()};
    if (made && face->is_cff) cut.bytes = hb_face_reference_table(made, HB_TAG('C', 'F', 'F', ' '));
    if (made && !face->is_cff) cut.bytes = hb_face_reference_blob(made);
    hb_face_destroy(made);
    hb_subset_input_destroy(input);
    return cut;
}

static void cut_free(Cut *cut) {
    hb_blob_destroy(cut->bytes);
    hb_subset_plan_destroy(cut->plan);
}

// The number of a glyph in the cut face.
static int number_in(const Face *face, const Cut *cut, hb_codepoint_t glyph) {
    FT_UInt id = 0;
    if (face->ids) return FT_Get_CID_From_Glyph_Index(face->ids, glyph, &id) == 0 ? (int)id : 0;
    if (!cut->plan) return 0;
    hb_codepoint_t k = hb_map_get(hb_subset_plan_old_to_new_glyph_mapping(cut->plan), glyph);
    return k == HB_MAP_VALUE_INVALID ? 0 : (int)k;
}

// --- writing

// "ABCDEF+Inter-Regular": the letters are a hash of the glyphs.
static const char *name_of(Arena *a, const Face *face) {
    char tag[7] = "", name[64] = "";
    uint64_t h = 1469598103934665603u;
    for (hb_codepoint_t g = HB_SET_VALUE_INVALID; hb_set_next(face->shown, &g);)
        h = (h ^ g) * 1099511628211u;
    for (int k = 0; k < 6; k++, h /= 26) tag[k] = (char)('A' + h % 26);
    unsigned n = sizeof name;
    hb_ot_name_get_utf8(face->file, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &n, name);
    for (char *p = name; *p; p++)
        if (*p <= ' ' || *p > '~' || strchr("()<>[]{}/%#", *p)) *p = '-';
    return arena_printf(a, "%s+%s", tag, *name ? name : "Font");
}

static void put_widths(const Face *face, const Cut *cut, Buf *out) {
    int before = -2;
    buf_puts(out, "[");
    for (hb_codepoint_t g = HB_SET_VALUE_INVALID; hb_set_next(face->shown, &g);) {
        int number = number_in(face, cut, g);
        if (number != before + 1) buf_printf(out, "%s%d [", before >= 0 ? "] " : "", number);
        buf_puts(out, " ");
        buf_fixed(out, width_of(face, g) * 1000);
        before = number;
    }
    buf_puts(out, before >= 0 ? "]]" : "]");
}

static int write_descriptor(const Face *face, const Cut *cut, PdfFile *file, Arena *a,
                            const char *name) {
    int number = pdf_file_take(file, 2);
    unsigned n;
    const char *bytes = hb_blob_get_data(cut->bytes, &n);
    const char *entries =
        face->is_cff ? "/Subtype /CIDFontType0C" : arena_printf(a, "/Length1 %u", n);
    pdf_file_stream(file, number + 1, entries, bytes, n);
    hb_font_extents_t line;
    hb_font_get_h_extents(face->font, &line);
    double unit = 1000 / face->em;
    Buf out = buf_new(a);
    buf_printf(&out,
               "<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [-1000 %.0f 2000 %.0f] "
               "/ItalicAngle %d /Ascent %.0f /Descent %.0f /CapHeight 700 /StemV 80 "
               "/FontFile%d %d 0 R>>",
               name, unit * line.descender, unit * line.ascender, face->face->italic ? -10 : 0,
               unit * line.ascender, unit * line.descender, face->is_cff ? 3 : 2, number + 1);
    pdf_file_object(file, number, &out);
    return number;
}

/// A table of codes being written: a CMap has at most a hundred rows in a block.
typedef struct {
    Buf out, block;
    const char *kind; // "cidchar", "bfchar"
    int n;
} Codes;

static void end_block(Codes *c) {
    if (c->n)
        buf_printf(&c->out, "%d begin%s\n%send%s\n", c->n, c->kind, buf_str(&c->block), c->kind);
    c->n = 0;
    c->block.len = 0;
}

static Codes codes_begin(Arena *a, const char *kind, const char *name, const char *ordering,
                         int type) {
    Codes c = {buf_new(a), buf_new(a), kind, 0};
    buf_printf(&c.out,
               "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
               "/CIDSystemInfo <</Registry (Adobe) /Ordering (%s) /Supplement 0>> def\n"
               "/CMapName /%s def /CMapType %d def\n"
               "1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
               ordering, name, type);
    return c;
}

static int codes_write(Codes *c, PdfFile *file, const char *entries) {
    end_block(c);
    buf_puts(&c->out, "endcmap CMapName currentdict /CMap defineresource pop end end\n");
    int number = pdf_file_take(file, 1);
    pdf_file_stream(file, number, entries, c->out.data, c->out.len);
    return number;
}

static void next_row(Codes *c) {
    enum { AT_ONCE = 100 };
    if (++c->n == AT_ONCE) end_block(c);
}

// What each code says (ISO 32000-1, 9.10.3).
static int write_meanings(const Face *face, PdfFile *file, Arena *a) {
    Codes c = codes_begin(a, "bfchar", "Adobe-Identity-UCS", "UCS", 2);
    for (hb_codepoint_t g = HB_SET_VALUE_INVALID; hb_set_next(face->shown, &g);) {
        if (!face->said[g].n) continue;
        buf_printf(&c.block, "<%04X> <", g);
        pdf_put_utf16(&c.block, face->said[g].text, face->said[g].n);
        buf_puts(&c.block, ">\n");
        next_row(&c);
    }
    return codes_write(&c, file, "");
}

// Which glyph of the cut face each code is (9.7.5).
static int write_numbers(const Face *face, const Cut *cut, PdfFile *file, Arena *a) {
    Codes c = codes_begin(a, "cidchar", "Gatewalk-Glyphs", "Identity", 1);
    for (hb_codepoint_t g = HB_SET_VALUE_INVALID; hb_set_next(face->shown, &g);) {
        buf_printf(&c.block, "<%04X> %d\n", g, number_in(face, cut, g));
        next_row(&c);
    }
    return codes_write(&c, file,
                       "/Type /CMap /CMapName /Gatewalk-Glyphs /CIDSystemInfo <</Registry (Adobe) "
                       "/Ordering (Identity) /Supplement 0>>");
}

static void write_face(const Face *face, PdfFile *file, Arena *a, int number) {
    Cut cut = cut_face(face);
    const char *name = name_of(a, face);
    int descriptor = write_descriptor(face, &cut, file, a, name);
    int meanings = write_meanings(face, file, a), codes = write_numbers(face, &cut, file, a);
    int inner = pdf_file_take(file, 1);
    Buf out = buf_new(a);
    buf_printf(&out,
               "<</Type /Font /Subtype /CIDFontType%d /BaseFont /%s /CIDSystemInfo <</Registry "
               "(Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R%s /DW 1000 /W ",
               face->is_cff ? 0 : 2, name, descriptor,
               face->is_cff ? "" : " /CIDToGIDMap /Identity");
    put_widths(face, &cut, &out);
    buf_puts(&out, ">>");
    pdf_file_object(file, inner, &out);
    out.len = 0;
    buf_printf(&out,
               "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding %d 0 R "
               "/DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
               name, codes, inner, meanings);
    pdf_file_object(file, number, &out);
    cut_free(&cut);
}

void pdf_fonts_write(PdfFonts *f, PdfFile *file, Buf *resources) {
    Arena *a = arena_new();
    buf_puts(resources, "/Font <<");
    for (int k = 0; k < f->n; k++) {
        if (!f->faces[k].said) continue;
        int number = pdf_file_take(file, 1);
        buf_printf(resources, "/F%d %d 0 R ", k, number);
        write_face(&f->faces[k], file, a, number);
        arena_reset(a);
    }
    buf_puts(resources, ">>");
    arena_free(a);
}
