// The picture is drawn anew without what is only on the screen: nothing is hovered in it and no bar
// is around it. A file that exists is never written over: the name is numbered on.
#include "app/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/address.h"
#include "export/png.h"

static const char *free_name(Arena *a, const char *folder, const Lesson *l, const AppState *s) {
    const char *step = address_file_name(a, l->walk, s->at, s->grain);
    const char *stem = arena_printf(a, "%s/%s-%04d-%s", folder, l->slug, s->at.at, step);
    const char *path = arena_printf(a, "%s.png", stem);
    for (int k = 2; access(path, F_OK) == 0; k++) path = arena_printf(a, "%s-%d.png", stem, k);
    return path;
}

static const char *folder_to_write(Arena *a) {
    char here[4096];
    const char *home = getenv("HOME");
    if (getcwd(here, sizeof here) && access(here, W_OK) == 0) return arena_printf(a, "%s", here);
    return home ? home : ".";
}

const char *picture_export(Arena *a, TextEngine *text, const AppFrame *f, const AppState *s,
                           const char **why) {
    View view = f->view;
    view.hover = view.touched = NO_REF;
    Scene scene = scene_new(a, text, f->stage.w, f->stage.h);
    stage_draw(&scene, &view, (Box){0, 0, f->stage.w, f->stage.h});
    const char *path = free_name(a, folder_to_write(a), view.lesson, s);
    return png_write_scene(a, &scene, (PngLook){s->theme, f->scale, false}, path, why) ? path
                                                                                       : NULL;
}
