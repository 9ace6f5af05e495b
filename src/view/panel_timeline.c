// Not drawn yet.
#include "view/panels.h"

void panel_timeline_draw(Scene *s, const View *v, Box area) {
    (void)s;
    (void)v;
    (void)area;
}
