// GIF pictures have 256 colours; a frame of the stage has a few hundred, most of them the edges of
// letters. Only what changed is stored, so its own colours fill the palette: the most frequent ones
// exactly, the rest as their nearest. What did not change is transparent.
//
// LZW with codes of 9 to 12 bits; the table of strings is a hash of (prefix, byte).
#include "export/gif.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLORS = 256,
    KEEP = 255, // palette entry of pixels that stay as they are
    CODES = 4096,
    SLOTS = 8192,
    CLEAR = 256,
    END = 257
};

struct Gif {
    Arena *frame; // reset for each picture
    Buf *out;
    int width, height;
    uint32_t *shown; // [height * width] what is on the screen
    bool first;
};

static void put_16(Buf *out, int x) {
    char two[2] = {(char)(x & 255), (char)(x >> 8 & 255)};
    buf_put(out, two, 2);
}

Gif *gif_new(Arena *a, int width, int height, Buf *out) {
    Gif *gif = ARENA_NEW(a, Gif);
    *gif = (Gif){.frame = arena_new(), .out = out, .width = width, .height = height, .first = true};
    gif->shown = ARENA_ARRAY(a, uint32_t, (size_t)width * (size_t)height);
    buf_puts(out, "GIF89a");
    put_16(out, width);
    put_16(out, height);
    buf_put(out, "\x70\0\0", 3); // no palette for all, eight bits a colour
    buf_put(out, "\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0", 19);
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

// --- LZW

typedef struct {
    Buf *out;
    unsigned char block[255];
    int n_block;
    uint32_t bits;
    int n_bits, width;
    int next; // code
    struct {
        int prefix_byte; // prefix * 256 + byte + 1; 0 is free
        int code;
    } table[SLOTS];
} Lzw;

static void put_byte(Lzw *z, unsigned char byte) {
    z->block[z->n_block++] = byte;
    if (z->n_block < 255) return;
    buf_put(z->out, "\xFF", 1);
    buf_put(z->out, (const char *)z->block, 255);
    z->n_block = 0;
}

static void put_code(Lzw *z, int code) {
    z->bits |= (uint32_t)code << z->n_bits;
    for (z->n_bits += z->width; z->n_bits >= 8; z->n_bits -= 8, z->bits >>= 8)
        put_byte(z, (unsigned char)(z->bits & 255));
}

static void clear(Lzw *z) {
    put_code(z, CLEAR);
    memset(z->table, 0, sizeof z->table);
    z->width = 9;
    z->next = END + 1;
}

static void compress(Arena *a, const unsigned char *bytes, int n, Buf *out) {
    Lzw *z = ARENA_NEW(a, Lzw);
    *z = (Lzw){.out = out, .width = 9};
    clear(z);
    int prefix = bytes[0];
    for (int k = 1; k < n; k++) {
        int key = prefix * 256 + bytes[k] + 1;
        unsigned at = (unsigned)key * 2654435761u >> 19;
        while (z->table[at].prefix_byte && z->table[at].prefix_byte != key) at = (at + 1) % SLOTS;
        if (z->table[at].prefix_byte) {
            prefix = z->table[at].code;
            continue;
        }
        put_code(z, prefix);
        prefix = bytes[k];
        if (z->next == CODES) {
            clear(z);
            continue;
        }
        z->table[at].prefix_byte = key;
        z->table[at].code = z->next;
        if (z->next++ == 1 << z->width && z->width < 12) z->width++;
    }
    put_code(z, prefix);
    put_code(z, END);
    if (z->n_bits > 0) put_byte(z, (unsigned char)(z->bits & 255));
    if (z->n_block) {
        buf_put(out, &(char){(char)z->n_block}, 1);
        buf_put(out, (const char *)z->block, (size_t)z->n_block);
    }
    buf_put(out, "\0", 1);
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

static void put_head(Gif *gif, Area a, int ms, const Palette *p) {
    Buf *out = gif->out;
    buf_put(out, "\x21\xF9\x04\x05", 4); // leave the picture in place; one colour is transparent
    put_16(out, (ms + 5) / 10);
    buf_put(out, "\xFF\0\x2C", 3);
    put_16(out, a.x0);
    put_16(out, a.y0);
    put_16(out, a.x1 - a.x0);
    put_16(out, a.y1 - a.y0);
    buf_put(out, "\x87", 1); // with a palette of 256
    for (int k = 0; k < COLORS; k++) {
        uint32_t c = k < p->n ? p->color[k] : 0;
        char rgb[3] = {(char)(c >> 16), (char)(c >> 8), (char)c};
        buf_put(out, rgb, 3);
    }
    buf_put(out, "\x08", 1);
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
    compress(gif->frame, entries, n, gif->out);
    gif->first = false;
}

void gif_end(Gif *gif) {
    buf_put(gif->out, "\x3B", 1);
    arena_free(gif->frame);
}
