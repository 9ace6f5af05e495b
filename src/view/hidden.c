// What open questions ask for is not given away: panels draw a "?" where such a number would
// stand. Which numbers these are is found once per view, so that asking for each square is cheap.
#include "view/panels.h"

static bool same(Ref a, Ref b) {
    return a.kind == b.kind && a.node == b.node && a.place == b.place && a.unit == b.unit;
}

Ref ref_asked(const Asked *asked) {
    if (asked->node < 0) return NO_REF;
    return asked->grad ? ref_grad(asked->node, asked->place, asked->unit)
                       : ref_value(asked->node, asked->place, asked->unit);
}

// The last revealed question of the scene that wanted a click.
static void mark_answers(View *v) {
    const LessonScene *scene = &v->lesson->scenes[LANG_EN][v->scene];
    for (int k = 0; k < scene->n_asks; k++) {
        int index = question_index(v->lesson, v->scene, k);
        Asked of;
        if (scene->asks[k].kind != ASK_CLICK || index < 0) continue;
        if (v->guesses[index].stage != GUESS_REVEALED) continue;
        if (question_read(v->lesson, v->scene, scene->asks[k].of, &of)) v->marked = ref_asked(&of);
    }
}

void view_ask(View *v) {
    Asked hidden[VIEW_HIDDEN];
    v->n_hidden = 0;
    v->marked = NO_REF;
    bool none = !v->lesson || !v->guesses || v->scene < 0 || v->scene >= v->lesson->n_scenes;
    if (none || !v->lesson->scenes[LANG_EN]) return;
    int n = question_hidden(v->lesson, v->scene, v->guesses, hidden, VIEW_HIDDEN);
    for (int k = 0; k < n; k++) v->hidden[v->n_hidden++] = ref_asked(&hidden[k]);
    mark_answers(v);
}

bool view_hidden(const View *v, Ref ref) {
    for (int k = 0; k < v->n_hidden; k++)
        if (same(v->hidden[k], ref)) return true;
    return false;
}

void view_draw_hidden(Scene *s, Box box, double radius, Ref ref) {
    Shape *shape = scene_box(s, box, radius, ink(ROLE_SUNKEN), ink(ROLE_ACCENT), 1, ref);
    shape->label = "?";
    double size = box.h * 0.85 < box.w * 1.2 ? box.h * 0.85 : box.w * 1.2;
    if (size < 6) return;
    TextStyle bold = {FONT_UI, WEIGHT_BOLD, false, size};
    scene_text(s, box.x + box.w / 2, box.y + box.h / 2 + 0.36 * size, "?", bold, ALIGN_CENTER,
               ink(ROLE_ACCENT), ref);
}
