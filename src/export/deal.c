// Files of an export, one a frame. With --jobs the frames are dealt out to processes like cards:
// who is done with one is given the next, so that nobody waits for one whose processor is slow or
// busy with others. A frame looks the same whoever draws it. A process sends a byte for each frame
// it has written, or one sentence saying why it cannot go on.
#include "export/make_with.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/write.h"

enum { JOBS_MAX = 64, FAILED = '!', DONE = '.' };

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

const char *make_path(Maker *m, const Export *e, const char *name) {
    const char *path =
        is_folder(e->path) ? arena_printf(m->arena, "%s/%s", e->path, name) : e->path;
    if (m->wrote) m->wrote(m->context, path);
    return path;
}

ExportEnd make_file(Maker *m, const Export *e, const Buf *bytes, const char *name) {
    const char *path = make_path(m, e, name), *why;
    if (write_file(m->arena, path, bytes->data, bytes->len, &why)) return EXPORT_DONE;
    return maker_fails(m, why);
}

/// A run of frames on its way into a folder.
typedef struct {
    const Export *e;
    Maker *m;
    FrameBytes *bytes;
    const char *ending;
    const Frame *frames;
    int count;
} Deal;

static const char *frame_path(const Deal *d, Arena *a, int k) {
    return arena_printf(a, "%s/%s.%s", d->e->path, d->frames[k].name, d->ending);
}

static bool write_frame(const Deal *d, Arena *a, int k, const char **why) {
    Buf out = buf_new(a);
    const char *path = frame_path(d, a, k);
    Look look = picture_look(&d->e->look, &d->frames[k]);
    return d->bytes(a, d->m, &look, &d->frames[k], &out, why) &&
           write_one_of_many(a, path, out.data, out.len, why);
}

// Every frame, one after the other.
static ExportEnd write_all(const Deal *d) {
    Arena *a = arena_new();
    ExportEnd end = EXPORT_DONE;
    for (int k = 0; k < d->count && end == EXPORT_DONE; k++) {
        const char *why;
        arena_reset(a);
        if (!maker_goes_on(d->m, "pictures", k, d->count))
            end = EXPORT_STOPPED;
        else if (!write_frame(d, a, k, &why))
            end = maker_fails(d->m, arena_printf(d->m->arena, "%s", why));
    }
    arena_free(a);
    return end;
}

/// The processes at work, seen from the one that waits for them.
typedef struct {
    int n, open;
    pid_t child[JOBS_MAX];
    struct pollfd from[JOBS_MAX];
    int dealt, all; // frames: given to somebody; of the run
    int done;       // frames
    bool failed;    // somebody said why:
    char why[512];  // the first of them
} Team;

// The work of one process: every frame that it is given, until there are no more.
static ExportEnd write_given(const Deal *d, int team) {
    Arena *a = arena_new();
    ssize_t n;
    for (int k; (n = read(team, &k, sizeof k)) != 0;) {
        const char *why;
        if (n < 0 && errno == EINTR) continue;
        if (n != (ssize_t)sizeof k) return EXPORT_FAILED;
        arena_reset(a);
        if (!write_frame(d, a, k, &why)) {
            const char *line = arena_printf(a, "%c%s", FAILED, why);
            if (write(team, line, strlen(line)) < 0) return EXPORT_FAILED;
            return EXPORT_FAILED;
        }
        if (write(team, &(char){DONE}, 1) < 0) return EXPORT_FAILED;
    }
    return EXPORT_DONE;
}

// A process that is told to stop ends at once, but for a file that it is writing.
static void stop_when_told(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &ends, NULL);
}

static void stop_all(const Team *t) {
    for (int k = 0; k < t->n; k++) kill(t->child[k], SIGTERM);
}

// Gives a process its next frame, or tells it that there are no more. Of one that has died the end
// is heard elsewhere.
static void deal_one(Team *t, int process) {
    int fd = t->from[process].fd;
    if (t->dealt == t->all)
        shutdown(fd, SHUT_WR);
    else if (send(fd, &t->dealt, sizeof t->dealt, MSG_NOSIGNAL) == (ssize_t)sizeof t->dealt)
        t->dealt++;
}

// Starts one process; false if the system has none to give.
static bool start_one(Team *t, const Deal *d) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        stop_when_told();
        _exit((int)write_given(d, ends[1]));
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
    for (; *p == DONE; p++) {
        t->done++;
        deal_one(t, k);
    }
    if (*p != FAILED || t->failed) return;
    t->failed = true;
    snprintf(t->why, sizeof t->why, "%s", p + 1);
    stop_all(t);
}

// Waits for all of them; a process that was told to stop is no mishap.
static ExportEnd end_team(Maker *m, Team *t) {
    bool died = false, stopped = m->stopped;
    for (int k = 0; k < t->n; k++) {
        int status = 0;
        while (waitpid(t->child[k], &status, 0) < 0 && errno == EINTR) continue;
        bool told =
            WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM);
        stopped |= told;
        died |= !told && !(WIFEXITED(status) && WEXITSTATUS(status) == EXPORT_DONE);
    }
    died |= t->done < t->all;
    if (t->failed) return maker_fails(m, arena_printf(m->arena, "%s", t->why));
    if (stopped) return EXPORT_STOPPED;
    return died ? maker_fails(m, "a process that draws frames died") : EXPORT_DONE;
}

static ExportEnd write_together(const Deal *d, int jobs) {
    enum { IN_HAND = 2 }; // frames: the one at work, and one so that nobody waits for a new one
    Team team = {.all = d->count};
    while (team.n < jobs)
        if (!start_one(&team, d)) {
            stop_all(&team);
            end_team(d->m, &team);
            return maker_fails(d->m, "the system cannot start another process");
        }
    for (int k = 0; k < IN_HAND * jobs; k++) deal_one(&team, k % jobs);
    while (team.open > 0) {
        bool before = d->m->stopped;
        if (!maker_goes_on(d->m, "pictures", team.done, d->count) && !before) stop_all(&team);
        poll(team.from, (nfds_t)team.n, 100);
        for (int k = 0; k < team.n; k++)
            if (team.from[k].fd >= 0 && team.from[k].revents) listen_to(&team, k);
    }
    return end_team(d->m, &team);
}

static ExportEnd write_one(Maker *m, const Export *e, FrameBytes *bytes, const Frame *frame,
                           const char *ending) {
    Buf out = buf_new(m->arena);
    const char *why;
    if (!bytes(m->arena, m, &e->look, frame, &out, &why)) return maker_fails(m, why);
    if (!maker_goes_on(m, "pictures", 0, 1)) return EXPORT_STOPPED;
    return make_file(m, e, &out, arena_printf(m->arena, "%s.%s", frame->name, ending));
}

ExportEnd make_pictures(Maker *m, const Export *e, FrameBytes *bytes, const char *ending) {
    const char *why;
    Export own = *e;
    Deal d = {.e = &own, .m = m, .bytes = bytes, .ending = ending};
    d.frames = maker_frames(m, e, &d.count);
    if (!d.frames) return EXPORT_MISUSED;
    picture_settle(m->text, &own.look, d.frames, d.count);
    if (e->one) return write_one(m, &own, bytes, d.frames, ending);
    if (!write_folder(m->arena, e->path, &why)) return maker_fails(m, why);
    for (int k = 0; k < d.count && m->wrote; k++) m->wrote(m->context, frame_path(&d, m->arena, k));
    int jobs = e->jobs < d.count ? e->jobs : d.count;
    return jobs > 1 ? write_together(&d, jobs) : write_all(&d);
}
