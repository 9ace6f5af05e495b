// How a number looks that dropout sets to 0.
#include "view/panels.h"

static bool is_dropped(const View *v, Ref ref) {
    const Graph *g = v->lesson->graph;
    if (g->n_masks == 0 || ref.kind != REF_VALUE || ref.node < 0 || ref.place < 1) return false;
    const Equation *dropout = graph_dropout(g, ref.node);
    return dropout && ref.unit > 0 &&
           trace_value(v->lesson->trace, dropout->mask, ref.place)[ref.unit - 1] == 0;
}

void view_mark_dropped(Scene *s, const View *v, Box box, Ref ref) {
    enum { LEAST = 5 }; // pixels
    if (box.h < LEAST || box.w < LEAST || !is_dropped(v, ref)) return;
    double side = (box.h < box.w ? box.h : box.w) * 0.3, x = box.x + box.w / 2,
           y = box.y + box.h / 2, width = side < 3 ? 1 : 1.5;
    scene_line(s, x - side, y - side, x + side, y + side, ink(ROLE_TEXT), width, ref);
    scene_line(s, x - side, y + side, x + side, y - side, ink(ROLE_TEXT), width, ref);
}
