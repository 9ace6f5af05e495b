// fork and exec with a list of words: no shell, nothing to quote. Its standard error goes to a pipe
// that is read without waiting. A program has ended when its process has: another one that it left
// behind in the background may hold the pipe for ever.
#include "files/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_MAX = 2000, LOOK_MS = 20 };

struct Process {
    Arena *arena;
    const char *name;
    pid_t id;
    int to, from; // its input, and its complaints; -1 once closed
    bool over;
    int status;              // once it is over
    char said[SAID_MAX + 1]; // since the last whole line
    size_t n;
    const char *last; // line that was not empty; "" before the first
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
    *p = (Process){.arena = a, .name = argv[0], .id = id, .to = in[1], .from = err[0], .last = ""};
    fcntl(p->from, F_SETFL, O_NONBLOCK);
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

// Takes n bytes off the front of what was said, and what ends the line, as a line.
static const char *take_line(Process *p, size_t n) {
    const char *line = arena_copy(p->arena, p->said, n);
    size_t gone = n < p->n ? n + 1 : n;
    memmove(p->said, p->said + gone, p->n - gone + 1);
    p->n -= gone;
    if (*line) p->last = line;
    return line;
}

const char *process_line(Process *p) {
    for (;;) {
        size_t end = strcspn(p->said, "\r\n");
        if (end < p->n || end == SAID_MAX) {
            const char *line = take_line(p, end);
            if (*line) return line;
            continue;
        }
        ssize_t got = p->from < 0 ? 0 : read(p->from, p->said + p->n, SAID_MAX - p->n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return NULL; // nothing yet
        p->n += (size_t)got;
        p->said[p->n] = '\0';
        if (got > 0) continue;
        if (p->from >= 0) close(p->from);
        p->from = -1;
        return p->n > 0 ? take_line(p, p->n) : NULL;
    }
}

bool process_over(Process *p) {
    if (p->over) return true;
    pid_t ended = waitpid(p->id, &p->status, WNOHANG);
    return p->over = ended == p->id || (ended < 0 && errno != EINTR);
}

void process_stop(Process *p) {
    if (!p->over) kill(p->id, SIGTERM);
}

const char *process_said(const Process *p) {
    return p->last;
}

bool process_end(Process *p, bool stop, const char **why) {
    if (stop && !p->over) kill(p->id, SIGKILL);
    if (p->to >= 0) close(p->to);
    p->to = -1;
    while (!process_over(p)) {
        while (process_line(p)) continue;
        poll(&(struct pollfd){p->from, POLLIN, 0}, 1, LOOK_MS);
    }
    while (process_line(p)) continue;
    if (p->n > 0) take_line(p, p->n);
    if (p->from >= 0) close(p->from);
    p->from = -1;
    bool done = WIFEXITED(p->status) && WEXITSTATUS(p->status) == 0;
    *why = NULL;
    if (!done && !stop)
        *why =
            arena_printf(p->arena, "%s failed: %s", p->name, *p->last ? p->last : "it was ended");
    return done;
}
