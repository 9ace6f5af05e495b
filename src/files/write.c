// Write beside, fsync, rename: whoever looks sees the old file or the new one, never a part. The
// temporary name carries the process number, so that two runs do not meet. An interrupt waits until
// the temporary file is gone; who writes for long asks whether one is waiting. A link is written
// through, also one that leads to no file yet.
#include "files/write.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(Arena *a, const char *path, int error, const char **why) {
    *why = arena_printf(a, "cannot write %s: %s", path, strerror(error));
    return false;
}

// 0, or the errno of what went wrong.
static int write_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t wrote = write(fd, bytes, n);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return errno;
        bytes += wrote;
        n -= (size_t)wrote;
    }
    return 0;
}

// The file that a name leads to, links resolved; NULL with *error set if that cannot be told.
static const char *destination(Arena *a, const char *path, int *error) {
    enum { MOST_LINKS = 40 };
    struct stat info;
    *error = 0;
    for (int i = 0; i < MOST_LINKS; i++) {
        if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode)) return path;
        size_t room = (size_t)info.st_size + 2; // one more than it should have, to notice growth
        char *link = arena_alloc(a, room, 1);
        ssize_t n = readlink(path, link, room);
        if (n < 0 || (size_t)n == room) return *error = n < 0 ? errno : ELOOP, NULL;
        const char *slash = strrchr(path, '/');
        int folder = *link == '/' || !slash ? 0 : (int)(slash - path + 1);
        path = arena_printf(a, "%.*s%.*s", folder, path, (int)n, link);
    }
    return *error = ELOOP, NULL;
}

enum { PIECE = 1 << 16 }; // bytes that are written at once

struct Writing {
    Arena *arena;
    const char *name;      // for messages
    const char *path;      // of the file that appears at the end; NULL: written to in place
    const char *temporary; // beside it
    int fd, error;         // errno of the first thing that went wrong
    bool owned;            // fd is to be closed
    size_t n;              // bytes waiting in piece
    char piece[PIECE];
    sigset_t before; // the signals that were held when it began
};

static void hold_signals(sigset_t *before) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, before);
}

// Opens a file beside the one that the path leads to.
static int open_beside(Writing *w, const char *path) {
    int error;
    w->path = destination(w->arena, path, &error);
    if (!w->path) return error;
    w->temporary = arena_printf(w->arena, "%s.%ld.part", w->path, (long)getpid());
    w->fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return w->fd < 0 ? errno : 0;
}

static int open_in_place(Writing *w, const char *path) {
    w->fd = open(path, O_WRONLY | O_CLOEXEC);
    return w->fd < 0 ? errno : 0;
}

Writing *write_begin(Arena *a, const char *path, const char **why) {
    Writing *w = ARENA_NEW(a, Writing);
    bool standard = !path || strcmp(path, "-") == 0;
    *w = (Writing){.arena = a, .name = standard ? "standard output" : path, .fd = STDOUT_FILENO};
    struct stat there;
    hold_signals(&w->before);
    if (standard) return w;
    bool special = stat(path, &there) == 0 && !S_ISREG(there.st_mode);
    int error = !special                 ? open_beside(w, path)
                : S_ISDIR(there.st_mode) ? EISDIR
                                         : open_in_place(w, path);
    w->owned = !error;
    if (!error) return w;
    sigprocmask(SIG_SETMASK, &w->before, NULL);
    return failed(a, path, error, why), NULL;
}

static void let_go(Writing *w) {
    if (!w->error) w->error = write_all(w->fd, w->piece, w->n);
    w->n = 0;
}

bool write_put(Writing *w, const void *bytes, size_t n) {
    if (w->n + n > PIECE) let_go(w);
    if (n > PIECE && !w->error) w->error = write_all(w->fd, bytes, n);
    if (n <= PIECE) memcpy(w->piece + w->n, bytes, n);
    if (n <= PIECE) w->n += n;
    return !w->error;
}

bool write_bytes(void *writing, const void *bytes, size_t n) {
    return write_put(writing, bytes, n);
}

static bool end(Writing *w, bool keep, bool sync, const char **why) {
    if (keep) let_go(w);
    if (keep && !w->error && w->path && sync && fsync(w->fd) != 0) w->error = errno;
    if (w->owned && close(w->fd) != 0 && !w->error) w->error = errno;
    if (w->path && keep && !w->error && rename(w->temporary, w->path) != 0) w->error = errno;
    if (w->path && (!keep || w->error)) unlink(w->temporary);
    sigprocmask(SIG_SETMASK, &w->before, NULL);
    return !keep || !w->error ? true : failed(w->arena, w->name, w->error, why);
}

bool write_end(Writing *w, bool keep, const char **why) {
    return end(w, keep, true, why);
}

static bool write_whole(Arena *a, const char *path, const void *bytes, size_t n, bool sync,
                        const char **why) {
    Writing *w = write_begin(a, path, why);
    if (!w) return false;
    write_put(w, bytes, n);
    return end(w, true, sync, why);
}

bool write_file(Arena *a, const char *path, const void *bytes, size_t n, const char **why) {
    return write_whole(a, path, bytes, n, true, why);
}

bool write_one_of_many(Arena *a, const char *path, const void *bytes, size_t n, const char **why) {
    return write_whole(a, path, bytes, n, false, why);
}

bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool write_folder(Arena *a, const char *path, const char **why) {
    if (mkdir(path, 0777) == 0) return true;
    int error = errno;
    if (error == EEXIST && is_folder(path)) return true;
    return failed(a, path, error == EEXIST ? ENOTDIR : error, why);
}
