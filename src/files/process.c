// fork and exec with a list of words: no shell, nothing to quote. Its standard error goes to a pipe
// that is read at the end; what it says is little, since it is asked to say only errors.
#include "files/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_MAX = 2000 };

struct Process {
    Arena *arena;
    const char *name;
    pid_t id;
    int to, from; // its input, and its complaints
};

const char *process_find(Arena *a, const char *name) {
    const char *path = getenv("PATH");
    while (path && *path) {
        size_t n = strcspn(path, ":");
        const char *file = n ? arena_printf(a, "%.*s/%s", (int)n, path, name) : name;
        if (access(file, X_OK) == 0) return file;
        path += n + (path[n] == ':');
    }
    return NULL;
}

static void become(const char *const argv[], const int in[2], const int err[2]) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    int null = open("/dev/null", O_WRONLY);
    dup2(in[0], STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    for (int fd = 3; fd < 256; fd++) close(fd);
    union {
        const char *const *from;
        char *const *to;
    } words = {argv}; // execv does not change them
    execv(argv[0], words.to);
    _exit(127);
}

Process *process_start(Arena *a, const char *const argv[], const char **why) {
    int in[2] = {-1, -1}, err[2] = {-1, -1};
    pid_t id = -1;
    if (pipe(in) == 0 && pipe(err) == 0) id = fork();
    if (id == 0) become(argv, in, err);
    int error = errno;
    if (in[0] >= 0) close(in[0]);
    if (err[1] >= 0) close(err[1]);
    if (id < 0) {
        if (in[1] >= 0) close(in[1]);
        if (err[0] >= 0) close(err[0]);
        *why = arena_printf(a, "cannot start %s: %s", argv[0], strerror(error));
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN);
    Process *p = ARENA_NEW(a, Process);
    *p = (Process){a, argv[0], id, in[1], err[0]};
    return p;
}

bool process_write(Process *p, const void *bytes, size_t n) {
    const char *at = bytes;
    while (n > 0) {
        ssize_t wrote = write(p->to, at, n);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return false;
        at += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

// The last line it said.
static const char *last_words(Process *p) {
    char said[SAID_MAX + 1], rest[512];
    size_t n = 0;
    for (;;) {
        bool room = n < SAID_MAX;
        ssize_t got =
            room ? read(p->from, said + n, SAID_MAX - n) : read(p->from, rest, sizeof rest);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (room) n += (size_t)got;
    }
    while (n > 0 && (said[n - 1] == '\n' || said[n - 1] == '\r' || said[n - 1] == ' ')) n--;
    size_t start = n;
    while (start > 0 && said[start - 1] != '\n' && said[start - 1] != '\r') start--;
    return arena_copy(p->arena, said + start, n - start);
}

bool process_end(Process *p, bool stop, const char **why) {
    if (stop) kill(p->id, SIGKILL);
    close(p->to);
    const char *said = last_words(p);
    close(p->from);
    int status = 0;
    while (waitpid(p->id, &status, 0) < 0 && errno == EINTR) continue;
    bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    *why = NULL;
    if (!done && !stop)
        *why = arena_printf(p->arena, "%s failed: %s", p->name, *said ? said : "it was ended");
    return done;
}
