// export: pictures, pages, films and numbers of a lesson, without a display (src/export/make.h).
#include "cmd_export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool watch(void *context, const char *what, int done, int all) {
    (void)context;
    progress_bar(what, done, all, NAN);
    return !interrupted();
}

/// One export; what the command line and each picture of a recipe come to.
static ExitCode run_export(Program *p, const ExportWords *w) {
    const char *why;
    if (!w->word) return usage_error("export needs a LESSON");
    if (!export_check(p->arena, w, &why)) return usage_error("%s", why);
    ExitCode code;
    Lesson *lesson = open_lesson(p, w->word, false, &code);
    if (!lesson) return code;
    interrupt_hold(); // asked for after each frame
    Maker m = {.arena = p->arena, .places = &p->places, .lesson = lesson, .watch = watch};
    switch (export_make(&m, w)) {
    case EXPORT_DONE: return EXIT_DONE;
    case EXPORT_STOPPED: return EXIT_INTERRUPTED;
    case EXPORT_MISUSED: return usage_error("%s", m.why);
    case EXPORT_FAILED: break;
    }
    say_wrong("%s", m.why);
    return EXIT_MACHINE;
}

// The options of an export as the command line knows them.
static void list_options(ExportWords *w, const char **recipe, Option *list) {
    for (const ExportOption *o = export_options; o->option; o++, list++) {
        bool flag = o->word == EXPORT_FLAG;
        *list =
            (Option){o->option, flag ? NULL : export_word(w, o), flag ? export_flag(w, o) : NULL};
    }
    list[0] = (Option){"--recipe", recipe, NULL};
    list[1] = (Option){NULL, NULL, NULL};
}

static bool asks_for_something(ExportWords *w) {
    bool asks = w->word != NULL;
    for (const ExportOption *o = export_options; o->option; o++)
        asks |= o->word == EXPORT_FLAG ? *export_flag(w, o) : *export_word(w, o) != NULL;
    return asks;
}

ExitCode cmd_export(Program *p, int argc, char **argv) {
    enum { MOST_OPTIONS = 64 };
    ExportWords w = {0};
    const char *recipe = NULL;
    Option options[MOST_OPTIONS];
    list_options(&w, &recipe, options);
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &w.word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (!recipe) return run_export(p, &w);
    const char *jobs = w.jobs;
    w.jobs = NULL;
    if (asks_for_something(&w))
        return usage_error("--recipe takes a file, and --jobs, and nothing else");
    return export_recipe(p, recipe, jobs);
}
