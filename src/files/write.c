// Write beside, fsync, rename: whoever looks sees the old file or the new one, never a part. The
// temporary name carries the process number, so that two runs do not meet. An interrupt waits until
// the temporary file is gone. A link is written through, also one that leads to no file yet.
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

static int write_in_place(const char *path, const char *bytes, size_t n) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    int error = write_all(fd, bytes, n);
    if (close(fd) != 0 && !error) error = errno;
    return error;
}

static int write_beside(const char *temporary, const char *path, const char *bytes, size_t n,
                        bool sync) {
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    int error = write_all(fd, bytes, n);
    if (!error && sync && fsync(fd) != 0) error = errno;
    if (close(fd) != 0 && !error) error = errno;
    if (!error && rename(temporary, path) != 0) error = errno;
    if (error) unlink(temporary);
    return error;
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

// 0, or the errno of what went wrong.
static int write_regular(Arena *a, const char *path, const void *bytes, size_t n, bool sync) {
    int error;
    const char *target = destination(a, path, &error);
    if (!target) return error;
    const char *temporary = arena_printf(a, "%s.%ld.part", target, (long)getpid());
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    error = write_beside(temporary, target, bytes, n, sync);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return error;
}

static bool write_whole(Arena *a, const char *path, const void *bytes, size_t n, bool sync,
                        const char **why) {
    if (!path || strcmp(path, "-") == 0) {
        int error = write_all(STDOUT_FILENO, bytes, n);
        return error ? failed(a, "standard output", error, why) : true;
    }
    struct stat there;
    bool special = stat(path, &there) == 0 && !S_ISREG(there.st_mode);
    int error = !special                 ? write_regular(a, path, bytes, n, sync)
                : S_ISDIR(there.st_mode) ? EISDIR
                                         : write_in_place(path, bytes, n);
    return error ? failed(a, path, error, why) : true;
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
