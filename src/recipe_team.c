// An output is made by a child: what a lesson takes in memory goes with it, and some can be made at
// a time. A child tells through a pipe what it read (<PATH) and what it wrote (>PATH), a line each;
// how it went is its exit code.
#include "recipe_team.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/write.h"

typedef struct {
    pid_t pid; // 0: free
    int fd;
    const RecipeEntry *entry;
    Buf said;
} Child;

typedef struct {
    Program *p;
    const RecipeEntry *entries;
    int n, next; // entries, and the first that is not yet looked at
    Record record;
    const char *path; // of the record
    Child children[RECIPE_JOBS];
    int jobs, open;
    int made, to_make;
    bool stopping;
    ExitCode code; // of the first that went wrong
} Team;

// --- the child

/// What a child knows.
typedef struct {
    Arena *arena;
    int told; // where it tells
    int wrote;
} Work;

static void tell(const Work *w, char kind, const char *path) {
    const char *line = arena_printf(w->arena, "%c%s\n", kind, path);
    for (size_t n = strlen(line); n > 0;) {
        ssize_t wrote = write(w->told, line, n);
        if (wrote < 0 && errno != EINTR) return;
        if (wrote < 0) continue;
        line += wrote;
        n -= (size_t)wrote;
    }
}

static void wrote(void *context, const char *path) {
    Work *w = context;
    w->wrote++;
    tell(w, '>', path);
}

static bool watch(void *context, const char *what, int done, int all) {
    (void)context;
    progress_bar(what, done, all, NAN);
    return !interrupted();
}

// The files that the lesson was read from; the twin that it might get, too.
static void tell_sources(const Work *w, const Lesson *l) {
    tell(w, '<', l->path);
    for (const char *const *file = l->watch; *file; file++)
        if (strcmp(*file, l->path) != 0) tell(w, '<', *file);
    size_t n = strlen(l->path);
    if (!l->has_chinese && n > 3 && strcmp(l->path + n - 3, ".md") == 0)
        tell(w, '<', arena_printf(w->arena, "%.*s.zh.md", (int)n - 3, l->path));
}

static ExitCode misused(Program *p, const RecipeEntry *e, const char *why) {
    Diags d = diags_new(p->arena);
    Buf text = buf_new(p->arena);
    diag_error(&d, e->source, e->span, "%s", why);
    diags_print(&d, &text);
    fputs(buf_str(&text), stderr);
    return EXIT_WRONG;
}

// The folders that the output goes into are made where they are missing.
static bool make_parents(Program *p, const char *path, const char **why) {
    const char *slash = path + strspn(path, "/");
    while ((slash = strchr(slash, '/'))) {
        if (!write_folder(p->arena, arena_copy(p->arena, path, (size_t)(slash - path)), why))
            return false;
        slash += strspn(slash, "/");
    }
    return true;
}

static ExitCode work(Program *p, const RecipeEntry *e, int told) {
    Work w = {p->arena, told, 0};
    ExitCode code;
    if (!lesson_find(p->arena, e->words.word, &p->places))
        return misused(p, e, arena_printf(p->arena, "no lesson called %s", e->words.word));
    interrupt_leaves();
    Lesson *lesson = open_lesson(p, e->words.word, false, &code);
    if (!lesson) return code;
    interrupt_hold();
    tell_sources(&w, lesson);
    Maker m = {.arena = p->arena,
               .places = &p->places,
               .lesson = lesson,
               .watch = watch,
               .wrote = wrote,
               .context = &w};
    ExportEnd end =
        make_parents(p, e->words.path, &m.why) ? export_make(&m, &e->words) : EXPORT_FAILED;
    switch (end) {
    case EXPORT_DONE:
        if (!w.wrote) wrote(&w, e->words.path);
        return EXIT_DONE;
    case EXPORT_STOPPED: return EXIT_INTERRUPTED;
    case EXPORT_MISUSED: return misused(p, e, m.why);
    case EXPORT_FAILED: break;
    }
    say_wrong("%s", m.why);
    return EXIT_MACHINE;
}

// --- the parent

static void went_wrong(Team *t, ExitCode code) {
    if (t->code == EXIT_DONE || code == EXIT_INTERRUPTED) t->code = code;
}

static bool is_made(const Team *t, const RecipeEntry *e) {
    const Made *made = record_find(&t->record, e->words.path);
    return made && made->hash == record_hash(e->hash, made) && record_stands(made);
}

static void start(Team *t, Child *c, const RecipeEntry *e) {
    int ends[2];
    fprintf(stderr, "%d/%d %s\n", ++t->made, t->to_make, e->words.path);
    fflush(NULL);
    pid_t pid = pipe(ends) == 0 ? fork() : -1;
    if (pid == 0) {
        close(ends[0]);
        if (t->jobs > 1) setenv("GATEWALK_PROGRESS", "none", 1);
        _exit(work(t->p, e, ends[1]));
    }
    if (pid < 0) {
        fprintf(stderr, "gatewalk: the system cannot start another process\n");
        went_wrong(t, EXIT_MACHINE);
        return;
    }
    close(ends[1]);
    *c = (Child){pid, ends[0], e, buf_new(t->p->arena)};
    t->open++;
}

static void start_some(Team *t) {
    for (int k = 0; k < t->jobs && !t->stopping; k++) {
        if (t->children[k].pid) continue;
        while (t->next < t->n && is_made(t, &t->entries[t->next])) t->next++;
        if (t->next == t->n) return;
        start(t, &t->children[k], &t->entries[t->next++]);
    }
}

static Made read_said(Team *t, const Child *c) {
    Arena *a = t->p->arena;
    Made made = {.path = c->entry->words.path};
    for (const char *p = buf_str(&c->said); *p;) {
        size_t n = strcspn(p, "\n");
        const char *path = n ? arena_copy(a, p + 1, n - 1) : "";
        if (*p == '<') ARENA_PUSH(a, made.sources, made.n_sources, made.cap_sources, path);
        if (*p == '>') ARENA_PUSH(a, made.files, made.n_files, made.cap_files, path);
        p += n + (p[n] == '\n');
    }
    made.hash = record_hash(c->entry->hash, &made);
    return made;
}

static bool holds(const Made *made, const char *file) {
    for (int k = 0; k < made->n_files; k++)
        if (strcmp(made->files[k], file) == 0) return true;
    return false;
}

// Only what is named as a frame or a sheet in the output's own folder, whatever the record says: it
// may come from elsewhere.
static bool is_frame_of(const char *path, const char *file) {
    size_t n = strlen(path);
    if (strncmp(file, path, n) != 0 || file[n] != '/' || strchr(file + n + 1, '/')) return false;
    const char *name = file + n + 1;
    size_t digits = strspn(name, "0123456789");
    return strncmp(name, "sheet-", 6) == 0 || (digits >= 4 && name[digits] == '-');
}

// What the output was before and is no longer: frames of a run that is shorter now.
static void remove_stale(const Team *t, const Made *now) {
    const Made *before = record_find(&t->record, now->path);
    for (int k = 0; before && k < before->n_files; k++) {
        bool used = holds(now, before->files[k]) || !is_frame_of(now->path, before->files[k]);
        for (int i = 0; i < t->record.n && !used; i++)
            used = &t->record.list[i] != before && holds(&t->record.list[i], before->files[k]);
        if (!used) unlink(before->files[k]);
    }
}

static void end(Team *t, Child *c) {
    int status = 0;
    const char *why;
    while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) continue;
    close(c->fd);
    ExitCode code = WIFEXITED(status) ? (ExitCode)WEXITSTATUS(status)
                    : t->stopping     ? EXIT_INTERRUPTED
                                      : EXIT_MACHINE;
    if (code != EXIT_DONE) {
        went_wrong(t, code);
    } else {
        Made made = read_said(t, c);
        remove_stale(t, &made);
        record_set(&t->record, &made);
        record_write(&t->record, t->path, false, &why); // what was made stays so, whatever comes
    }
    c->pid = 0;
    t->open--;
}

static void hear(Team *t, Child *c) {
    char bytes[4096];
    ssize_t n = read(c->fd, bytes, sizeof bytes);
    if (n > 0) buf_put(&c->said, bytes, (size_t)n);
    if (n == 0 || (n < 0 && errno != EINTR)) end(t, c);
}

static void wait_for_some(Team *t) {
    struct pollfd from[RECIPE_JOBS];
    for (int k = 0; k < t->jobs; k++)
        from[k] = (struct pollfd){t->children[k].pid ? t->children[k].fd : -1, POLLIN, 0};
    poll(from, (nfds_t)t->jobs, 100);
    for (int k = 0; k < t->jobs; k++)
        if (from[k].fd >= 0 && from[k].revents) hear(t, &t->children[k]);
    if (t->stopping || !interrupted()) return;
    t->stopping = true;
    for (int k = 0; k < t->jobs; k++)
        if (t->children[k].pid) kill(t->children[k].pid, SIGTERM);
}

ExitCode recipe_make(Program *p, const RecipeEntry *entries, int n, int jobs, const char *record,
                     const char **why) {
    Team t = {.p = p, .entries = entries, .n = n, .jobs = jobs, .path = record};
    t.record = record_read(p->arena, record);
    *why = NULL;
    for (int k = 0; k < n; k++) t.to_make += !is_made(&t, &entries[k]);
    interrupt_hold();
    start_some(&t);
    while (t.open > 0) {
        wait_for_some(&t);
        start_some(&t);
    }
    if (t.stopping) t.code = EXIT_INTERRUPTED;
    if (t.to_make && t.record.n && !record_write(&t.record, record, true, why))
        went_wrong(&t, EXIT_MACHINE);
    return t.code;
}
