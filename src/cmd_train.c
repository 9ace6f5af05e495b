// train: lowers a lesson's loss, says how well it does what was held out, and writes the weights.
// An interrupt ends the training after the optimizer step it is in; the weights so far are kept,
// and written.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "core/word.h"
#include "files/npz.h"
#include "files/safetensors.h"
#include "files/write.h"
#include "lesson/moment.h"

typedef bool WeightsWriter(const Tensors *t, Buf *out);

static bool write_safetensors(const Tensors *t, Buf *out) {
    safetensors_write(t, out);
    return true;
}

static const struct {
    const char *ending;
    WeightsWriter *write;
} formats[] = {{".safetensors", write_safetensors}, {".npz", npz_write}};

enum { FORMATS = sizeof formats / sizeof *formats };

/// The format that a file's name asks for; NULL after a message.
static WeightsWriter *format_of(const char *path) {
    size_t n = strlen(path);
    for (int i = 0; i < FORMATS; i++) {
        size_t k = strlen(formats[i].ending);
        if (n > k && strcmp(path + n - k, formats[i].ending) == 0) return formats[i].write;
    }
    usage_error("train writes FILE.safetensors or FILE.npz, not %s", path);
    return NULL;
}

typedef struct {
    Arena *arena;
    Training training;
    double start, shown; // seconds
    int done;
    bool stopped;
} Course;

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// "training, 1 min 5 s left"
static const char *bar_words(Course *c, double now) {
    int left = (int)ceil((now - c->start) * (c->training.all - c->done) / c->done);
    arena_reset(c->arena);
    if (left >= 60)
        return arena_printf(c->arena, "training, %d min %d s left", left / 60, left % 60);
    return arena_printf(c->arena, "training, %d s left", left);
}

static bool progress(void *context, int step, double loss) {
    enum { SHOWN_PER_SECOND = 10 };
    Course *c = context;
    c->done = step;
    double now = seconds_now();
    if (step < c->training.all && now - c->shown >= 1.0 / SHOWN_PER_SECOND) {
        progress_bar(bar_words(c, now), step, c->training.all, loss);
        c->shown = now;
    }
    if (interrupted()) c->stopped = true;
    return !c->stopped;
}

/// The bar of the test; an interrupt ends it too.
static bool testing(void *context, int64_t done, int64_t all) {
    Course *c = context;
    if (interrupted()) c->stopped = true;
    if (!c->stopped && done < all) progress_bar("testing", (int)done, (int)all, NAN);
    return !c->stopped;
}

static void gather_weights(Arena *a, const Lesson *l, Tensors *out) {
    const Graph *g = l->graph;
    *out = (Tensors){0};
    for (int i = 0; i < g->n_params; i++) {
        const Param *p = &g->params[i];
        size_t *shape = ARENA_ARRAY(a, size_t, 2);
        shape[0] = (size_t)p->dim.rows;
        shape[1] = (size_t)p->dim.cols;
        tensors_add(a, out, p->full, p->is_matrix ? 2 : 1, shape, l->params + p->offset);
    }
}

static ExitCode write_weights(Program *p, const Lesson *l, const char *path, WeightsWriter *write) {
    Tensors weights;
    gather_weights(p->arena, l, &weights);
    Buf bytes = buf_new(p->arena);
    if (!write(&weights, &bytes)) {
        say_wrong("no memory to write %s", path);
        return EXIT_MACHINE;
    }
    return output(p, path, &bytes);
}

/// Which optimizer steps can be opened, and what memory that takes.
static void report_history(const Lesson *l) {
    int spacing, n = moment_count(l), limit = HISTORY_MAX_BYTES >> 20;
    double mib = l->history ? history_kept(l->history, &spacing) / (1 << 20) : 0;
    if (n > 0)
        printf("opens  @1/ to @%d/: weights kept every %d step%s, %.1f of at most %d MiB\n", n,
               spacing, spacing == 1 ? "" : "s", mib, limit);
    else if (l->history && history_steps(l->history) > 0)
        printf("opens  none: one step's weights take more than %d MiB\n", limit);
}

/// How well the sequences are done that were held out of training.
static void report_test(const Score *test) {
    if (test->sequences == 0) return;
    printf("held out %lld sequence%s: loss %.6f", (long long)test->sequences,
           test->sequences == 1 ? "" : "s", test->loss / (double)test->sequences);
    if (test->answers > 0)
        printf(", %.2f%% right (%lld of %lld)", 100.0 * (double)test->right / (double)test->answers,
               (long long)test->right, (long long)test->answers);
    putchar('\n');
}

static ExitCode report(const Lesson *l, const Course *c) {
    printf("steps %d of %d\n", c->done, l->train.steps);
    if (l->train.steps > 0) printf("loss before %.6f\n", l->untrained);
    printf("loss after  %.6f\n", trace_loss(l->trace));
    report_test(&l->test);
    report_history(l);
    if (!c->stopped) return EXIT_DONE;
    say_wrong("interrupted; the weights are those after %d step%s", c->done,
              c->done == 1 ? "" : "s");
    return EXIT_INTERRUPTED;
}

/// Loads and trains; NULL after all messages.
static Lesson *train_word(Program *p, const char *path, int steps, Course *course) {
    Diags diags = diags_new(p->arena);
    course->training = (Training){
        .steps = steps, .progress = progress, .testing = testing, .context = course, .alone = true};
    interrupt_hold();
    course->arena = arena_new();
    course->start = seconds_now();
    Lesson *lesson = lesson_load_trained(p->arena, path, &p->places, &course->training, &diags);
    progress_bar("training", 1, 1, NAN); // takes the bar away
    arena_free(course->arena);
    if (lesson && diags_ok(&diags)) return notes_print(lesson), lesson;
    Buf text = buf_new(p->arena);
    diags_print(&diags, &text);
    fputs(buf_str(&text), stderr);
    return NULL;
}

ExitCode cmd_train(Program *p, int argc, char **argv) {
    const char *steps_text = NULL, *path = NULL, *word = NULL;
    const Option options[] = {
        {"--steps", &steps_text, NULL}, {"-o", &path, NULL}, {NULL, NULL, NULL}};
    int n, steps = -1;
    bool help;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!word) return usage_error("train needs a LESSON");
    const char *why;
    if (steps_text &&
        !word_int(p->arena, "--steps", steps_text, 0, LESSON_MAX_OPTIMIZER_STEPS, &steps, &why))
        return usage_error("%s", why);
    WeightsWriter *write = path ? format_of(path) : NULL;
    if (path && !write) return EXIT_USAGE;
    const char *file = find_lesson(p, word);
    if (!file) return EXIT_USAGE;

    Course course = {0};
    Lesson *lesson = train_word(p, file, steps, &course);
    if (!lesson) return EXIT_WRONG;
    if (steps != 0 && lesson->train.steps == 0 && lesson->test.sequences == 0) {
        say_wrong("%s has no training%s", lesson->path,
                  steps < 0 ? "; say how long with --steps N" : ": it is a cell alone");
        return EXIT_WRONG;
    }
    ExitCode written = path ? write_weights(p, lesson, path, write) : EXIT_DONE;
    ExitCode done = report(lesson, &course);
    return written != EXIT_DONE ? written : done;
}
