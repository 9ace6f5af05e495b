// What the loop paints: the parts of the frame that changed, on them the overlay; and the progress
// of long work, over whatever is on the screen.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "view/ask_card.h"
#include "view/theme.h"

enum { PROGRESS_MS = 100, PROGRESS_DELAY_MS = 200 };

static int compare_doubles(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_time(const Loop *l) {
    double sorted[LOOP_TIMES];
    int n = l->n_frames < LOOP_TIMES ? l->n_frames : LOOP_TIMES;
    if (n == 0) return 0;
    memcpy(sorted, l->times, sizeof sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, compare_doubles);
    return sorted[n / 2];
}

static OverlayContent overlay_content(Loop *l) {
    Session *s = &l->session;
    const AppState *st = &s->state;
    OverlayContent c = {0};
    Box box;
    if (frame_find(&s->frame, st->key_focus, &box)) c.ring = c.anchor = box;
    bool tip_shown =
        l->tip_at == 0 && l->tip_ref.kind != REF_NONE && !st->scrubbing && !st->dragging;
    if (tip_shown && frame_find_at(&s->frame, l->tip_ref, l->mouse_x, l->mouse_y, &c.anchor)) {
        c.tip = frame_tip(&s->frame, st, l->tip_ref);
        bool card = l->tip_ref.kind == REF_ASK;
        c.tip_above = l->tip_ref.kind != REF_CONTROL && !card;
        // a card says what its controls do; only the slider's keys are news, to the keyboard
        bool keys = l->tip_ref.node == ASK_SLIDER && ref_same(l->tip_ref, st->key_focus);
        if (card && !keys) c.tip = NULL;
    }
    if (st->toast[0]) c.toast = st->toast;
    c.toast_bottom = s->frame.scene.height - TRANSPORT_HEIGHT - 16;
    if (st->dialog == DIALOG_EXPORT) c.toast_bottom = s->frame.dialog_box.y + 50; // on its title
    if (st->frame_time)
        c.corner = arena_printf(s->frame.arena, "%.2f ms, median %.2f ms",
                                l->n_frames ? l->times[(l->n_frames - 1) % LOOP_TIMES] : 0.0,
                                median_time(l));
    return c;
}

// Copies what changed from the canvas, wipes the old overlay off, draws the new one.
static void present(Loop *l, SDL_Rect *parts, int n) {
    SDL_Surface *on = window_surface(l->window);
    Session *s = &l->session;
    if (!on || !l->canvas.pixels) return;
    for (int i = 0; i < l->n_covered; i++) parts[n++] = l->covered[i];
    for (int i = 0; i < n; i++)
        SDL_BlitSurface(l->canvas.pixels, &parts[i], on, &(SDL_Rect){parts[i].x, parts[i].y, 0, 0});
    OverlayContent content = overlay_content(l);
    l->n_covered = overlay_draw(l->overlay, on, &content, s->state.theme, s->frame.scale,
                                s->frame.arena, l->covered);
    for (int i = 0; i < l->n_covered; i++) parts[n++] = l->covered[i];
    SDL_Rect whole = {0, 0, on->w, on->h};
    for (int i = 0; i < n; i++) SDL_IntersectRect(&parts[i], &whole, &parts[i]);
    if (n > 0) window_show(l->window, parts, n);
}

void loop_draw(Loop *l) {
    Session *s = &l->session;
    SDL_Rect parts[CANVAS_PARTS + 2 * OVERLAY_PARTS];
    if (!s->stale && !s->unpainted && !l->exposed) return;
    Uint64 begin = SDL_GetPerformanceCounter();
    const Scene *scene = session_scene(s);
    int n = canvas_paint(&l->canvas, &s->frame, scene, &s->state, l->exposed, parts);
    l->exposed = s->unpainted = false;
    if (n > 0) {
        Uint64 ticks = SDL_GetPerformanceCounter() - begin;
        l->times[l->n_frames++ % LOOP_TIMES] =
            1e3 * (double)ticks / (double)SDL_GetPerformanceFrequency();
    }
    present(l, parts, n);
}

// ---- training before a lesson opens, and the replay of some of it

// Esc, or the window's cross.
static bool is_told_to_stop(void) {
    SDL_Event e;
    SDL_PumpEvents();
    if (SDL_PeepEvents(&e, 1, SDL_PEEKEVENT, SDL_QUIT, SDL_QUIT) > 0) return true;
    while (SDL_PeepEvents(&e, 1, SDL_GETEVENT, SDL_KEYDOWN, SDL_KEYDOWN) > 0)
        if (e.key.keysym.sym == SDLK_ESCAPE) return true;
    return false;
}

bool loop_show_progress(void *loop, int step, double loss) {
    Loop *l = loop;
    Session *s = &l->session;
    Uint64 now = SDL_GetTicks64();
    if (s->work_begins) l->progress_at = now + PROGRESS_DELAY_MS;
    s->work_begins = false;
    if (now < l->progress_at) return true;
    l->progress_at = now + PROGRESS_MS;
    if (is_told_to_stop()) return false;
    SDL_Surface *on = window_surface(l->window);
    if (!on) return true;
    bool zh = s->state.lang == LANG_ZH;
    OverlayContent c = {0};
    bool replays = s->world.lesson && s->world.lesson->moment != s->state.moment;
    const char *what = replays ? zh ? "重放训练" : "Replaying training"
                       : zh    ? "正在训练"
                               : "Training";
    c.toast = arena_printf(s->scratch,
                           zh ? "%s：第 %d 步，损失 %.4f（Esc：停止）"
                              : "%s: step %d, loss %.4f (Esc: stop)",
                           what, step, loss);
    c.toast_bottom = s->state.height / app_scale(&s->state) / 2;
    Color ground = theme_color(s->state.theme, ink(ROLE_GROUND));
    if (!l->canvas.pixels || SDL_BlitSurface(l->canvas.pixels, NULL, on, NULL) != 0)
        SDL_FillRect(on, NULL,
                     SDL_MapRGB(on->format, (Uint8)lround(255 * ground.r),
                                (Uint8)lround(255 * ground.g), (Uint8)lround(255 * ground.b)));
    overlay_draw(l->overlay, on, &c, s->state.theme, app_scale(&s->state), s->scratch, l->covered);
    window_show(l->window, &(SDL_Rect){0, 0, on->w, on->h}, 1);
    l->exposed = true;
    return true;
}
