// The few widgets the chrome is made of. They append shapes with REF_CONTROL refs and keep no
// state: what is pressed, selected or under the mouse is read from the AppState they are given.
#include <math.h>
#include <string.h>

#include "app/chrome.h"
#include "view/text.h"

const char *chrome_say(const Chrome *c, const char *en, const char *zh) {
    return c->state->lang == LANG_ZH ? zh : en;
}

TextStyle chrome_style(double size, FontWeight weight) {
    return (TextStyle){.family = FONT_UI, .weight = weight, .size = size};
}

double chrome_baseline(Box b, double size) {
    return b.y + b.h / 2 + size * 0.36;
}

const char *chrome_tip(const Chrome *c, Ref ref) {
    if (ref.kind != REF_CONTROL) return NULL;
    const ActionDef *def = &action_defs[ref.node];
    const char *text = def->text[c->state->lang];
    if (!def->shown) return text;
    return arena_printf(c->scene->arena, "%s (%s)", text, def->shown);
}

void chrome_target(const Chrome *c, Box b, double radius, Ref ref, const char *tip) {
    bool under = ref.kind != REF_NONE && ref_same(c->state->hover, ref);
    Ink edge = under ? ink_soft(ROLE_MUTED, 0.8) : NO_INK;
    Shape *box = scene_box(c->scene, b, radius, NO_INK, edge, 1, ref);
    box->label = tip ? tip : chrome_tip(c, ref);
}

void chrome_chip(const Chrome *c, Box b, const char *word, bool selected, Role selected_role,
                 Ref ref, const char *tip) {
    double size = 13;
    Ink fill = selected ? ink(selected_role) : ink(ROLE_SUNKEN);
    Ink text = selected               ? ink(ROLE_ON_ACCENT)
               : ref.kind == REF_NONE ? ink_soft(ROLE_MUTED, 0.7)
                                      : ink(ROLE_MUTED);
    scene_box(c->scene, b, b.h / 2, fill, NO_INK, 0, NO_REF);
    scene_text(c->scene, b.x + b.w / 2, chrome_baseline(b, size), word,
               chrome_style(size, selected ? WEIGHT_BOLD : WEIGHT_MEDIUM), ALIGN_CENTER, text,
               NO_REF);
    if (ref.kind != REF_NONE) chrome_target(c, b, b.h / 2, ref, tip);
}

static TextStyle field_style(double size) {
    return (TextStyle){.family = FONT_MONO, .weight = WEIGHT_REGULAR, .size = size};
}

// Width of the text before a place in it.
static double width_before(Scene *s, const char *text, int place, TextStyle style) {
    size_t n = strlen(text), at = place < 0 ? 0 : (size_t)place < n ? (size_t)place : n;
    return scene_text_width(s, arena_copy(s->arena, text, at), style);
}

// Where the text of a field begins: with the focus it is moved so that the caret is seen.
static double field_left(Scene *s, Box b, double size, const char *text, const Edit *edit) {
    double pad = size * 0.7, room = b.w - 2 * pad;
    double caret = edit ? width_before(s, text, edit->caret, field_style(size)) : 0;
    return b.x + pad - fmax(0, caret - room);
}

void chrome_field(const Chrome *c, Box b, double size, const char *text, const Edit *edit,
                  const char *usual, Ref ref) {
    Scene *s = c->scene;
    TextStyle mono = field_style(size);
    scene_box(s, b, 7, ink(ROLE_GROUND), ink(edit ? ROLE_ACCENT : ROLE_WIRE), edit ? 1.5 : 1,
              NO_REF);
    double pad = size * 0.7, room = b.w - 2 * pad, y = chrome_baseline(b, size);
    double x = field_left(s, b, size, text, edit);
    scene_clip(s, box_inset(b, pad - 3, 2));
    if (edit) {
        double caret = width_before(s, text, edit->caret, mono);
        double mark = width_before(s, text, edit->mark, mono);
        if (caret != mark)
            scene_box(s, (Box){x + fmin(caret, mark), b.y + 5, fabs(caret - mark), b.h - 10}, 3,
                      ink_soft(ROLE_ACCENT, 0.28), NO_INK, 0, NO_REF);
        scene_line(s, x + caret + 0.5, b.y + 6, x + caret + 0.5, b.y + b.h - 6, ink(ROLE_TEXT), 1.5,
                   NO_REF);
    }
    if (*text)
        scene_text(s, x, y, edit ? text : chrome_fit(c, text, mono, room), mono, ALIGN_LEFT,
                   ink(ROLE_TEXT), NO_REF);
    else if (usual)
        scene_text(s, x + (edit ? 4 : 0), y, chrome_fit(c, usual, mono, room), mono, ALIGN_LEFT,
                   ink(ROLE_MUTED), NO_REF);
    scene_unclip(s);
    if (ref.kind != REF_NONE) chrome_target(c, b, 7, ref, text);
}

int chrome_field_place(Scene *s, Box b, double size, const char *text, const Edit *edit, double x) {
    double left = field_left(s, b, size, text, edit), before = 0;
    int n = (int)strlen(text), place = 0;
    while (place < n) {
        int next = place + 1;
        while (((unsigned char)text[next] & 0xC0) == 0x80) next++;
        double after = width_before(s, text, next, field_style(size));
        if (x < left + (before + after) / 2) break;
        before = after;
        place = next;
    }
    return place;
}

double chrome_word(const Chrome *c, double x, Box row, const char *word, bool strong, Ref ref,
                   const char *tip) {
    TextStyle style = chrome_style(13, strong ? WEIGHT_BOLD : WEIGHT_MEDIUM);
    double width = scene_text_width(c->scene, word, style);
    scene_text(c->scene, x, chrome_baseline(row, style.size), word, style, ALIGN_LEFT,
               ink(strong ? ROLE_TEXT : ROLE_MUTED), NO_REF);
    chrome_target(c, (Box){x - 7, row.y + row.h / 2 - 14, width + 14, 28}, 6, ref, tip);
    return width;
}

// Whole characters that fit, found by halving: widths grow with every character.
static size_t fitting_bytes(const Chrome *c, const char *text, TextStyle style, double width) {
    size_t low = 0, high = strlen(text);
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        while (middle > low && ((unsigned char)text[middle] & 0xC0) == 0x80) middle--;
        if (middle == low) break;
        const char *part = arena_copy(c->scene->arena, text, middle);
        if (scene_text_width(c->scene, part, style) <= width) {
            low = middle;
        } else {
            high = middle - 1;
            while (high > low && ((unsigned char)text[high] & 0xC0) == 0x80) high--;
        }
    }
    return low;
}

const char *chrome_fit(const Chrome *c, const char *text, TextStyle style, double width) {
    if (scene_text_width(c->scene, text, style) <= width) return text;
    double dots = scene_text_width(c->scene, "…", style);
    size_t n = fitting_bytes(c, text, style, width - dots);
    while (n > 0 && text[n - 1] == ' ') n--;
    return arena_printf(c->scene->arena, "%.*s…", (int)n, text);
}

int chrome_wrap(const Chrome *c, const char *text, TextStyle style, double width,
                const char **lines, int most) {
    Arena *a = c->scene->arena;
    int n_breaks, n = 0;
    const int *breaks = text_breaks(a, text, &n_breaks);
    size_t begin = 0, end = 0;
    for (int i = 0; i < n_breaks && n < most; i++) {
        size_t next = (size_t)breaks[i], shown = next;
        while (shown > begin && text[shown - 1] == ' ') shown--;
        const char *line = arena_copy(a, text + begin, shown - begin);
        bool fits = scene_text_width(c->scene, line, style) <= width;
        if (!fits && end > begin) {
            if (n + 1 == most) { // no line left for the rest
                lines[n++] =
                    chrome_fit(c, arena_copy(a, text + begin, strlen(text + begin)), style, width);
                return n;
            }
            lines[n++] = arena_copy(a, text + begin, end - begin);
            begin = end;
            while (text[begin] == ' ') begin++;
        }
        end = next;
    }
    if (text[begin] != '\0' && n < most) lines[n++] = chrome_fit(c, text + begin, style, width);
    return n;
}
