// The fast path is SDL's window surface without acceleration: Cairo's pixels go to the X server
// through shared memory, and a changed panel costs only its own size. SDL's default would push
// every frame through OpenGL, 20 times slower without a GPU. Where the window has no such surface
// (Wayland), or one of another format, a texture takes its place.
#include "app/window.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_WIDTH = 640, LEAST_HEIGHT = 400 }; // units; smaller windows are not offered

struct AppWindow {
    SDL_Window *sdl;
    SDL_Renderer *renderer; // NULL on the fast path
    SDL_Texture *texture;
    SDL_Surface *own; // pixels behind the texture
    SDL_Cursor *hand, *arrow;
    bool fullscreen, is_hand;
};

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && value[0];
}

bool window_start(Arena *a, const char **why) {
    bool asked = is_set("SDL_VIDEODRIVER");
    *why = "no display (DISPLAY and WAYLAND_DISPLAY are not set); pictures without one: "
           "gatewalk export";
    if (!asked && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) return false;
    // only what there is: SDL's other tries print messages of their own
    const char *drivers =
        is_set("DISPLAY") ? is_set("WAYLAND_DISPLAY") ? "x11,wayland" : "x11" : "wayland";
    if (!asked) SDL_SetHint(SDL_HINT_VIDEODRIVER, drivers);
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        *why = arena_printf(a, "cannot use the display: %s; pictures without one: gatewalk export",
                            SDL_GetError());
        return false;
    }
    // with no display SDL quietly takes a driver nobody sees
    const char *driver = SDL_GetCurrentVideoDriver();
    bool unseen = !driver || strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0;
    *why = "the display cannot be used; pictures without one: gatewalk export";
    if (unseen && !asked) SDL_Quit();
    return asked || !unseen;
}

static bool use_texture(AppWindow *w) {
    w->renderer = SDL_CreateRenderer(w->sdl, -1, 0);
    if (!w->renderer) w->renderer = SDL_CreateRenderer(w->sdl, -1, SDL_RENDERER_SOFTWARE);
    return w->renderer != NULL;
}

static bool is_fast(AppWindow *w) {
    SDL_Surface *s = SDL_GetWindowSurface(w->sdl);
    return s && (s->format->format == SDL_PIXELFORMAT_RGB888 ||
                 s->format->format == SDL_PIXELFORMAT_ARGB8888);
}

AppWindow *window_open(Arena *a, int width, int height, const char **why) {
    SDL_Rect most;
    if (SDL_GetDisplayUsableBounds(0, &most) == 0) { // the desk may have become smaller
        if (width > most.w) width = most.w;
        if (height > most.h) height = most.h;
    }
    AppWindow *w = ARENA_NEW(a, AppWindow);
    w->sdl = SDL_CreateWindow("Gatewalk", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width,
                              height, SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!w->sdl || (!is_fast(w) && !use_texture(w))) {
        *why = arena_printf(a, "cannot open a window: %s", SDL_GetError());
        window_close(w);
        return NULL;
    }
    SDL_SetWindowMinimumSize(w->sdl, LEAST_WIDTH, LEAST_HEIGHT);
    w->hand = SDL_CreateSystemCursor(SDL_SYSTEM_CURSOR_HAND);
    w->arrow = SDL_CreateSystemCursor(SDL_SYSTEM_CURSOR_ARROW);
    SDL_StopTextInput(); // letters are keys until a field is open
    return w;
}

void window_close(AppWindow *w) {
    SDL_FreeCursor(w->hand);
    SDL_FreeCursor(w->arrow);
    SDL_FreeSurface(w->own);
    if (w->texture) SDL_DestroyTexture(w->texture);
    if (w->renderer) SDL_DestroyRenderer(w->renderer);
    if (w->sdl) SDL_DestroyWindow(w->sdl);
}

void window_stop(void) {
    SDL_Quit();
}

void window_units(const AppWindow *w, int *width, int *height) {
    SDL_GetWindowSize(w->sdl, width, height);
}

void window_pixels(const AppWindow *w, int *width, int *height) {
    if (!w->renderer || SDL_GetRendererOutputSize(w->renderer, width, height) != 0)
        SDL_GetWindowSize(w->sdl, width, height);
}

double window_density(const AppWindow *w) {
    int units, pixels, other;
    window_units(w, &units, &other);
    window_pixels(w, &pixels, &other);
    return units > 0 ? (double)pixels / units : 1;
}

static SDL_Surface *own_surface(AppWindow *w) {
    int width, height;
    window_pixels(w, &width, &height);
    if (w->own && w->own->w == width && w->own->h == height) return w->own;
    SDL_FreeSurface(w->own);
    if (w->texture) SDL_DestroyTexture(w->texture);
    w->own = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_RGB888);
    w->texture = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_STREAMING,
                                   width, height);
    return w->own;
}

SDL_Surface *window_surface(AppWindow *w) {
    return w->renderer ? own_surface(w) : SDL_GetWindowSurface(w->sdl);
}

void window_show(AppWindow *w, SDL_Rect *parts, int n) {
    if (!w->renderer) {
        SDL_UpdateWindowSurfaceRects(w->sdl, parts, n);
        return;
    }
    if (!w->own || !w->texture) return;
    for (int i = 0; i < n; i++) {
        const char *pixels = w->own->pixels;
        SDL_UpdateTexture(w->texture, &parts[i],
                          pixels + (size_t)parts[i].y * (size_t)w->own->pitch +
                              (size_t)parts[i].x * 4,
                          w->own->pitch);
    }
    SDL_RenderCopy(w->renderer, w->texture, NULL, NULL);
    SDL_RenderPresent(w->renderer);
}

void window_fullscreen(AppWindow *w, bool on) {
    if (w->fullscreen == on) return;
    w->fullscreen = on;
    SDL_SetWindowFullscreen(w->sdl, on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}

void window_title(AppWindow *w, const char *title) {
    // the display is told only what is new: asked twice a second, an idle window would not be idle
    if (strcmp(SDL_GetWindowTitle(w->sdl), title) != 0) SDL_SetWindowTitle(w->sdl, title);
}

void window_pointer(AppWindow *w, bool hand) {
    if (w->is_hand == hand) return;
    w->is_hand = hand;
    SDL_SetCursor(hand ? w->hand : w->arrow);
}
