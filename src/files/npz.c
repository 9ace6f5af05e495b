// libzip reads and writes the archive, in memory. What a member says of its size is believed only
// within bounds: no byte of deflate makes more than 1032, so a small file cannot ask for much.
#include "files/npz.h"

#include <string.h>
#include <zip.h>

#include "files/npy.h"

enum { DEFLATE_RATIO = 1032, DEFLATE_EXTRA = 1024, MEMBERS_LIMIT = 100000 };

typedef struct {
    Arena *arena;
    const Source *source;
    Diags *diags;
    zip_t *zip;
    uint64_t unpacked; // bytes, so far
} Archive;

#define WRONG(z, ...) diag_error((z)->diags, (z)->source, NO_SPAN, __VA_ARGS__)

/// Can the member be unpacked, and is it no larger than it may be?
static bool check_member(Archive *z, const zip_stat_t *st, const char *name) {
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((st->valid & needed) != needed) return WRONG(z, "%s: its size is not known", name);
    if (st->encryption_method != ZIP_EM_NONE) return WRONG(z, "%s is encrypted", name);
    if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE)
        return WRONG(z, "%s is packed by method %d; stored and deflated members can be read", name,
                     (int)st->comp_method);
    if (st->comp_size > z->source->len)
        return WRONG(z, "%s takes %llu bytes of a file of %zu", name,
                     (unsigned long long)st->comp_size, z->source->len);
    bool stored = st->comp_method == ZIP_CM_STORE;
    uint64_t most = stored ? st->comp_size : st->comp_size * DEFLATE_RATIO + DEFLATE_EXTRA;
    if (st->size > most)
        return WRONG(z, "%s says that its %llu bytes unpack to %llu, which cannot be", name,
                     (unsigned long long)st->comp_size, (unsigned long long)st->size);
    if (st->size > WEIGHTS_MAX_BYTES - z->unpacked)
        return WRONG(z, "too large: with %s its arrays have more than %d bytes", name,
                     WEIGHTS_MAX_BYTES);
    z->unpacked += st->size;
    return true;
}

/// All of a member's bytes, its checksum included in the check; NULL with a mistake.
static const char *unpack(Archive *z, zip_uint64_t index, size_t size, const char *name) {
    zip_file_t *file = zip_fopen_index(z->zip, index, 0);
    if (!file) return WRONG(z, "%s cannot be unpacked: %s", name, zip_strerror(z->zip)), NULL;
    char *bytes = arena_alloc(z->arena, size + 1, 1);
    size_t got = 0;
    zip_int64_t n = 1;
    while (got <= size && n > 0) { // one more than it says, to see the end
        n = zip_fread(file, bytes + got, size + 1 - got);
        if (n > 0) got += (size_t)n;
    }
    if (n < 0) WRONG(z, "%s cannot be unpacked: %s", name, zip_file_strerror(file));
    zip_fclose(file);
    if (n < 0) return NULL;
    if (got == size) return bytes;
    WRONG(z, "%s unpacks to %s bytes than it says, %zu", name, got < size ? "fewer" : "more", size);
    return NULL;
}

static bool read_member(Archive *z, zip_uint64_t index, Tensors *out) {
    zip_stat_t st;
    zip_stat_init(&st);
    if (zip_stat_index(z->zip, index, 0, &st) != 0 || !(st.valid & ZIP_STAT_NAME))
        return WRONG(z, "member %llu cannot be read: %s", (unsigned long long)index + 1,
                     zip_strerror(z->zip));
    size_t n = strlen(st.name);
    const char *name = arena_copy(z->arena, st.name, n);
    if (n < 5 || strcmp(name + n - 4, ".npy") != 0)
        return WRONG(z, "member '%s' is no array: its name does not end in .npy", name);
    if (!check_member(z, &st, name)) return false;
    const char *bytes = unpack(z, index, (size_t)st.size, name);
    if (!bytes) return false;
    NpyFile file = {z->source, arena_printf(z->arena, "%s: ", name), bytes, (size_t)st.size};
    return npy_read(z->arena, &file, arena_copy(z->arena, name, n - 4), out, z->diags);
}

static bool read_members(Archive *z, Tensors *out) {
    zip_int64_t n = zip_get_num_entries(z->zip, 0);
    if (n > MEMBERS_LIMIT)
        return WRONG(z, "%lld arrays; at most %d can be read", (long long)n, MEMBERS_LIMIT);
    for (zip_int64_t i = 0; i < n; i++)
        if (!read_member(z, (zip_uint64_t)i, out)) return false;
    return true;
}

bool npz_read(Arena *a, const Source *source, Tensors *out, Diags *d) {
    Archive z = {.arena = a, .source = source, .diags = d};
    *out = (Tensors){0};
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *bytes = zip_source_buffer_create(source->text, source->len, 0, &error);
    // with its checks of consistency on: the same size everywhere, no name twice
    if (bytes) z.zip = zip_open_from_source(bytes, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (!z.zip) {
        WRONG(&z, "this is no archive that can be read: %s", zip_error_strerror(&error));
        if (bytes) zip_source_free(bytes);
        zip_error_fini(&error);
        return false;
    }
    bool fine = read_members(&z, out);
    zip_discard(z.zip);
    zip_error_fini(&error);
    return fine;
}

// ---- writing ----

enum { DOS_1980_01_01 = 1 << 5 | 1 }; // the same for every archive

static bool add_member(Arena *a, zip_t *zip, const Tensor *t) {
    Buf npy = buf_new(a);
    npy_write(&npy, t->rank, t->shape, t->at);
    zip_source_t *bytes = zip_source_buffer(zip, npy.data, npy.len, 0);
    if (!bytes) return false;
    zip_int64_t index =
        zip_file_add(zip, arena_printf(a, "%s.npy", t->name), bytes, ZIP_FL_ENC_UTF_8);
    if (index < 0) return zip_source_free(bytes), false;
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
           zip_file_set_dostime(zip, (zip_uint64_t)index, 0, DOS_1980_01_01, 0) == 0;
}

/// What the archive's source holds after it was closed.
static bool copy_archive(zip_source_t *archive, Buf *out) {
    if (zip_source_open(archive) != 0) return false;
    char bytes[1 << 14];
    zip_int64_t n;
    while ((n = zip_source_read(archive, bytes, sizeof bytes)) > 0) buf_put(out, bytes, (size_t)n);
    zip_source_close(archive);
    return n == 0;
}

bool npz_write(const Tensors *t, Buf *out) {
    zip_error_t error;
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &error);
    if (!archive) return false;
    zip_source_keep(archive); // for copy_archive: zip_close gives up its own hold
    zip_t *zip = zip_open_from_source(archive, ZIP_TRUNCATE, &error);
    bool fine = zip != NULL;
    for (int i = 0; fine && i < t->n; i++) fine = add_member(out->arena, zip, &t->list[i]);
    if (zip && (!fine || zip_close(zip) != 0)) {
        zip_discard(zip);
        fine = false;
    }
    fine = fine && copy_archive(archive, out);
    zip_source_free(archive);
    return fine;
}
