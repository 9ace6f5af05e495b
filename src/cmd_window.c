// The window: `gatewalk`, `gatewalk LESSON`, `gatewalk LESSON --at STEP`.
#include <stdio.h>

#include "command.h"

#ifdef HEADLESS

ExitCode cmd_window(Program *p, int argc, char **argv) {
    (void)p;
    if (argc > 1) return usage_error("%s is no command, and this build has no window", argv[1]);
    fputs("gatewalk: this build has no window; gatewalk export makes pictures without one\n",
          stderr);
    return EXIT_MACHINE;
}

#else

#include "app/app.h"

ExitCode cmd_window(Program *p, int argc, char **argv) {
    AppOptions app = {.program = p->path, .places = p->places};
    const Option options[] = {
        {"--at", &app.at, NULL}, {"--script", &app.script, NULL}, {NULL, NULL, NULL}};
    const char *word = NULL;
    int n;
    bool help;
    if (!options_parse(argc, argv, options, &word, 1, &n, &help)) return EXIT_USAGE;
    if (help) return EXIT_DONE;
    if (word) app.lesson = lesson_find(p->arena, word, &p->places);
    if (word && !app.lesson)
        return usage_error("%s is no command, no file, and no shipped lesson's number or slug",
                           word);
    return (ExitCode)app_run(&app);
}

#endif
