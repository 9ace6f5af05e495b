// GIF pictures have 256 colours; a frame of the stage has a few hundred, most of them the edges of
// letters. Only what changed is stored, so its own colours fill the palette: the most frequent ones
// exactly, the rest as their nearest. What did not change is transparent. giflib packs and writes.
#include "export/gif.h"

#include <assert.h>
#include <gif_lib.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    COLORS = 256,
    KEEP = 255 // palette entry of pixels that stay as they are
};

struct Gif {
    Arena *frame; // reset for each picture
    GifFileType *file;
    int width, height;
    uint32_t *shown; // [height * width] what is on the screen
    bool first, failed;
    ByteSink *sink;
    void *context;
};

static int on_write(GifFileType *file, const GifByteType *bytes, int n) {
    Gif *gif = file->UserData;
    if (!gif->failed) gif->failed = !gif->sink(gif->context, bytes, (size_t)n);
    return n; // giflib is not told: it could not go on
}

Gif *gif_new(Arena *a, int width, int height, ByteSink *sink, void *context) {
    int error;
    Gif *gif = ARENA_NEW(a, Gif);
    *gif = (Gif){.frame = arena_new(),
                 .width = width,
                 .height = height,
                 .first = true,
                 .sink = sink,
                 .context = context};
    gif->shown = ARENA_ARRAY(a, uint32_t, (size_t)width * (size_t)height);
    gif->file = EGifOpen(gif, on_write, &error);
    assert(gif->file); // only memory can be missing
    EGifSetGifVersion(gif->file, true);
    EGifPutScreenDesc(gif->file, width, height, 8, 0, NULL); // no palette for all
    EGifPutExtensionLeader(gif->file, APPLICATION_EXT_FUNC_CODE);
    EGifPutExtensionBlock(gif->file, 11, "NETSCAPE2.0");
    EGifPutExtensionBlock(gif->file, 3, "\x01\0\0"); // again and again
    EGifPutExtensionTrailer(gif->file);
    return gif;
}

// --- the palette

/// A colour of the picture: how often it is there, and its place in the palette.
typedef struct {
    uint32_t color;
    int count; // 0: a free slot
    int entry;
} Shade;

typedef struct {
    uint32_t color[COLORS];
    int n;
    Shade *shades; // [n_slots] a hash table, at most half full
    size_t n_slots;
} Palette;

static Shade *slot_of(const Palette *p, uint32_t color) {
    size_t at = (color * 2654435761u >> 7) & (p->n_slots - 1);
    while (p->shades[at].count && p->shades[at].color != color) at = (at + 1) & (p->n_slots - 1);
    return &p->shades[at];
}

static int count_shades(Palette *p, Arena *a, const uint32_t *pixels, int n) {
    int used = 0;
    p->n_slots = 1 << 12;
    p->shades = ARENA_ARRAY(a, Shade, p->n_slots);
    for (int k = 0; k < n; k++) {
        Shade *s = slot_of(p, pixels[k]);
        s->color = pixels[k];
        if (s->count++ || (size_t)++used * 2 < p->n_slots) continue;
        Palette larger = {.n_slots = 2 * p->n_slots};
        larger.shades = ARENA_ARRAY(a, Shade, larger.n_slots);
        for (size_t i = 0; i < p->n_slots; i++)
            if (p->shades[i].count) *slot_of(&larger, p->shades[i].color) = p->shades[i];
        p->shades = larger.shades;
        p->n_slots = larger.n_slots;
    }
    return used;
}

// Most frequent first; ties by colour, so the choice is the same on every run.
static int by_count(const void *x, const void *y) {
    const Shade *a = *(Shade *const *)x, *b = *(Shade *const *)y;
    if (a->count != b->count) return b->count - a->count;
    return a->color < b->color ? -1 : a->color > b->color;
}

static void choose(Palette *p, Arena *a, const uint32_t *pixels, int n) {
    int used = count_shades(p, a, pixels, n), k = 0;
    Shade **order = ARENA_ARRAY(a, Shade *, used + 1);
    for (size_t i = 0; i < p->n_slots; i++) {
        p->shades[i].entry = -1;
        if (p->shades[i].count) order[k++] = &p->shades[i];
    }
    qsort(order, (size_t)used, sizeof *order, by_count);
    for (p->n = 0; p->n < used && p->n < KEEP; p->n++) {
        p->color[p->n] = order[p->n]->color;
        order[p->n]->entry = p->n;
    }
}

static int distance(uint32_t a, uint32_t b) {
    int r = (int)(a >> 16 & 255) - (int)(b >> 16 & 255);
    int g = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
    int c = (int)(a & 255) - (int)(b & 255);
    return 2 * r * r + 4 * g * g + 3 * c * c;
}

static int entry_of(const Palette *p, uint32_t color) {
    Shade *s = slot_of(p, color);
    if (s->entry >= 0) return s->entry;
    int best = 0;
    for (int k = 1; k < p->n; k++)
        if (distance(p->color[k], color) < distance(p->color[best], color)) best = k;
    return s->entry = best;
}

// --- a picture

typedef struct {
    int x0, y0, x1, y1; // the right and lower ends are not in it
} Area;

static const uint32_t *row_of(cairo_surface_t *image, int y) {
    return (const void *)(cairo_image_surface_get_data(image) +
                          (size_t)y * (size_t)cairo_image_surface_get_stride(image));
}

static Area changed(const Gif *gif, cairo_surface_t *image) {
    Area a = {gif->width, gif->height, 0, 0};
    if (gif->first) return (Area){0, 0, gif->width, gif->height};
    for (int y = 0; y < gif->height; y++) {
        const uint32_t *now = row_of(image, y), *old = gif->shown + (size_t)y * (size_t)gif->width;
        int left = 0, right = gif->width;
        while (left < right && ((now[left] ^ old[left]) & 0xFFFFFF) == 0) left++;
        if (left == right) continue;
        while (((now[right - 1] ^ old[right - 1]) & 0xFFFFFF) == 0) right--;
        a.x0 = left < a.x0 ? left : a.x0;
        a.x1 = right > a.x1 ? right : a.x1;
        a.y0 = y < a.y0 ? y : a.y0;
        a.y1 = y + 1;
    }
    return a.y1 > a.y0 ? a : (Area){0, 0, 1, 1};
}

// Leaves the picture that is there in place, but for the area.
static void put_head(Gif *gif, Area a, int ms, const Palette *p) {
    GraphicsControlBlock control = {
        .DisposalMode = DISPOSE_DO_NOT, .DelayTime = (ms + 5) / 10, .TransparentColor = KEEP};
    GifByteType extension[4];
    EGifGCBToExtension(&control, extension);
    EGifPutExtension(gif->file, GRAPHICS_EXT_FUNC_CODE, sizeof extension, extension);
    GifColorType colors[COLORS] = {{0, 0, 0}};
    for (int k = 0; k < p->n; k++) {
        uint32_t c = p->color[k];
        colors[k] = (GifColorType){(GifByteType)(c >> 16), (GifByteType)(c >> 8), (GifByteType)c};
    }
    ColorMapObject map = {.ColorCount = COLORS, .BitsPerPixel = 8, .Colors = colors};
    EGifPutImageDesc(gif->file, a.x0, a.y0, a.x1 - a.x0, a.y1 - a.y0, false, &map);
}

void gif_frame(Gif *gif, cairo_surface_t *image, int ms) {
    arena_reset(gif->frame);
    Area a = changed(gif, image);
    int w = a.x1 - a.x0, h = a.y1 - a.y0, n = 0;
    uint32_t *fresh = ARENA_ARRAY(gif->frame, uint32_t, (size_t)w * (size_t)h);
    for (int y = a.y0; y < a.y1; y++)
        for (int x = a.x0; x < a.x1; x++) {
            uint32_t now = row_of(image, y)[x] & 0xFFFFFF;
            if (gif->first || now != gif->shown[(size_t)y * (size_t)gif->width + (size_t)x])
                fresh[n++] = now;
        }
    Palette *p = ARENA_NEW(gif->frame, Palette);
    choose(p, gif->frame, fresh, n);
    unsigned char *entries = ARENA_ARRAY(gif->frame, unsigned char, (size_t)w *(size_t)h);
    n = 0;
    for (int y = a.y0; y < a.y1; y++)
        for (int x = a.x0; x < a.x1; x++) {
            uint32_t now = row_of(image, y)[x] & 0xFFFFFF;
            uint32_t *old = &gif->shown[(size_t)y * (size_t)gif->width + (size_t)x];
            bool stays = !gif->first && now == *old;
            entries[n++] = (unsigned char)(stays ? KEEP : entry_of(p, now));
            *old = now;
        }
    put_head(gif, a, ms, p);
    EGifPutLine(gif->file, entries, n);
    gif->first = false;
}

bool gif_end(Gif *gif) {
    int error;
    EGifCloseFile(gif->file, &error);
    arena_free(gif->frame);
    return !gif->failed;
}
