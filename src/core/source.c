// Reading a file whole. Only regular files: a FIFO or a device could block for
// ever or never end, so it is refused before and after it is opened, and opened
// so that even a file swapped in between cannot block.
#include "core/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What a file is that is not regular.
static const char *kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "this is a folder, not a file";
    if (S_ISFIFO(mode)) return "this is a pipe, not a regular file";
    if (S_ISSOCK(mode)) return "this is a socket, not a regular file";
    return "this is a device, not a regular file";
}

static bool is_readable_kind(const struct stat *st, const Source *s, size_t limit, Diags *d) {
    if (!S_ISREG(st->st_mode)) return diag_error(d, s, NO_SPAN, "%s", kind_of(st->st_mode));
    if (st->st_size > 0 && (uintmax_t)st->st_size > limit)
        return diag_error(d, s, NO_SPAN, "the file has %jd bytes; at most %zu can be read",
                          (intmax_t)st->st_size, limit);
    return true;
}

// Reads to the end. The size is a guess only: files in /proc say 0, others grow.
static bool read_all(Arena *a, int fd, size_t guess, size_t limit, Source *s, Diags *d) {
    size_t cap = guess + 2, len = 0;
    char *text = arena_alloc(a, cap, 1);
    for (;;) {
        ssize_t got = read(fd, text + len, cap - 1 - len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return diag_error(d, s, NO_SPAN, "cannot be read: %s", strerror(errno));
        if (got == 0) break;
        len += (size_t)got;
        if (len > limit)
            return diag_error(d, s, NO_SPAN, "the file has more than %zu bytes, which is the limit",
                              limit);
        if (len == cap - 1) {
            char *wider = arena_alloc(a, 2 * cap, 1);
            memcpy(wider, text, len);
            text = wider;
            cap *= 2;
        }
    }
    text[len] = '\0';
    s->text = text;
    s->len = len;
    return true;
}

const Source *source_read(Arena *a, const char *path, size_t limit, Diags *d) {
    Source *s = ARENA_NEW(a, Source);
    *s = (Source){.path = arena_copy(a, path, strlen(path)), .text = ""};
    struct stat st;
    if (stat(path, &st) < 0) {
        const char *why = errno == ENOENT ? "there is no such file" : strerror(errno);
        return diag_error(d, s, NO_SPAN, "%s", why), NULL;
    }
    if (!is_readable_kind(&st, s, limit, d)) return NULL;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return diag_error(d, s, NO_SPAN, "cannot be opened: %s", strerror(errno)), NULL;
    bool ok = fstat(fd, &st) == 0
                  ? is_readable_kind(&st, s, limit, d)
                  : diag_error(d, s, NO_SPAN, "cannot be read: %s", strerror(errno));
    ok = ok && read_all(a, fd, st.st_size > 0 ? (size_t)st.st_size : 4096, limit, s, d);
    close(fd);
    return ok ? s : NULL;
}
