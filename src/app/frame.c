// Builds a frame: cuts the window into bars and stage, lets each part append its shapes to one
// scene, and answers what is where. Nothing is remembered from frame to frame.
#include "app/frame.h"

#include <math.h>
#include <string.h>

// How far the prose can be scrolled: what of its height, from the first shape in its clip to the
// last, is more than the clip shows.
static double prose_overflow(const Scene *s) {
    double top = INFINITY, bottom = -INFINITY, room = 0;
    for (int i = 0; i < s->count; i++) {
        const Shape *shape = &s->shapes[i];
        if (shape->panel != PANEL_PROSE || shape->clip == 0) continue;
        top = fmin(top, shape->box.y);
        bottom = fmax(bottom, shape->box.y + shape->box.h);
        room = s->clips[shape->clip].h;
    }
    return room > 0 ? fmax(0, bottom - top + 8 - room) : 0;
}

static void lesson_screen(AppFrame *f, const Chrome *c, Box rest) {
    f->region[CHROME_TRANSPORT] = box_cut_bottom(&rest, TRANSPORT_HEIGHT);
    f->stage = rest;
    StageLayout layout = stage_layout(&f->view, rest);
    memcpy(f->region, layout.box, sizeof layout.box);
    stage_draw(&f->scene, &f->view, rest);
    f->scene.strength = 1;
    f->scroll_max = prose_overflow(&f->scene);
    f->scene.panel = CHROME_TRANSPORT;
    f->track = chrome_transport(c, f->region[CHROME_TRANSPORT]);
}

void frame_build(AppFrame *f, Arena *a, TextEngine *text, const AppState *s, const World *w,
                 const char *report) {
    arena_reset(a);
    *f = (AppFrame){.arena = a, .scale = app_scale(s), .view = app_view(s, w)};
    double width = s->width / f->scale, height = s->height / f->scale;
    f->scene = scene_new(a, text, width, height);
    Chrome c = {&f->scene, s, w, &f->preview_box};
    Box rest = {0, 0, width, height};
    f->region[CHROME_TOP] = box_cut_top(&rest, TOP_HEIGHT);
    f->scene.panel = CHROME_TOP;
    chrome_top(&c, f->region[CHROME_TOP]);
    if (s->screen == SCREEN_LESSON && w->lesson) {
        lesson_screen(f, &c, rest);
    } else {
        f->scene.panel = CHROME_PAGE;
        f->region[CHROME_PAGE] = rest;
        double high = s->screen == SCREEN_MISTAKES ? chrome_mistakes(&c, rest, report)
                                                   : chrome_chooser(&c, rest);
        f->scroll_max = fmax(0, high - rest.h);
    }
    f->has_dialog = s->dialog != DIALOG_NONE;
    if (!f->has_dialog) return;
    f->dialog = scene_new(a, text, width, height);
    c.scene = &f->dialog;
    f->preview = w->preview;
    f->dialog_box = chrome_dialog(&c, (Box){0, 0, width, height});
    // inside the card's border and round corners: there nothing of the veil shows
    f->region[CHROME_DIALOG] = box_inset(f->dialog_box, 6, 6);
}

const Shape *frame_hit(const AppFrame *f, double x, double y) {
    return scene_hit(f->has_dialog ? &f->dialog : &f->scene, x, y);
}

static const Scene *top_scene(const AppFrame *f) {
    return f->has_dialog ? &f->dialog : &f->scene;
}

static uint32_t ref_mix(Ref r) {
    uint32_t h = (uint32_t)r.kind * 2654435761u;
    h = (h ^ (uint32_t)r.node) * 2246822519u;
    h = (h ^ (uint32_t)r.place) * 3266489917u;
    return (h ^ (uint32_t)r.unit) * 668265263u;
}

// Puts a ref into a table of refs; false if it was there. The table is never full.
static bool put_new(Ref *table, uint32_t mask, Ref ref) {
    uint32_t i = ref_mix(ref);
    i = (i ^ (i >> 15)) & mask;
    while (table[i].kind != REF_NONE) {
        if (ref_same(table[i], ref)) return false;
        i = (i + 1) & mask;
    }
    table[i] = ref;
    return true;
}

// Whole nodes are lit, not clicked: their elements are.
static bool is_stop(Ref r) {
    if (r.kind == REF_VALUE || r.kind == REF_GRAD) return r.unit > 0;
    return r.kind != REF_NONE;
}

// The top bar is laid out from both ends, and read from the left.
static void sort_top(Stop *list, int n) {
    for (int i = 1; i < n && list[i].panel == CHROME_TOP; i++)
        for (int k = i; k > 0 && list[k].box.x < list[k - 1].box.x; k--) {
            Stop other = list[k];
            list[k] = list[k - 1];
            list[k - 1] = other;
        }
}

const Stop *frame_stops(AppFrame *f, int *count) {
    if (!f->stops) {
        const Scene *s = top_scene(f);
        uint32_t size = 16;
        while (size < 2 * (uint32_t)s->count) size *= 2;
        Ref *seen = ARENA_ARRAY(f->arena, Ref, size);
        Stop *list = ARENA_ARRAY(f->arena, Stop, s->count + 1);
        for (int i = 0; i < s->count; i++) {
            const Shape *shape = &s->shapes[i];
            if (!is_stop(shape->ref) || !put_new(seen, size - 1, shape->ref)) continue;
            list[f->n_stops++] = (Stop){shape->ref, shape->box, shape->panel};
        }
        sort_top(list, f->n_stops);
        f->stops = list;
    }
    *count = f->n_stops;
    return f->stops;
}

bool frame_find(const AppFrame *f, Ref ref, Box *box) {
    const Scene *s = top_scene(f);
    if (ref.kind == REF_NONE) return false;
    for (int i = 0; i < s->count; i++) {
        if (!ref_same(s->shapes[i].ref, ref)) continue;
        *box = s->shapes[i].box;
        return true;
    }
    return false;
}

bool frame_find_at(const AppFrame *f, Ref ref, double x, double y, Box *box) {
    const Shape *under = frame_hit(f, x, y);
    if (!under || !ref_same(under->ref, ref)) return frame_find(f, ref, box);
    *box = under->box;
    return true;
}

static const char *number_tip(const AppFrame *f, const AppState *s, Ref ref) {
    const Lesson *l = f->view.lesson;
    const char *name = say_name(f->arena, l, ref.node, ref.place, ref.unit, s->lang);
    bool is_grad = ref.kind == REF_GRAD;
    if (is_grad)
        name = arena_printf(f->arena, s->lang == LANG_ZH ? "%s的梯度" : "∂L/∂ of %s", name);
    if (!view_known(&f->view, ref))
        return arena_printf(f->arena, s->lang == LANG_ZH ? "%s：尚未计算" : "%s: not computed yet",
                            name);
    if (view_hidden(&f->view, ref))
        return arena_printf(f->arena, s->lang == LANG_ZH ? "%s：请先预测" : "%s: predict it first",
                            name);
    if (ref.unit <= 0) return name;
    return arena_printf(
        f->arena, "%s = %s", name,
        say_number(f->arena, view_number(&f->view, ref), l->digits + 2, true, s->lang));
}

const char *frame_tip(const AppFrame *f, const AppState *s, Ref ref) {
    const Scene *scene = top_scene(f);
    if (ref.kind == REF_NONE || state_setting(ref) < SET_COUNT) return NULL;
    if (ref.kind == REF_LINK && ref.node >= 0 && ref.node < scene->n_links)
        return scene->links[ref.node];
    if ((ref.kind == REF_VALUE || ref.kind == REF_GRAD) && f->view.lesson)
        return number_tip(f, s, ref);
    bool control = ref.kind == REF_CONTROL || ref.kind == REF_ASK || ref.kind == REF_CURVE ||
                   ref.kind == REF_PLACE;
    for (int i = 0; control && i < scene->count; i++)
        if (ref_same(scene->shapes[i].ref, ref)) return scene->shapes[i].label;
    return NULL;
}
