// Compares each panel's hash with that of what is on the canvas and paints the panels that differ,
// clipped to where they stand. A hash takes a few microseconds, a panel up to milliseconds. Of a
// dialog only the card is painted again: it covers all beneath it, its veil does not.
#include "app/canvas.h"

#include <math.h>
#include <string.h>

#include "view/paint.h"

SDL_Rect canvas_rect(Box b, double scale, int width, int height) {
    int x0 = (int)fmax(0, floor(b.x * scale)), y0 = (int)fmax(0, floor(b.y * scale));
    int x1 = (int)fmin(width, ceil((b.x + b.w) * scale));
    int y1 = (int)fmin(height, ceil((b.y + b.h) * scale));
    return (SDL_Rect){x0, y0, x1 > x0 ? x1 - x0 : 0, y1 > y0 ? y1 - y0 : 0};
}

void canvas_free(Canvas *c) {
    if (c->cr) cairo_destroy(c->cr);
    if (c->surface) cairo_surface_destroy(c->surface);
    SDL_FreeSurface(c->pixels);
    *c = (Canvas){0};
}

static bool resize(Canvas *c, int width, int height) {
    if (c->pixels && c->pixels->w == width && c->pixels->h == height) return false;
    canvas_free(c);
    c->pixels = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_RGB888);
    if (!c->pixels) return true;
    SDL_SetSurfaceBlendMode(c->pixels, SDL_BLENDMODE_NONE);
    c->surface = cairo_image_surface_create_for_data(c->pixels->pixels, CAIRO_FORMAT_RGB24, width,
                                                     height, c->pixels->pitch);
    c->cr = cairo_create(c->surface);
    return true;
}

static void ground(Canvas *c, SDL_Rect r) {
    Color paint = theme_color(c->theme, ink(ROLE_GROUND));
    cairo_set_source_rgb(c->cr, paint.r, paint.g, paint.b);
    cairo_rectangle(c->cr, r.x, r.y, r.w, r.h);
    cairo_fill(c->cr);
}

static void paint_part(Canvas *c, const Scene *s, SDL_Rect r, int panel) {
    cairo_save(c->cr);
    cairo_rectangle(c->cr, r.x, r.y, r.w, r.h);
    cairo_clip(c->cr);
    ground(c, r);
    scene_paint(s, c->cr, c->theme, c->scale, panel);
    cairo_restore(c->cr);
}

// The export dialog's first picture, in its own theme, as the export paints it.
static void paint_preview(Canvas *c, const AppFrame *f) {
    const ExportPreview *p = f->preview;
    if (!p || f->preview_box.w <= 0) return;
    double scale = f->preview_box.w * f->scale / p->page.width; // pixels per point
    cairo_save(c->cr);
    cairo_translate(c->cr, round(f->preview_box.x * f->scale), round(f->preview_box.y * f->scale));
    cairo_rectangle(c->cr, 0, 0, floor(f->preview_box.w * f->scale),
                    floor(f->preview_box.h * f->scale));
    cairo_clip(c->cr);
    Color paint = theme_color(p->look.theme, ink(p->page.ground));
    cairo_set_source_rgb(c->cr, paint.r, paint.g, paint.b);
    if (!p->look.transparent) cairo_paint(c->cr);
    for (int k = 0; k < p->page.n; k++) {
        const PagePart *part = &p->page.parts[k];
        cairo_save(c->cr);
        cairo_translate(c->cr, round(part->x * scale), round(part->y * scale));
        scene_paint(&part->scene, c->cr, p->look.theme, scale * part->scale, -1);
        cairo_restore(c->cr);
    }
    cairo_restore(c->cr);
}

static void paint_dialog(Canvas *c, const AppFrame *f, SDL_Rect r) {
    cairo_save(c->cr);
    cairo_rectangle(c->cr, r.x, r.y, r.w, r.h);
    cairo_clip(c->cr);
    scene_paint(&f->dialog, c->cr, c->theme, c->scale, -1);
    paint_preview(c, f);
    cairo_restore(c->cr);
}

static uint64_t panel_hash(const AppFrame *f, const Scene *scene, int panel) {
    if (panel != CHROME_DIALOG) return scene_hash(scene, panel);
    if (!f->has_dialog) return 0;
    uint64_t hash = scene_hash(&f->dialog, panel);
    const ExportPreview *p = f->preview;
    if (!p || f->preview_box.w <= 0) return hash;
    for (int k = 0; k < p->page.n; k++) hash = hash * 31 + scene_hash(&p->page.parts[k].scene, -1);
    return hash * 31 + (uint64_t)p->look.theme;
}

int canvas_paint(Canvas *c, const AppFrame *f, const Scene *scene, const AppState *s, bool all,
                 SDL_Rect *parts) {
    bool full = resize(c, s->width, s->height) || all || c->theme != s->theme ||
                c->scale != f->scale || c->has_dialog != f->has_dialog ||
                memcmp(c->region, f->region, sizeof c->region) != 0;
    if (!c->pixels) return 0;
    c->theme = s->theme;
    c->scale = f->scale;
    c->has_dialog = f->has_dialog;
    memcpy(c->region, f->region, sizeof c->region);
    SDL_Rect whole = {0, 0, s->width, s->height};
    bool changed[CHROME_COUNT];
    int n = 0;
    for (int p = 0; p < CHROME_COUNT; p++) {
        uint64_t hash = panel_hash(f, scene, p);
        changed[p] = hash != c->hash[p] && f->region[p].w > 0;
        c->hash[p] = hash;
        // a dialog's veil lies over all of it, once
        full = full || (f->has_dialog && changed[p] && p != CHROME_DIALOG);
    }
    for (int p = 0; p < CHROME_COUNT && !full; p++) {
        if (!changed[p]) continue;
        SDL_Rect r = canvas_rect(f->region[p], f->scale, s->width, s->height);
        if (p == CHROME_DIALOG)
            paint_dialog(c, f, r);
        else
            paint_part(c, scene, r, p);
        parts[n++] = r;
    }
    if (full) {
        paint_part(c, scene, whole, -1);
        if (f->has_dialog) paint_dialog(c, f, whole);
        parts[n++] = whole;
    }
    cairo_surface_flush(c->surface);
    return n;
}
