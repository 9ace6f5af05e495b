// The pictures of a page. Each panel of the stage is a picture of its own, drawn wide for a screen
// and narrow for a phone. Neighbouring frames share nearly all of their shapes, so each distinct
// element is written once, a picture is a list of elements, and each distinct picture is written
// once too. Any frame can be put together on its own: scrubbing backward costs the same as stepping
// forward. Lines, by how they begin:
//   <...    an element, numbered from 0 in the order of the page
//   =       a picture: numbers of elements, runs as "12+3"; numbered from 0
//   %       a panel of a scene's layout: scene, panel; left, top, width, height in percent of the
//           stage; width and height of its picture, of its narrow one; width by height of the stage
//   @ or #  a frame, or the opening of a scene: scene, place (twice the number of the frame, one
//           less: just before it), phase, address, then the pictures: English wide, English narrow,
//           Chinese wide, Chinese narrow, in the order of the layout; "3/4" is picture 3, and 4 as
//           long as the scene's questions are open
//   "       its sentence, once for each language
//   ?       the sentence before, as long as the questions are open
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/address.h"
#include "export/html_page.h"

enum {
    NARROW_WIDTH = 400,
    KNOWN_FIRST = 1 << 12,
    KNOWN_MAX = 1 << 18 // texts that are remembered at a time: memory has a bound
};

// Heights of the narrow pictures.
static const int narrow_height[PANEL_COUNT] = {
    [PANEL_TIMELINE] = 210, [PANEL_CELL] = 310,    [PANEL_EQUATIONS] = 230,
    [PANEL_VALUE] = 400,    [PANEL_WEIGHTS] = 700, [PANEL_GRADIENTS] = 760,
    [PANEL_BLAME] = 400,    [PANEL_MEMORY] = 560,  [PANEL_TRAINING] = 420};

/// Texts that were written, by 128 bits of hash, and their numbers.
typedef struct {
    struct {
        uint64_t a, b; // 0, 0 is free
        int number;
    } * slots;
    int n_slots, used, next;
} Known;

static void hash_text(const char *text, uint64_t *a, uint64_t *b) {
    uint64_t h = 1469598103934665603u, g = 0x9E3779B97F4A7C15u;
    for (const char *p = text; *p; p++) {
        h = (h ^ (unsigned char)*p) * 1099511628211u; // FNV-1a
        g = (g + (unsigned char)*p) * 0xD6E8FEB86659FD93u;
        g ^= g >> 29;
    }
    *a = (h ^ h >> 31) | 1;
    *b = g;
}

static void put_known(Known *k, uint64_t a, uint64_t b, int number) {
    size_t at = b & (size_t)(k->n_slots - 1);
    while (k->slots[at].a) at = (at + 1) & (size_t)(k->n_slots - 1);
    k->slots[at].a = a;
    k->slots[at].b = b;
    k->slots[at].number = number;
    k->used++;
}

// Makes room: twice as much, or, at the bound, by forgetting all; what was forgotten is written
// again when it comes.
static void make_room(Arena *keep, Known *k) {
    Known old = *k;
    if (2 * old.n_slots <= KNOWN_MAX) {
        k->n_slots = old.n_slots ? 2 * old.n_slots : KNOWN_FIRST;
        k->slots = arena_alloc(keep, (size_t)k->n_slots, sizeof *k->slots);
    }
    memset(k->slots, 0, (size_t)k->n_slots * sizeof *k->slots);
    k->used = 0;
    for (int i = 0; i < old.n_slots && k->slots != old.slots; i++)
        if (old.slots[i].a) put_known(k, old.slots[i].a, old.slots[i].b, old.slots[i].number);
}

// The number of a text; *is_new if it has to be written.
static int number_of(Arena *keep, Known *k, const char *text, bool *is_new) {
    uint64_t a, b;
    hash_text(text, &a, &b);
    size_t at = k->n_slots ? b & (size_t)(k->n_slots - 1) : 0;
    for (; k->n_slots && k->slots[at].a; at = (at + 1) & (size_t)(k->n_slots - 1))
        if (k->slots[at].a == a && k->slots[at].b == b) return *is_new = false, k->slots[at].number;
    if (2 * (k->used + 1) > k->n_slots) make_room(keep, k);
    put_known(k, a, b, k->next);
    *is_new = true;
    return k->next++;
}

/// The walk being written.
typedef struct {
    const HtmlPage *page;
    Arena *keep;
    Known elements, pictures;
    int done;
    Buf out; // of this frame
} Walking;

// Numbers as runs: "start" or "start+length", with spaces between.
static const char *runs_of(Arena *a, const int *numbers, int n) {
    Buf out = buf_new(a);
    for (int k = 0; k < n;) {
        int len = 1;
        while (k + len < n && numbers[k + len] == numbers[k] + len) len++;
        if (k) buf_puts(&out, " ");
        buf_fixed(&out, numbers[k]);
        if (len > 1) buf_puts(&out, "+");
        if (len > 1) buf_fixed(&out, len);
        k += len;
    }
    return buf_str(&out);
}

// Draws a panel alone; the number of its picture, with its elements written where they are new.
static int picture_of(Walking *w, const View *v, PanelKind kind, double width, double height) {
    Arena *a = w->out.arena;
    Scene s = scene_new(a, w->page->job->text, width, height);
    stage_draw_panel(&s, v, kind, (Box){0, 0, width, height});
    int n;
    bool is_new;
    const char **elements = svg_elements(a, w->page->style, &s, v, &n);
    int *numbers = ARENA_ARRAY(a, int, n + 1);
    for (int k = 0; k < n; k++) {
        numbers[k] = number_of(w->keep, &w->elements, elements[k], &is_new);
        if (is_new) buf_printf(&w->out, "%s\n", elements[k]);
    }
    const char *runs = runs_of(a, numbers, n);
    int number = number_of(w->keep, &w->pictures, runs, &is_new);
    if (is_new) buf_printf(&w->out, "=%s\n", runs);
    return number;
}

static StageLayout layout_of(const HtmlPage *p, const View *v) {
    const Look *look = p->job->look;
    StageLayout layout = stage_layout(v, (Box){0, 0, look->width, look->height});
    layout.box[PANEL_PROSE].w = 0; // the page sets it itself
    return layout;
}

static void put_pictures(Walking *w, Buf *line, const View *open, const View *asked, bool narrow) {
    StageLayout layout = layout_of(w->page, open);
    for (int k = 0; k < PANEL_COUNT; k++) {
        Box box = layout.box[k];
        if (box.w <= 0) continue;
        double width = narrow ? NARROW_WIDTH : box.w, height = narrow ? narrow_height[k] : box.h;
        int shown = picture_of(w, open, (PanelKind)k, width, height);
        buf_printf(line, "\t%d", shown);
        if (asked->n_hidden == 0) continue;
        int hiding = picture_of(w, asked, (PanelKind)k, width, height);
        if (hiding != shown) buf_printf(line, "/%d", hiding);
    }
}

static void put_text_line(Buf *out, char kind, const char *text) {
    Buf line = buf_new(out->arena);
    svg_escape(&line, text);
    for (size_t k = 0; k < line.len; k++)
        if (line.data[k] == '\n') line.data[k] = ' ';
    buf_printf(out, "%c%s\n", kind, buf_str(&line));
}

static Phase phase_of(const Walk *w, Playhead at) {
    return at.at > 0 ? walk_step(w, at.at - 1).phase : PHASE_FORWARD;
}

static bool put_frame(Walking *w, const Frame *f, char kind, int place) {
    const HtmlJob *job = w->page->job;
    const Lesson *l = f->lesson ? f->lesson : job->look->lesson;
    Guess *none = ARENA_ARRAY(w->out.arena, Guess, LESSON_ASKS);
    memset(none, 0, LESSON_ASKS * sizeof *none);
    Buf line = buf_new(w->out.arena), said = buf_new(w->out.arena);
    buf_printf(&line, "%c%d\t%d\t%d\t%s", kind, f->scene, place, (int)phase_of(l->walk, f->at),
               picture_address(w->out.arena, job->look, f));
    if (!job->progress(job->context, w->done++, html_pictures(w->page))) return false;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        Look look = *job->look;
        look.lang = (Lang)lang;
        View open = picture_view(&look, f), asked = open;
        asked.guesses = none;
        view_ask(&asked);
        put_pictures(w, &line, &open, &asked, false);
        put_pictures(w, &line, &open, &asked, true);
        const char *sentence = picture_sentence(w->out.arena, &look, f);
        Asked hidden[VIEW_HIDDEN];
        int n = question_hidden(l, f->scene, none, hidden, VIEW_HIDDEN);
        const char *censored = question_censor(w->out.arena, l, hidden, n, sentence);
        put_text_line(&said, '"', sentence);
        if (strcmp(sentence, censored) != 0) put_text_line(&said, '?', censored);
    }
    buf_printf(&w->out, "%s\n%s", buf_str(&line), buf_str(&said));
    return true;
}

static void put_layout(Walking *w, int scene) {
    const Look *look = w->page->job->look;
    View v = {.lesson = look->lesson, .scene = scene};
    StageLayout layout = layout_of(w->page, &v);
    double left = stage_layout(&v, (Box){0, 0, look->width, look->height}).box[PANEL_PROSE].w;
    double width = look->width - left, height = look->height;
    for (int k = 0; k < PANEL_COUNT; k++) {
        Box b = layout.box[k];
        if (b.w <= 0) continue;
        buf_printf(&w->out, "%%%d\t%s\t%.5g\t%.5g\t%.5g\t%.5g", scene, panel_defs[k].name,
                   (b.x - left) / width * 100, b.y / height * 100, b.w / width * 100,
                   b.h / height * 100);
        buf_printf(&w->out, "\t%.6g\t%.6g\t%d\t%d\t%.5g\n", b.w, b.h, NARROW_WIDTH,
                   narrow_height[k], width / height);
    }
}

// On the k-th frame, or just before it.
static bool put_opening(Walking *w, const Frame *f) {
    const HtmlJob *job = w->page->job;
    int k = 0;
    while (k < job->n && frame_order(job->frames[k].at, f->at) < 0) k++;
    bool on = k < job->n && frame_order(job->frames[k].at, f->at) == 0;
    return put_frame(w, f, '#', on ? 2 * k : 2 * k - 1);
}

bool html_walk(const HtmlPage *p, Pack *into) {
    const HtmlJob *job = p->job;
    Arena *a = arena_new(), *keep = arena_new();
    Walking w = {.page = p, .keep = keep};
    bool going = true;
    for (int k = 0; k < job->n && going; k++) {
        arena_reset(a);
        w.out = buf_new(a);
        going = put_frame(&w, &job->frames[k], '@', 2 * k) && pack_put(into, &w.out);
    }
    for (int s = 0; s < job->look->lesson->n_scenes && going; s++) {
        if (!p->scenes[s]) continue;
        arena_reset(a);
        w.out = buf_new(a);
        put_layout(&w, s);
        going = (!p->opens[s] || put_opening(&w, &p->openings[s])) && pack_put(into, &w.out);
    }
    arena_free(a);
    arena_free(keep);
    return going;
}
