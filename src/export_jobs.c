// Files of an export, one a frame. With --jobs the frames are dealt out to processes like cards:
// each draws every n-th one, so what a frame looks like cannot depend on how many there are. A
// process sends a byte for each frame it has written, or one sentence saying why it cannot go on.
#include "export_jobs.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/write.h"

enum { JOBS_MAX = 64, FAILED = '!', DONE = '.' };

ExitCode machine_error(const char *why) {
    fprintf(stderr, "gatewalk: %s\n", why);
    return EXIT_MACHINE;
}

Frame *frames_to_export(Program *p, const Export *e, int *count) {
    const char *why;
    Frame *frames = export_frames(p->arena, e, count, &why);
    if (!frames) usage_error("%s", why);
    return frames;
}

bool export_is_file(const char *path) {
    struct stat info;
    if (strcmp(path, "-") == 0) return false;
    return stat(path, &info) != 0 || S_ISREG(info.st_mode);
}

const char *export_beside(Arena *a, const char *path, const char *ending) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t n =
        dot && (!slash || dot > slash + 1) && dot != path ? (size_t)(dot - path) : strlen(path);
    return arena_printf(a, "%.*s.%s", (int)n, path, ending);
}

ExitCode export_file(Program *p, const Export *e, const Buf *bytes, const char *name) {
    const char *path = e->path, *why;
    if (is_folder(path)) path = arena_printf(p->arena, "%s/%s", path, name);
    if (write_file(p->arena, path, bytes->data, bytes->len, &why)) return EXIT_DONE;
    return machine_error(why);
}

/// A run of frames on its way into a folder.
typedef struct {
    const Export *e;
    Tools *tools;
    FrameBytes *bytes;
    const char *ending;
    const Frame *frames;
    int count;
} Deal;

static bool write_frame(const Deal *d, Arena *a, int k, const char **why) {
    Buf out = buf_new(a);
    const char *path = arena_printf(a, "%s/%s.%s", d->e->path, d->frames[k].name, d->ending);
    return d->bytes(a, d->tools, &d->e->look, &d->frames[k], &out, why) &&
           write_one_of_many(a, path, out.data, out.len, why);
}

// Every `step`-th frame from `first` on. `told` takes a byte a frame; -1 draws a bar instead.
static ExitCode write_some(const Deal *d, int first, int step, int told) {
    Arena *a = arena_new();
    ExitCode code = EXIT_DONE;
    for (int k = first; k < d->count && code == EXIT_DONE; k += step) {
        const char *why = "";
        if (told < 0) progress_bar("pictures", k, d->count, NAN);
        arena_reset(a);
        if (!write_frame(d, a, k, &why)) {
            code = EXIT_MACHINE;
            if (told < 0) machine_error(why);
            const char *line = arena_printf(a, "%c%s", FAILED, why);
            if (told >= 0 && write(told, line, strlen(line)) < 0) break;
        } else if (told >= 0 && write(told, &(char){DONE}, 1) < 0) {
            break;
        }
        if (code == EXIT_DONE && interrupted()) code = EXIT_INTERRUPTED;
    }
    if (told < 0) progress_bar("pictures", d->count, d->count, NAN);
    arena_free(a);
    return code;
}

/// The processes at work, seen from the one that waits for them.
typedef struct {
    int n, open;
    pid_t child[JOBS_MAX];
    struct pollfd from[JOBS_MAX];
    int done;      // frames
    bool failed;   // somebody said why:
    char why[512]; // the first of them
} Team;

static void stop_all(const Team *t) {
    for (int k = 0; k < t->n; k++) kill(t->child[k], SIGTERM);
}

// Starts one process; false if the system has none to give.
static bool start_one(Team *t, const Deal *d, int jobs) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(write_some(d, t->n, jobs, ends[1]));
    }
    close(ends[1]);
    if (child < 0) return close(ends[0]), false;
    t->child[t->n] = child;
    t->from[t->n++] = (struct pollfd){ends[0], POLLIN, 0};
    t->open++;
    return true;
}

static void listen_to(Team *t, int k) {
    char bytes[512];
    ssize_t n = read(t->from[k].fd, bytes, sizeof bytes - 1);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) {
        close(t->from[k].fd);
        t->from[k].fd = -1;
        t->open--;
        return;
    }
    bytes[n] = '\0';
    const char *p = bytes;
    for (; *p == DONE; p++) t->done++;
    if (*p != FAILED || t->failed) return;
    t->failed = true;
    snprintf(t->why, sizeof t->why, "%s", p + 1);
    stop_all(t);
}

static ExitCode end_team(Team *t) {
    ExitCode code = EXIT_DONE;
    for (int k = 0; k < t->n; k++) {
        int status = 0;
        while (waitpid(t->child[k], &status, 0) < 0 && errno == EINTR) continue;
        ExitCode own = WIFEXITED(status) ? (ExitCode)WEXITSTATUS(status) : EXIT_MACHINE;
        if (code == EXIT_DONE || own == EXIT_MACHINE) code = own;
    }
    if (t->failed) return machine_error(t->why);
    return code == EXIT_MACHINE ? machine_error("a process that draws frames died") : code;
}

static ExitCode write_together(const Deal *d, int jobs) {
    Team team = {0};
    bool stopped = false;
    while (team.n < jobs)
        if (!start_one(&team, d, jobs)) {
            stop_all(&team);
            end_team(&team);
            return machine_error("the system cannot start another process");
        }
    while (team.open > 0) {
        progress_bar("pictures", team.done, d->count + 1, NAN);
        poll(team.from, (nfds_t)team.n, 100);
        for (int k = 0; k < team.n; k++)
            if (team.from[k].fd >= 0 && team.from[k].revents) listen_to(&team, k);
        if (!stopped && interrupted()) {
            stopped = true;
            stop_all(&team);
        }
    }
    progress_bar("pictures", d->count, d->count, NAN);
    return end_team(&team);
}

static ExitCode write_one(Program *p, const Export *e, Tools *tools, FrameBytes *bytes,
                          const Frame *frame, const char *ending) {
    Buf out = buf_new(p->arena);
    const char *why;
    if (!bytes(p->arena, tools, &e->look, frame, &out, &why)) return machine_error(why);
    if (interrupted()) return EXIT_INTERRUPTED;
    return export_file(p, e, &out, arena_printf(p->arena, "%s.%s", frame->name, ending));
}

ExitCode export_pictures(Program *p, const Export *e, Tools *tools, FrameBytes *bytes,
                         const char *ending) {
    const char *why;
    Deal d = {.e = e, .tools = tools, .bytes = bytes, .ending = ending};
    d.frames = frames_to_export(p, e, &d.count);
    if (!d.frames) return EXIT_USAGE;
    if (e->one) return write_one(p, e, tools, bytes, d.frames, ending);
    if (!write_folder(p->arena, e->path, &why)) return machine_error(why);
    int jobs = e->jobs < d.count ? e->jobs : d.count;
    return jobs > 1 ? write_together(&d, jobs) : write_some(&d, 0, 1, -1);
}
