// EBML (RFC 8794) and Matroska (RFC 9559), as little of them as an encoder needs: a segment and
// clusters of unknown length, one picture a cluster. Every number is of fixed length, so nothing
// has to be gone back to.
#include "export/matroska.h"

#include <stdint.h>
#include <string.h>

static void put_id(Buf *out, uint32_t id) {
    for (int k = 3; k >= 0; k--)
        if (id >> 8 * k) buf_put(out, &(char){(char)(id >> 8 * k)}, 1);
}

// A length of eight bytes.
static void put_length(Buf *out, uint64_t n) {
    char bytes[8];
    for (int k = 0; k < 8; k++) bytes[k] = (char)(n >> 8 * (7 - k));
    bytes[0] = 1;
    buf_put(out, bytes, 8);
}

static void put_unknown(Buf *out, uint32_t id) {
    put_id(out, id);
    buf_put(out, "\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
}

static void put_number(Buf *out, uint32_t id, uint64_t value) {
    put_id(out, id);
    put_length(out, 8);
    char bytes[8];
    for (int k = 0; k < 8; k++) bytes[k] = (char)(value >> 8 * (7 - k));
    buf_put(out, bytes, 8);
}

static void put_bytes(Buf *out, uint32_t id, const char *bytes, size_t n) {
    put_id(out, id);
    put_length(out, n);
    buf_put(out, bytes, n);
}

static void put_string(Buf *out, uint32_t id, const char *text) {
    put_bytes(out, id, text, strlen(text));
}

// An element that holds others.
static void put_master(Buf *out, uint32_t id, const Buf *inside) {
    put_bytes(out, id, inside->data, inside->len);
}

static void put_track(Buf *out, int width, int height) {
    Arena *a = out->arena;
    Buf video = buf_new(a), entry = buf_new(a), tracks = buf_new(a);
    put_number(&video, 0xB0, (uint64_t)width);
    put_number(&video, 0xBA, (uint64_t)height);
    put_bytes(&video, 0x2EB524, "BGRA", 4);                   // the pixels' order
    put_number(&entry, 0xD7, 1);                              // number
    put_number(&entry, 0x73C5, 1);                            // identity
    put_number(&entry, 0x83, 1);                              // video
    put_number(&entry, 0x23E383, MATROSKA_TICK_MS * 1000000); // of a picture that nothing follows
    put_string(&entry, 0x86, "V_UNCOMPRESSED");
    put_master(&entry, 0xE0, &video);
    put_master(&tracks, 0xAE, &entry);
    put_master(out, 0x1654AE6B, &tracks);
}

static void put_chapters(Buf *out, const FilmStep *steps, int n) {
    Arena *a = out->arena;
    Buf edition = buf_new(a), chapters = buf_new(a);
    for (int k = 0, count = 0; k < n; k++) {
        if (!steps[k].chapter || !*steps[k].chapter) continue;
        int end = k + 1;
        while (end < n && !steps[end].chapter) end++;
        Buf display = buf_new(a), atom = buf_new(a);
        put_string(&display, 0x85, steps[k].chapter);
        put_number(&atom, 0x73C4, (uint64_t)++count);
        put_number(&atom, 0x91, (uint64_t)steps[k].start * 1000000);
        put_number(&atom, 0x92, (uint64_t)steps[end - 1].end * 1000000);
        put_master(&atom, 0x80, &display);
        put_master(&edition, 0xB6, &atom);
    }
    if (!edition.len) return;
    put_master(&chapters, 0x45B9, &edition);
    put_master(out, 0x1043A770, &chapters);
}

void matroska_head(Buf *out, int width, int height, const FilmStep *steps, int n) {
    Arena *a = out->arena;
    Buf head = buf_new(a), info = buf_new(a);
    put_string(&head, 0x4282, "matroska");
    put_number(&head, 0x4287, 4); // version, and what is needed to read it
    put_number(&head, 0x4285, 2);
    put_master(out, 0x1A45DFA3, &head);
    put_unknown(out, 0x18538067);         // the segment
    put_number(&info, 0x2AD7B1, 1000000); // nanoseconds a tick
    put_string(&info, 0x4D80, "Gatewalk");
    put_string(&info, 0x5741, "Gatewalk");
    put_master(out, 0x1549A966, &info);
    put_track(out, width, height);
    put_chapters(out, steps, n);
}

void matroska_frame(Buf *out, int width, int height, int start) {
    put_unknown(out, 0x1F43B675); // a cluster
    put_number(out, 0xE7, (uint64_t)start);
    put_id(out, 0xA3); // its only block: track 1, at the cluster's time, a key frame
    put_length(out, (uint64_t)width * (uint64_t)height * 4 + 4);
    buf_put(out, "\x81\0\0\x80", 4);
}
