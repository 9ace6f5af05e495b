// Objects that are no streams are collected and go out many at a time as one compressed stream
// (ISO 32000-1, 7.5.7): a page of the stage has a thousand small ones. Where everything stands is
// kept as runs of numbers, and written at the end as a stream too (7.5.8), each row as its
// difference from the row before, which compresses to almost nothing.
#include "export/pdf_file.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    HELD_MAX = 256,       // objects in one stream
    HELD_BYTES = 1 << 16, // and their bytes, about
    LEVEL = 1,            // of zlib: pages are written many times for each that is read
    ROW = 7,              // bytes that say where an object is
    ROWS_AT_ONCE = 512,
    PIECE = 1 << 14
};

/// Objects with numbers in a row and places in a row.
typedef struct {
    int first, n;
    bool packed; // in a stream of objects
    size_t at;   // the byte it begins at; packed: the number of the stream
    int index;   // packed: of the first one in it
} Range;

struct PdfFile {
    Arena *keep, *piece; // piece: reset for each stream
    ByteSink *sink;
    void *context;
    size_t at; // bytes written
    bool failed;
    int next; // number that is free
    Buf held; // objects that wait
    struct {
        int number;
        size_t at;
    } waiting[HELD_MAX];
    int n_waiting;
    Range *ranges;
    int n_ranges, cap_ranges;
};

static void put(PdfFile *f, const void *bytes, size_t n) {
    if (!f->failed && !f->sink(f->context, bytes, n)) f->failed = true;
    f->at += n;
}

PdfFile *pdf_file_new(Arena *a, ByteSink *sink, void *context) {
    static const char head[] = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
    PdfFile *f = ARENA_NEW(a, PdfFile);
    *f = (PdfFile){.keep = a, .piece = arena_new(), .sink = sink, .context = context, .next = 1};
    f->held = buf_new(a);
    put(f, head, sizeof head - 1);
    return f;
}

int pdf_file_take(PdfFile *f, int n) {
    int first = f->next;
    f->next += n;
    return first;
}

static void remember(PdfFile *f, Range r) {
    Range *last = f->n_ranges ? &f->ranges[f->n_ranges - 1] : NULL;
    if (last && r.packed && last->packed && last->at == r.at && last->first + last->n == r.first &&
        last->index + last->n == r.index)
        last->n++;
    else
        ARENA_PUSH(f->keep, f->ranges, f->n_ranges, f->cap_ranges, r);
}

// --- streams

// A compressor clears its memory when it begins: for a short stream it is given little.
static void begin_deflate(z_stream *zip, size_t n) {
    enum { SHORT = 1 << 12 };
    bool is_short = n < SHORT;
    *zip = (z_stream){0};
    int status = deflateInit2(zip, LEVEL, Z_DEFLATED, is_short ? 12 : 15, is_short ? 5 : 8,
                              Z_DEFAULT_STRATEGY);
    assert(status == Z_OK); // nothing but memory can be missing
    (void)status;
}

static void deflate_into(z_stream *zip, const void *bytes, size_t n, int flush, Buf *out) {
    unsigned char piece[PIECE];
    zip->next_in = (Bytef *)(uintptr_t)bytes;
    zip->avail_in = (uInt)n;
    do {
        zip->next_out = piece;
        zip->avail_out = PIECE;
        deflate(zip, flush);
        buf_put(out, (const char *)piece, PIECE - zip->avail_out);
    } while (zip->avail_out == 0);
}

static void put_stream(PdfFile *f, int number, const char *entries, const void *bytes, size_t n) {
    remember(f, (Range){number, 1, false, f->at, 0});
    Buf head = buf_new(f->piece);
    buf_printf(&head, "%d 0 obj\n<<%s /Filter /FlateDecode /Length %zu>>\nstream\n", number,
               entries, n);
    put(f, head.data, head.len);
    put(f, bytes, n);
    put(f, "\nendstream\nendobj\n", 18);
}

void pdf_file_stream(PdfFile *f, int number, const char *entries, const void *bytes, size_t n) {
    Buf packed = buf_new(f->piece);
    z_stream zip;
    begin_deflate(&zip, n);
    deflate_into(&zip, bytes, n, Z_FINISH, &packed);
    deflateEnd(&zip);
    put_stream(f, number, entries, packed.data, packed.len);
    arena_reset(f->piece);
}

// --- objects

static void let_go(PdfFile *f) {
    if (!f->n_waiting) return;
    Arena *a = arena_new();
    Buf all = buf_new(a);
    int number = pdf_file_take(f, 1);
    for (int k = 0; k < f->n_waiting; k++) {
        buf_fixed(&all, f->waiting[k].number), buf_puts(&all, " ");
        buf_fixed(&all, (double)f->waiting[k].at), buf_puts(&all, " ");
        remember(f, (Range){f->waiting[k].number, 1, true, (size_t)number, k});
    }
    const char *entries = arena_printf(a, "/Type /ObjStm /N %d /First %zu", f->n_waiting, all.len);
    buf_put(&all, f->held.data, f->held.len);
    pdf_file_stream(f, number, entries, all.data, all.len);
    arena_free(a);
    f->n_waiting = 0;
    f->held.len = 0;
}

void pdf_file_object(PdfFile *f, int number, const Buf *body) {
    f->waiting[f->n_waiting].number = number;
    f->waiting[f->n_waiting++].at = f->held.len;
    buf_put(&f->held, body->data, body->len);
    buf_puts(&f->held, "\n");
    if (f->n_waiting == HELD_MAX || f->held.len > HELD_BYTES) let_go(f);
}

// --- where everything is

static int by_first(const void *x, const void *y) {
    const Range *a = x, *b = y;
    return a->first < b->first ? -1 : a->first > b->first;
}

/// Rows on their way into the table.
typedef struct {
    z_stream zip;
    Buf *out;
    unsigned char before[ROW], rows[ROWS_AT_ONCE * (ROW + 1)];
    int n;
} Table;

static void flush_rows(Table *t, int how) {
    deflate_into(&t->zip, t->rows, (size_t)t->n * (ROW + 1), how, t->out);
    t->n = 0;
}

static void put_row(Table *t, int type, size_t where, int index) {
    enum { UP = 2 }; // the row is the difference from the one above it
    unsigned char row[ROW] = {(unsigned char)type,          (unsigned char)(where >> 24),
                              (unsigned char)(where >> 16), (unsigned char)(where >> 8),
                              (unsigned char)where,         (unsigned char)(index >> 8),
                              (unsigned char)index};
    unsigned char *to = t->rows + (size_t)t->n * (ROW + 1);
    *to++ = UP;
    for (int k = 0; k < ROW; k++) *to++ = (unsigned char)(row[k] - t->before[k]);
    memcpy(t->before, row, ROW);
    if (++t->n == ROWS_AT_ONCE) flush_rows(t, Z_NO_FLUSH);
}

static void put_table(PdfFile *f, int size, Buf *out) {
    enum { FREE, PLAIN, PACKED };
    Table *t = ARENA_NEW(out->arena, Table);
    t->out = out;
    begin_deflate(&t->zip, (size_t)size * (ROW + 1));
    qsort(f->ranges, (size_t)f->n_ranges, sizeof *f->ranges, by_first);
    int number = 0;
    for (int k = 0; k < f->n_ranges; k++) {
        const Range *r = &f->ranges[k];
        for (; number < r->first; number++) put_row(t, FREE, 0, number ? 0 : 0xFFFF);
        for (int i = 0; i < r->n; i++, number++)
            put_row(t, r->packed ? PACKED : PLAIN, r->at, r->packed ? r->index + i : 0);
    }
    for (; number < size; number++) put_row(t, FREE, 0, 0);
    flush_rows(t, Z_FINISH);
    deflateEnd(&t->zip);
}

bool pdf_file_end(PdfFile *f, int catalog, int info) {
    let_go(f);
    Arena *a = arena_new();
    int number = pdf_file_take(f, 1);
    size_t start = f->at;
    remember(f, (Range){number, 1, false, start, 0});
    Buf table = buf_new(a), tail = buf_new(a);
    put_table(f, f->next, &table);
    const char *entries = arena_printf(a,
                                       "/Type /XRef /Size %d /W [1 4 2] /Root %d 0 R /Info %d 0 R "
                                       "/DecodeParms <</Predictor 12 /Columns %d>>",
                                       f->next, catalog, info, ROW);
    put_stream(f, number, entries, table.data, table.len);
    buf_printf(&tail, "startxref\n%zu\n%%%%EOF\n", start);
    put(f, tail.data, tail.len);
    arena_free(a);
    arena_free(f->piece);
    return !f->failed;
}

// --- text

void pdf_put_ref(Buf *out, int number) {
    char text[20] = " 0 R ", digits[12];
    int n = 0, at = 0;
    do digits[n++] = (char)('0' + number % 10), number /= 10;
    while (number);
    while (n) text[at++] = digits[--n];
    memcpy(text + at, " 0 R ", 5);
    buf_put(out, text, (size_t)at + 5);
}

static uint32_t next_char(const unsigned char **p) {
    int n = **p < 0x80 ? 1 : **p < 0xE0 ? 2 : **p < 0xF0 ? 3 : 4;
    uint32_t code = n == 1 ? **p : **p & (0x7Fu >> n);
    for (int k = 1; k < n && (*p)[k]; k++) code = code << 6 | ((*p)[k] & 0x3Fu);
    for (int k = 0; k < n && **p; k++) ++*p;
    return code;
}

void pdf_put_hex(Buf *out, unsigned n) {
    static const char digits[] = "0123456789ABCDEF";
    char four[4] = {digits[n >> 12 & 15], digits[n >> 8 & 15], digits[n >> 4 & 15], digits[n & 15]};
    buf_put(out, four, 4);
}

void pdf_put_utf16(Buf *out, const char *text, size_t n) {
    const unsigned char *p = (const unsigned char *)text, *end = p + n;
    while (p < end) {
        uint32_t c = next_char(&p);
        if (c > 0xFFFF) pdf_put_hex(out, 0xD800u + ((c - 0x10000) >> 10));
        pdf_put_hex(out, c > 0xFFFF ? 0xDC00u + (c & 0x3FF) : c);
    }
}

void pdf_put_text(Buf *out, const char *text) {
    bool plain = true;
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        plain &= *p >= 32 && *p < 127;
    if (!plain) {
        buf_puts(out, "<FEFF");
        pdf_put_utf16(out, text, strlen(text));
        buf_puts(out, ">");
        return;
    }
    buf_puts(out, "(");
    while (*text) {
        size_t n = strcspn(text, "()\\");
        buf_put(out, text, n);
        text += n;
        if (*text) buf_puts(out, "\\"), buf_put(out, text++, 1);
    }
    buf_puts(out, ")");
}
