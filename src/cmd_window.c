// The window: `gatewalk`, `gatewalk LESSON`, `gatewalk LESSON --at STEP`.
#include <stdio.h>

#include "command.h"
#include "core/diag.h"
#ifndef HEADLESS
#include "app/app.h"
#endif

static ExitCode unknown_word(const char *word) {
    enum { MOST = 16 };
    const char *names[MOST + 1] = {NULL};
    int n = 0;
    for (const Command *c = commands; c->name && n < MOST; c++)
        if (*c->name) names[n++] = c->name;
    const char *near = nearest_word(word, names);
    return usage_error("%s is no command, no file, and no shipped lesson's number or slug%s%s%s",
                       word, near ? "; did you mean gatewalk " : "", near ? near : "",
                       near ? "?" : "");
}

ExitCode cmd_window(Program *p, int argc, char **argv) {
    const char *at = NULL, *script = NULL, *word = NULL, *lesson = NULL;
    const Option options[] = {{"--at", &at, NULL}, {"--script", &script, NULL}, {NULL, NULL, NULL}};
    int n;
    bool help;
    // first of all: what follows a misspelled command would be told as a mistake of its own
    if (argc > 1 && *argv[1] != '-' && !lesson_find(p->arena, argv[1], &p->places))
        return unknown_word(argv[1]);
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (word) lesson = lesson_find(p->arena, word, &p->places);
    if (word && !lesson) return unknown_word(word);
#ifdef HEADLESS
    fputs("gatewalk: this build has no window; gatewalk export makes pictures without one\n",
          stderr);
    return EXIT_MACHINE;
#else
    return (ExitCode)app_run(&(AppOptions){
        .program = p->path, .places = p->places, .lesson = lesson, .at = at, .script = script});
#endif
}
