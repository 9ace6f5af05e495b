// What changed from picture to picture, as the rectangle around it, in which what did not change is
// transparent. Lossless: letters stay sharp, and flat colour is what lossless WebP is best at.
//
// The file says at its beginning how long it is (RIFF), and libwebpmux keeps an animation in memory
// until then. So the pictures wait in a temporary file, and the container is put around them here:
// https://developers.google.com/speed/webp/docs/riff_container
#include "export/webp.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <webp/encode.h>

enum { PIECE = 1 << 14 };

typedef struct {
    int x, y, w, h;
} Area;

struct Webp {
    FILE *body; // the chunks of the pictures so far
    WebPConfig config;
    int width, height;
    uint32_t *shown; // [height * width] what is on the screen
    bool first, failed;
    WebPMemoryWriter waiting; // the last picture: how long it is shown is not known yet
    Area area;
    int start;
};

Webp *webp_new(Arena *a, int width, int height, const char **why) {
    Webp *webp = ARENA_NEW(a, Webp);
    *webp = (Webp){.body = tmpfile(), .width = width, .height = height, .first = true};
    *why = "the film needs room for temporary files, and there is none";
    if (!webp->body) return NULL;
    webp->shown = ARENA_ARRAY(a, uint32_t, (size_t)width * (size_t)height);
    WebPMemoryWriterInit(&webp->waiting);
    webp->failed = !WebPConfigInit(&webp->config);
    webp->config.lossless = 1;
    webp->config.quality = 20; // effort: smaller files take many times longer
    webp->config.method = 1;
    return webp;
}

// --- numbers as RIFF writes them

static void put_number(unsigned char *to, uint32_t n, int bytes) {
    for (int k = 0; k < bytes; k++) to[k] = (unsigned char)(n >> (8 * k));
}

static void put_chunk(unsigned char *to, const char *name, uint32_t n) {
    memcpy(to, name, 4);
    put_number(to + 4, n, 4);
}

// --- pictures

// Sends the picture that waits to the temporary file.
static void let_go(Webp *webp, int end) {
    enum { HEAD = 8 + 16, RIFF = 12 };
    if (webp->waiting.size <= RIFF) return;
    size_t n = webp->waiting.size - RIFF; // the chunks of a still picture
    unsigned char head[HEAD];
    put_chunk(head, "ANMF", (uint32_t)(16 + n));
    put_number(head + 8, (uint32_t)webp->area.x / 2, 3);
    put_number(head + 11, (uint32_t)webp->area.y / 2, 3);
    put_number(head + 14, (uint32_t)webp->area.w - 1, 3);
    put_number(head + 17, (uint32_t)webp->area.h - 1, 3);
    put_number(head + 20, (uint32_t)(end - webp->start), 3);
    head[23] = 0; // put over what is there, which stays
    if (fwrite(head, 1, HEAD, webp->body) != HEAD) webp->failed = true;
    if (fwrite(webp->waiting.mem + RIFF, 1, n, webp->body) != n) webp->failed = true;
    WebPMemoryWriterClear(&webp->waiting);
    WebPMemoryWriterInit(&webp->waiting);
}

static const uint32_t *row_of(cairo_surface_t *image, int y) {
    return (const void *)(cairo_image_surface_get_data(image) +
                          (size_t)y * (size_t)cairo_image_surface_get_stride(image));
}

static bool differs(const Webp *webp, const uint32_t *now, int x, int y) {
    size_t at = (size_t)y * (size_t)webp->width + (size_t)x;
    return webp->first || ((now[x] ^ webp->shown[at]) & 0xFFFFFF) != 0;
}

// The rectangle that changed, its corner at even places; of width 0 if nothing did.
static Area changed(const Webp *webp, cairo_surface_t *image) {
    int x0 = webp->width, y0 = webp->height, x1 = 0, y1 = 0;
    for (int y = 0; y < webp->height; y++) {
        const uint32_t *now = row_of(image, y);
        int left = 0, right = webp->width;
        while (left < right && !differs(webp, now, left, y)) left++;
        if (left == right) continue;
        while (!differs(webp, now, right - 1, y)) right--;
        x0 = left < x0 ? left : x0;
        x1 = right > x1 ? right : x1;
        y0 = y < y0 ? y : y0;
        y1 = y + 1;
    }
    if (y1 == 0) return (Area){0, 0, 0, 0};
    x0 -= x0 % 2;
    y0 -= y0 % 2;
    return (Area){x0, y0, x1 - x0, y1 - y0};
}

static void copy_area(Webp *webp, cairo_surface_t *image, Area a, WebPPicture *to) {
    for (int y = 0; y < a.h; y++) {
        const uint32_t *now = row_of(image, a.y + y);
        uint32_t *row = to->argb + (size_t)y * (size_t)to->argb_stride;
        for (int x = 0; x < a.w; x++) {
            bool fresh = differs(webp, now, a.x + x, a.y + y);
            row[x] = fresh ? now[a.x + x] | 0xFF000000 : 0;
            webp->shown[(size_t)(a.y + y) * (size_t)webp->width + (size_t)(a.x + x)] = now[a.x + x];
        }
    }
}

bool webp_frame(Webp *webp, cairo_surface_t *image, int start) {
    WebPPicture picture;
    Area a = changed(webp, image);
    if (a.w == 0) return !webp->failed;
    let_go(webp, start);
    if (webp->failed || !WebPPictureInit(&picture)) return false;
    picture.use_argb = 1;
    picture.width = a.w;
    picture.height = a.h;
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &webp->waiting;
    bool done = WebPPictureAlloc(&picture);
    if (done) copy_area(webp, image, a, &picture);
    done = done && WebPEncode(&webp->config, &picture);
    WebPPictureFree(&picture);
    webp->area = a;
    webp->start = start;
    webp->first = false;
    webp->failed |= !done;
    return done;
}

// --- the file

static void put_head(const Webp *webp, uint32_t body, Buf *out) {
    enum { HEAD = 12 + 18 + 14, ANIMATED = 0x02, ALPHA = 0x10 };
    unsigned char head[HEAD] = {0};
    put_chunk(head, "RIFF", HEAD - 8 + body);
    memcpy(head + 8, "WEBP", 4);
    put_chunk(head + 12, "VP8X", 10);
    head[20] = ANIMATED | ALPHA;
    put_number(head + 24, (uint32_t)webp->width - 1, 3);
    put_number(head + 27, (uint32_t)webp->height - 1, 3);
    put_chunk(head + 30, "ANIM", 6); // no background, for ever
    buf_put(out, (const char *)head, HEAD);
}

static bool send(const Webp *webp, ByteSink *sink, void *context) {
    long n = ftell(webp->body);
    char piece[PIECE];
    Arena *a = arena_new();
    Buf head = buf_new(a);
    put_head(webp, (uint32_t)n, &head);
    bool done = sink(context, head.data, head.len);
    arena_free(a);
    rewind(webp->body);
    for (size_t got; done && (got = fread(piece, 1, PIECE, webp->body)) > 0;)
        done = sink(context, piece, got);
    return done;
}

bool webp_end(Webp *webp, int end, ByteSink *sink, void *context, const char **why) {
    enum { LONGEST = 0x7FFFFFFF };
    let_go(webp, end);
    bool whole = !webp->failed && fflush(webp->body) == 0 && ftell(webp->body) < LONGEST;
    if (sink && !whole) *why = "the pictures of the film cannot be kept in a temporary file";
    bool done = sink && whole && send(webp, sink, context);
    WebPMemoryWriterClear(&webp->waiting);
    fclose(webp->body);
    return done;
}
