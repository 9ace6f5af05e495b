// The command table. `gatewalk` alone, or with a lesson, is the window; the rest needs no display.
#include <stdio.h>
#include <string.h>

#include "command.h"

// clang-format off
const Command commands[] = {
    {"", "[LESSON] [--at STEP]",
     "The window, on the lesson chooser or on a lesson.", cmd_window},
    {"check", "FILE...",
     "Checks lessons and cells; prints all their mistakes.", cmd_check},
    {"list", "lessons|cells|tasks|panels|themes [--lang en|zh]",
     "Names what there is.", cmd_list},
    {"trace", "LESSON [--format text|json|csv|npz] [--at STEP] [--ops] [-o FILE]",
     "Every value and gradient of the run.", cmd_trace},
    {"say", "LESSON [--at STEP | --all] [--lang en|zh]",
     "Each step as one sentence with its numbers.", cmd_say},
    {"gradcheck", "LESSON",
     "BPTT against central differences, every parameter.", cmd_gradcheck},
    {"train", "LESSON [--steps N] [-o FILE.safetensors|FILE.npz]",
     "Trains a lesson's network and writes its weights.", cmd_train},
    {"export", "LESSON --format png|svg|pdf|html|gif|webp|mp4|webm|tex|tikz|json|csv|npz\n"
     "         [--at STEP | --from STEP --to STEP | --all]\n"
     "         [--by scene|timestep|equation|operation|unit|optimizer-step]\n"
     "         [--panel NAME,...]\n"
     "         [--size WxH | --width MM --font PT] [--scale N] [--theme NAME] [--lang en|zh]\n"
     "         [--layout frames|sheet|handout|worksheet|key|slides] [--per-page N]\n"
     "         [--caption] [--legend] [--transparent] [--outlines] [--subtitles burn|srt|vtt]\n"
     "         [--hold SECONDS] [--fps N] [--no-motion] [--jobs N] -o FILE|DIR\n"
     "gatewalk export --recipe FILE [--jobs N]",
     "Pictures, pages, films and numbers, without a display.", cmd_export},
    {NULL, NULL, NULL, NULL},
};
// clang-format on

// What standard output could not take is told at the end.
static int finish(int code) {
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (written || code != EXIT_DONE) return code;
    fprintf(stderr, "gatewalk: cannot write standard output\n");
    return EXIT_MACHINE;
}

int main(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0) return usage_print(NULL), finish(EXIT_DONE);
    if (strcmp(word, "--version") == 0) return puts("gatewalk " VERSION), finish(EXIT_DONE);

    const Command *command = &commands[0];
    for (const Command *c = commands; c->name; c++)
        if (*c->name && strcmp(c->name, word) == 0) command = c;

    Program program = {.arena = arena_new()};
    program.path = program_find(program.arena, argv[0]);
    program.places = places_find(program.arena, program.path);
    bool named = *command->name;
    if (named) interrupt_leaves();
    int code = command->run(&program, argc - named, argv + named);
    arena_free(program.arena);
    return finish(code);
}
