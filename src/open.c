// What commands do with lessons: find, load with a progress bar, write results.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "files/process.h"
#include "files/write.h"

static void leave(int number) {
    (void)number;
    _exit(EXIT_INTERRUPTED);
}

void interrupt_leaves(void) {
    struct sigaction action = {.sa_handler = leave};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

void interrupt_hold(void) {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigprocmask(SIG_BLOCK, &held, NULL);
}

bool interrupted(void) {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
           sigismember(&pending, SIGHUP);
}

// Another program that asked for lines, such as the window, draws a bar of its own; one of many
// that work side by side draws none.
static bool progress_line(const char *what, int done, int all) {
    const char *asked = getenv("GATEWALK_PROGRESS");
    if (asked && strcmp(asked, "none") == 0) return true;
    if (!asked || strcmp(asked, "lines") != 0) return false;
    fprintf(stderr, PROGRESS_LINE "\n", what, done, all);
    return true;
}

void progress_bar(const char *what, int done, int all, double loss) {
    enum { CELLS = 30 };
    if (progress_line(what, done, all) || !isatty(STDERR_FILENO)) return;
    int full = all > 0 ? (int)((long long)done * CELLS / all) : CELLS;
    char bar[CELLS + 1];
    for (int i = 0; i < CELLS; i++) bar[i] = i < full ? '#' : '.';
    bar[CELLS] = '\0';
    fprintf(stderr, "\r%s [%s] %d of %d", what, bar, done, all);
    if (loss == loss) fprintf(stderr, ", loss %.4f", loss);
    fputs("\033[K", stderr); // what a longer line left behind
    if (done >= all) fputs("\r\033[K", stderr);
}

static bool training_progress(void *context, int step, double loss) {
    (void)context;
    if (step % 16 == 0 && progress_line("training", step, 0)) return true;
    if (step % 16 == 0 && isatty(STDERR_FILENO))
        fprintf(stderr, "\rtraining: step %d, loss %.4f ", step, loss);
    return true;
}

const char *find_lesson(Program *p, const char *word) {
    const char *path = lesson_find(p->arena, word, &p->places);
    if (!path)
        usage_error("no lesson called %s: not a file, and not a shipped lesson's number or slug "
                    "(gatewalk list lessons)",
                    word);
    return path;
}

void notes_print(const Lesson *lesson) {
    for (const char *const *note = lesson->notes; *note; note++) fprintf(stderr, "%s\n", *note);
}

ExitCode wrong_or_incomplete(Program *p, const char *path) {
    size_t n = strlen(path);
    if (n > 5 && strcmp(path + n - 5, ".cell") == 0) return EXIT_WRONG; // stands on its own
    if (is_folder(arena_printf(p->arena, "%s/cells", p->places.assets))) return EXIT_WRONG;
    say_wrong("the shipped cells are missing in %s; run `make`, or install again",
              p->places.assets);
    return EXIT_MACHINE;
}

Lesson *open_lesson(Program *p, const char *word, bool alone, ExitCode *code) {
    const char *path = find_lesson(p, word);
    if (!path) return *code = EXIT_USAGE, NULL;
    Diags diags = diags_new(p->arena);
    Training training = {.steps = -1, .progress = training_progress, .alone = alone};
    Lesson *lesson = lesson_load_trained(p->arena, path, &p->places, &training, &diags);
    if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    if (!lesson || !diags_ok(&diags)) {
        Buf text = buf_new(p->arena);
        diags_print(&diags, &text);
        fputs(buf_str(&text), stderr);
        return *code = wrong_or_incomplete(p, path), NULL;
    }
    notes_print(lesson);
    *code = EXIT_DONE;
    return lesson;
}

ExitCode output(Program *p, const char *path, const Buf *text) {
    const char *why;
    if (write_file(p->arena, path, buf_str(text), text->len, &why)) return EXIT_DONE;
    say_wrong("%s", why);
    return EXIT_MACHINE;
}

const char *program_find(Arena *a, const char *argv0) {
    char *real = realpath("/proc/self/exe", NULL);
    if (!real) real = realpath(argv0, NULL);
    const char *path = arena_printf(a, "%s", real ? real : argv0);
    free(real);
    return path;
}

// The folder a file lies in; "." if its path does not tell.
static const char *folder_of(Arena *a, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : arena_copy(a, path, (size_t)(slash - path));
}

Places places_find(Arena *a, const char *program) {
    // In the order they are tried: installed; build/gatewalk; build/FLAVOUR/gatewalk.
    static const char *const tries[][2] = {
        {"../share/gatewalk/assets", "../share/gatewalk/lessons"},
        {"assets", "../lessons"},
        {"../assets", "../../lessons"},
    };
    const char *here = folder_of(a, program);
    Places found = {arena_printf(a, "%s/assets", here), arena_printf(a, "%s/lessons", here)};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        const char *assets = arena_printf(a, "%s/%s", here, tries[i][0]);
        const char *lessons = arena_printf(a, "%s/%s", here, tries[i][1]);
        if (is_folder(assets) && is_folder(lessons)) return (Places){assets, lessons};
    }
    return found;
}
